package index

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parley/corpus"
)

func TestDateTermsFindExactlyTheDatesThatMayLieInAPeriod(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	day := func() time.Time { return time.Date(2019+r.IntN(6), 1, 1+r.IntN(365), 0, 0, 0, 0, time.UTC) }
	for range 2000 {
		var p Period
		if r.IntN(4) > 0 {
			p.Since = day()
		}
		if r.IntN(4) > 0 || p.Since.IsZero() {
			p.Until = day().AddDate(0, 0, 1)
		}
		if r.IntN(3) == 0 {
			p.Since = p.Since.AddDate(0, 0, 1-p.Since.Day())
		}
		terms := p.dateTerms()
		if !p.Until.IsZero() && !p.Since.IsZero() && len(terms) > 120 {
			t.Errorf("%v: %d terms", p, len(terms))
		}
		for range 20 {
			d := corpus.DateOf(day(), corpus.Precision(r.IntN(4)))
			found := slices.ContainsFunc(DateTerms(d), func(term string) bool { return slices.Contains(terms, term) })
			if want := p.May(d) && p.Until.After(p.Since) || p.Until.IsZero() && p.May(d); found != want {
				t.Fatalf("%s in %v: %t, want %t (%v)", d, p, found, want, terms)
			}
		}
	}
}

func TestAFilterRequiresOneOfEachList(t *testing.T) {
	f := Filter{Topics: []string{"a", "b"}, Languages: []string{"en"}, Period: Period{Since: time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)}}
	want := []Clause{
		{Field: FieldTopic, Term: "a", Required: 1}, {Field: FieldTopic, Term: "b", Required: 1}, {Field: FieldLanguage, Term: "en", Required: 2},
		{Field: FieldDate, Term: "only 2025", Required: 3}, {Field: FieldDate, Term: "2025-02", Required: 3},
	}
	if got := f.Clauses(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := (Filter{}).Clauses(); got != nil {
		t.Errorf("of nothing: %+v", got)
	}
}
