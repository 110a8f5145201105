package timeline

import (
	"cmp"
	"fmt"
	"slices"
)

// item is a drawn mark: one mark of the chart, or several of a kind with their count.
type item struct {
	kind   Kind
	count  int
	within span // the days in which its marks lie
	x      int  // of the mark's centre
	lane   int  // from 0, the highest
	vague  bool // its marks may each lie on any of the days within
	// from and to are where the line of the days begins and ends: the same where there is
	// none. It stands beside the mark; that of a vague one that the mark would hide, below.
	from, to int
	below    bool
	box      interval // what it takes of its lane
	label    interval // what its count takes
}

const (
	labelGap = 2  // between a mark and its count
	lineStub = 10 // least pixels of a line on either side of a mark, or of its middle
)

// interval is the pixels from to before end.
type interval struct{ from, end int }

func (a interval) join(b interval) interval { return interval{min(a.from, b.from), max(a.end, b.end)} }
func (a interval) overlaps(b interval) bool { return a.from < b.end && b.from < a.end }

// text is the count beside the mark: "×12"; empty for one.
func (i item) text() string {
	if i.count == 1 {
		return ""
	}
	return fmt.Sprintf("×%d", i.count)
}

// itemsOf counts together the marks of a kind that lie in the same unit of time, or in
// the same longer span, in the order of kinds and dates.
func itemsOf(marks []Mark, unit step, s scale, width func(string) int) []item {
	type group struct {
		kind Kind
		days span
	}
	groups := map[group]item{}
	for _, m := range marks {
		days := m.span()
		key := group{m.Kind, days}
		if start := unit.floor(days.first); start == unit.floor(days.last()) {
			key.days = span{start, unit.next(start)}
		}
		i, more := groups[key]
		groups[key] = item{
			kind: m.Kind, count: i.count + 1, within: i.within.join(days),
			vague: days.days() > 1 && (!more || i.vague && i.within == days),
		}
	}
	items := make([]item, 0, len(groups))
	for _, i := range groups {
		i.measure(s, width)
		items = append(items, i)
	}
	slices.SortFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind),
			cmp.Compare(a.within.first, b.within.first), cmp.Compare(a.within.end, b.within.end))
	})
	return items
}

// measure places an item along the axis. The mark stands in the middle of its days with
// the count to its right; where their line is drawn, mark and count stand in its middle.
func (i *item) measure(s scale, width func(string) int) {
	days := i.within
	from, to := s.x(max(days.first, s.period.first)), s.x(min(days.end, s.period.end))
	i.x = (from + to) / 2
	label := 0
	if i.count > 1 {
		label = labelGap + width(i.text())
	}
	i.from, i.to = i.x, i.x
	switch {
	case days.days() > 1 && to-from >= markSize+label+2*lineStub:
		i.from, i.to = from+laneGap/2, to-laneGap/2
		i.x -= label / 2
	case i.vague:
		half := max(to-from, 2*lineStub) / 2
		i.from, i.to, i.below = i.x-half, i.x+half, true
	}
	i.box = interval{i.x - markSize/2, i.x + markSize/2}
	i.label = interval{i.box.end, i.box.end + label}
	if i.label.end > plotRight {
		i.label = interval{i.box.from - label, i.box.from}
	}
	i.box = i.box.join(i.label)
	if i.from < i.to {
		i.box = i.box.join(interval{i.from, i.to})
	}
}

// stack puts every item into the highest lane in which it touches no other, and reports
// how many lanes there are; not ok where they would be more than most. Items come in the
// order of their kinds, so that those of a kind stand side by side.
func stack(items []item, most int) (lanes int, ok bool) {
	var taken [][]interval
	for n := range items {
		box := interval{items[n].box.from, items[n].box.end + laneGap}
		lane := slices.IndexFunc(taken, func(in []interval) bool { return !slices.ContainsFunc(in, box.overlaps) })
		if lane < 0 {
			lane = len(taken)
			taken = append(taken, nil)
		}
		if len(taken) > most {
			return 0, false
		}
		taken[lane] = append(taken[lane], box)
		items[n].lane = lane
	}
	return len(taken), true
}
