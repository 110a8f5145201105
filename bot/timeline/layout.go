package timeline

import (
	"fmt"
	"slices"
)

// Measures of the picture, in pixels.
const (
	pictureWidth = 1200
	margin       = 40
	plotLeft     = margin + 26 // right of the row's colour bar
	plotRight    = pictureWidth - margin
	countRoom    = 36 // right of the last day, for a count of one digit

	markSize  = 38 // a mark with the air around it
	lanePitch = markSize + laneGap
	laneGap   = 6  // between two marks, beside and above each other
	rowHead   = 56 // the actor's name
	rowFoot   = 22

	titlePitch    = 58
	subtitlePitch = 44
	legendPitch   = 50
	axisPitch     = 36 // a line of labels
	axisGap       = 12 // between labels and rows
	blockGap      = 18 // between title, legend and axis
)

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

func arrange(c Chart, f *faces) *layout {
	period := c.period()
	textWidth := func(s string) int { return width(f.text, s) }
	l := &layout{
		width: pictureWidth,
		// So much air that a mark of the first day and a counted one of the last have room.
		scale:    scale{period, plotLeft + markSize/2, plotRight - markSize/2 - countRoom},
		title:    wrap(f.title, clean(c.Title), plotRight-margin, 2),
		subtitle: wrap(f.subtitle, clean(c.Subtitle), plotRight-margin, 2),
	}
	l.axis = ticks(l.scale, plotRight, c.words(), textWidth)
	unit, rows := fill(c.Rows, l, textWidth)
	l.legend = legend(rows, unit, c.words(), textWidth)
	l.place(c, rows, f)
	return l
}

func (r rowBox) y(i item) int { return r.top + rowHead + i.lane*lanePitch + lanePitch/2 }

// fixed is the height of all but the lanes.
func (l *layout) fixed(rows int) int {
	const legendLines = 4 // the most: eight kinds, the line, the count
	return l.legendTop() + legendLines*legendPitch + blockGap + 2*l.axisHeight() + rows*(rowHead+rowFoot) + margin
}

func (l *layout) subtitleTop() int { return margin + len(l.title)*titlePitch }
func (l *layout) legendTop() int   { return l.subtitleTop() + len(l.subtitle)*subtitlePitch + blockGap }
func (l *layout) axisTop() int     { return l.legendTop() + len(l.legend)*legendPitch + blockGap }

// axisHeight is one line of labels where years stand in it, else two.
func (l *layout) axisHeight() int {
	lines := 1
	if slices.ContainsFunc(l.axis, func(t tick) bool { return t.major != "" }) {
		lines = 2
	}
	return lines*axisPitch + axisGap
}

// place puts the rows below each other, and so finds the height of the picture.
func (l *layout) place(c Chart, items [][]item, f *faces) {
	y := l.axisTop() + l.axisHeight()
	for n, r := range c.Rows {
		lanes := 0
		for _, i := range items[n] {
			lanes = max(lanes, i.lane+1)
		}
		box := rowBox{top: y, bottom: y + rowHead + lanes*lanePitch + rowFoot, items: items[n]}
		box.name, box.note = nameAndNote(r, c.words(), f)
		l.rows, y = append(l.rows, box), box.bottom
	}
	l.height = y + l.axisHeight() + margin
}

// nameAndNote are the words above a row. Where there is not room for both, the dates give way.
func nameAndNote(r Row, w words, f *faces) (name, note string) {
	if len(r.Marks) == 0 {
		return fit(f.name, clean(r.Name), plotRight-plotLeft), w.Say("chart.none")
	}
	name, note = clean(r.Name), w.entries(len(r.Marks))
	dated := fmt.Sprintf("%s, %s", note, dates(r.Marks, w))
	room := plotRight - plotLeft - legendGap
	if width(f.name, name)+width(f.text, dated) <= room {
		return name, dated
	}
	return fit(f.name, name, room-width(f.text, note)), note
}

// maxHeight of a picture, in pixels. Telegram takes 10,000 of width and height together.
const maxHeight = 8000

// sizes are the largest width and height of a picture, in pixels, and into how many units of counting at
// least its period is divided: one screen of a phone, then more height, and only at last
// less detail.
var sizes = [...]struct{ height, units int }{{1600, 10}, {2200, 10}, {3200, 10}, {maxHeight, 4}}

// fill chooses the finest unit of counting with which the rows are low enough.
func fill(rows []Row, l *layout, width func(string) int) (step, [][]item) {
	for _, size := range sizes {
		lanes := (size.height - l.fixed(len(rows))) / lanePitch
		for _, unit := range steps {
			if unit != oneDay && unit.fits(l.scale.period) < size.units {
				break
			}
			if items, ok := fillLanes(rows, unit, lanes, l.scale, width); ok {
				return unit, items
			}
		}
	}
	// In one unit that holds the whole period a row has an item a kind: 12 rows of 8 have room.
	items, _ := fillLanes(rows, forever, MaxRows*len(kindNames), l.scale, width)
	return forever, items
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
