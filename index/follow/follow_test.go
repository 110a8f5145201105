package follow_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/corpus"
	"parley/corpus/database/dbtest"
	"parley/corpus/library"
	"parley/index"
	"parley/index/follow"
)

// shown is an index that only remembers what it was given.
type shown struct {
	mu        sync.Mutex
	state     string
	texts     map[string]string
	published int
	err       error
}

func (s *shown) State() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

func (s *shown) Apply(_ context.Context, b index.Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	for _, d := range b.Put {
		s.texts[d.ID] = d.Text
	}
	for _, id := range b.Withdraw {
		delete(s.texts, id)
	}
	s.state = b.State
	return nil
}

func (s *shown) Due() bool { return false }

func (s *shown) Publish(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.published++
	return nil
}

func openLibrary(t *testing.T) *library.Library {
	t.Helper()
	l, err := library.New(t.Context(), dbtest.SQLite(t), library.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// current are the texts that the library quotes.
func current(t *testing.T, l *library.Library) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for e, err := range l.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		texts[e.ID] = e.Text
	}
	return texts
}

func beginning(t *testing.T, l *library.Library) string {
	t.Helper()
	s, err := l.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return follow.Encode(s)
}

func put(t *testing.T, l *library.Library, id, text string) {
	t.Helper()
	item := library.Item{Document: corpus.Document{Source: corpus.Source{ID: id, Title: "T", Publisher: "P"}, Text: text}, Origin: library.Origin{Kind: library.OriginFile, Name: "f"}, Key: id}
	got, err := l.Put(t.Context(), []library.Item{item})
	if err != nil || got[0].Err != nil {
		t.Fatal(err, got)
	}
}

// change does something with a document by chance.
func change(t *testing.T, l *library.Library, r *rand.Rand) {
	t.Helper()
	id := fmt.Sprintf("d%d", r.IntN(12))
	var err error
	switch r.IntN(4) {
	case 0:
		err = l.Withdraw(t.Context(), id, library.ByOperator, "by chance")
	case 1:
		err = l.Restore(t.Context(), id)
	default:
		put(t, l, id, fmt.Sprintf("A text of number %d is here.", r.IntN(1000)))
	}
	if err != nil && !errors.Is(err, library.ErrNotFound) {
		t.Fatal(err)
	}
}

func TestTheIndexHasWhatTheLibraryQuotes(t *testing.T) {
	l := openLibrary(t)
	x := &shown{state: beginning(t, l), texts: map[string]string{}}
	f := follow.Follower{Library: l, Index: x}
	r := rand.New(rand.NewPCG(1, 2))
	published := shown{state: x.state, texts: map[string]string{}}
	for round := range 25 {
		for range r.IntN(30) {
			change(t, l, r)
		}
		if _, err := f.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(current(t, l), x.texts); diff != "" {
			t.Fatalf("round %d (-library +index):\n%s", round, diff)
		}
		if behind, err := follow.Behind(t.Context(), l, x.State()); behind != 0 || err != nil {
			t.Fatalf("round %d: behind by %d, %v", round, behind, err)
		}
		if r.IntN(3) == 0 { // it is published, or comes back as it was published
			published.state, published.texts = x.state, maps.Clone(x.texts)
		} else if r.IntN(3) == 0 {
			x.state, x.texts = published.state, maps.Clone(published.texts)
		}
	}
}

func TestABatchThatFailsIsAppliedLater(t *testing.T) {
	l := openLibrary(t)
	x := &shown{state: beginning(t, l), texts: map[string]string{}, err: errors.New("disk full")}
	f := follow.Follower{Library: l, Index: x}
	put(t, l, "a", "A text.")
	if _, err := f.CatchUp(t.Context()); err == nil || !strings.Contains(err.Error(), "changes 1 to 1: disk full") {
		t.Errorf("got %v", err)
	}
	x.err = nil
	if n, err := f.CatchUp(t.Context()); n != 1 || err != nil || x.texts["a"] == "" {
		t.Errorf("%d changes, %v, %v", n, err, x.texts)
	}
}

func TestAnIndexOfAnotherLibraryIsToldApart(t *testing.T) {
	l, other := openLibrary(t), openLibrary(t)
	put(t, l, "a", "A text.")
	put(t, other, "b", "Another text.")
	for _, state := range []string{beginning(t, other), "", "null", "7", `{"change":99}`} {
		if _, err := follow.Behind(t.Context(), l, state); !errors.Is(err, follow.ErrOther) {
			t.Errorf("%q: %v", state, err)
		}
	}
}

// counting is a library whose one document changes.
type counting struct {
	mu     sync.Mutex
	change int64
}

func (c *counting) now() library.State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return library.State{Change: c.change}
}

func (c *counting) State(context.Context) (library.State, error)       { return c.now(), nil }
func (c *counting) WasIn(context.Context, library.State) (bool, error) { return true, nil }
func (c *counting) Get(_ context.Context, id string) (library.Entry, error) {
	return library.Entry{Document: corpus.Document{Source: corpus.Source{ID: id}, Text: fmt.Sprint(c.now().Change)}}, nil
}

func (c *counting) Changes(_ context.Context, after int64, limit int) (all []library.Change, err error) {
	for n := after + 1; n <= c.now().Change && len(all) < limit; n++ {
		all = append(all, library.Change{Number: n, ID: "a", After: library.State{Change: n}})
	}
	return all, nil
}

func TestADocumentIsInTheIndexWithinASecondAndPublishedLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, x := &counting{}, &shown{state: follow.Encode(library.State{}), texts: map[string]string{}}
		f := follow.Follower{Library: l, Index: x, Log: slog.New(slog.DiscardHandler), Every: time.Second, PublishEvery: time.Minute}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- f.Run(ctx) }()
		time.Sleep(90 * time.Second)
		if x.published != 0 {
			t.Errorf("published %d times although nothing changed", x.published)
		}
		l.mu.Lock()
		l.change = 500
		l.mu.Unlock()
		time.Sleep(1100 * time.Millisecond)
		x.mu.Lock()
		if x.texts["a"] != "500" {
			t.Errorf("after a second the index has %q", x.texts["a"])
		}
		x.mu.Unlock()
		time.Sleep(3 * time.Minute)
		stop()
		if err := <-done; err != nil || x.published != 1 {
			t.Errorf("%v, published %d times", err, x.published)
		}
	})
}
