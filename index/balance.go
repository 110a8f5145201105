package index

import (
	"slices"
	"time"
)

// spreadOverSpeakers gives each main actor that speaks in the evidence one passage, up to
// the limit, in an order that rotates daily. Main actors that the evidence only
// names are noted as silent. Where fewer than two speak, all stays as it is.
func (pl *planner) spreadOverSpeakers(
	evidence []ranked, limit int, now time.Time,
) ([]ranked, *Balance) {
	var speaking, named []string
	for _, r := range evidence {
		speaking = union(speaking, r.Speakers())
		named = union(named, r.Actors)
	}
	main := func(ids []string) (main []string) {
		for _, id := range slices.Sorted(slices.Values(pl.mainActors())) {
			if slices.Contains(ids, id) {
				main = append(main, id)
			}
		}
		return main
	}
	speaking, named = main(speaking), main(named)
	if len(speaking) < 2 {
		return evidence, nil
	}
	silent := slices.DeleteFunc(named, func(id string) bool { return slices.Contains(speaking, id) })
	b := &Balance{Silent: silent}
	var shown []ranked
	for _, id := range rotatedDaily(speaking, now) {
		i := slices.IndexFunc(evidence, func(r ranked) bool {
			taken := func(s ranked) bool { return s.ID == r.ID }
			return slices.Contains(r.Speakers(), id) && !slices.ContainsFunc(shown, taken)
		})
		if i >= 0 && len(shown) < limit {
			shown = append(shown, evidence[i])
			b.Order = append(b.Order, id)
		} else {
			b.More = append(b.More, id)
		}
	}
	return shown, b
}

// spreadOverNamed gives each actor that the question names as many of the passages in
// which it speaks, those with a statement on the topics asked about first.
func (p *Plan) spreadOverNamed(list []ranked, now time.Time) ([]ranked, *Balance) {
	passages := map[string][]ranked{} // by actor
	taken := map[string]bool{}
	for _, speaks := range []func(r ranked, actor string) bool{
		func(r ranked, actor string) bool { return r.states(actor, p.Topics) },
		func(r ranked, actor string) bool { return slices.Contains(r.Speakers(), actor) },
	} {
		for _, r := range list[:min(len(list), maxCompared)] {
			for _, id := range p.Actors {
				if !taken[r.ID] && speaks(r, id) {
					taken[r.ID] = true
					passages[id] = append(passages[id], r)
				}
			}
		}
	}
	b := &Balance{Named: true, Silent: []string{}}
	each := max(1, maxShown/len(p.Actors))
	for _, id := range rotatedDaily(slices.Sorted(slices.Values(p.Actors)), now) {
		if n := len(passages[id]); n > 0 {
			b.Order = append(b.Order, id)
			each = min(each, n)
		} else {
			b.Silent = append(b.Silent, id)
		}
	}
	var shown []ranked
	for _, id := range b.Order {
		shown = append(shown, passages[id][:each]...)
	}
	return shown, b
}

// rotatedDaily begins the list with another one each day (UTC), so that nobody is always first.
func rotatedDaily(ids []string, now time.Time) []string {
	if len(ids) == 0 {
		return nil
	}
	turn := int(now.UTC().Unix()/(24*60*60)) % len(ids)
	return slices.Concat(ids[turn:], ids[:turn])
}
