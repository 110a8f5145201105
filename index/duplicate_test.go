package index_test

import (
	"slices"
	"strings"
	"testing"

	"parley/corpus"
	"parley/index"
)

const reported = "Ruritania's foreign minister said on Tuesday that the harbour of Zenda would stay closed to grain ships until the border commission meets. " +
	"The commission was last convened in Strelsau two years ago and broke up without a statement."

// article is a document of Strelsau.
func article(t testing.TB, id, publisher, published, text string) corpus.Document {
	t.Helper()
	date, err := corpus.ParsePartialDate(published)
	if err != nil {
		t.Fatal(err)
	}
	return corpus.Document{Source: corpus.Source{ID: id, Title: "The harbour of Zenda", Publisher: publisher, Published: date}, Text: text}
}

func TestTheSameTextOfSeveralPublishersIsOnePassage(t *testing.T) {
	t.Parallel()
	a := asker(t, []corpus.Document{
		article(t, "gazette", "Strelsau Gazette", "2026-03-02", reported),
		article(t, "herald", "Zenda Herald", "2026-03-03", reported),
		article(t, "edited", "Hentzau Post", "2026-03-04", strings.Replace(reported, "last convened", "last called together", 1)),
		article(t, "other", "Strelsau Gazette", "2026-03-05", "The opera of Strelsau opens on Friday with a new staging, after three years of repairs to the roof and to the stage."),
	})
	got := answer(t, a, index.Question{Text: "until when does the harbour of Zenda stay closed to grain ships?", Now: today})
	if !got.Answered || len(got.Passages) == 0 {
		t.Fatalf("not answered: %s", got.Why)
	}
	first := got.Passages[0]
	ids := []string{first.Source.ID}
	for _, s := range first.AlsoIn {
		ids = append(ids, s.ID)
	}
	slices.Sort(ids)
	if !slices.Equal(ids, []string{"edited", "gazette", "herald"}) {
		t.Errorf("the passage is from %v", ids)
	}
	for _, h := range got.Passages[1:] {
		if slices.Contains(ids, h.Source.ID) {
			t.Errorf("%s is shown beside its copy", h.ID)
		}
	}
	if c := got.Coverage; c.Documents < 3 || c.Publishers < 3 || c.From.String() != "2026-03-02" {
		t.Errorf("coverage %+v does not count the copies", *c)
	}
}

func TestAlikeButDifferentTextsAreTwoPassages(t *testing.T) {
	t.Parallel()
	a := asker(t, []corpus.Document{
		article(t, "closed", "Strelsau Gazette", "2026-03-02", reported),
		article(t, "opened", "Zenda Herald", "2026-04-03", "The harbour of Zenda was opened to grain ships again on Friday, after the border commission had met in Hentzau for the first time in two years."),
	})
	got := answer(t, a, index.Question{Text: "is the harbour of Zenda closed to grain ships?", Now: today})
	if len(got.Ranked) != 2 || len(got.Ranked[0].AlsoIn)+len(got.Ranked[1].AlsoIn) > 0 {
		t.Errorf("ranked %d passages, want two of their own", len(got.Ranked))
	}
}
