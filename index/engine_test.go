package index

import (
	"slices"
	"testing"

	"parley/corpus"
)

func TestDateTermsAreTheMonthAndTheDayAsFarAsKnown(t *testing.T) {
	for written, want := range map[string][]string{
		"": nil, "2025": nil, "2025-02": {"2025-02"}, "2025-02-14": {"2025-02", "2025-02-14"}, "2025-02-14T12:30:00Z": {"2025-02", "2025-02-14"},
	} {
		d, err := corpus.ParsePartialDate(written)
		if err != nil {
			t.Fatal(err)
		}
		if got := DateTerms(d); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", written, got, want)
		}
	}
}
