package bleveindex

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"parley/corpus"
	"parley/corpus/briefs"
	"parley/index"
)

// told are whole answers as they go out, by what was asked.
func told(t *testing.T, x index.Engine) map[string]string {
	t.Helper()
	asker, err := index.NewAsker(x, names())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	note := func(what string, answer any, err error) {
		text, err2 := json.Marshal(answer)
		if err != nil || err2 != nil {
			t.Fatalf("%s: %v, %v", what, err, err2)
		}
		all[what] = string(text)
	}
	now := time.Date(2026, 5, 10, 9, 0, 0, 0, time.UTC)
	questions := []string{"what is said about territory?", "what does Moscow want?", "Kyiv on prisoners", "latest news", "what changed since april 2026?", "ceasefire"}
	for i, q := range append(questions, developed(t)...) {
		if i < len(questions) || i%10 == 0 {
			answer, err := asker.Ask(t.Context(), index.Question{Text: q, Now: now})
			note(q, answer, err)
		}
	}
	for _, actor := range names().Actors() {
		for _, topic := range []string{"", "ceasefire", "territory"} {
			list, err := asker.Statements(t.Context(), index.StatementQuery{Actor: actor.ID, Topic: topic, Limit: 20, Events: true})
			note("statements of "+actor.ID+" on "+topic, list, err)
		}
	}
	list, err := asker.Publishers()
	note("publishers", list, err)
	return all
}

// atOnce are reports of the same statement at the same moment, written in two time zones.
func atOnce(t *testing.T) (docs []corpus.Document) {
	t.Helper()
	for i, date := range []string{"2026-05-07T12:00:00Z", "2026-05-07T14:00:00+02:00", "2026-05-07T14:00:00+02:00", "2026-05-07T12:00:00Z"} {
		published, err := corpus.ParsePartialDate(date)
		if err != nil {
			t.Fatal(err)
		}
		doc := document(fmt.Sprint("zone-", i), fmt.Sprintf("Russia demands a ceasefire of %d days, the Kremlin said. Ukraine rejects a ceasefire of %d days, Zelensky said.", i+2, i+2))
		doc.Title, doc.Publisher, doc.Published = "A ceasefire", fmt.Sprint("Outlet ", i%2), published
		docs = append(docs, doc)
	}
	return docs
}

// TestALiveIndexAnswersAsAFreshBuildDoes compares whole answers of a record that came
// about in random steps with those of the same record built at once.
func TestALiveIndexAnswersAsAFreshBuildDoes(t *testing.T) {
	t.Parallel()
	docs, err := briefs.Documents()
	if err != nil {
		t.Fatal(err)
	}
	docs = append(docs, atOnce(t)...)
	want := told(t, open(t, built(t, docs)))
	for seed := range uint64(3) {
		dice := newLibrary(seed, nil).rand
		dice.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
		l := liveIndex(t, built(t, append(generate(seed, 10), docs[:10]...)))
		for batch := range slices.Chunk(docs, 1+dice.IntN(20)) {
			apply(t, l, index.Batch{Put: batch})
		}
		if seed > 0 {
			settle(t, l)
		}
		var withdrawn index.Batch
		for _, doc := range generate(seed, 10) {
			withdrawn.Withdraw = append(withdrawn.Withdraw, doc.ID)
		}
		apply(t, l, withdrawn)
		if diff := gocmp.Diff(want, told(t, l)); diff != "" {
			t.Errorf("seed %d (-fresh +live):\n%s", seed, diff)
		}
	}
}
