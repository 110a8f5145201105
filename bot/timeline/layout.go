package timeline

import (
	"cmp"
	"fmt"
	"slices"
)

// Measures of the picture, in pixels.
const (
	pictureWidth = 1200
	margin       = 40
	plotLeft     = margin + 26 // right of the row's colour bar
	plotRight    = pictureWidth - margin

	markSize  = 38 // a mark with the air around it
	labelGap  = 2  // between a mark and its count
	laneGap   = 6  // between two marks of a row, and above each other
	lanePitch = markSize + laneGap
	rowHead   = 56 // the actor's name
	rowFoot   = 22

	titlePitch    = 58
	subtitlePitch = 44
	legendPitch   = 50
	axisPitch     = 36 // a line of labels
	axisHeight    = 2*axisPitch + 12
	blockGap      = 18 // between title, legend and axis
	minText       = 28
)

// heights are what a picture may grow to before marks are counted over a longer time:
// one screen of a phone, then more. In the last even 12 rows of 8 kinds have room.
var heights = [...]int{1600, 2200, 3200, maxHeight}

const maxHeight = 6000

// layout is the picture in pixels, before a colour is laid.
type layout struct {
	width, height   int
	title, subtitle []string
	legend          [][]legendEntry // lines
	axis            []tick
	rows            []rowBox
	scale           scale
}

// rowBox is a row with its place. Its lanes lie below the name.
type rowBox struct {
	top, bottom int
	name, note  string // note stands at the right: how many, when
	items       []item
}

// item is a drawn mark: one mark of the chart, or several of a kind with their count.
type item struct {
	kind   Kind
	count  int
	within span // the days in which its marks lie
	x      int  // of the mark's centre
	lane   int  // from 0, the highest
	// from and to are where the line of the days begins and ends; the same where the
	// mark hides it.
	from, to int
	box      interval // what it takes of its lane
	label    interval // what its count takes
}

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

// y is the middle of the item's lane.
func (r rowBox) y(i item) int { return r.top + rowHead + i.lane*lanePitch + lanePitch/2 }

// fixed is the height of all but the lanes.
func (l *layout) fixed(rows int) int {
	const legendLines = 4 // the most: eight kinds, the line, the count
	return l.legendTop() + legendLines*legendPitch + blockGap + 2*axisHeight + rows*(rowHead+rowFoot) + margin
}

func (l *layout) subtitleTop() int { return margin + len(l.title)*titlePitch }
func (l *layout) legendTop() int {
	return l.subtitleTop() + len(l.subtitle)*subtitlePitch + blockGap
}
func (l *layout) axisTop() int    { return l.legendTop() + len(l.legend)*legendPitch + blockGap }
func (l *layout) rowsTop() int    { return l.axisTop() + axisHeight }
func (l *layout) rowsBottom() int { return l.rows[len(l.rows)-1].bottom }

// place puts the rows below each other, and so finds the height of the picture.
func (l *layout) place(rows []Row, items [][]item, f *faces) {
	y := l.rowsTop()
	for n, r := range rows {
		lanes := 0
		for _, i := range items[n] {
			lanes = max(lanes, i.lane+1)
		}
		box := rowBox{top: y, bottom: y + rowHead + lanes*lanePitch + rowFoot, items: items[n]}
		box.name, box.note = nameAndNote(r, f)
		l.rows, y = append(l.rows, box), box.bottom
	}
	l.height = y + axisHeight + margin
}

// nameAndNote are the words above a row. Where there is not room for both, the dates give way.
func nameAndNote(r Row, f *faces) (name, note string) {
	if len(r.Marks) == 0 {
		return fit(f.name, clean(r.Name), plotRight-plotLeft), noMarks
	}
	name, note = clean(r.Name), entries(len(r.Marks))
	dated := fmt.Sprintf("%s, %s", note, dates(r.Marks))
	room := plotRight - plotLeft - legendGap
	if width(f.name, name)+width(f.text, dated) <= room {
		return name, dated
	}
	return fit(f.name, name, room-width(f.text, note)), note
}

