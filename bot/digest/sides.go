package digest

import (
	"cmp"
	"slices"
	"time"

	"parley/corpus"
	"parley/index"
)

const (
	// maxSides are the actors whose new statements are shown.
	maxSides = 5
	// perSide is the most statements a side; more than two sides get one each.
	perSide = 2
)

// position is a new statement with the story that it stands in.
type position struct {
	index.Statement
	in    *story
	score float64
}

// sides are new statements by actor.
type sides struct {
	sides []index.Side
	// more have new statements as well, silent have none.
	more, silent []string
	stories      []*story // that are quoted
}

// sidesOf gives each of the actors as many of the new statements in the stories, in an
// order that begins with another one each day. What is quoted already is left out.
func sidesOf(list, picked []*story, actors []string, w wish, date corpus.PartialDate) (found sides) {
	by := map[string][]position{}
	speaks := map[string]bool{}
	for _, s := range list {
		if s.late {
			continue
		}
		for _, c := range s.candidates {
			if !c.TakesPosition() || !wants(w.topics, c.Topics) {
				continue
			}
			quoted := slices.Contains(picked, s) && c.Start == s.key.Start
			for _, id := range c.Actors {
				speaks[id] = true
				if !quoted {
					by[id] = append(by[id], position{c.Statement, s, c.score})
				}
			}
		}
	}
	var order []string
	for _, id := range turned(actors, date) {
		switch {
		case len(by[id]) > 0:
			order = append(order, id)
		case !speaks[id]:
			found.silent = append(found.silent, id)
		}
	}
	if len(order) == 0 {
		found.silent = nil // nobody has said anything: no sides to speak of
	}
	order, found.more = order[:min(maxSides, len(order))], order[min(maxSides, len(order)):]
	found.fill(order, by)
	return found
}

// fill takes the best statements of each actor, as many of each. A statement of two
// actors is shown once, for both.
func (f *sides) fill(order []string, by map[string][]position) {
	each := perSide
	if len(order) > 2 {
		each = 1
	}
	for _, id := range order {
		slices.SortStableFunc(by[id], byImport)
		by[id] = spread(by[id])
		each = min(each, len(by[id]))
	}
	for _, id := range order {
		best := by[id][:each]
		same := func(s index.Side) bool {
			return slices.EqualFunc(s.Statements, best, func(st index.Statement, p position) bool {
				return st.Passage == p.Passage && st.Start == p.Start
			})
		}
		if i := slices.IndexFunc(f.sides, same); i >= 0 {
			f.sides[i].Actors = append(f.sides[i].Actors, id)
			continue
		}
		side := index.Side{Actors: []string{id}}
		for _, p := range best {
			p.Source, p.AlsoIn = p.in.Source, p.in.alsoIn()
			side.Statements = append(side.Statements, p.Statement)
			f.stories = append(f.stories, p.in)
		}
		f.sides = append(f.sides, side)
	}
}

// byImport puts statements with a word of position first, then those that more publishers
// carry, the newer and those that say most of what their document is about.
func byImport(x, y position) int {
	return cmp.Or(
		trueFirst(x.Stance != says, y.Stance != says),
		cmp.Compare(y.in.carried, x.in.carried),
		y.in.Published.Compare(x.in.Published),
		cmp.Compare(y.score, x.score),
		cmp.Compare(x.in.ID, y.in.ID),
		cmp.Compare(x.Start, y.Start))
}

// spread puts one statement of each story before the others of the same stories.
func spread(list []position) []position {
	var first, others []position
	seen := map[*story]bool{}
	for _, p := range list {
		if seen[p.in] {
			others = append(others, p)
			continue
		}
		seen[p.in] = true
		first = append(first, p)
	}
	return append(first, others...)
}

// turned begins the list with another one each day, so that nobody is always first.
func turned(ids []string, date corpus.PartialDate) []string {
	if len(ids) == 0 {
		return nil
	}
	turn := int(date.Start().Unix()/int64((24*time.Hour).Seconds())) % len(ids)
	return slices.Concat(ids[turn:], ids[:turn])
}
