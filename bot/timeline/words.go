package timeline

import (
	"strconv"
	"time"

	"parley/bot/wording"
)

// words are the chart's own words, in one language.
type words struct{ wording.Language }

func (c Chart) words() words {
	if c.Language == (wording.Language{}) {
		return english()
	}
	return words{c.Language}
}

func english() words { return words{wording.In(wording.English)} }

// kind is the word of the legend for a kind of marks: "demands".
func (w words) kind(k Kind) string {
	name, _ := w.Lookup("stance", k.String())
	return name
}

// day is "14 Feb 2025".
func (w words) day(t time.Time) string { return w.date("chart.day", t) }

// month is "Feb 2025".
func (w words) month(t time.Time) string { return w.date("chart.month", t) }

func (w words) date(key wording.Key, t time.Time) string {
	return w.Fill(key, wording.Data{"Day": t.Day(), "Month": w.monthName(t.Month()), "Year": t.Format("2006")})
}

// monthName is "Feb".
func (w words) monthName(m time.Month) string {
	name, _ := w.Lookup("month_short", strconv.Itoa(int(m)))
	return name
}

// threeIn explains the sign of three marks in a unit of counting: "three in one week".
func (w words) threeIn(s step) string {
	if s.name == severalYears {
		return w.Count("chart_years", s.months/year.months)
	}
	text, _ := w.Lookup("chart_unit", s.name)
	return text
}

func (w words) through(from, to string) string {
	if from == to {
		return from
	}
	return w.Fill("period", wording.Data{"From": from, "To": to})
}

func (w words) entries(n int) string { return w.Count("chart_entries", n) }
