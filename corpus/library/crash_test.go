package library_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/corpus"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
	"parley/corpus/library"
)

var crashes = flag.Int("crashes", 4, "how often a child that syncs is killed, on each database")

// The environment variables that make the test binary a child: what it does until it is
// done or killed, and in which database.
const (
	childTask     = "PARLEY_LIBRARY_TEST_TASK"
	childDatabase = "PARLEY_LIBRARY_TEST_DATABASE"
)

var tasks = map[string]func(ctx context.Context, l *library.Library) error{
	"sync":  syncAll,
	"claim": claimAll,
}

func child(task, address string) (code int) {
	ctx := context.Background()
	db, err := open(ctx, address)
	if err == nil {
		var l *library.Library
		if l, err = library.New(ctx, db, library.Options{Now: time.Now}); err == nil {
			err = tasks[task](ctx, l)
		}
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func open(ctx context.Context, address string) (*database.DB, error) {
	if strings.HasPrefix(address, "postgres:") {
		return database.OpenPostgres(ctx, address)
	}
	return database.OpenSQLite(ctx, address)
}

// process is a child and what it says.
type process struct {
	*exec.Cmd
	said *bufio.Scanner
	tell io.Closer // its standard input
}

func startChild(t *testing.T, task, address string) process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), childTask+"="+task, childDatabase+"="+address)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return process{cmd, bufio.NewScanner(out), in}
}

const (
	syncFeeds = 40
	perFeed   = 50 // documents; 2,000 in all
)

const syncFeed = "https://example.org/feed/"

// syncItem is a document of a feed as it is fetched the n-th time, from 1: each tenth is
// another every time.
func syncItem(feed string, number, version int) library.Item {
	name := fmt.Sprintf("f%sn%d", strings.TrimPrefix(feed, syncFeed), number)
	i := library.Item{
		Document: corpus.Document{
			Source: corpus.Source{Title: name, Publisher: "Publisher", URL: "https://example.org/" + name, Published: day("2026-05-08")},
			Text:   words(name, 40+number),
		},
		Key: name,
	}
	if number%10 == 0 {
		i.Text += fmt.Sprint(" version ", version)
	}
	return i
}

// syncAll fetches the feeds in turn until it is killed, and says what it has kept.
func syncAll(ctx context.Context, l *library.Library) error {
	for n := range syncFeeds {
		if _, _, err := l.AddFeed(ctx, library.Feed{Address: fmt.Sprint(syncFeed, n)}); err != nil {
			return err
		}
	}
	for {
		claims, err := l.ClaimFeeds(ctx, 1, 0) // a lease that ends with the process
		if err != nil {
			return err
		}
		for _, c := range claims {
			if err := syncOnce(ctx, l, c); err != nil {
				return err
			}
		}
	}
}

func syncOnce(ctx context.Context, l *library.Library, c library.Claim) error {
	next := c.Feed
	next.Failures++ // counts how often the feed was fetched
	next.NextDue = time.Unix(int64(next.Failures), 0)
	var items []library.Item
	for n := range perFeed {
		items = append(items, syncItem(c.Feed.ID, n, next.Failures))
	}
	if _, err := l.FinishFeed(ctx, c, next, items); err != nil {
		return err
	}
	_, err := fmt.Println(c.Feed.ID, next.Failures)
	return err
}

// databases runs a test on databases that a child can open too.
func databases(t *testing.T, test func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "parley.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, dbtest.Address(t)) })
}

// TestNothingIsLostOrDoubledInACrash kills children at random points of a sync of 2,000
// documents, and of what follows it.
func TestNothingIsLostOrDoubledInACrash(t *testing.T) {
	databases(t, func(t *testing.T, address string) {
		r := rand.New(rand.NewPCG(uint64(*crashes), 7))
		acknowledged := map[string]int{}
		began := time.Now()
		for range *crashes {
			crash(t, address, acknowledged, r.IntN(2*syncFeeds / *crashes + 3), time.Duration(r.IntN(20))*time.Millisecond)
			wantWhole(t, address, acknowledged)
		}
		fetched, times := 0, 0
		for _, n := range acknowledged {
			fetched, times = fetched+min(n, 1), times+n
		}
		t.Logf("killed %d times in %v; %d documents of %d are there, given %d times", *crashes,
			time.Since(began).Round(time.Millisecond), fetched*perFeed, syncFeeds*perFeed, times*perFeed)
	})
}

