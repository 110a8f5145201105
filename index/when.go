package index

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/corpus"
	"parley/index/analysis"
)

// monthNumbers are the months as people write them, folded.
var monthNumbers = func() map[string]time.Month {
	m := map[string]time.Month{"sept": time.September}
	for i := time.January; i <= time.December; i++ {
		name := strings.ToLower(i.String())
		m[name], m[name[:3]] = i, i
	}
	return m
}()

// seasons are the first month and the number of months of a time of year.
var seasons = map[string]time.Month{"spring": time.March, "summer": time.June, "autumn": time.September, "fall": time.September, "winter": time.December}

// latestWords ask for the newest. "Now" and "still" ask how things stand.
var latestWords = setOf("latest newest recent recently currently current now nowadays today still lately")

// readTime reads the period that a question asks about, and whether it asks for
// the latest. It returns which tokens only say so.
func (p *Plan) readTime(now time.Time) (dated []bool) {
	dated = make([]bool, len(p.tokens))
	t := timeReader{tokens: p.tokens, now: now.UTC(), dated: dated}
	for i := range p.tokens {
		switch fold := p.tokens[i].Fold; {
		case latestWords[fold]:
			p.Latest, dated[i] = true, true
		case fold == "days" && t.is(i-1, "these"):
			p.Latest, dated[i] = true, true
		case fold == "last" && !dated[i]:
			if from, ok := t.ago(i); ok {
				p.Period = Period{Since: from}
			} else {
				p.Latest, dated[i] = true, true
			}
		}
		if dated[i] {
			continue
		}
		if period, ok := t.at(i); ok {
			p.Period = t.bounded(i, period, p.Period)
		}
	}
	return dated
}

// ReadPeriod reads a date or a stretch of time as people type it: "2025-02",
// "14 March 2025", "last week", "Monday". ok is false if the text is anything else.
func ReadPeriod(text string, now time.Time) (period Period, ok bool) {
	if d, err := corpus.ParsePartialDate(text); err == nil && !d.IsZero() {
		return Period{Since: d.Start(), Until: d.End()}, true
	}
	p := Plan{tokens: (&analysis.Analyzer{}).Tokens(text)}
	if fold := strings.ToLower(strings.TrimSpace(text)); fold == "today" {
		y, m, d := now.UTC().Date()
		return span(y, m, d, 0, 1), true
	}
	dated := p.readTime(now)
	return p.Period, !p.Period.IsZero() && !slices.Contains(dated, false)
}

type timeReader struct {
	tokens []analysis.Token
	now    time.Time
	dated  []bool
}

func (t *timeReader) is(i int, fold string) bool {
	return i >= 0 && i < len(t.tokens) && t.tokens[i].Fold == fold
}

// ago reads "last week", "last 3 months"; i is the word "last".
func (t *timeReader) ago(i int) (from time.Time, ok bool) {
	n, unit := 1, i+1
	if unit < len(t.tokens) {
		if v, err := strconv.Atoi(t.tokens[unit].Fold); err == nil && v > 0 && v < 1000 {
			n, unit = v, unit+1
		}
	}
	if unit >= len(t.tokens) {
		return time.Time{}, false
	}
	switch strings.TrimSuffix(t.tokens[unit].Fold, "s") {
	case "day":
		from = t.now.AddDate(0, 0, -n)
	case "week":
		from = t.now.AddDate(0, 0, -7*n)
	case "month":
		from = t.now.AddDate(0, -n, 0)
	case "year":
		from = t.now.AddDate(-n, 0, 0)
	default:
		return time.Time{}, false
	}
	t.mark(i, unit+1)
	if i > 0 && bounding[t.tokens[i-1].Fold] { // "since last week"
		t.dated[i-1] = true
	}
	return from, true
}

func (t *timeReader) mark(from, to int) {
	for i := from; i < to; i++ {
		t.dated[i] = true
	}
}

// at reads a date that starts at token i: "march 2025", "14 march 2025", "march
// 14", "2025", "summer 2024", "yesterday", "monday".
func (t *timeReader) at(i int) (Period, bool) {
	fold := t.tokens[i].Fold
	if y, ok := year(fold); ok {
		t.mark(i, i+1)
		return span(y, time.January, 1, 12, 0), true
	}
	if m, ok := monthNumbers[fold]; ok && (fold != "may" && fold != "march" && fold != "mar" && fold != "sun" || t.datesMonth(i)) {
		return t.month(i, m), true
	}
	if m, ok := seasons[fold]; ok {
		if y, ok := t.yearAt(i + 1); ok {
			t.mark(i, i+2)
			return span(y, m, 1, 3, 0), true
		}
	}
	switch fold {
	case "yesterday":
		t.mark(i, i+1)
		d := t.now.AddDate(0, 0, -1)
		return span(d.Year(), d.Month(), d.Day(), 0, 1), true
	}
	for d := range 7 {
		day := t.now.AddDate(0, 0, -d-1)
		if fold == strings.ToLower(day.Weekday().String()) {
			t.mark(i, i+1)
			return span(day.Year(), day.Month(), day.Day(), 0, 1), true
		}
	}
	return Period{}, false
}

