package index

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/corpus"
	"parley/index/analysis"
)

// readTime reads the period that a question asks about, and whether it asks for
// the latest. It returns which tokens only say so.
func (p *Plan) readTime(now time.Time) (dated []bool) {
	t := newTimeReader(p.tokens, now)
	for i, word := range t.words {
		switch {
		case latestWords[word] || word == "days" && t.is(i-1, "these"):
			p.Latest, t.dated[i] = true, true
		case (word == "last" || word == "past") && !t.dated[i]:
			if from, ok := t.ago(i); ok {
				p.Period = Period{Since: from}
			} else if word == "last" {
				p.Latest, t.dated[i] = true, true
			}
		case word == "this":
			if from, ok := t.current(i); ok {
				p.Period = Period{Since: from}
			}
		}
		if t.dated[i] {
			continue
		}
		if d, ok := t.read(i); ok {
			t.mark(i, d.end)
			p.Period = t.bounded(t.narrowed(i, d), p.Period)
		}
	}
	return t.dated
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

// timeReader reads the dates among the words of a question.
type timeReader struct {
	tokens []analysis.Token
	words  []string // the tokens in English, folded
	now    time.Time
	dated  []bool // the tokens that were read as a date or belong to one
}

func newTimeReader(tokens []analysis.Token, now time.Time) *timeReader {
	t := &timeReader{tokens: tokens, words: make([]string, len(tokens)), now: now.UTC(), dated: make([]bool, len(tokens))}
	for i, tok := range tokens {
		t.words[i] = cmp.Or(inEnglish[tok.Fold], tok.Fold)
	}
	return t
}

// word is the English for token i; empty outside the question.
func (t *timeReader) word(i int) string {
	if i < 0 || i >= len(t.words) {
		return ""
	}
	return t.words[i]
}

func (t *timeReader) is(i int, word string) bool { return t.word(i) == word }

func (t *timeReader) mark(from, to int) {
	for i := from; i < to; i++ {
		t.dated[i] = true
	}
}

// ago reads "last week", "last 3 months"; i is the word "last".
func (t *timeReader) ago(i int) (from time.Time, ok bool) {
	n, unit := 1, i+1
	if v, err := strconv.Atoi(t.word(unit)); err == nil && v > 0 && v < 1000 {
		n, unit = v, unit+1
	}
	switch strings.TrimSuffix(t.word(unit), "s") {
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
	t.markFrom(i, unit+1)
	return from, true
}

// current reads "this week", "this month", "this year"; i is the word "this".
func (t *timeReader) current(i int) (from time.Time, ok bool) {
	y, m, d := t.now.Date()
	switch t.word(i + 1) {
	case "week":
		from = monday(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
	case "month":
		from = time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	case "year":
		from = time.Date(y, time.January, 1, 0, 0, 0, 0, time.UTC)
	default:
		return time.Time{}, false
	}
	t.markFrom(i, i+2)
	return from, true
}

// markFrom marks what is dated, and the "since" before it.
func (t *timeReader) markFrom(from, to int) {
	t.mark(from, to)
	if bounding[t.word(from-1)] {
		t.dated[from-1] = true
	}
}

// monday is the first day of the week of a day.
func monday(day time.Time) time.Time { return day.AddDate(0, 0, -(int(day.Weekday())+6)%7) }

// written is a date or a run of days as a question writes it.
type written struct {
	Period
	start, end  int  // its tokens
	month, year bool // a whole month, a whole year
	run         bool // from one day to another
}

// read reads a date that starts at token i: "march 2025", "14 march 2025", "march
// 14", "1 to 10 march", "2025", "2025-03-14", "summer 2024", "yesterday", "monday".
func (t *timeReader) read(i int) (written, bool) {
	for _, read := range []func(int) (written, bool){t.readNumbers, t.readDay, t.readMonth, t.readSeason, t.readWeekday} {
		if d, ok := read(i); ok {
			return d, true
		}
	}
	return written{}, false
}

// readNumbers reads a date without words: "2025", "2025-03-14", "14.03.2025".
func (t *timeReader) readNumbers(i int) (written, bool) {
	if day, err := time.Parse("2.1.2006", t.word(i)); err == nil {
		return written{Period: Period{day, day.AddDate(0, 0, 1)}, end: i + 1}, true
	}
	y, ok := t.yearAt(i)
	if !ok {
		return written{}, false
	}
	if i+2 < len(t.words) && t.tokens[i+1].Start == t.tokens[i].End+1 && t.tokens[i+2].Start == t.tokens[i+1].End+1 {
		if day, err := time.Parse(time.DateOnly, strings.Join(t.words[i:i+3], "-")); err == nil {
			return written{Period: Period{day, day.AddDate(0, 0, 1)}, end: i + 3}, true
		}
	}
	return written{Period: span(y, time.January, 1, 12, 0), year: true, end: t.afterYear(i + 1)}, true
}

// readDay reads days before a month: "14 march 2025", "1 to 10 march", "3rd of may".
func (t *timeReader) readDay(i int) (written, bool) {
	first, last, at := t.days(i)
	if t.is(at, "of") {
		at++
	}
	m := monthNumbers[t.word(at)]
	if first == 0 || m == 0 {
		return written{}, false
	}
	return t.inMonth(m, first, last, at+1), true
}

// readMonth reads a month, with the days after it if there are any.
func (t *timeReader) readMonth(i int) (written, bool) {
	word := t.word(i)
	m := monthNumbers[word]
	if m == 0 || (word == "may" || word == "march" || word == "mar") && !t.datesMonth(i) {
		return written{}, false
	}
	first, last, end := t.days(i + 1)
	if last > first && monthNumbers[t.word(end)] != 0 { // "march 5 to 10 may"
		last, end = first, i+2
	}
	return t.inMonth(m, first, last, end), true
}

// inMonth is a month with the days read, 0 for none, and the year that follows at
// token i. Without a year it is the last such month.
func (t *timeReader) inMonth(m time.Month, first, last, i int) written {
	end := i
	y, ok := t.yearAt(i)
	if ok {
		end = t.afterYear(i + 1)
	} else {
		y = t.lastYear(i, m)
	}
	if first == 0 {
		return written{Period: span(y, m, 1, 1, 0), end: end, month: true}
	}
	return written{Period: span(y, m, first, 0, last-first+1), end: end, run: first < last}
}

// readSeason reads "summer 2024", "winter of 2025".
func (t *timeReader) readSeason(i int) (written, bool) {
	m, ok := seasons[t.word(i)]
	at := i + 1
	if t.is(at, "of") {
		at++
	}
	y, dated := t.yearAt(at)
	if !ok || !dated {
		return written{}, false
	}
	return written{Period: span(y, m, 1, 3, 0), end: t.afterYear(at + 1)}, true
}

// readWeekday reads "yesterday" and the last day of that name.
func (t *timeReader) readWeekday(i int) (written, bool) {
	for ago := 1; ago <= 7; ago++ {
		day := t.now.AddDate(0, 0, -ago)
		if t.is(i, strings.ToLower(day.Weekday().String())) || ago == 1 && t.is(i, "yesterday") {
			return written{Period: span(day.Year(), day.Month(), day.Day(), 0, 1), end: i + 1}, true
		}
	}
	return written{}, false
}

// days reads a day of a month, or the first and the last of several: "14", "1 to
// 10", "10-12". end is i where there is none.
func (t *timeReader) days(i int) (first, last, end int) {
	first, ok := t.dayAt(i)
	if !ok {
		return 0, 0, i
	}
	end = i + 1
	if joining[t.word(end)] {
		end++
	}
	if last, ok = t.dayAt(end); ok && last > first {
		return first, last, end + 1
	}
	return first, first, i + 1
}

// datesMonth reports whether "may" or "march" at i is the month: a day, a year, a
// preposition of time or another date stands beside it.
func (t *timeReader) datesMonth(i int) bool {
	_, year := t.yearAt(i + 1)
	_, day := t.dayAt(i + 1)
	_, _, next := t.joinedMonth(i + 1)
	joined := i >= 2 && joining[t.word(i-1)] && t.dated[i-2] || i >= 1 && t.dated[i-1] // "from march to may"
	return year || day || next || joined || datesWords[t.word(i-1)]
}

// lastYear is the year of a month that is written without one, before token i: that of the date
// with which it is joined ("from march to may 2025"), else of the last such month.
func (t *timeReader) lastYear(i int, m time.Month) int {
	last, y, ok := t.joinedMonth(i)
	if !ok {
		y, last, _ = t.now.Date()
	}
	if m > last {
		y--
	}
	return y
}

// joinedMonth reads the month and the year of the date that is joined to another at token i.
func (t *timeReader) joinedMonth(i int) (m time.Month, y int, ok bool) {
	if joining[t.word(i)] {
		i++
	}
	_, _, i = t.days(i)
	_, _, end := t.days(i + 1)
	m = monthNumbers[t.word(i)]
	y, ok = t.yearAt(end)
	return m, y, ok && m != 0
}

func (t *timeReader) yearAt(i int) (int, bool) { return year(t.word(i)) }

// afterYear is the token after a year, which in Ukrainian and Russian is called one.
func (t *timeReader) afterYear(i int) int {
	if t.is(i, "year") {
		return i + 1
	}
	return i
}

func (t *timeReader) dayAt(i int) (int, bool) {
	if t.word(i) == "" {
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

// narrowed is the part of a date at token i that the words before it ask for ("early
// june", "the first week of june", "the week of 3 march"). "By the end of june" is no
// part but a bound, which hardly says when a text was published: it is the whole month.
func (t *timeReader) narrowed(i int, d written) written {
	d.start = i
	at := t.before(i)
	of := t.is(at, "of")
	if of {
		at = t.before(at)
	}
	word, ordinal := t.word(at), ordinals[t.word(at-1)]
	part := parts[word]
	if of && part == 0 {
		part = partsOf[word]
	}
	whole := d.month || d.year
	switch {
	case word == "week" && !whole && of:
		first := monday(d.Since)
		d.start, d.Period = at, Period{first, first.AddDate(0, 0, 7)}
	case word == "week" && d.month && ordinal == lastOf:
		d.start, d.Since = at-1, d.Until.AddDate(0, 0, -7)
	case word == "week" && d.month && ordinal != 0:
		first := d.Since.AddDate(0, 0, 7*(ordinal-1))
		d.start, d.Period = at-1, Period{first, first.AddDate(0, 0, 7)}
	case word == "half" && whole && (ordinal == 1 || ordinal == 2):
		d.start, d.Period = at-1, d.half(2*(ordinal-1))
	case whole && part != 0 && !deadlines[t.word(t.before(at))]:
		d.start, d.Period = at, d.half(part-1)
	}
	if d.start < i {
		d.start = t.before(d.start) + 1
		t.mark(d.start, i)
	}
	return d
}

// half is half of a whole month or year: it starts after so many quarters of it.
func (d written) half(quarters int) Period {
	if d.year {
		first := d.Since.AddDate(0, 3*quarters, 0)
		return Period{first, first.AddDate(0, 6, 0)}
	}
	const quarter = 15 * 24 * time.Hour / 2
	first := d.Since.Add(time.Duration(quarters) * quarter).Truncate(24 * time.Hour)
	p := Period{first, first.Add(2 * quarter)}
	if p.Until.After(d.Until) || quarters == 2 {
		p.Until = d.Until
	}
	return p
}

// before is the token before i, articles aside.
func (t *timeReader) before(i int) int {
	for i--; t.is(i, "the"); i-- {
	}
	return i
}

// bounded turns a date after "since", "before" and the like into an open period,
// and joins it with what was read before ("from march to may 2025").
func (t *timeReader) bounded(d written, before Period) Period {
	at := d.start - 1
	word := t.word(at)
	if bounding[word] || joining[word] && at > 0 && t.dated[at-1] || word == "between" {
		t.mark(at, d.start)
	}
	switch {
	case word == "from" && d.run:
		return d.Period
	case word == "since" || word == "from":
		return Period{Since: d.Since}
	case word == "after":
		return Period{Since: d.Until}
	case word == "before":
		return Period{Until: d.Since}
	case (word == "until" || word == "till" || word == "to") && !before.Since.IsZero() && before.Since.Before(d.Until):
		return Period{before.Since, d.Until}
	case word == "until" || word == "till" || word == "by":
		return Period{Until: d.Until}
	case !before.Since.IsZero() && !before.Until.IsZero() && d.Since.After(before.Since):
		return Period{before.Since, d.Until}
	}
	return d.Period
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
