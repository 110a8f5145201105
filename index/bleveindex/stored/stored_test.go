package stored

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/corpus"
	"parley/index"
	"parley/index/bleveindex/contents"
	"parley/index/generation"
)

var dates = cmp.Comparer(func(a, b corpus.PartialDate) bool { return a.String() == b.String() })

// randomPassage makes a passage of which the notes hold everything but text, source and id.
func randomPassage(r *rand.Rand) *index.Passage {
	p := &index.Passage{Number: r.IntN(300), Of: r.IntN(300)}
	p.Text = strings.Repeat("я", r.IntN(400))
	p.Start = r.IntN(1 << 20)
	p.End = p.Start + len(p.Text)
	p.Sentences = randomSpans(r, len(p.Text))
	p.Actors, p.Topics, p.SourceKinds = randomStrings(r), randomStrings(r), randomStrings(r)
	for _, s := range randomSpans(r, len(p.Text)) {
		p.Mentions = append(p.Mentions, index.Mention{Span: s, Actor: randomString(r), Person: randomString(r)})
		if r.IntN(4) == 0 { // "the Russian president" names two actors in one place
			p.Mentions = append(p.Mentions, index.Mention{Span: s, Actor: randomString(r)})
		}
	}
	for i := range p.Sentences {
		if r.IntN(2) == 0 {
			p.Attributions = append(p.Attributions, index.Attribution{
				Sentence: i, Actors: randomStrings(r), Speaker: randomString(r), Direct: r.IntN(2) == 0,
				Topics: randomStrings(r), Stance: randomString(r),
			})
		}
	}
	return p
}

// randomSpans are spans in order inside a text of the given length.
func randomSpans(r *rand.Rand, length int) (spans []corpus.Span) {
	for at := 0; ; {
		s := corpus.Span{Start: at + r.IntN(30)}
		s.End = s.Start + r.IntN(200)
		if s.End > length {
			return spans
		}
		spans = append(spans, s)
		at = s.End
	}
}

func randomStrings(r *rand.Rand) []string {
	list := make([]string, r.IntN(4))
	for i := range list {
		list[i] = randomString(r)
	}
	return list
}

func randomString(r *rand.Rand) string {
	return []string{"", "russia", "Зеленський", "a\x00b\xff", strings.Repeat("long", r.IntN(100))}[r.IntN(5)]
}

// notesOnly is a passage with nothing but what notes do not hold.
func notesOnly(text string) *index.Passage {
	p := &index.Passage{}
	p.Text = text
	return p
}

func TestNotesDecodeToWhatWasEncoded(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		want := randomPassage(r)
		notes := AppendPassage(nil, want)
		got := notesOnly(want.Text)
		if err := DecodePassage(notes, got); err != nil {
			t.Fatalf("%+v: %v", want, err)
		}
		if diff := cmp.Diff(want, got, dates, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("-encoded +decoded:\n%s", diff)
		}
		for _, torn := range [][]byte{notes[:r.IntN(len(notes))], append(notes, 0)} {
			if err := DecodePassage(torn, notesOnly(want.Text)); !errors.Is(err, generation.ErrCorrupt) {
				t.Fatalf("%d of %d bytes: %v", len(torn), len(notes), err)
			}
		}
	}
}

func FuzzNotesDecodeInsideTheirTextOrAreDamaged(f *testing.F) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 20 {
		p := randomPassage(r)
		f.Add(p.Text, AppendPassage(nil, p))
	}
	f.Add("", []byte{})
	f.Add("x", []byte{0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, text string, notes []byte) {
		p := notesOnly(text)
		if err := DecodePassage(notes, p); err != nil {
			if !errors.Is(err, generation.ErrCorrupt) {
				t.Error(err)
			}
			return
		}
		spans := slices.Clone(p.Sentences)
		for _, m := range p.Mentions {
			spans = append(spans, m.Span)
		}
		for _, s := range spans {
			_ = s.In(text)
		}
		for _, s := range p.Attributions {
			_ = p.Sentences[s.Sentence]
		}
		again := notesOnly(text)
		if err := DecodePassage(AppendPassage(nil, p), again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, again, dates, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("-decoded +encoded and decoded again:\n%s", diff)
		}
	})
}

func TestSharesComeBackAndDamagedOnesAreErrors(t *testing.T) {
	s := contents.Share{Hash: contents.DigestOf(corpus.Document{Text: "One."}), Passages: 300, Terms: contents.Terms{70_000, 0}}
	b := AppendShare(nil, s)
	got, err := DecodeShare(b)
	if diff := cmp.Diff(s, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for n := range b {
		if _, err := DecodeShare(b[:n]); !errors.Is(err, generation.ErrCorrupt) {
			t.Errorf("the first %d bytes: %v", n, err)
		}
	}
	if _, err := DecodeShare(append(b, 0)); !errors.Is(err, generation.ErrCorrupt) {
		t.Errorf("a byte too many: %v", err)
	}
}
