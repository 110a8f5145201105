package timeline

type scale struct {
	period      span
	left, right int // where the period begins and ends
}

func (s scale) x(d day) int {
	return s.left + (s.right-s.left)*int(d-s.period.first)/s.period.days()
}

// tick is a line across the rows where a unit of time begins, and what is written to
// its right: day or month above, and the month or year in which it lies below where
// that changes. At the left edge the unit may have begun before.
type tick struct {
	x            int
	minor, major string
}

const tickGap = 14 // least pixels between two labels

// ticks is the axis with the finest unit whose labels have room, none beyond right.
func ticks(s scale, right int, w words, width func(string) int) []tick {
	var axis []tick
	for _, unit := range steps {
		const narrowest = 30 // pixels; no label is less
		if unit.fits(s.period) > (s.right-s.left)/narrowest {
			continue
		}
		axis = ticksOf(unit, s, w)
		if roomy(axis, width) {
			break
		}
	}
	return fitLabels(axis, right, width)
}

func ticksOf(unit step, s scale, w words) []tick {
	var axis []tick
	before := ""
	for d := unit.floor(s.period.first); d < s.period.end; d = unit.next(d) {
		at := max(d, s.period.first)
		minor, major := unit.label(at, w)
		t := tick{x: s.x(at), minor: minor}
		if major != before {
			t.major = major
		}
		axis, before = append(axis, t), major
	}
	return axis
}

// label is the unit in which d lies, and the greater one around it.
func (s step) label(d day, w words) (minor, major string) {
	t := d.start()
	switch {
	case s.months == 0:
		return t.Format("2"), w.month(t)
	case s.months < year.months:
		return w.monthName(t.Month()), t.Format("2006")
	}
	return t.Format("2006"), ""
}

// roomy reports whether every label ends before the next begins. The first and the
// last may stand in a unit that the period cuts short: those are not asked.
func roomy(axis []tick, width func(string) int) bool {
	for i := 1; i < len(axis)-1; i++ {
		if axis[i].x+width(axis[i].minor)+tickGap > axis[i+1].x {
			return false
		}
	}
	return true
}

// fitLabels leaves out the labels that would touch the next one or pass the right edge.
func fitLabels(axis []tick, right int, width func(string) int) []tick {
	minorEnd, majorEnd := right+tickGap, right+tickGap
	for i := len(axis) - 1; i >= 0; i-- {
		t := &axis[i]
		t.minor, minorEnd = fitLabel(t.minor, t.x, minorEnd, width)
		t.major, majorEnd = fitLabel(t.major, t.x, majorEnd, width)
	}
	return axis
}

// fitLabel is the label if it fits between x and end, and where the one before it must end.
func fitLabel(label string, x, end int, width func(string) int) (fitted string, next int) {
	if label == "" || x+width(label)+tickGap > end {
		return "", end
	}
	return label, x
}
