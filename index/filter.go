package index

import (
	"time"

	"parley/corpus"
)

// Filter narrows a search to passages that have one of each list that is not empty.
type Filter struct {
	Actors, Topics        []string // ids
	Publishers, Languages []string
	// Period bounds the date of publication, in whole days. Passages of an unknown date
	// are not in it, those of which only the month or the year is known if they may be.
	Period Period
}

// Clauses are required clauses that score nothing. They take groups from 1.
func (f Filter) Clauses() (clauses []Clause) {
	group := 0
	require := func(field Field, terms []string) {
		if len(terms) == 0 {
			return
		}
		group++
		for _, t := range terms {
			clauses = append(clauses, Clause{Field: field, Term: t, Required: group})
		}
	}
	require(FieldActor, f.Actors)
	require(FieldTopic, f.Topics)
	require(FieldPublisher, f.Publishers)
	require(FieldLanguage, f.Languages)
	if !f.Period.IsZero() {
		require(FieldDate, f.Period.dateTerms())
	}
	return clauses
}

// Layouts of the terms of FieldDate.
const (
	yearTerm  = "2006"
	monthTerm = "2006-01"
	dayTerm   = "2006-01-02"
	// onlyTerm comes before a year or month of which no more is known.
	onlyTerm = "only "
)

// DateTerms are the terms of FieldDate for a date: its year, month and day as far as
// known, and the last of them marked if it is not a day.
func DateTerms(d corpus.PartialDate) (terms []string) {
	for i, layout := range []string{yearTerm, monthTerm, dayTerm} {
		if d.Precision() > corpus.Precision(i) {
			terms = append(terms, d.Start().Format(layout))
		}
	}
	if n := len(terms); n == 1 || n == 2 {
		terms = append(terms, onlyTerm+terms[n-1])
	}
	return terms
}

// An open period is taken to begin and end in these years.
const (
	firstYear = 1900
	lastYear  = 2199
)

// dateTerms are the terms of which every passage in the period has one and no other has:
// the years, months and days that lie in it, and the years and months of its ends, marked.
func (p Period) dateTerms() (terms []string) {
	since, until := p.Since.UTC(), p.Until.UTC()
	if p.Since.IsZero() {
		since = time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if p.Until.IsZero() {
		until = time.Date(lastYear+1, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	since = since.Truncate(24 * time.Hour)
	for day := since; day.Before(until); {
		year, month := day.AddDate(1, 0, 0), day.AddDate(0, 1, 0)
		switch {
		case day.YearDay() == 1 && !year.After(until):
			terms = append(terms, day.Format(yearTerm))
			day = year
			continue
		case day.YearDay() == 1 || day.Equal(since):
			terms = append(terms, onlyTerm+day.Format(yearTerm))
		}
		switch {
		case day.Day() == 1 && !month.After(until):
			terms = append(terms, day.Format(monthTerm))
			day = month
			continue
		case day.Day() == 1 || day.Equal(since):
			terms = append(terms, onlyTerm+day.Format(monthTerm))
		}
		terms = append(terms, day.Format(dayTerm))
		day = day.AddDate(0, 0, 1)
	}
	return terms
}