// arrange lays out a valid chart.
func arrange(c Chart, f *faces) *layout {
	period := c.period()
	textWidth := func(s string) int { return width(f.text, s) }
	l := &layout{
		width: pictureWidth,
		// Half a mark of air, so that the first and the last day have room.
		scale:    scale{period, plotLeft + markSize/2, plotRight - markSize/2},
		title:    wrap(f.title, clean(c.Title), plotRight-margin, 2),
		subtitle: wrap(f.subtitle, clean(c.Subtitle), plotRight-margin, 2),
	}
	l.axis = ticks(l.scale, textWidth)
	unit, rows := fill(c.Rows, l, textWidth)
	l.legend = legend(rows, unit, textWidth)
	l.place(c.Rows, rows, f)
	return l
}

// fill chooses the finest unit of counting with which the rows are low enough.
func fill(rows []Row, l *layout, width func(string) int) (step, [][]item) {
	units := countingUnits(l.scale.period)
	for _, height := range heights {
		lanes := (height - l.fixed(len(rows))) / lanePitch
		for _, unit := range units {
			if items, ok := fillLanes(rows, unit, lanes, l.scale, width); ok {
				return unit, items
			}
		}
	}
	// In one unit that holds the whole period a row has an item a kind.
	items, _ := fillLanes(rows, forever, MaxRows*len(kindNames), l.scale, width)
	return forever, items
}

// countingUnits are the units in which marks of a kind may be counted together: those
// that leave enough of the picture's detail.
func countingUnits(p span) []step {
	const fewest = 4
	units := []step{oneDay}
	for _, u := range steps[1:] {
		if u.fits(p) >= fewest {
			units = append(units, u)
		}
	}
	return units
}

// fillLanes lays out the marks of all rows; not ok where they need more lanes.
func fillLanes(rows []Row, unit step, lanes int, s scale, width func(string) int) (filled [][]item, ok bool) {
	for _, r := range rows {
		items := itemsOf(r.Marks, unit, s, width)
		used, ok := stack(items, lanes)
		if !ok {
			return nil, false
		}
		filled, lanes = append(filled, items), lanes-used
	}
	return filled, true
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
		i := groups[key]
		groups[key] = item{kind: m.Kind, count: i.count + 1, within: i.within.join(days)}
	}
	items := make([]item, 0, len(groups))
	for _, i := range groups {
		i.measure(s, width)
		items = append(items, i)
	}
	slices.SortFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.within.first, b.within.first), cmp.Compare(a.within.end, b.within.end))
	})
	return items
}

// measure places an item along the axis: the mark in the middle of its days, the count
// to its right, or to its left at the right edge.
func (i *item) measure(s scale, width func(string) int) {
	days := i.within
	i.from, i.to = s.x(max(days.first, s.period.first)), s.x(min(days.end, s.period.end))
	i.x = (i.from + i.to) / 2
	i.box = interval{i.x - markSize/2, i.x + markSize/2}
	if days.days() == 1 || i.to-i.from < markSize+2*lineStub {
		i.from, i.to = i.x, i.x
	}
	if i.count > 1 {
		i.label = i.besides(labelGap + width(i.text()))
		i.box = i.box.join(i.label)
	}
	if i.from < i.to {
		i.box = i.box.join(interval{i.from, i.to})
	}
}

// besides is the place of a count of so many pixels: at the mark where its line goes on
// behind the count or where there is no line, else at the line's end; to the left where
// the right edge is near.
func (i *item) besides(width int) interval {
	mark := i.box
	at := mark.end
	if i.to > at && i.to < at+width+lineStub {
		at = i.to + labelGap
	}
	if at+width <= plotRight {
		return interval{at, at + width}
	}
	return interval{mark.from - width, mark.from}
}

const lineStub = 8 // least pixels of a line to be seen beside its mark

// stack puts every item into the highest lane in which it touches no other, and reports
// how many lanes there are; not ok where they would be more than most. Items
// come in the order of their kinds, so that those of one kind stand side by side.
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
