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
// order that begins with another one each day. What is quoted already is left out. Those
// of missed who say nothing are silent.
func sidesOf(list, picked []*story, actors, missed []string, w wish, date corpus.PartialDate) (found sides) {
	by := map[string][]position{}
	speaks, quoted := map[string]bool{}, map[string]bool{}
	for _, s := range picked {
		quoted[s.key.Text] = true
	}
	for _, s := range list {
		if s.late {
			continue
		}
		for _, c := range s.candidates {
			if !c.TakesPosition() || !wants(w.topics, c.Topics) {
				continue
			}
			for _, id := range c.Actors {
				speaks[id] = true
				if !quoted[c.Text] {
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
		case !speaks[id] && slices.Contains(missed, id):
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
// actors is shown once; an actor who has no other shares it.
func (f *sides) fill(order []string, by map[string][]position) {
	each := perSide
	if len(order) > 2 {
		each = 1
	}
	var chosen [][]position
	taken := map[string]int{} // sides by the text of a statement
	for _, id := range order {
		slices.SortStableFunc(by[id], byImport)
		isTaken := func(p position) bool { _, ok := taken[p.Text]; return ok }
		own := spread(slices.DeleteFunc(slices.Clone(by[id]), isTaken))
		if len(own) == 0 {
			f.share(id, by[id][0], taken[by[id][0].Text], chosen)
			each = 1 // of the statements of that side one alone is shared
			continue
		}
		f.sides = append(f.sides, index.Side{Actors: []string{id}})
		own = own[:min(each, len(own))]
		each = len(own)
		for _, p := range own {
			taken[p.Text] = len(chosen)
		}
		chosen = append(chosen, own)
	}
	for i := range f.sides {
		for _, p := range chosen[i][:each] {
			p.Source, p.AlsoIn = p.in.Source, p.in.alsoIn()
			f.sides[i].Statements = append(f.sides[i].Statements, p.Statement)
			f.stories = append(f.stories, p.in)
		}
	}
}

// share lets an actor stand with the side that shows its statement. What a side shares
// comes first; an actor of which it has only what comes after is named as having more.
func (f *sides) share(id string, p position, side int, chosen [][]position) {
	at := slices.IndexFunc(chosen[side], func(q position) bool { return q.Text == p.Text })
	if at > 0 && len(f.sides[side].Actors) > 1 {
		f.more = append(f.more, id)
		return
	}
	chosen[side][0], chosen[side][at] = chosen[side][at], chosen[side][0]
	f.sides[side].Actors = append(f.sides[side].Actors, id)
}

// byImport orders statements: first those with a word of position, then by how many
// publishers carry them, by date, and by how central they are to their document.
func byImport(x, y position) int {
	return cmp.Or(
		trueFirst(x.Stance != noStance, y.Stance != noStance),
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