// datesMonth reports whether "may" or "march" at i is the month: a day, a year or a preposition of time stands beside it.
func (t *timeReader) datesMonth(i int) bool {
	if _, ok := t.yearAt(i + 1); ok {
		return true
	}
	for _, p := range []string{"in", "since", "until", "till", "during", "early", "late", "mid", "by", "of", "last", "from", "after", "before", "between"} {
		if t.is(i-1, p) {
			return true
		}
	}
	if t.joined(i-1) && i >= 2 && t.dated[i-2] { // "from march to may"
		return true
	}
	_, before := t.dayAt(i - 1)
	_, after := t.dayAt(i + 1)
	return before || after
}

// month reads the day and the year around a month's name. Without a year it is the last such month.
func (t *timeReader) month(i int, m time.Month) Period {
	from, to := i, i+1
	day, hasDay := t.dayAt(i - 1)
	if hasDay {
		from--
	} else if day, hasDay = t.dayAt(i + 1); hasDay {
		to++
	}
	y, hasYear := t.yearAt(to)
	if hasYear {
		to++
	} else {
		y = t.lastYear(to, m)
	}
	t.mark(from, to)
	if hasDay {
		return span(y, m, day, 0, 1)
	}
	return span(y, m, 1, 1, 0)
}

// joined reports whether token i joins two dates.
func (t *timeReader) joined(i int) bool {
	return t.is(i, "to") || t.is(i, "and") || t.is(i, "until") || t.is(i, "till")
}

// lastYear is the year of a month that is written without one: that of the date
// with which it is joined ("from march to may 2025"), else of the last such month.
func (t *timeReader) lastYear(to int, m time.Month) int {
	y, last := t.now.Year(), t.now.Month()
	if t.joined(to) {
		month := to + 1
		if _, ok := t.dayAt(month); ok {
			month++
		}
		after := month + 1
		if _, ok := t.dayAt(after); ok {
			after++
		}
		if month < len(t.tokens) && monthNumbers[t.tokens[month].Fold] != 0 {
			if shared, ok := t.yearAt(after); ok {
				y, last = shared, monthNumbers[t.tokens[month].Fold]
			}
		}
	}
	if m > last {
		y--
	}
	return y
}

func (t *timeReader) yearAt(i int) (int, bool) {
	if i < 0 || i >= len(t.tokens) {
		return 0, false
	}
	return year(t.tokens[i].Fold)
}

func (t *timeReader) dayAt(i int) (int, bool) {
	if i < 0 || i >= len(t.tokens) {
		return 0, false
	}
	s := t.tokens[i].Fold
	for _, suffix := range []string{"st", "nd", "rd", "th"} {
		s = strings.TrimSuffix(s, suffix)
	}
	d, err := strconv.Atoi(s)
	return d, err == nil && d >= 1 && d <= 31
}

// year reads a year that talks can be about.
func year(s string) (int, bool) {
	y, err := strconv.Atoi(s)
	return y, err == nil && y >= 1990 && y < 2100
}

func span(y int, m time.Month, d, months, days int) Period {
	from := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return Period{from, from.AddDate(0, months, days)}
}

// bounding are the words that make a date a bound.
var bounding = setOf("since from after before until till by")

// bounded turns a date after "since", "before" and the like into an open period,
// and joins it with what was read before ("from march to may 2025").
func (t *timeReader) bounded(i int, p, before Period) Period {
	first := i
	for first > 0 && t.dated[first-1] {
		first--
	}
	if first > 0 && bounding[t.tokens[first-1].Fold] {
		t.dated[first-1] = true
	}
	switch {
	case t.is(first-1, "since") || t.is(first-1, "from"):
		return Period{Since: p.Since}
	case t.is(first-1, "after"):
		return Period{Since: p.Until}
	case t.is(first-1, "before"):
		return Period{Until: p.Since}
	case (t.is(first-1, "until") || t.is(first-1, "till") || t.is(first-1, "to")) && !before.Since.IsZero() && before.Since.Before(p.Until):
		return Period{before.Since, p.Until}
	case t.is(first-1, "until") || t.is(first-1, "till") || t.is(first-1, "by"):
		return Period{Until: p.Until}
	case !before.IsZero() && !before.Since.IsZero() && !before.Until.IsZero() && p.Since.After(before.Since):
		return Period{before.Since, p.Until}
	}
	return p
}

// maxMonths bounds the months that a search asks for one by one.
const maxMonths = 24

// periodTerms are the terms of FieldDate that find the months of a period, or its
// days where it is shorter than a month. An open period ends now, or goes back
// maxMonths.
func periodTerms(p Period, now time.Time) []string {
	if p.IsZero() {
		return nil
	}
	if p.Until.IsZero() {
		p.Until = now.AddDate(0, 0, 1)
	}
	first := p.Until.AddDate(0, -maxMonths, 0)
	if p.Since.Before(first) {
		p.Since = first
	}
	var terms []string
	if p.Until.Sub(p.Since) < 28*24*time.Hour {
		for d := p.Since; d.Before(p.Until); d = d.AddDate(0, 0, 1) {
			terms = append(terms, d.UTC().Format(time.DateOnly))
		}
		return terms
	}
	month := time.Date(p.Since.Year(), p.Since.Month(), 1, 0, 0, 0, 0, time.UTC)
	for ; month.Before(p.Until); month = month.AddDate(0, 1, 0) {
		terms = append(terms, month.Format("2006-01"))
	}
	return terms
}

// latestMonths is how many months back from the newest document the latest is looked for first.
const latestMonths = 6
