package index

import (
	"cmp"
	"slices"
)

// A browsing question names only whom, what about and when: "what does Moscow want?", "Kyiv
// on territory", "what changed since Monday?". It has no words to match, and is answered with
// the newest passages that have all that it names; those in which the actor speaks come first.

// facets measures how much of the actors, topics and dates that a browsing question names
// the passage has, and whether it has all. Where a stance is asked for, the first actor must
// speak; a person must be named as that person.
func (p *Plan) facets(r *matchedPassage) (sum float64, all bool) {
	all = true
	count := func(has bool, worth float64) {
		sum += worth * truth(has)
		all = all && has
	}
	for i, id := range p.Actors {
		voice := slices.Contains(r.Speakers(), id)
		if !p.compares() {
			if i == 0 && p.Kind == Stance && len(p.Topics) > 0 {
				count(r.states(id, p.Topics), 1)
			} else {
				count(voice || slices.Contains(r.Actors, id) && (i > 0 || p.Kind != Stance), 1)
			}
		}
		sum += truth(voice) + truth(len(p.Topics) == 0 && r.takesPosition(id))
	}
	if p.compares() { // one of the actors is enough
		count(intersects(p.Actors, r.Speakers()), 1)
	}
	for i, c := range p.concepts {
		if c.person != "" {
			count(r.best[i] >= samePerson, 1)
		}
	}
	for _, id := range p.Topics {
		count(slices.Contains(r.Topics, id), 2)
	}
	if !p.Period.IsZero() {
		count(p.Period.MayHold(r.Source.Published), 2)
	}
	return sum, all
}

// browse orders passages for a browsing question: by what they have of what is
// named, those from sources about one thing before passing mentions, then the newest.
func (p *Plan) browse(list []ranked) {
	key := func(r ranked) float64 {
		sum, all := p.facets(r.matchedPassage)
		if p.Latest {
			return truth(all)
		}
		return sum + truth(r.Source.IsBrief()) + 0.5*r.vector[fDedicated]
	}
	slices.SortStableFunc(list, func(x, y ranked) int {
		return cmp.Or(
			cmp.Compare(key(y), key(x)), y.Source.Published.Compare(x.Source.Published), cmp.Compare(x.ID, y.ID),
		)
	})
}

// browsedConfidence is the confidence where a passage has all that a browsing question
// names. Where none has, the confidence of the model is divided by missedDivisor.
const (
	browsedConfidence = 0.9
	missedDivisor     = 2
)
