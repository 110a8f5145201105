package stance

import (
	"cmp"
	"slices"
	"strings"
)

// Phrase is a phrase by which a sentence takes a position.
type Phrase struct {
	Stance Stance
	Rest   []string // the folded words after the first
	// Personal markers tell the will of their subject, the others that of whoever
	// says the sentence.
	Personal bool
	// Conditional markers count in a sentence with a condition: "may lift … if".
	Conditional bool
	// Near markers count beside a topic, which they judge: "illegal annexation".
	Near bool
}

// markerTable lists phrases by stance, those of no stance under "says", parted by
// semicolons; with a plus those that are the will of their subject, with a question mark
// those that need a condition in the sentence, with a greater-than sign those that must
// stand beside a topic. An ending after a slash stands for a
// choice: accept/s. A star is any word or party.
const markerTable = `
demands
	must; should; ought to; has to; have to; needs to; need to; be required; is required; are required; only if; obligated to; obliged to; it is time
	its time; time for; will have to; would have to; it is necessary; is needed; are needed; obligation/s to; obligation/s under; stop trying; could end; can end; our goal; our objective
	our aim; the goal is; precondition; the need to; the need for
	+ demand/s; demanded; demanding; insist/s; insisted; insisting; call on; call for; calls for; calls on; called for; called on; calling on; calling for
	+ urge/s; urged; urging; want/s; wanted; expect * to; ask for; asking for; require/s; need/s; push/ for; pushing for; pressing for; seek/s
supports
	unwavering; steadfast; ironclad; welcome step; step in the right direction; right direction; good step; right to; essential; crucial; vital; necessary
	basis for; basis of; foundation for; foundation of; full compliance; full implementation; key to; beyond dispute; irreversible; nothing about; best way; only way; in favour of; in favor of; it is important; its important; very important
	important that; right thing to do; no alternative; most promising; principle of; principles of; commitment; commitments to; support for; support of
	support to; supporter of; importance of; our unity; historic step; in the interest of; in the interests of
	+ support/s; supported; supporting; welcome/s; welcomed; backs; backed; backing; will back; back the; endorse/s; endorsed; favour/s
	+ favor/s; stand with; stand by; stand for; stand behind; stand firmly; stood with; stood together; committed to; believe in; agree with; hope/s
	+ hopeful; continue to support; help/s; stand ready to support; pleased; glad; praise/s; commend; appreciate; applaud; accept/s; recognise/s; recognize/s; reaffirm/s
	+ reaffirmed; reiterate/s; confident; keep; keeping; will continue; going to continue; advocate/s; authorizing; authorized; authorising; authorised
	+ signed; signing; directed; directing; ordered; approved; approving; impose; imposed; imposing; proud of; defend/s; defending; uphold; working to
	+ work to
opposes
	> unlawful; illegal; illegally; illegitimate; sham; so called; unjust
	unacceptable; out of the question; unacceptably; red line; off the table; road to nowhere; would not work; will not work; absurd; never accept
	never recognise; never recognize; never agree; not be part; no troops; behind the back; behind its back; cannot decide; cannot seize; will never
	would never; wrong path; is wrong; was wrong; big mistake; a mistake; no right; no justification; opposition to; rejection of
	+ oppose/s; opposed; reject/s; rejected; condemn/s; condemned; condemning; refuse/s; refused; object to; rule out; denounce; deplore; will not; wont
	+ cannot accept; do not accept; dont accept; not going to; no intention; no interest in
offers
	in return for; in exchange for; readiness to; willingness to
	+ ready to; willing to; prepared to; open to; stand/s ready; ready for; offer/s; offered; offering; propose/s; proposed; suggest/s; suggested
	+ pledge/s; pledged; promise/s; promised; commit to; will; would; shall; intend/s to; going to; plan/s to; planning to; undertake
	+ look forward to working; determined to
	+? may; might; could
doubts
	not enough; unrealistic; not realistic; premature; too early; insufficient; only partially; no guarantee that; no guarantees that; sceptical; skeptical
	no one wants; nobody wants
	+ doubt/s; doubted; questioned; do not see; dont see; not see; not sure; worried
warns
	prepared to impose; ready to impose; prepared to issue sanctions; legitimate target; legitimate targets; legitimate military targets; at their peril
	retaliate
	? will impose; would impose; consequences; severe costs; severe sanctions; swift and severe; respond decisively
	+ warn/s; warned; threaten/s; caution
says
	is up to; are up to; agreements say; agreements stipulate; agreements envisage; agreements provide; my view; our view; my opinion; our position; my position; our stance; our policy; lie; a lie; lies; nothing to do with; no evidence
	in breach of; violation of; violations of; violating; violate/s; violated; contradict/s; contrary to; unlawful; illegal; illegally; illegitimate; theft; sham
	so called; shameless; disgraceful; flagrant; blatant; outrageous; brutal; brutality; barbaric; atrocities; war crimes; crime against; hold accountable
	hold * accountable; holding * accountable; held accountable; accountability for; condemnation of; no say; far from; impossible; unresolved; unclear
	remains to be seen; pretext; supposed; myth; unlikely; not likely; threat to; cannot be; can not be; express concern; gravest concern
	grave concern; deep concern; concern about; concern over; concerns about; concerns over
	+ concerned; not believe; dont believe; dont think; not think; see no; make/s clear; made clear; been clear; been very clear; been crystal clear; announce/d; announcing; agree/d to; decided to; believe that; convinced
`

// Phrases are the phrases by their first word.
var Phrases = parseMarkers(markerTable)

func parseMarkers(table string) map[string][]Phrase {
	out := map[string][]Phrase{}
	stance := None
	for line := range strings.SplitSeq(strings.TrimSpace(table), "\n") {
		if line[0] != '\t' {
			stance = byName[line]
			continue
		}
		line, personal := strings.CutPrefix(strings.TrimSpace(line), "+")
		line, conditional := strings.CutPrefix(line, "?")
		line, near := strings.CutPrefix(line, ">")
		for phrase := range strings.SplitSeq(line, ";") {
			for _, p := range endings(strings.TrimSpace(phrase)) {
				words := strings.Fields(p)
				out[words[0]] = append(out[words[0]], Phrase{stance, words[1:], personal, conditional, near})
			}
		}
	}
	for _, same := range out { // the longest phrase knows best
		slices.SortStableFunc(same, func(a, b Phrase) int { return cmp.Compare(len(b.Rest), len(a.Rest)) })
	}
	return out
}

// endings spells out "offer/s to" as "offer to" and "offers to".
func endings(phrase string) []string {
	before, after, ok := strings.Cut(phrase, "/")
	if !ok {
		return []string{phrase}
	}
	ending, rest, _ := strings.Cut(after, " ")
	if rest != "" {
		rest = " " + rest
	}
	return []string{before + rest, before + ending + rest}
}
