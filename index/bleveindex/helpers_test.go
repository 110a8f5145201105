package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/bleveindex/contents"
)

// names is the lexicon of all tests.
var names = sync.OnceValue(func() *lexicon.Lexicon {
	lex, err := lexicon.Default()
	if err != nil {
		panic(err)
	}
	return lex
})

// vocabulary are the words of generated documents, the first far more frequent than the last.
var vocabulary = strings.Fields(`the talks and of ceasefire Russia Ukraine to sanctions in territory Zelensky Putin
delegation said Kremlin prisoners on security guarantees Ankara nuclear border exchange U.S. Київ переговори Türkiye
winter asset grain corridor mediator statement ministers envoy bridge harbour Odesa drones reconstruction verification
annex draft clause Strelsau Zenda zealous zebra mediators mediated corridors`)

// publishers are those of generated documents.
var publishers = []string{"Strelsau Gazette", "The Zenda Times", "Ruritania Today"}

// generate makes n documents; the same seed makes the same.
func generate(seed uint64, n int) []corpus.Document {
	r := rand.New(rand.NewPCG(seed, 0))
	docs := make([]corpus.Document, n)
	for i := range docs {
		docs[i] = corpus.Document{Source: corpus.Source{
			ID: fmt.Sprintf("doc-%d-%d", seed, i), Title: sentence(r, r.IntN(8)), Publisher: publishers[r.IntN(len(publishers))], Published: randomDate(r),
		}}
		if r.IntN(4) == 0 {
			docs[i].BasedOn = []corpus.Reference{{Title: "A page", URL: "https://gazette.example"}}
		}
		var text []string
		for range 1 + r.IntN(5) {
			for range 1 + r.IntN(6) {
				text = append(text, sentence(r, 3+r.IntN(25))+".")
			}
			text = append(text, "\n\n")
		}
		docs[i].Text = strings.TrimSpace(strings.Join(text, " "))
	}
	return docs
}

func sentence(r *rand.Rand, length int) string {
	words := make([]string, length)
	for i := range words {
		words[i] = vocabulary[min(int(r.ExpFloat64()*float64(len(vocabulary))/4), len(vocabulary)-1)]
	}
	s := strings.Join(words, " ")
	_, first := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:first]) + s[first:]
}

func randomDate(r *rand.Rand) corpus.PartialDate {
	day := time.Date(2024, 1, 1+r.IntN(900), 0, 0, 0, 0, time.UTC)
	return corpus.DateOf(day, corpus.Precision(r.IntN(4)))
}

// document is a document without a date or a title.
func document(id, text string) corpus.Document {
	return corpus.Document{Source: corpus.Source{ID: id}, Text: text}
}

func options() BuildOptions {
	return BuildOptions{Lexicon: names(), Fingerprint: "print", Now: time.Date(2026, 5, 8, 12, 0, 0, 0, time.UTC)}
}

func build(t testing.TB, dir string, docs []corpus.Document) {
	t.Helper()
	if err := Build(t.Context(), dir, docs, options()); err != nil {
		t.Fatal(err)
	}
}

// built is a new index directory.
func built(t testing.TB, docs []corpus.Document) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "index")
	build(t, dir, docs)
	return dir
}

// open opens an index until the end of the test.
func open(t testing.TB, dir string) *Index {
	t.Helper()
	x, err := Open(t.Context(), dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

// view opens a snapshot until the end of the test.
func view(t testing.TB, x index.Engine) *snapshot {
	t.Helper()
	s, err := x.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s.(*snapshot)
}

// wanted is what a test wants of an index; an empty string fits any.
type wanted struct{ Mapping, Fingerprint, Corpus, State string }

// inspect must succeed and give a state within a few seconds, whatever is on disk. An index
// that fits is Other if it is not of the wanted documents or state of the library.
func inspect(t testing.TB, dir string, want wanted) (st Status) {
	t.Helper()
	within(t, 5*time.Second, "Inspect", func() {
		var err error
		if st, err = Inspect(dir, Want{Mapping: want.Mapping, Fingerprint: want.Fingerprint}); err != nil {
			t.Errorf("Inspect: %v", err)
		}
	})
	other := want.Corpus != "" && want.Corpus != st.Meta.Record.Version || want.State != "" && want.State != st.Meta.State
	if st.State == Equal && other {
		st.State = Other
	}
	return st
}

// versionOf is Record.Version of an index of the documents.
func versionOf(docs []corpus.Document) string {
	var s contents.Summary
	for _, doc := range docs {
		s.Add(doc.Source, contents.Share{Hash: contents.DigestOf(doc)})
	}
	s.Finish()
	return s.Record.Version
}

// within fails the test if do takes longer.
func within(t testing.TB, limit time.Duration, what string, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	select {
	case <-done:
	case <-time.After(limit):
		t.Fatalf("%s has not returned after %v", what, limit)
	}
}

// answers are the passages that an index finds for a fixed search, with its version.
func answers(x index.Engine) (_ string, err error) {
	s, err := x.Snapshot()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	found, err := s.Search(context.Background(), []index.Clause{{Field: index.FieldText, Term: "ceasefir", Weight: 1}}, 3)
	if err != nil {
		return "", err
	}
	b := strings.Builder{}
	fmt.Fprint(&b, s.Record().Version)
	for _, c := range found {
		p, err := s.Passage(c.Ref)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, " %s:%d", p.ID, len(p.Text))
	}
	if len(found) == 0 {
		return "", errors.New("nothing was found")
	}
	return b.String(), nil
}

// mustAnswer fails the test where the index does not answer.
func mustAnswer(t testing.TB, x index.Engine) string {
	t.Helper()
	answer, err := answers(x)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}
