package timeline

import "slices"

// legendEntry explains a mark, the line of a longer time, or a count.
type legendEntry struct {
	x     int
	kind  Kind   // the mark, if any
	count string // the sign of a count, if any; with neither it is the line
	text  string
}

const (
	legendGap = 40 // between two entries
	signGap   = 12 // between a sign and its words
	lineSign  = 56 // the line of a longer time, as the legend shows it
	countSign = "×3"
)

// signWidth is the room of an entry's sign, before its words.
func (e legendEntry) signWidth(width func(string) int) int {
	switch {
	case e.kind.valid():
		return markSize - signGap/2 // a mark has air of its own
	case e.count != "":
		return width(e.count)
	}
	return lineSign
}

// legend explains what is drawn, in lines from left to right.
func legend(rows [][]item, unit step, w words, width func(string) int) [][]legendEntry {
	var lines [][]legendEntry
	x := plotRight
	for _, e := range explained(rows, unit, w) {
		room := e.signWidth(width) + signGap + width(e.text)
		if x+legendGap+room > plotRight {
			lines, x = append(lines, nil), margin-legendGap
		}
		e.x = x + legendGap
		x = e.x + room
		last := len(lines) - 1
		lines[last] = append(lines[last], e)
	}
	return lines
}

// explained lists the kinds that occur, and the line and the count if they do.
func explained(rows [][]item, unit step, w words) []legendEntry {
	items := slices.Concat(rows...)
	var entries []legendEntry
	for k := Demands; k <= Event; k++ {
		if slices.ContainsFunc(items, func(i item) bool { return i.kind == k }) {
			entries = append(entries, legendEntry{kind: k, text: w.kind(k)})
		}
	}
	if slices.ContainsFunc(items, func(i item) bool { return i.from < i.to }) {
		entries = append(entries, legendEntry{text: w.Say("chart.within")})
	}
	if slices.ContainsFunc(items, func(i item) bool { return i.count > 1 }) {
		entries = append(entries, legendEntry{count: countSign, text: w.threeIn(unit)})
	}
	return entries
}
