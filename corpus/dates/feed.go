// Package dates reads the dates that feeds and web pages write. A date is as precise as what
// is written: without a zone a time of day says no moment, so the day remains; of 03/04/2025,
// which may be in March or in April, the year. Nothing is guessed. Questions and documents
// of our own are read elsewhere.
package dates

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley/corpus"
	"parley/corpus/calendar"
)

// ParseFeed reads a date as feeds write them: ISO 8601, RFC 822, the forms of C and of
// the United States, with the names of months in English, Russian or Ukrainian. It reports
// false for what is no date, and for the zero of a clock (1970-01-01T00:00:00Z).
func ParseFeed(s string) (corpus.PartialDate, bool) {
	const longest = 100 // bytes
	s = strings.TrimSpace(s)
	if s == "" || len(s) > longest {
		return corpus.PartialDate{}, false
	}
	if t, ok := unixTime(s); ok {
		return corpus.DateOf(t, corpus.Moment), true
	}
	w, rest := clockOf(compactForm(strings.ToLower(s)))
	d, ok := dayOf(rest)
	if !ok {
		return corpus.PartialDate{}, false
	}
	return d.at(w)
}

// civilDate is a date; month and day are 0 where they are unknown.
type civilDate struct{ year, month, day int }

// clock is a time of day as it was written, if any was.
type clock struct {
	hour, minute, second int
	known                bool
	zone                 *time.Location // nil if unknown
}

func (d civilDate) at(w clock) (corpus.PartialDate, bool) {
	precision := corpus.Day
	switch {
	case d.month == 0:
		precision = corpus.Year
	case d.day == 0:
		precision = corpus.Month
	case w.known && w.zone != nil:
		precision = corpus.Moment
	}
	zone := w.zone
	if precision < corpus.Moment || zone == nil {
		w, zone = clock{}, time.UTC
	}
	t := time.Date(d.year, time.Month(max(d.month, 1)), max(d.day, 1), w.hour, w.minute, w.second, 0, zone)
	if t.Unix() == 0 && precision == corpus.Moment {
		return corpus.PartialDate{}, false
	}
	return corpus.DateOf(t, precision), true
}

// unixTime is a moment in seconds or milliseconds since 1970, as some JSON feeds have it;
// ten digits are those from September 2001 on.
func unixTime(s string) (time.Time, bool) {
	const latest = 5_000_000_000 // in 2128; what is larger is no time but a number
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil || s[0] < '1':
		return time.Time{}, false
	case len(s) == 10 && n < latest:
		return time.Unix(n, 0).UTC(), true
	case len(s) == 13 && n < latest*1000:
		return time.UnixMilli(n).UTC(), true
	}
	return time.Time{}, false
}

