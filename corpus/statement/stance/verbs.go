package stance

import "strings"

// Verb is a verb by which somebody says something or takes a position.
type Verb struct {
	Stance Stance
	// Denied is the stance of the verb with "not" before it; a verb without one says
	// nothing when denied.
	Denied Stance
	Denies bool
	Form   Form
	// After holds the words one of which must follow, directly or after "not"; empty
	// for any.
	After map[string]bool
	// Unless holds words none of which may follow.
	Unless map[string]bool
	// Speech verbs can stand behind the words that they report: "…, Peskov said".
	Speech bool
	// Own verbs count only in an actor's own document.
	Own bool
}

// Form is an inflection of a verb.
type Form uint8

const (
	Base Form = iota
	Third
	Past
	Participle // "saying"
)

// verbTable lists verbs by stance, one a line: base, irregular forms if any (third,
// past, participle, past participle), after a slash the words one of which must follow,
// or with a minus, none.
// A mark before the verb: ' for a verb of speech, ! for one that takes a position when
// denied, @ for one that tells of an event in the news and of a position only in an
// actor's own document.
const verbTable = `
says
	'say says said saying
	'tell tells told telling
	'add / that
	'announce
	'note
	'explain
	'state / that
	'declare / that
	'comment
	'reply
	'answer
	'write writes wrote writing written / that on in to
	'tweet
	'post / on that
	'argue
	'claim
	'insist
	'assert
	'allege
	'maintain / that
	'report
	'confirm
	'acknowledge
	'admit admits admitted admitting / that to
	'concede / that
	'stress
	'emphasize
	'emphasise
	'underscore
	'underline
	'highlight
	'reiterate
	'reaffirm
	'affirm
	'repeat
	'recall / that
	'remark
	'observe / that
	'predict
	'clarify
	'conclude / that
	'estimate
	'disclose
	'reveal / that
	'signal signals signalled signalling
	signal signals signaled signaling
	'indicate
	'hint
	'believe
	'think thinks thought thinking / that
	describe
	accuse
	blame
	thank
	congratulate
	speak speaks spoke speaking spoken / of
	point / to out
	outline
	set sets set setting / out
	lay lays laid laying / out
	put puts put putting / forward
	pen pens penned penning
	respond / that
	vow
	inform
	make makes made making / clear
	draw draws drew drawing drawn / attention
	mention / importance need necessity
	express / opinion view views assessment conviction
	share / view views opinion conviction assessment
	give gives gave giving / assessment
	consider / that
	express / concern concerns disappointment regret alarm outrage frustration
	voice / concern concerns
	'suggest / that
	'deny / -access -airspace -entry -permission -visas -passage -use
	dismiss / claims allegations reports suggestions accusations calls as
	dispute
	refute
demands
	demand
	'insist / on
	call / on for upon
	'urge
	request
	encourage
	ask / for that ukraine russia nato europe
	appeal / to for
	require
	seek seeks sought seeking
	want
	press / for
	push / for
	lobby / for
	order / to
	need
supports
	support
	back
	welcome
	endorse
	favour
	favor
	praise
	commend
	applaud
	hail
	laud
	advocate / for
	!accept
	@agree / to that on
	@commit commits committed committing / to
	@stand stands stood standing / with for
	affirm
	!recognise
	!recognize
	'hope
	express / positive
	express / hope support readiness confidence gratitude appreciation solidarity willingness optimism satisfaction condolences
	voice / support hope readiness
opposes
	reject
	oppose
	condemn
	express / negative
	denounce
	refuse
	decline / to
	criticise
	criticize
	slam slams slammed slamming
	blast
	decry
	deplore
	protest
	object / to that
	rule / out
	rebuff
	rebuke
	forbid forbids forbade forbidding
	veto vetoes vetoed vetoing
offers
	offer
	@intend / to
	@plan plans planned planning / to
	propose
	'pledge
	'promise
	'suggest
	volunteer / to
	vow
	invite
doubts
	doubt
	question
	express / doubt doubts scepticism skepticism reservations
	voice / doubt doubts scepticism skepticism
	!expect
	!see sees saw seeing seen
warns
	'warn
	threaten
	'caution
`

// Verbs are the inflections of all verbs.
var Verbs = parseVerbs(verbTable)

func parseVerbs(table string) map[string][]Verb {
	out := map[string][]Verb{}
	stance := None
	for line := range strings.SplitSeq(strings.TrimSpace(table), "\n") {
		if line[0] != '\t' {
			stance = byName[line]
			continue
		}
		line, after, _ := strings.Cut(strings.TrimSpace(line), "/")
		v := Verb{Stance: stance}
		for w := range strings.FieldsSeq(after) {
			if w, not := strings.CutPrefix(w, "-"); not {
				v.Unless = with(v.Unless, w)
			} else {
				v.After = with(v.After, w)
			}
		}
		line, v.Speech = strings.CutPrefix(line, "'")
		line, v.Denies = strings.CutPrefix(line, "!")
		if v.Denies {
			v.Denied = Opposes
		}
		if v.Denies && stance == Doubts { // who does not expect, doubts; who expects says so
			v.Stance, v.Denied = None, Doubts
		}
		line, v.Own = strings.CutPrefix(line, "@")
		for i, f := range inflect(strings.Fields(line)) {
			v.Form = min(Form(i), Participle)
			out[f] = append(out[f], v)
		}
	}
	return out
}

// with is the set with w; nil is an empty one.
func with(set map[string]bool, w string) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	set[w] = true
	return set
}

// inflect completes the forms of a regular verb.
func inflect(forms []string) []string {
	if len(forms) > 1 {
		return forms
	}
	w := forms[0]
	stem := strings.TrimSuffix(w, "e")
	switch last := w[len(w)-1]; {
	case strings.HasSuffix(w, "sh"), strings.HasSuffix(w, "ch"), last == 's':
		return []string{w, w + "es", w + "ed", w + "ing"}
	case last == 'y' && !strings.HasSuffix(w, "ay"):
		return []string{w, w[:len(w)-1] + "ies", w[:len(w)-1] + "ied", w + "ing"}
	}
	return []string{w, w + "s", stem + "ed", stem + "ing"}
}
