// Package when reads the time that a question asks about: "since March", "from 1 to 10
// May 2025", "the first week of June", "last week", "what do they want now", in English,
// Ukrainian and Russian. It knows nothing of the record: a relative date counts from the
// moment of asking, and a month without a year is the last such month.
package when

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/corpus"
	"parley/corpus/words"
	"parley/index/analysis"
)

// Parse reads a date or a stretch of time as people type it: "2025-02", "14 March 2025",
// "last week", "Monday". ok is false if the text is anything else.
func Parse(text string, now time.Time) (period Period, ok bool) {
	if d, err := corpus.ParsePartialDate(text); err == nil && !d.IsZero() {
		return Period{Since: d.Start(), Until: d.End()}, true
	}
	if strings.ToLower(strings.TrimSpace(text)) == "today" {
		y, m, d := now.UTC().Date()
		return span(y, m, d, 0, 1), true
	}
	period, _, dated := Read((&analysis.Analyzer{}).Tokens(text), now)
	return period, !period.IsZero() && !slices.Contains(dated, false)
}

// Read reads the period that a question asks about, unbounded if it names none, and
// whether it asks for the latest. dated tells of each token whether it only says when.
func Read(tokens []analysis.Token, now time.Time) (period Period, latest bool, dated []bool) {
	r := &reader{tokens: tokens, words: make([]string, len(tokens)), now: now.UTC(), dated: make([]bool, len(tokens))}
	for i, tok := range tokens {
		r.words[i] = cmp.Or(inEnglish[tok.Fold], tok.Fold)
	}
	for i, word := range r.words {
		switch {
		case latestWords[word] || word == "days" && r.word(i-1) == "these":
			latest, r.dated[i] = true, true
		case (word == "last" || word == "past") && !r.dated[i]:
			if since, ok := r.ago(i); ok {
				period = Period{Since: since}
			} else if word == "last" {
				latest, r.dated[i] = true, true
			}
		case word == "this":
			if since, ok := r.current(i); ok {
				period = Period{Since: since}
			}
		}
		if r.dated[i] {
			continue
		}
		if d, ok := r.date(i); ok {
			r.mark(i, d.end)
			period = r.bounded(r.narrowed(i, d), period)
		}
	}
	return period, latest, r.dated
}

// LacksYear reports whether a question names a month and nothing that says of which year:
// after a question about May 2025, "and in June?" is about June 2025.
func LacksYear(tokens []analysis.Token) bool {
	month := false
	for _, tok := range tokens {
		word := cmp.Or(inEnglish[tok.Fold], tok.Fold)
		if _, err := strconv.Atoi(word); err == nil && len(word) == 4 || latestWords[word] || relative[word] {
			return false
		}
		month = month || IsMonth(tok.Fold)
	}
	return month
}

// relative are the words that count from the day of asking.
var relative = words.Set("last past this yesterday ago next")

// reader reads the dates among the words of a question.
type reader struct {
	tokens []analysis.Token
	words  []string // the tokens in English, folded
	now    time.Time
	dated  []bool // the tokens that were read as a date or belong to one
}

// word returns token i in English; empty outside the question.
func (r *reader) word(i int) string {
	if i < 0 || i >= len(r.words) {
		return ""
	}
	return r.words[i]
}

func (r *reader) mark(from, to int) {
	for i := from; i < to; i++ {
		r.dated[i] = true
	}
}

// ago reads "last week", "last 3 months"; i is the word "last".
func (r *reader) ago(i int) (since time.Time, ok bool) {
	n, unit := 1, i+1
	if v, err := strconv.Atoi(r.word(unit)); err == nil && v > 0 && v < 1000 {
		n, unit = v, unit+1
	}
	switch strings.TrimSuffix(r.word(unit), "s") {
	case "day":
		since = r.now.AddDate(0, 0, -n)
	case "week":
		since = r.now.AddDate(0, 0, -7*n)
	case "month":
		since = r.now.AddDate(0, -n, 0)
	case "year":
		since = r.now.AddDate(-n, 0, 0)
	default:
		return time.Time{}, false
	}
	r.markWithBound(i, unit+1)
	return since, true
}

