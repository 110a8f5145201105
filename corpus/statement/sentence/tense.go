package sentence

import (
	"strings"

	"parley/corpus/words"
)

var (
	continues = words.Set("continued continues continue on")
)

// Tense is the tense of a verb, by the words before it.
type Tense struct {
	Be, Have, Do, Modal bool // auxiliaries
	Infinitive          bool // "to reject", but not "continued to reject"
	Negated             bool
}

// Tense reads the adverbs and auxiliaries before token i, and returns the token that
// they follow.
func (s *Sentence) Tense(i int) (before int, t Tense) {
	j := i - 1
	for ; j >= 0 && s.Tokens[j].Party == nil && !s.Tokens[j].Quoted && s.Adjoins(j+1); j-- {
		switch w := s.Tokens[j].Fold; {
		case Negations[w]:
			t.Negated = true
			t.Modal = t.Modal || Modals[w]
			t.Do = t.Do || strings.HasPrefix(w, "do") || strings.HasPrefix(w, "did")
		case Modals[w]:
			t.Modal = true
		case DoForms[w]:
			t.Do = true
		case BeForms[w]:
			t.Be = true
		case HaveForms[w]:
			t.Have = true
		case w == "to" && continues[s.Word(j-1)]:
			t.Do = true
			j--
		case w == "to":
			t.Infinitive = true
			return j, t
		case !Adverbs[w]:
			return j, t
		}
	}
	return j, t
}
