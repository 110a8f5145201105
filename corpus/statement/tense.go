package statement

import "strings"

// tense is what the words before a verb say of it.
type tense struct {
	be, have, do, modal bool // auxiliaries
	infinitive          bool // "to reject", but not "continued to reject"
	negated             bool
}

// tense reads the adverbs and auxiliaries before unit i, and returns the unit that
// they follow.
func (s *sentence) tense(i int) (before int, t tense) {
	j := i - 1
	for ; j >= 0 && s.units[j].party == nil && !s.units[j].quoted && s.plain(j+1); j-- {
		switch w := s.units[j].fold; {
		case negations[w]:
			t.negated = true
			t.modal = t.modal || modals[w]
			t.do = t.do || strings.HasPrefix(w, "do") || strings.HasPrefix(w, "did")
		case modals[w]:
			t.modal = true
		case dos[w]:
			t.do = true
		case bes[w]:
			t.be = true
		case haves[w]:
			t.have = true
		case w == "to" && continues[s.word(j-1)]:
			t.do = true
			j--
		case w == "to":
			t.infinitive = true
			return j, t
		case !adverbs[w]:
			return j, t
		}
	}
	return j, t
}

// says reports whether a verb in this tense says something or takes a position: it
// is asserted, not denied, planned or possible, unless its denial is a position too.
func (t tense) says(c cue) bool {
	if t.negated {
		return c.denies && !t.infinitive
	}
	return !t.modal && !t.infinitive
}