var compact = regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(\d\d)?)?`)

// compactForm parts 20250214 and 20250214T093000Z, the short form of ISO 8601.
func compactForm(s string) string {
	m := compact.FindStringSubmatch(s)
	switch {
	case m == nil:
		return s
	case m[4] == "":
		return m[1] + "-" + m[2] + "-" + m[3] + s[len(m[0]):]
	case m[6] == "":
		m[6] = "00"
	}
	return m[1] + "-" + m[2] + "-" + m[3] + "t" + m[4] + ":" + m[5] + ":" + m[6] + s[len(m[0]):]
}

var (
	clockForm = regexp.MustCompile(`(?:^|[^\d:])(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?(?:\s*([ap])\.?m\b\.?)?`)
	zoneForm  = regexp.MustCompile(`^\s*(?:([a-z]{1,5})\b)?\s*(?:([+-])(\d{1,2}):?(\d\d)?(?::\d\d)?\b)?`)
)

// clockOf finds the time of day and its zone, and gives what is left of the text.
func clockOf(s string) (clock, string) {
	m := clockForm.FindStringSubmatchIndex(s)
	if m == nil {
		return clock{}, s
	}
	part := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return s[m[2*i]:m[2*i+1]]
	}
	w := clock{hour: number(part(1)), minute: number(part(2)), second: number(part(3)), known: true}
	switch half := part(4); {
	case half == "p" && w.hour < 12:
		w.hour += 12
	case half == "a" && w.hour == 12:
		w.hour = 0
	}
	if w.hour > 24 || w.minute > 59 || w.second > 60 {
		w = clock{}
	}
	zone, size := zoneOf(s[m[1]:])
	w.zone = zone
	before := strings.TrimSuffix(s[:m[2]], "t")
	return w, before + " " + s[m[1]+size:]
}

// zones are those of RFC 822 and of where most of the record comes from, in minutes
// east of Greenwich. IST and others that mean several zones are left out.
var zones = map[string]int{
	"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
	"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
	"bst": 60, "cet": 60, "west": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180, "trt": 180, "jst": 540,
}

// zoneOf reads the zone at the start of s; nil if there is none that is known.
func zoneOf(s string) (*time.Location, int) {
	m := zoneForm.FindStringSubmatch(s)
	name, sign := m[1], m[2]
	minutes, known := zones[name]
	switch {
	case sign != "":
		minutes = number(m[3])*60 + number(m[4])
		if sign == "-" {
			minutes = -minutes
		}
	case !known: // a word of the date, or nothing
		return nil, 0
	}
	switch {
	case minutes < -14*60 || minutes > 14*60:
		return nil, len(m[0])
	case minutes == 0:
		return time.UTC, len(m[0])
	}
	return time.FixedZone("", minutes*60), len(m[0])
}

// dayOf reads the date in what a time of day leaves of the text.
func dayOf(s string) (civilDate, bool) {
	f := fieldsOf(s)
	var d civilDate
	switch {
	case f.month > 0:
		d = f.named()
	case len(f.numbers) >= 3:
		d = f.numeric()
	case len(f.numbers) == 2 && f.digits[0] == 4:
		d = civilDate{year: f.numbers[0], month: f.numbers[1]}
	case len(f.numbers) == 2 && f.digits[1] == 4:
		d = civilDate{year: f.numbers[1], month: f.numbers[0]}
	case len(f.numbers) == 1 && f.digits[0] == 4:
		d = civilDate{year: f.numbers[0]}
	}
	return d, d.valid()
}

// fields are the numbers of a date, up to the third, and the month that it names.
type fields struct {
	numbers, digits []int
	separator       byte // between the first two numbers
	month           int
}

var fieldForm = regexp.MustCompile(`\d+|\p{L}+`)

func fieldsOf(s string) fields {
	var f fields
	for _, at := range fieldForm.FindAllStringIndex(s, -1) {
		word := s[at[0]:at[1]]
		if word[0] < '0' || word[0] > '9' {
			if m := monthBeginnings[word]; m > 0 && f.month == 0 {
				f.month = m
			}
			continue
		}
		if len(f.numbers) == 3 || len(word) > 4 {
			continue
		}
		if len(f.numbers) == 0 && at[1] < len(s) {
			f.separator = s[at[1]]
		}
		f.numbers = append(f.numbers, number(word))
		f.digits = append(f.digits, len(word))
	}
	return f
}

// named is a date with the name of its month.
func (f fields) named() civilDate {
	d := civilDate{month: f.month}
	switch {
	case len(f.numbers) == 0:
	case len(f.numbers) == 1 && f.digits[0] == 4:
		d.year = f.numbers[0]
	case len(f.numbers) == 1: // a day without a year says nothing
	case f.digits[0] == 4:
		d.year, d.day = f.numbers[0], f.numbers[1]
	default:
		d.day, d.year = f.numbers[0], fullYear(f.numbers[1], f.digits[1])
	}
	return d
}

// numeric is a date of three numbers.
func (f fields) numeric() civilDate {
	a, b, c := f.numbers[0], f.numbers[1], f.numbers[2]
	switch {
	case f.digits[0] == 4:
		return civilDate{a, b, c}
	case f.separator == '.' && (f.digits[2] == 4 || f.digits[2] == 2):
		return civilDate{fullYear(c, f.digits[2]), b, a}
	case f.digits[2] != 4:
		return civilDate{} // 06/1/2 may be anything
	case a > 12:
		return civilDate{c, b, a}
	case b > 12 || a == b:
		return civilDate{c, a, b}
	}
	return civilDate{year: c}
}

// fullYear reads two digits as POSIX does: 69 to 99 are of the last century.
func fullYear(n, digits int) int {
	switch {
	case digits != 2:
		return n
	case n >= 69:
		return 1900 + n
	}
	return 2000 + n
}

// valid reports whether there is such a day, in a year in which a feed can speak.
func (d civilDate) valid() bool {
	switch {
	case d.year < 1900 || d.year > 2200 || d.month < 0 || d.month > 12 || d.day < 0:
		return false
	case d.month == 0:
		return d.day == 0
	case d.day == 0:
		return true
	}
	return d.day <= time.Date(d.year, time.Month(d.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// monthBeginnings has the months by what their full names begin with, three letters or more.
var monthBeginnings = func() map[string]int {
	const shortest = 3 // letters
	beginnings := map[string]int{}
	for name, month := range calendar.Months(calendar.Full, calendar.English, calendar.Ukrainian, calendar.Russian) {
		letters := []rune(name)
		for n := shortest; n <= len(letters); n++ {
			beginnings[string(letters[:n])] = int(month)
		}
	}
	return beginnings
}()

// number reads a few digits; it is 0 for none.
func number(digits string) int {
	n, _ := strconv.Atoi(strings.TrimSpace(digits))
	return n
}
