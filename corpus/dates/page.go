package dates

import (
	"cmp"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"parley/corpus"
	"parley/corpus/calendar"
	"parley/corpus/words"
)

// layouts are the written forms of a moment with a zone.
var layouts = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05.999Z0700", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 -07:00",
	"2006-01-02 15:04:05 MST",
	time.RFC1123, time.RFC1123Z, "Mon Jan 2 2006 15:04:05 GMT-0700", "Mon Jan 2 2006 15:04:05 GMT-0700 (MST)",
}

// ParsePage reads a date as pages write them, in their metadata or in words or figures in
// any of the calendar's languages; daysFirst says that 05.04.2026 is in April. Midnight is
// read as the day alone, which many programs write so. What is no date is the zero date.
func ParsePage(s string, daysFirst bool) corpus.PartialDate {
	s = strings.TrimSpace(s)
	if d, err := corpus.ParsePartialDate(s); err == nil && d.Precision() < corpus.Moment {
		return plausible(d)
	}
	for _, layout := range layouts {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		// An abbreviation that Go does not know reads as an offset of 0.
		if name, offset := t.Zone(); t.Hour()+t.Minute()+t.Second() == 0 || offset == 0 && name != "" && name != "UTC" &&
			name != "GMT" {
			return plausible(corpus.DateOf(t, corpus.Day))
		}
		return plausible(corpus.DateOf(t, corpus.Moment))
	}
	return plausible(dayIn(s, daysFirst))
}

// plausible leaves out the values with which programs write that there is no date.
func plausible(d corpus.PartialDate) corpus.PartialDate {
	switch d.String() {
	case "1970-01-01", "1969-12-31", "1900-01-01":
		return corpus.PartialDate{}
	}
	if d.Start().Year() < 1000 {
		return corpus.PartialDate{}
	}
	return d
}

var (
	yearFirst = regexp.MustCompile(`^\D{0,40}?\b((?:1[89]|20)\d\d)` +
		`[-./]?(0[1-9]|1[0-2])[-./]?(0[1-9]|[12]\d|3[01])(?:\D|$)`)
	dayFirst  = regexp.MustCompile(`\b(\d{1,2})[./-](\d{1,2})[./-]((?:1[89]|20)\d\d)\b`)
	ordinal   = regexp.MustCompile(`(\d)(?:(?:st|nd|rd|th|er)\b|[ºª])`)
	dateToken = regexp.MustCompile(`\p{L}+|\d+`)
)

// dayIn finds the one date that a short text names in words or figures.
func dayIn(s string, daysFirst bool) corpus.PartialDate {
	if len(s) > 200 {
		return corpus.PartialDate{}
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return date(m[1], m[2], m[3])
	}
	if m := dayFirst.FindStringSubmatch(s); m != nil {
		return figures(m[1], m[2], m[3], daysFirst)
	}
	s = ordinal.ReplaceAllString(strings.ToLower(s), "$1")
	return worded(dateToken.FindAllString(s, -1))
}

// figures reads "14.02.2025" and "02/14/2025". Where day and month may be either way
// round only the year is known.
func figures(first, second, year string, daysFirst bool) corpus.PartialDate {
	a, _ := strconv.Atoi(first)
	b, _ := strconv.Atoi(second)
	switch {
	case a > 12 || a == b || daysFirst:
		return date(year, second, first)
	case b > 12:
		return date(year, first, second)
	}
	return date(year, "", "")
}

var months = calendar.Months(calendar.Full|calendar.Short, calendar.English, calendar.Ukrainian, calendar.Russian,
	calendar.Western)

// worded reads "14 February 2025", "February 14, 2025", "14 лютого 2025" and "February 2025".
func worded(tokens []string) corpus.PartialDate {
	for i, token := range tokens {
		m := months[token]
		if m == 0 {
			continue
		}
		around := func(j int) string {
			for j >= 0 && j < len(tokens) && (tokens[j] == "de" || tokens[j] == "del" || tokens[j] == "of") {
				j += cmp.Compare(j, i) // away from the month
			}
			if j < 0 || j >= len(tokens) {
				return ""
			}
			return tokens[j]
		}
		month := strconv.Itoa(int(m))
		before, after := around(i-1), around(i+1)
		switch {
		case isDay(before) && isYear(after):
			return date(after, month, before)
		case isDay(after) && i+2 < len(tokens) && isYear(tokens[i+2]):
			return date(tokens[i+2], month, after)
		case isYear(after):
			return date(after, month, "")
		}
	}
	return corpus.PartialDate{}
}

func isDay(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && len(s) <= 2 && 1 <= n && n <= 31
}

func isYear(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && len(s) == 4 && 1800 <= n && n < 2100
}

// date is the date of parts of which day, or day and month, may be empty; unknown when
// there is no such day.
func date(year, month, day string) corpus.PartialDate {
	s := year
	for _, part := range []string{month, day} {
		if part != "" {
			s += "-" + strings.Repeat("0", max(0, 2-len(part))) + part
		}
	}
	d, err := corpus.ParsePartialDate(s)
	if err != nil {
		return corpus.PartialDate{}
	}
	return d
}

var datedPath = regexp.MustCompile(`/((?:19|20)\d\d)[/-](0[1-9]|1[0-2]|[a-z]{3})` +
	`(?:[/-](0[1-9]|[12]\d|3[01]))?(?:/|-|$)`)

// InPath finds the date in an address such as /2026/05/14/, /2026/may/14/ or /2026/05/. It is
// zero if there is none.
func InPath(u *url.URL) corpus.PartialDate {
	m := datedPath.FindStringSubmatch(u.Path)
	if m == nil {
		return corpus.PartialDate{}
	}
	if n := months[m[2]]; n > 0 {
		m[2] = strconv.Itoa(int(n))
	}
	return date(m[1], m[2], m[3])
}

// IsDateline reports whether a block is a date and the words around it: "Updated 14 May 2026, 10:20 am".
func IsDateline(s string) bool {
	digits := false
	fields := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(fields) == 0 || len(fields) > 20 {
		return false
	}
	for _, f := range fields {
		if strings.ContainsFunc(f, unicode.IsDigit) {
			digits = true
			continue
		}
		if !dateWords[strings.ToLower(f)] && months[strings.ToLower(f)] == 0 {
			return false
		}
	}
	return digits
}

// dateWords stand around a date.
var dateWords = words.Set(`updated published posted modified last first on at of am pm a p m gmt utc
	est edt pst pdt cst cdt hst bst cet eet h z
	monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
	publicado atualizado em às as de del il le la um uhr veröffentlicht aktualisiert am den publié mis à jour
	actualizado opublikowano
	segunda terça quarta quinta sexta feira sábado domingo lunes martes miércoles jueves viernes
	montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
	опубліковано оновлено опубликовано обновлено о в г р року года
	понеділок вівторок середа четвер п ятниця субота неділя понедельник вторник среда четверг пятница суббота воскресенье
	letture views min read`)
