package statement

import (
	"cmp"
	"slices"
	"strings"
)

// marker is a phrase by which a sentence takes a position.
type marker struct {
	stance Stance
	rest   []string // the folded words after the first
	// personal markers tell the will of their subject, the others that of whoever
	// says the sentence.
	personal bool
}

// markerTable lists phrases by stance, those of no stance under "says", parted by semicolons; with a plus those that
// are the will of their subject. An ending in slashes stands for a choice: accept/s/ed.
const markerTable = `
says
	+ made clear; make clear; been clear; announce/d; announcing; agreed to; decided to
demands
	must; should; ought to; has to; have to; needs to; need to; be required; is required; are required; only if; obligated to; obliged to; it is time; will have to; would have to
	+ demand/s; insist/s; call on; call for; calls for; calls on; urge/s; want/s to see; expect russia to; ask for; require/s; need/s
supports
	unwavering; steadfast; ironclad; welcome step; step in the right direction; right to; essential; crucial; vital; necessary; key to; beyond dispute; irreversible; nothing about; best way; only way; in favour of; in favor of
	+ support/s; welcome/s; back; endorse/s; favour/s; favor/s; stand with; stand by; stand for; committed to; believe in; agree with; hope/s; continue to support; stand ready to support; praise/s; commend; appreciate; applaud; accept/s; recognise/s; recognize/s; reaffirm/s; reiterate/s; confident; keep; will continue; going to continue
opposes
	unacceptable; out of the question; unlawful; illegal; illegitimate; theft; violation of; flagrant; red line; off the table; road to nowhere; no say; far from; would not work; will not work; impossible; absurd; never accept; never recognise; never recognize; never agree; not be part; no troops; no us troops; behind the back; behind its back; without ukraine; cannot be; can not be; cannot decide; will never; would never
	+ oppose/s; reject/s; condemn/s; refuse/s; object to; rule out; denounce; deplore; will not; are not; cannot accept; do not accept; not going to; are not going to
offers
	in return for; in exchange for
	+ ready to; willing to; prepared to; open to; stand/s ready; offer/s; propose/s; pledge/s; promise/s; commit to; will; shall; intend/s to; going to; plan/s to; undertake; look forward to working
doubts
	not enough; unrealistic; not realistic; premature; too early; unlikely; not likely; unclear; unresolved; insufficient; only partially; remains to be seen; no guarantee that; sceptical; skeptical; myth
	+ doubt/s; question/s; do not see; not see; not believe; not think; concerned; worried; express concern; gravest concern
warns
	will impose; would impose; prepared to impose; ready to impose; prepared to issue sanctions; consequences; legitimate target; legitimate targets; legitimate military targets; at their peril; severe costs; retaliate; respond decisively
	+ warn/s; threaten/s; caution
`

// markers are the phrases by their first word.
var markers = parseMarkers(markerTable)

func parseMarkers(table string) map[string][]marker {
	out := map[string][]marker{}
	stance := None
	for line := range strings.SplitSeq(strings.TrimSpace(table), "\n") {
		if line[0] != '\t' {
			stance = stances[line]
			continue
		}
		line, personal := strings.CutPrefix(strings.TrimSpace(line), "+")
		for phrase := range strings.SplitSeq(line, ";") {
			for _, p := range endings(strings.TrimSpace(phrase)) {
				words := strings.Fields(p)
				out[words[0]] = append(out[words[0]], marker{stance, words[1:], personal})
			}
		}
	}
	for _, same := range out { // the longest phrase knows best
		slices.SortStableFunc(same, func(a, b marker) int { return cmp.Compare(len(b.rest), len(a.rest)) })
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