// current reads "this week", "this month", "this year"; i is the word "this".
func (r *reader) current(i int) (since time.Time, ok bool) {
	y, m, d := r.now.Date()
	switch r.word(i + 1) {
	case "week":
		since = monday(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
	case "month":
		since = time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	case "year":
		since = time.Date(y, time.January, 1, 0, 0, 0, 0, time.UTC)
	default:
		return time.Time{}, false
	}
	r.markWithBound(i, i+2)
	return since, true
}

// markWithBound marks tokens as dated, and the "since" before them.
func (r *reader) markWithBound(from, to int) {
	r.mark(from, to)
	if bounding[r.word(from-1)] {
		r.dated[from-1] = true
	}
}

// monday is the first day of the week of a day.
func monday(day time.Time) time.Time { return day.AddDate(0, 0, -(int(day.Weekday())+6)%7) }

// date is a date, or a run of days, as a question writes it.
type date struct {
	Period
	start, end            int // its tokens
	wholeMonth, wholeYear bool
	severalDays           bool // "1 to 10 March"
	weekday               bool // "monday", the last one
}

// date reads a date that starts at token i: "march 2025", "14 march 2025", "march
// 14", "1 to 10 march", "2025", "2025-03-14", "summer 2024", "yesterday", "monday".
func (r *reader) date(i int) (date, bool) {
	for _, read := range []func(int) (date, bool){r.figures, r.dayFirst, r.monthFirst, r.season, r.weekday} {
		if d, ok := read(i); ok {
			return d, true
		}
	}
	return date{}, false
}

// figures reads a date without words: "2025", "2025-03-14", "14.03.2025".
func (r *reader) figures(i int) (date, bool) {
	if day, err := time.Parse("2.1.2006", r.word(i)); err == nil {
		return date{Period: Period{day, day.AddDate(0, 0, 1)}, end: i + 1}, true
	}
	y, ok := r.year(i)
	if !ok {
		return date{}, false
	}
	if i+2 < len(r.words) && r.tokens[i+1].Start == r.tokens[i].End+1 && r.tokens[i+2].Start == r.tokens[i+1].End+1 {
		if day, err := time.Parse(time.DateOnly, strings.Join(r.words[i:i+3], "-")); err == nil {
			return date{Period: Period{day, day.AddDate(0, 0, 1)}, end: i + 3}, true
		}
	}
	return date{Period: span(y, time.January, 1, 12, 0), wholeYear: true, end: r.afterYear(i + 1)}, true
}

// dayFirst reads days before a month: "14 march 2025", "1 to 10 march", "3rd of may".
func (r *reader) dayFirst(i int) (date, bool) {
	first, last, at := r.days(i)
	if r.word(at) == "of" {
		at++
	}
	m := months[r.word(at)]
	if first == 0 || m == 0 {
		return date{}, false
	}
	return r.inMonth(m, first, last, at+1), true
}

// monthFirst reads a month, with the days after it if there are any.
func (r *reader) monthFirst(i int) (date, bool) {
	word := r.word(i)
	m := months[word]
	if m == 0 || (word == "may" || word == "march" || word == "mar") && !r.isMonth(i) {
		return date{}, false
	}
	first, last, end := r.days(i + 1)
	if last > first && months[r.word(end)] != 0 { // "march 5 to 10 may"
		last, end = first, i+2
	}
	return r.inMonth(m, first, last, end), true
}

// isMonth reports whether "may" or "march" at i is the month: a day, a year, a
// preposition of time or another date stands beside it.
func (r *reader) isMonth(i int) bool {
	_, year := r.year(i + 1)
	_, day := r.day(i + 1)
	_, _, next := r.joinedMonth(i + 1)
	joined := i >= 2 && joining[r.word(i-1)] && r.dated[i-2] || i >= 1 && r.dated[i-1] // "from march to may"
	return year || day || next || joined || beforeMonth[r.word(i-1)]
}

// inMonth is the date of days of a month, the whole month where first is 0. The year
// follows at token i; without one it is that of the date with which this one is joined
// ("from march to may 2025"), or else that of the last such month.
func (r *reader) inMonth(m time.Month, first, last, i int) date {
	end := i
	y, ok := r.year(i)
	if ok {
		end = r.afterYear(i + 1)
	} else {
		var latest time.Month
		if latest, y, ok = r.joinedMonth(i); !ok {
			y, latest, _ = r.now.Date()
		}
		if m > latest {
			y--
		}
	}
	if first == 0 {
		return date{Period: span(y, m, 1, 1, 0), end: end, wholeMonth: true}
	}
	return date{Period: span(y, m, first, 0, last-first+1), end: end, severalDays: first < last}
}

// joinedMonth reads the month and the year of the date that is joined to another at token i.
func (r *reader) joinedMonth(i int) (m time.Month, y int, ok bool) {
	if joining[r.word(i)] {
		i++
	}
	_, _, i = r.days(i)
	_, _, end := r.days(i + 1)
	m = months[r.word(i)]
	y, ok = r.year(end)
	return m, y, ok && m != 0
}

// season reads "summer 2024", "winter of 2025".
func (r *reader) season(i int) (date, bool) {
	m, ok := seasons[r.word(i)]
	at := i + 1
	if r.word(at) == "of" {
		at++
	}
	y, dated := r.year(at)
	if !ok || !dated {
		return date{}, false
	}
	return date{Period: span(y, m, 1, 3, 0), end: r.afterYear(at + 1)}, true
}

// weekday reads "yesterday" and the last day of that name.
func (r *reader) weekday(i int) (date, bool) {
	for ago := 1; ago <= 7; ago++ {
		day := r.now.AddDate(0, 0, -ago)
		if r.word(i) == strings.ToLower(day.Weekday().String()) || ago == 1 && r.word(i) == "yesterday" {
			return date{Period: span(day.Year(), day.Month(), day.Day(), 0, 1), end: i + 1, weekday: true}, true
		}
	}
	return date{}, false
}

// days reads a day of a month, or the first and the last of several: "14", "1 to
// 10", "10-12". end is i where there is none.
func (r *reader) days(i int) (first, last, end int) {
	first, ok := r.day(i)
	if !ok {
		return 0, 0, i
	}
	end = i + 1
	if joining[r.word(end)] {
		end++
	}
	if last, ok = r.day(end); ok && last > first {
		return first, last, end + 1
	}
	return first, first, i + 1
}

// day reads the day of a month: "14", "3rd".
func (r *reader) day(i int) (int, bool) {
	if r.word(i) == "" {
		return 0, false
	}
	s := r.tokens[i].Fold
	for _, suffix := range []string{"st", "nd", "rd", "th"} {
		s = strings.TrimSuffix(s, suffix)
	}
	d, err := strconv.Atoi(s)
	return d, err == nil && d >= 1 && d <= 31
}

// year reads a year that talks can be about.
func (r *reader) year(i int) (int, bool) {
	y, err := strconv.Atoi(r.word(i))
	return y, err == nil && y >= 1990 && y < 2100
}

// afterYear is the token after a year, which in Ukrainian and Russian is called one.
func (r *reader) afterYear(i int) int {
	if r.word(i) == "year" {
		return i + 1
	}
	return i
}

// narrowed is the part of a date at token i that the words before it ask for ("early
// june", "the first week of june", "the week of 3 march"). "By the end of june" is no
// part but a bound, which hardly says when a text was published: it is the whole month.
func (r *reader) narrowed(i int, d date) date {
	d.start = i
	at := r.before(i)
	of := r.word(at) == "of"
	if of {
		at = r.before(at)
	}
	word, ordinal := r.word(at), ordinals[r.word(at-1)]
	half := halves[word]
	if of && half == 0 {
		half = halvesOf[word]
	}
	whole := d.wholeMonth || d.wholeYear
	switch {
	case word == "week" && !whole && of:
		first := monday(d.Since)
		d.start, d.Period = at, Period{first, first.AddDate(0, 0, 7)}
	case word == "week" && d.wholeMonth && ordinal == lastOf:
		d.start, d.Since = at-1, d.Until.AddDate(0, 0, -7)
	case word == "week" && d.wholeMonth && ordinal != 0:
		first := d.Since.AddDate(0, 0, 7*(ordinal-1))
		d.start, d.Period = at-1, Period{first, first.AddDate(0, 0, 7)}
	case word == "half" && whole && (ordinal == 1 || ordinal == 2):
		d.start, d.Period = at-1, d.half(2*(ordinal-1))
	case whole && half != 0 && !deadlines[r.word(r.before(at))]:
		d.start, d.Period = at, d.half(half-1)
	}
	if d.start < i {
		d.start = r.before(d.start) + 1
		r.mark(d.start, i)
	}
	return d
}

// half is half of a whole month or year: it starts after so many quarters of it.
func (d date) half(quarters int) Period {
	if d.wholeYear {
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
func (r *reader) before(i int) int {
	for i--; r.word(i) == "the"; i-- {
	}
	return i
}

// bounded turns a date after "since", "before" and the like into an open period,
// and joins it with the period read before it ("from march to may 2025").
func (r *reader) bounded(d date, before Period) Period {
	at := d.start - 1
	word := r.word(at)
	if bounding[word] || joining[word] && at > 0 && r.dated[at-1] || word == "between" {
		r.mark(at, d.start)
	}
	switch {
	case word == "by" && d.weekday: // a deadline to come, which does not say when a text was published
		return before
	case word == "from" && d.severalDays:
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

// Period bounds dates of publication. A zero bound is open; Until is exclusive.
type Period struct{ Since, Until time.Time }

// IsZero reports whether the period is unbounded.
func (p Period) IsZero() bool { return p.Since.IsZero() && p.Until.IsZero() }

// MayHold reports whether a date may lie in the period: one of which only the month or the
// year is known may if a part of it does. An unknown date may not.
func (p Period) MayHold(d corpus.PartialDate) bool {
	return !d.IsZero() &&
		(p.Since.IsZero() || d.End().After(p.Since)) && (p.Until.IsZero() || d.Start().Before(p.Until))
}

// span is the period from a day on that is so many months and days long.
func span(year int, month time.Month, day, months, days int) Period {
	since := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return Period{since, since.AddDate(0, months, days)}
}
