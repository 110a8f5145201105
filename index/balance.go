package index

import (
	"slices"
	"time"
)

// balance spreads the evidence over the actors that speak in it, one passage each
// as far as there is room, in an order that turns from day to day. Actors that the
// evidence names without giving them the word are silent.
func (pl *planner) balance(p *Plan, evidence []ranked, now time.Time) ([]ranked, *Balance) {
	var speaking, named []string
	for _, r := range evidence {
		speaking = union(speaking, r.Voices())
		named = union(named, r.Actors)
	}
	speaking, named = pl.main(speaking), pl.main(named)
	if len(speaking) < 2 {
		return evidence, nil
	}
	order := turned(speaking, now)
	b := &Balance{Silent: without(named, speaking)}
	var shown []ranked
	for _, id := range order {
		i := slices.IndexFunc(evidence, func(r ranked) bool {
			return slices.Contains(r.Voices(), id) && !slices.ContainsFunc(shown, func(s ranked) bool { return s.ID == r.ID })
		})
		switch {
		case i >= 0 && len(shown) < maxShown:
			shown = append(shown, evidence[i])
			b.Order = append(b.Order, id)
		default:
			b.More = append(b.More, id)
		}
	}
	return shown, b
}

// sideBySide gives every actor that the question names as many of the passages in which
// it speaks, those with a statement on the topics asked about first.
func (p *Plan) sideBySide(list []ranked, now time.Time) ([]ranked, *Balance) {
	sides := map[string][]ranked{}
	taken := map[string]bool{}
	for _, speaks := range []func(r ranked, actor string) bool{
		func(r ranked, actor string) bool { return r.states(actor, p.Topics) },
		func(r ranked, actor string) bool { return slices.Contains(r.Voices(), actor) },
	} {
		for _, r := range list[:min(len(list), maxCompared)] {
			for _, id := range p.Actors {
				if !taken[r.ID] && speaks(r, id) {
					taken[r.ID] = true
					sides[id] = append(sides[id], r)
				}
			}
		}
	}
	b := &Balance{Named: true, Silent: []string{}}
	each := max(1, maxShown/len(p.Actors))
	for _, id := range turned(slices.Sorted(slices.Values(p.Actors)), now) {
		if n := len(sides[id]); n > 0 {
			b.Order = append(b.Order, id)
			each = min(each, n)
		} else {
			b.Silent = append(b.Silent, id)
		}
	}
	var shown []ranked
	for _, id := range b.Order {
		shown = append(shown, sides[id][:each]...)
	}
	return shown, b
}

// turned begins the list with another one each day (UTC), so that nobody is always first.
func turned(ids []string, now time.Time) []string {
	if len(ids) == 0 {
		return nil
	}
	turn := int(now.UTC().Unix()/(24*60*60)) % len(ids)
	return slices.Concat(ids[turn:], ids[:turn])
}