// crash starts a child and kills it a moment after it has acknowledged so many feeds more,
// or after it was started.
func crash(t *testing.T, address string, acknowledged map[string]int, feeds int, later time.Duration) {
	t.Helper()
	p := startChild(t, "sync", address)
	kill := func() { _ = p.Process.Kill() } // SIGKILL
	if feeds == 0 {
		defer time.AfterFunc(later, kill).Stop()
	}
	for n := 1; p.said.Scan(); n++ {
		id, version, _ := strings.Cut(p.said.Text(), " ")
		var err error
		if acknowledged[id], err = strconv.Atoi(version); err != nil {
			t.Fatal(err)
		}
		if n == feeds {
			defer time.AfterFunc(later, kill).Stop()
		}
	}
	var exit *exec.ExitError
	if err := p.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

// wantWhole finds all that was acknowledged, each document once, and changes and hash that
// agree with the documents.
func wantWhole(t *testing.T, address string, acknowledged map[string]int) {
	t.Helper()
	db, err := open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	w := newWorld(t, db)
	// A server may still be at work for the child; who writes waits for that.
	w.wantNotFound(w.Restore(w.ctx, "nothing"))
	have := map[library.Origin]map[string]library.Entry{}
	for e, err := range w.All(w.ctx) {
		w.must(err)
		if have[e.Origin] == nil {
			have[e.Origin] = map[string]library.Entry{}
		}
		have[e.Origin][e.Key] = e
	}
	feeds, err := w.Feeds(w.ctx)
	w.must(err)
	for _, f := range feeds {
		// The transaction that was cut off may have been committed, but not acknowledged.
		if told := acknowledged[f.ID]; f.Failures != told && f.Failures != told+1 {
			t.Errorf("feed %s was fetched %d times; it told of %d", f.ID, f.Failures, told)
		}
		acknowledged[f.ID] = f.Failures
		w.wantFeed(f, have[f.Origin()])
	}
	w.wantConsistent()
}

// wantFeed finds all documents of a feed as they were fetched last.
func (w world) wantFeed(f library.Feed, have map[string]library.Entry) {
	w.t.Helper()
	documents := perFeed
	if f.Failures == 0 {
		documents = 0
	}
	if f.Documents != documents || len(have) != documents {
		w.t.Errorf("feed %s has %d documents, %d by their keys; want %d", f.ID, f.Documents, len(have), documents)
	}
	for n := range documents {
		want := syncItem(f.ID, n, f.Failures)
		e := have[want.Key]
		revision := 1
		if n%10 == 0 {
			revision = f.Failures
		}
		if e.Text != want.Text || e.Revision != revision {
			w.t.Errorf("document %s has revision %d and %d bytes of text; want %d, %d", want.Key, e.Revision, len(e.Text), revision, len(want.Text))
		}
	}
}

// wantConsistent follows the changes from the beginning and finds the current documents,
// their number and their hash.
func (w world) wantConsistent() {
	w.t.Helper()
	current := map[string]int{}
	var last int64
	for {
		changes, err := w.Changes(w.ctx, last, 700)
		w.must(err)
		if len(changes) == 0 {
			break
		}
		for _, c := range changes {
			if last++; c.Number != last {
				w.t.Fatalf("change %d comes after %d", c.Number, last-1)
			}
			w.follow(current, c)
		}
	}
	state := w.state()
	documents := 0
	for e, err := range w.All(w.ctx) {
		w.must(err)
		if documents++; current[e.ID] != e.Revision {
			w.t.Errorf("document %s has revision %d; by the changes it should be %d", e.ID, e.Revision, current[e.ID])
		}
	}
	if state.Change != last || state.Documents != documents || len(current) != documents {
		w.t.Errorf("%+v; %d documents, %d changes, %d documents by the changes", state, documents, last, len(current))
	}
	w.must(second(w.Export(w.ctx, io.Discard, nil))) // which computes the hash anew
}

// follow does to current, revisions by id, what an index does with a change.
func (w world) follow(current map[string]int, c library.Change) {
	w.t.Helper()
	before, was := current[c.ID]
	switch c.Kind {
	case library.ChangeAdded:
		if was || c.Revision != 1 {
			w.t.Errorf("%+v, and before %d", c, before)
		}
	case library.ChangeRevised:
		if c.Revision != before+1 {
			w.t.Errorf("%+v, and before %d", c, before)
		}
	case library.ChangeWithdrawn:
		delete(current, c.ID)
		return
	}
	current[c.ID] = c.Revision
}
