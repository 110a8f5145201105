package index_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley/corpus"
	"parley/corpus/briefs"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/bleveindex"
)

// today is the day on which all tests ask, two days after the newest brief.
var today = time.Date(2026, 5, 10, 9, 0, 0, 0, time.UTC)

func TestMain(m *testing.M) { os.Exit(inScratch(m.Run)) }

// scratch is the folder of the indexes that several tests share.
var scratch string

func inScratch(run func() int) int {
	var err error
	if scratch, err = os.MkdirTemp("", "parley-index-test"); err != nil {
		panic(err)
	}
	code := run()
	if opened != nil {
		err = opened.Close()
	}
	if err := errors.Join(err, os.RemoveAll(scratch)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// names is the lexicon of all tests.
var names = sync.OnceValue(func() *lexicon.Lexicon { return must(lexicon.Default()) })

// documents are the built-in briefs by id.
var documents = sync.OnceValue(func() map[string]corpus.Document {
	byID := map[string]corpus.Document{}
	for _, d := range must(briefs.Documents()) {
		byID[d.ID] = d
	}
	return byID
})

// opened is the index behind shared, once it is there.
var opened *bleveindex.Index

// shared asks the built-in briefs.
var shared = sync.OnceValue(func() *index.Asker {
	opened = must(build(filepath.Join(scratch, "briefs"), must(briefs.Documents())))
	return must(index.NewAsker(opened, names()))
})

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func build(dir string, docs []corpus.Document) (*bleveindex.Index, error) {
	if err := bleveindex.Build(context.Background(), dir, docs, bleveindex.BuildOptions{Lexicon: names(), Now: today}); err != nil {
		return nil, err
	}
	return bleveindex.Open(context.Background(), dir, 0)
}

// asker asks a record of its own until the end of the test.
func asker(t testing.TB, docs []corpus.Document) *index.Asker {
	t.Helper()
	x, err := build(filepath.Join(t.TempDir(), "index"), docs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	a, err := index.NewAsker(x, names())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// ask asks the briefs today.
func ask(t testing.TB, question string) index.Answer {
	t.Helper()
	return answer(t, shared(), index.Question{Text: question, Now: today})
}

func answer(t testing.TB, a *index.Asker, q index.Question) index.Answer {
	t.Helper()
	got, err := a.Ask(t.Context(), q)
	if err != nil {
		t.Fatalf("Ask(%q): %v", q.Text, err)
	}
	return got
}

// followUp asks one question after the other and returns the last answer.
func followUp(t testing.TB, questions ...string) (got index.Answer) {
	t.Helper()
	for _, text := range questions {
		got = answer(t, shared(), index.Question{Text: text, Now: today, Previous: got.Plan})
	}
	return got
}

// devQuestion is a line of testdata/dev.jsonl.
type devQuestion struct {
	ID, Question, Kind string
	Answerable         bool
}

// devQuestions are every nth question on which Parley is developed.
func devQuestions(t testing.TB, nth int) (list []devQuestion) {
	t.Helper()
	f, err := os.Open("testdata/dev.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 0; lines.Scan(); n++ {
		if n%nth != 0 {
			continue
		}
		var q devQuestion
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		list = append(list, q)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// shown are the ids of the passages of an answer.
func shown(a index.Answer) (ids []string) {
	for _, h := range a.Passages {
		ids = append(ids, h.ID)
	}
	return ids
}
