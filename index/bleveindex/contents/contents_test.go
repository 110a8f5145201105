package contents

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/corpus"
)

// document is one of four publishers, with a date of any precision in one of two zones.
func document(r *rand.Rand, id string) corpus.Document {
	day := time.Date(2025, 1, 1+r.IntN(4), r.IntN(24), 0, 0, 0, []*time.Location{time.UTC, time.FixedZone("", 7200)}[r.IntN(2)])
	return corpus.Document{Text: id, Source: corpus.Source{
		ID: id, Publisher: []string{"", "a", "b", "c"}[r.IntN(4)], Published: corpus.DateOf(day, corpus.Precision(r.IntN(5))),
	}}
}

func shareOf(doc corpus.Document) Share {
	return Share{DigestOf(doc), len(doc.ID), Terms{len(doc.Text), 1}}
}

func sum(docs []corpus.Document) *Summary {
	s := &Summary{}
	for _, doc := range docs {
		s.Add(doc.Source, shareOf(doc))
	}
	s.Finish()
	return s
}

var dates = cmp.Comparer(func(a, b corpus.PartialDate) bool { return a.String() == b.String() })

func TestASummaryIsTheSameInWhateverOrderDocumentsComeAndGo(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		var docs []corpus.Document
		for i := range 1 + r.IntN(12) {
			docs = append(docs, document(r, string(rune('a'+i))))
		}
		got := sum(docs)
		n := r.IntN(len(docs))
		for i, doc := range docs[:n] {
			if !got.Remove(doc.Source, shareOf(doc)) {
				continue
			}
			var from, to corpus.PartialDate
			for _, left := range docs[i+1:] {
				if left.Publisher == doc.Publisher {
					from, to = Widen(from, to, left.Published)
				}
			}
			got.SetDates(doc.Publisher, from, to)
		}
		got.Finish()
		left := slices.Clone(docs[n:])
		r.Shuffle(len(left), func(i, j int) { left[i], left[j] = left[j], left[i] })
		if diff := cmp.Diff(sum(left).Publishers, slices.Clip(got.Publishers), dates); len(left) > 0 && diff != "" {
			t.Fatalf("publishers (-added +left):\n%s", diff)
		}
		if want := sum(left); want.Record != got.Record && want.Record.Newest.String() != got.Record.Newest.String() || want.Terms != got.Terms || want.Hash != got.Hash {
			t.Fatalf("%+v, want %+v", got, want)
		}
	}
}

func TestTheVersionIsThatOfTheDocumentsWhateverTheirOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	var docs []corpus.Document
	for i := range 6 {
		docs = append(docs, document(r, string(rune('a'+i))))
	}
	version := func(docs []corpus.Document) string { return sum(docs).Record.Version }
	turned := slices.Clone(docs)
	slices.Reverse(turned)
	changed := slices.Clone(docs)
	changed[3].Text += "!"
	if version(docs) != version(turned) {
		t.Error("another order has another version")
	}
	if version(docs) == version(changed) || version(docs) == version(docs[1:]) || version(docs) == version(append(turned, docs[0])) {
		t.Error("other documents have the same version")
	}
}

func TestASummaryComesBackFromJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	want := sum([]corpus.Document{document(r, "a"), document(r, "b")})
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got := &Summary{}
	if err := json.Unmarshal(text, got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, dates); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := got.Hash.UnmarshalText([]byte("0a")); err == nil {
		t.Error("a short hash was read")
	}
}
