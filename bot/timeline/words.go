package timeline

import (
	"fmt"
	"time"
)

// Words are what a chart says beside the names that it is given, in one language. All of
// them are required.
type Words struct {
	// Kind is the word of the legend for a kind of marks: "demands".
	Kind func(Kind) string
	// Within explains the line of a mark that lies on any of several days.
	Within string
	// Threefold explains the sign of three marks in a unit of time: "three in one week". n is
	// how many years Years are.
	Threefold func(u Unit, n int) string
	// Day and Month are dates ("14 Feb 2025", "Feb 2025"), MonthName the name of a month as
	// both have it. A year is its number.
	Day, Month func(time.Time) string
	MonthName  func(time.Month) string
	// Through is a period, "14 Feb 2025 to 8 May 2026", from one date to another.
	Through func(from, to string) string
	// Entries is how many marks there are, from 1: "3 entries".
	Entries func(n int) string
	// None stands where there are no marks.
	None string
	// Timeline says in AltText what the picture is, with its period.
	Timeline func(period string) string
}

// Unit is a unit of time in which marks are counted together.
type Unit string

// The units of counting.
const (
	Day       Unit = "day"
	Week      Unit = "week"
	Month     Unit = "month"
	TwoMonths Unit = "two_months"
	Quarter   Unit = "quarter"
	HalfYear  Unit = "half_year"
	Year      Unit = "year"
	Years     Unit = "years" // several
	Whole     Unit = "whole" // all that the picture shows
)

// english are the words of a chart that brings none.
var english = Words{
	Kind: Kind.String, Within: "within these days", Threefold: englishThreefold,
	Day:       func(t time.Time) string { return t.Format("2 Jan 2006") },
	Month:     func(t time.Time) string { return t.Format("Jan 2006") },
	MonthName: func(m time.Month) string { return m.String()[:3] },
	Through:   func(from, to string) string { return from + " to " + to },
	Entries:   englishEntries, None: noMarks,
	Timeline: func(period string) string { return "Timeline, " + period },
}

const noMarks = "no statement in the record"

func englishThreefold(u Unit, n int) string {
	unit, ok := map[Unit]string{
		TwoMonths: "two months", Quarter: "one quarter", HalfYear: "half a year", Years: fmt.Sprintf("%d years", n), Whole: "this period",
	}[u]
	if !ok {
		unit = "one " + string(u)
	}
	return "three in " + unit
}

// englishEntries is "1 entry" or "3 entries".
func englishEntries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// words are those of the chart.
func (c Chart) words() *Words {
	if c.Words == nil {
		return &english
	}
	return c.Words
}
