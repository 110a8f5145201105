package article

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley/corpus"
	"parley/corpus/calendar"
)

// dateTags are the meta tags that give the date of publication, the surest first.
var dateTags = []string{
	"article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished",
	"dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "dc.created",
	"citation_publication_date", "citation_date", "parsely-pub-date", "sailthru.date", "rnews:datepublished",
	"pubdate", "publishdate", "publish-date", "publish_date", "published_date", "published-date", "publication_date", "originalpublicationdate",
	"article_date_original", "cxenseparse:recs:publishtime", "displaydate", "pdate", "date", "datecreated",
}

// published is the date of publication: from JSON-LD, meta tags, marked elements, the
// address, what stands below the headline, in this order. A date of change is never taken for it.
func (h *head) published(page *url.URL) corpus.PartialDate {
	values := []string{h.about.string("datePublished")}
	for _, tag := range dateTags {
		values = append(values, h.meta[tag]...)
	}
	for _, t := range h.times {
		if t.published {
			values = append(values, t.value)
		}
	}
	daysFirst := h.daysFirst()
	for _, v := range append(values, h.about.string("dateCreated")) {
		if d := readDate(v, daysFirst); !d.IsZero() {
			return d
		}
	}
	inAddress := addressDate(page)
	if inAddress.Precision() == corpus.Day {
		return inAddress
	}
	for _, t := range h.times {
		if d := readDate(t.value, daysFirst); t.headed && d.Precision() >= corpus.Day {
			return d // the others may be of other articles
		}
	}
	return inAddress
}

// daysFirst reports whether a date in figures has the day before the month: it has in all
// languages of sources but English, which is written both ways.
func (h *head) daysFirst() bool {
	language := h.tongue()
	return language != "" && !strings.HasPrefix(language, "en")
}

// layouts are the written forms of a moment with a zone.
var layouts = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05.999Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 -07:00", "2006-01-02 15:04:05 MST",
	time.RFC1123, time.RFC1123Z, "Mon Jan 2 2006 15:04:05 GMT-0700", "Mon Jan 2 2006 15:04:05 GMT-0700 (MST)",
}

// readDate reads a date with the precision that it has: without a zone the moment is not
// known, and midnight is how many programs write a day. What is no date is unknown.
func readDate(s string, daysFirst bool) corpus.PartialDate {
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
		if name, offset := t.Zone(); t.Hour()+t.Minute()+t.Second() == 0 || offset == 0 && name != "" && name != "UTC" && name != "GMT" {
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
	yearFirst = regexp.MustCompile(`^\D{0,40}?\b((?:1[89]|20)\d\d)[-./]?(0[1-9]|1[0-2])[-./]?(0[1-9]|[12]\d|3[01])(?:\D|$)`)
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

var months = calendar.Months(calendar.Full|calendar.Short, calendar.English, calendar.Ukrainian, calendar.Russian, calendar.Western)

// worded reads "14 February 2025", "February 14, 2025", "14 лютого 2025" and "February 2025".
func worded(tokens []string) corpus.PartialDate {
	for i, token := range tokens {
		m := months[token]
		if m == 0 {
			continue
		}
		around := func(j int) string {
			for j >= 0 && j < len(tokens) && (tokens[j] == "de" || tokens[j] == "del" || tokens[j] == "of") {
				j += sign(j - i)
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

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
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

var datedPath = regexp.MustCompile(`/((?:19|20)\d\d)[/-](0[1-9]|1[0-2]|[a-z]{3})(?:[/-](0[1-9]|[12]\d|3[01]))?(?:/|-|$)`)

// addressDate is the date in an address such as /2026/05/14/, /2026/may/14/ or /2026/05/.
func addressDate(u *url.URL) corpus.PartialDate {
	m := datedPath.FindStringSubmatch(u.Path)
	if m == nil {
		return corpus.PartialDate{}
	}
	if n := months[m[2]]; n > 0 {
		m[2] = strconv.Itoa(int(n))
	}
	return date(m[1], m[2], m[3])
}
