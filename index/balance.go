package index

import (
	"slices"
	"time"
)

// disputed reports whether a question is about a dispute and names no actor:
// then no actor's word may stand alone.
func (p *Plan) disputed() bool {
	return len(p.Topics) > 0 && len(p.Actors) == 0 && (p.Kind == What || p.Kind == Stance || p.Kind == Compare || p.Kind == YesNo)
}

// balance spreads the evidence over the actors that take part in it, one passage
// each as far as there is room, in an order that turns from day to day. Actors
// that the passages name but that none of them gives the word to are silent.
func (pl *planner) balance(p *Plan, evidence []ranked, now time.Time) ([]ranked, *Balance) {
	var speaking, named []string
	for _, r := range evidence {
		speaking = union(speaking, r.Voices())
		named = union(named, r.Actors)
	}
	main := map[string]bool{}
	for _, a := range pl.lexicon.Actors() {
		main[a.ID] = a.Main
	}
	speaking = slices.DeleteFunc(speaking, func(id string) bool { return !main[id] })
	if len(speaking) < 2 {
		return evidence, nil
	}
	speaking = speaking[:min(len(speaking), maxShown)]
	slices.Sort(speaking)
	turn := int(now.UTC().Unix()/(24*60*60)) % len(speaking)
	b := &Balance{Order: slices.Concat(speaking[turn:], speaking[:turn]), Silent: []string{}}
	var shown []ranked
	for _, id := range b.Order {
		for _, r := range evidence {
			taken := slices.ContainsFunc(shown, func(s ranked) bool { return s.ID == r.ID })
			if !taken && slices.Contains(r.Voices(), id) {
				shown = append(shown, r)
				break
			}
		}
	}
	slices.Sort(named)
	for _, id := range named {
		if main[id] && !slices.Contains(b.Order, id) {
			b.Silent = append(b.Silent, id)
		}
	}
	return shown, b
}
