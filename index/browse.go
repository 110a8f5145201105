package index

import (
	"cmp"
	"slices"

	"parley/corpus/statement/stance"
	"parley/corpus/words"
	"parley/index/analysis"
)

// A browsing question names only whom, what about and when: "what does Moscow
// want?", "Kyiv on territory", "what changed since Monday?". It has no words to
// match; it is answered with the newest passages that have all that it names,
// those in which the actor speaks first.

// browses reports whether the question is open and has nothing but actors, topics and dates.
func (p *Plan) browses() bool {
	open := p.Kind == What || p.compares() || p.Kind == Stance && !opensYesNo[p.tokens[0].Fold]
	if !open || p.plain || p.addresses() {
		return false
	}
	return len(p.Actors) > 0 || len(p.Topics) > 0 || !p.Period.IsZero() || p.asksForNews()
}

// newsWords are the stems by which one asks what is new. Words of Ukrainian and
// Russian are their own stems.
var newsWords = words.Set(`chang new news updat happen latest
нове нового новини новин сталося відбулося трапилося відбувається змінилося
новое новости новостей случилось произошло происходит изменилось`)

func (p *Plan) asksForNews() bool {
	return slices.ContainsFunc(p.tokens, func(t analysis.Token) bool { return newsWords[t.Term] })
}

// topicNames are the stems of the names of topics and of words that mean the same:
// other words of a topic ("Euroclear") say more than which topic it is.
func (pl *planner) topicNames() map[string]bool {
	names := map[string]bool{}
	for _, topic := range pl.lexicon.Topics() {
		var folds []string
		for w := range words.All(topic.Label + " " + topic.ID) {
			folds = append(folds, w.Fold)
			names[pl.analyzer.Stem(w.Fold)] = true
		}
		for _, alt := range pl.lexicon.Alternatives(folds) {
			for _, w := range alt.Words {
				names[pl.analyzer.Stem(w)] = true
			}
		}
	}
	return names
}

// facets says how much of what a browsing question names the passage has; all
// tells whether nothing is missing. Whom the question names first must speak where a
// stance is asked, and a person must be named as that person.
func (p *Plan) facets(r *reading) (sum float64, all bool) {
	all = true
	count := func(has bool, worth float64) {
		sum += worth * truth(has)
		all = all && has
	}
	for i, id := range p.Actors {
		voice := slices.Contains(r.Voices(), id)
		if !p.compares() {
			if i == 0 && p.Kind == Stance && len(p.Topics) > 0 {
				count(r.states(id, p.Topics), 1)
			} else {
				count(voice || slices.Contains(r.Actors, id) && (i > 0 || p.Kind != Stance), 1)
			}
		}
		sum += truth(voice) + truth(len(p.Topics) == 0 && r.takesPosition(id))
	}
	if p.compares() { // one of the sides is enough
		count(intersects(p.Actors, r.Voices()), 1)
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

// takesPosition reports whether the actor takes a position of a kind in the passage.
func (r *reading) takesPosition(actor string) bool {
	return slices.ContainsFunc(r.Says, func(s Saying) bool {
		return s.TakesPosition() && s.Stance != stance.None.String() && slices.Contains(s.Actors, actor)
	})
}

// browse orders passages for a browsing question: by what they have of what is
// named, those from sources about one thing before passing mentions, then the newest.
func (p *Plan) browse(list []ranked) {
	key := func(r ranked) float64 {
		sum, all := p.facets(r.reading)
		if p.Latest {
			return truth(all)
		}
		return sum + truth(r.Source.IsBrief()) + 0.5*r.vector[fDedicated]
	}
	slices.SortStableFunc(list, func(x, y ranked) int {
		return cmp.Or(cmp.Compare(key(y), key(x)), y.Source.Published.Compare(x.Source.Published), cmp.Compare(x.ID, y.ID))
	})
}

// browsed are the passages that a browsing question is answered with: those that have all that it names.
func (p *Plan) browsed(list []ranked) (evidence []ranked) {
	for _, r := range list {
		if _, all := p.facets(r.reading); all {
			evidence = append(evidence, r)
		}
	}
	return evidence
}

// browsedConfidence is the confidence where a passage has all that a browsing
// question names. Where none has, that of the model is divided by missedDoubt.
const (
	browsedConfidence = 0.9
	missedDoubt       = 2
)
