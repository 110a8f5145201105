package library_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/corpus"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
	"parley/corpus/library"
)

func TestMain(m *testing.M) {
	if task := os.Getenv(childTask); task != "" {
		os.Exit(child(task, os.Getenv(childDatabase)))
	}
	os.Exit(dbtest.Main(m))
}

// clock is a time that a test sets.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

// start is when the clocks of tests begin.
var start = time.Date(2026, 5, 8, 7, 30, 0, 0, time.UTC)

// world is what a test works with.
type world struct {
	*library.Library
	t     *testing.T
	ctx   context.Context
	db    *database.DB
	clock *clock
}

// each runs a test with an empty library on both databases, beside other such tests: half of
// their time is waiting for a disk or for PostgreSQL.
func each(t *testing.T, test func(w world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { test(newWorld(t, db)) })
}

func newWorld(t *testing.T, db *database.DB) world {
	t.Helper()
	c := &clock{start}
	l, err := library.New(t.Context(), db, library.Options{Now: c.now, Own: isOwn})
	if err != nil {
		t.Fatal(err)
	}
	return world{l, t, t.Context(), db, c}
}

func isOwn(s corpus.Source) bool { return s.Publisher == "The Ministry" }

func (w world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// pass lets time go by.
func (w world) pass(d time.Duration) { w.clock.Time = w.clock.Add(d) }

// put keeps items and returns the outcomes in words: "a added 1, b refused 0".
func (w world) put(items ...library.Item) string {
	w.t.Helper()
	outcomes, err := w.Put(w.ctx, items)
	w.must(err)
	return inWords(outcomes)
}

func inWords(outcomes []library.Outcome) string {
	var all []string
	for _, o := range outcomes {
		all = append(all, fmt.Sprintf("%s %s %d", o.ID, o.Status, o.Revision))
	}
	return strings.Join(all, ", ")
}

func (w world) wantPut(want string, items ...library.Item) {
	w.t.Helper()
	if have := w.put(items...); have != want {
		w.t.Errorf("put: %s; want %s", have, want)
	}
}

func (w world) get(id string) library.Entry {
	w.t.Helper()
	e, err := w.Get(w.ctx, id)
	w.must(err)
	return e
}

func (w world) state() library.State {
	w.t.Helper()
	s, err := w.State(w.ctx)
	w.must(err)
	return s
}

// ids are those of the current documents.
func (w world) ids() string {
	w.t.Helper()
	var all []string
	for e, err := range w.All(w.ctx) {
		w.must(err)
		all = append(all, e.ID)
	}
	return strings.Join(all, " ")
}

// wantChanges compares the changes behind a number: "1 a added 1, 2 a withdrawn 1".
func (w world) wantChanges(after int64, want string) {
	w.t.Helper()
	changes, err := w.Changes(w.ctx, after, 1000)
	w.must(err)
	var all []string
	for _, c := range changes {
		all = append(all, fmt.Sprintf("%d %s %s %d", c.Number, c.ID, c.Kind, c.Revision))
	}
	if have := strings.Join(all, ", "); have != want {
		w.t.Errorf("changes after %d: %s; want %s", after, have, want)
	}
}

func (w world) wantError(err error, want string) {
	w.t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		w.t.Errorf("error %v; want %s", err, want)
	}
}

func (w world) wantNotFound(err error) {
	w.t.Helper()
	if !errors.Is(err, library.ErrNotFound) {
		w.t.Errorf("error %v; want that it is not found", err)
	}
}

var file = library.Origin{Kind: library.OriginFile, Name: "record"}

// item is a document of a file.
func item(id, text string, changes ...func(i *library.Item)) library.Item {
	i := library.Item{
		Document: corpus.Document{
			Source: corpus.Source{ID: id, Title: "Title of " + id, Publisher: "One", URL: "https://example.org/" + id, Published: day("2025-02-14"), Language: "en"},
			Text:   text,
		},
		Origin: file,
	}
	for _, change := range changes {
		change(&i)
	}
	return i
}

func day(s string) corpus.PartialDate {
	d, err := corpus.ParsePartialDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// words is a text of n words that has nothing in common with one of another name.
func words(name string, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("%s%d", name, i)
	}
	return strings.Join(all, " ")
}

// sorted are texts in order, each once.
func sorted[T cmp.Ordered](all []T) []T {
	slices.Sort(all)
	return slices.Compact(all)
}
