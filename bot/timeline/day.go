package timeline

import (
	"cmp"
	"fmt"
	"time"
)

// day counts the days since 1 January 1970 UTC. Whole numbers keep the layout exact.
type day int

const secondsOfDay = 24 * 60 * 60

func dayOf(t time.Time) day {
	s := t.Unix()
	d := s / secondsOfDay
	if s%secondsOfDay < 0 {
		d--
	}
	return day(d)
}

// dayAfter is the first day that begins at t or later.
func dayAfter(t time.Time) day {
	d := dayOf(t)
	if d.start().Before(t) {
		d++
	}
	return d
}

func date(year int, m time.Month, d int) day {
	return dayOf(time.Date(year, m, d, 0, 0, 0, 0, time.UTC))
}

func (d day) start() time.Time { return time.Unix(int64(d)*secondsOfDay, 0).UTC() }

// String is the day in English: "14 Feb 2025".
func (d day) String() string { return english().day(d.start()) }

// checkYear allows years of four digits, and the first day of the year 10000 as an end.
func checkYear(t time.Time) error {
	if y := t.UTC().Year(); y < 1 || y > 9999 && t.After(date(10000, time.January, 1).start()) {
		return fmt.Errorf("the year %d is not between 1 and 9999", y)
	}
	return nil
}

// span is the days from first to before end.
type span struct{ first, end day }

func (m Mark) span() span {
	s := span{dayOf(m.From), dayAfter(m.To)}
	s.end = max(s.end, s.first+1)
	return s
}

// spanOfRows is the time from the earliest to the latest mark; zero without marks.
func spanOfRows(rows []Row) span {
	var all span
	for _, r := range rows {
		for _, m := range r.Marks {
			all = all.join(m.span())
		}
	}
	return all
}

func (s span) last() day { return s.end - 1 }
func (s span) days() int { return int(s.end - s.first) }

// join is the least span that has the days of both. The zero span has none.
func (s span) join(o span) span {
	if s == (span{}) {
		return o
	}
	return span{min(s.first, o.first), max(s.end, o.end)}
}

func (s span) String() string { return s.in(english()) }

// in is the span in words, with no more precision than it has: "2025", "Feb 2025",
// "14 Feb 2025", "14 Feb 2025 to 3 Mar 2025".
func (s span) in(w words) string {
	from := s.first.start()
	switch {
	case s.days() == 1:
		return w.day(from)
	case year.floor(s.first) == s.first && year.next(s.first) == s.end:
		return from.Format("2006")
	case month.floor(s.first) == s.first && month.next(s.first) == s.end:
		return w.month(from)
	}
	return w.through(w.day(from), w.day(s.last().start()))
}

// dates are the earliest and the latest of the marks in words, each with the precision
// that it has: "2025 to 8 May 2026". Of two that begin or end together it is the more
// precise. There is at least one mark.
func dates(marks []Mark, w words) string {
	earliest, latest := marks[0].span(), marks[0].span()
	for _, m := range marks[1:] {
		s := m.span()
		if cmp.Or(cmp.Compare(s.first, earliest.first), cmp.Compare(s.end, earliest.end)) < 0 {
			earliest = s
		}
		if cmp.Or(cmp.Compare(s.end, latest.end), cmp.Compare(s.first, latest.first)) > 0 {
			latest = s
		}
	}
	return w.through(earliest.in(w), latest.in(w))
}

// step is a unit of the calendar: so many days, or so many months.
type step struct {
	days, months int
	name         string // the id of its phrase under "chart_unit"
}

const severalYears = "years" // has a phrase with a number instead

var (
	oneDay = step{days: 1, name: "day"}
	month  = step{months: 1, name: "month"}
	year   = step{months: 12, name: "year"}
	// forever holds all years that can be drawn.
	forever = step{months: 12 * 10_000, name: "whole"}
)

// steps are the units of ticks and of counting, from fine to coarse.
var steps = []step{
	oneDay, {days: 7, name: "week"},
	month, {months: 2, name: "two_months"}, {months: 3, name: "quarter"}, {months: 6, name: "half_year"},
	year, years(2), years(5), years(10), years(20),
	years(50), years(100), years(200), years(500), years(1000),
}

func years(n int) step { return step{months: 12 * n, name: severalYears} }

// floor is the first day of the unit in which d lies. Weeks begin on Monday.
func (s step) floor(d day) day {
	if s.months > 0 {
		t := d.start()
		n := t.Year()*12 + int(t.Month()-1)
		n -= n % s.months
		return date(n/12, time.Month(n%12+1), 1)
	}
	const monday = -3 // 29 December 1969
	rest := (int(d) - monday) % s.days
	if rest < 0 {
		rest += s.days
	}
	return d - day(rest)
}

// next is the first day of the unit after that which begins on d.
func (s step) next(d day) day {
	if s.months > 0 {
		return dayOf(d.start().AddDate(0, s.months, 0))
	}
	return d + day(s.days)
}

// fits is about how often the unit goes into a span.
func (s step) fits(p span) int {
	const daysOfMonth = 30.44
	return int(float64(p.days()) / (float64(s.days) + daysOfMonth*float64(s.months)))
}
