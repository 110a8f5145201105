package wording

import (
	"strconv"
	"time"

	"parley/corpus"
)

// Date is a date in words, as exactly as it is known: "8 May 2026", "2025", "undated".
func (l Language) Date(d corpus.PartialDate) string {
	month := strconv.Itoa(int(d.Start().Month()))
	places := Data{"Day": d.Start().Day(), "Year": d.Start().Format("2006")}
	switch d.Precision() {
	case corpus.Year:
		return l.Fill("date_year", places)
	case corpus.Month:
		places["Month"], _ = l.Lookup("month", month)
		return l.Fill("date_month", places)
	case corpus.Day, corpus.Moment:
		places["Month"], _ = l.Lookup("month_of", month)
		return l.Fill("date_day", places)
	}
	return l.Say("undated")
}

// DateOrNone is Date, and empty for a date that is not known.
func (l Language) DateOrNone(d corpus.PartialDate) string {
	if d.IsZero() {
		return ""
	}
	return l.Date(d)
}

// Day is the day of a moment in words, in the moment's own zone.
func (l Language) Day(t time.Time) string { return l.Date(corpus.DateOf(t, corpus.Day)) }

// DateRange is "20 January 2025 to 8 May 2026", or one date if both are the same or from is unknown.
func (l Language) DateRange(from, to corpus.PartialDate) string {
	if from.IsZero() || l.Date(from) == l.Date(to) {
		return l.Date(to)
	}
	return l.Fill("period", Data{"From": l.Date(from), "To": l.Date(to)})
}

// Between says within a sentence when something happened: "since 1 March 2025", "on 8 May
// 2026". The moment until is excluded; one of the two may be zero, for no bound.
func (l Language) Between(since, until time.Time) string {
	first, last := l.Day(since), l.Day(until.Add(-time.Nanosecond))
	switch {
	case until.IsZero():
		return l.Fill("since", Data{"Date": first})
	case since.IsZero():
		return l.Fill("until", Data{"Date": last})
	case first == last:
		return l.Fill("on_day", Data{"Date": first})
	}
	return l.Fill("between", Data{"From": first, "To": last})
}
