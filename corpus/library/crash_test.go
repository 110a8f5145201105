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
	"strings"
	"testing"
	"time"

	"parley/corpus"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
	"parley/corpus/library"
)

var crashes = flag.Int("crashes", 6, "how often a child that syncs is killed, on each database")

// The environment variables that make the test binary a child: what it does until it is
// done or killed, and in which database.
const (
	childTask     = "PARLEY_LIBRARY_TEST_TASK"
	childDatabase = "PARLEY_LIBRARY_TEST_DATABASE"
)

var tasks = map[string]func(ctx context.Context, l *library.Library) error{
	"sync":  sync,
	"claim": claim,
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
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return process{cmd, bufio.NewScanner(out)}
}

const (
	syncFeeds = 40
	perFeed   = 50 // documents; 2,000 in all
)

func syncFeed(n int) string { return fmt.Sprintf("https://example.org/feed/%d", n) }

// syncItem is a document of a feed, the same every time.
func syncItem(feed, n int) library.Item {
	name := fmt.Sprintf("f%dn%d", feed, n)
	return library.Item{
		Document: corpus.Document{
			Source: corpus.Source{Title: name, Publisher: fmt.Sprintf("Publisher %d", feed%7), URL: "https://example.org/" + name, Published: day("2026-05-08")},
			Text:   words(name, 40+n),
		},
		Key: name,
	}
}

// sync fetches every feed twice, the second time with a correction in each tenth document,
// and says which feeds are done.
func sync(ctx context.Context, l *library.Library) error {
	for n := range syncFeeds {
		if _, _, err := l.AddFeed(ctx, library.Feed{Address: syncFeed(n)}); err != nil {
			return err
		}
	}
	for {
		claims, err := l.ClaimFeeds(ctx, 1, 0) // a lease that ends with the process
		if err != nil || len(claims) == 0 {
			return err
		}
		if err := syncOnce(ctx, l, claims[0]); err != nil {
			return err
		}
	}
}

func syncOnce(ctx context.Context, l *library.Library, c library.Claim) error {
	var feed int
	if _, err := fmt.Sscanf(c.Feed.ID, syncFeed(0)[:len(syncFeed(0))-1]+"%d", &feed); err != nil {
		return err
	}
	var items []library.Item
	for n := range perFeed {
		item := syncItem(feed, n)
		if c.Feed.ETag == "once" && n%10 == 0 {
			item.Text += " corrected"
		}
		items = append(items, item)
	}
	next := c.Feed
	if next.ETag == "" {
		next.ETag = "once"
	} else {
		next.ETag, next.NextDue = "twice", time.Now().Add(24*time.Hour)
	}
	if _, err := l.FinishFeed(ctx, c, next, items); err != nil {
		return err
	}
	_, err := fmt.Println(c.Feed.ID, next.ETag)
	return err
}

// databases runs a test on databases that a child can open too.
func databases(t *testing.T, test func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "parley.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, dbtest.Address(t)) })
}

// TestNothingIsLostOrDoubledInACrash kills a child at a random point of a sync of 2,000
// documents and lets another go on, until one has come to the end; then all over again.
func TestNothingIsLostOrDoubledInACrash(t *testing.T) {
	databases(t, func(t *testing.T, address string) {
		r := rand.New(rand.NewPCG(uint64(*crashes), 7))
		acknowledged := map[string]string{}
		began := time.Now()
		killed := 0
		for killed < *crashes {
			if crash(t, address, acknowledged, r.IntN(2*syncFeeds/ *crashes+1), time.Duration(r.IntN(30))*time.Millisecond) {
				killed++
			}
			wantWhole(t, address, acknowledged)
		}
		if crash(t, address, acknowledged, -1, 0) {
			t.Error("the last child was killed")
		}
		wantWhole(t, address, acknowledged)
		t.Logf("killed %d times in %v", killed, time.Since(began).Round(time.Millisecond))
		if len(acknowledged) != syncFeeds {
			t.Errorf("%d feeds of %d are done", len(acknowledged), syncFeeds)
		}
	})
}

// crash starts a child and kills it a moment after it has acknowledged so many feeds more.
// killed is false if it came to the end before. A negative number is never.
func crash(t *testing.T, address string, acknowledged map[string]string, feeds int, later time.Duration) (killed bool) {
	t.Helper()
	p := startChild(t, "sync", address)
	kill := func() { _ = p.Process.Kill() } // SIGKILL; it may have come to the end
	var timer *time.Timer
	if feeds == 0 {
		timer = time.AfterFunc(later, kill)
	}
	for n := 1; p.said.Scan(); n++ {
		id, round, _ := strings.Cut(p.said.Text(), " ")
		acknowledged[id] = round
		if n == feeds {
			timer = time.AfterFunc(later, kill)
		}
	}
	err := p.Wait()
	if timer != nil {
		timer.Stop()
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		t.Fatalf("the child failed: %v", err)
	}
	return err != nil
}

// wantWhole finds all that was acknowledged, each document once, and changes and hash that
// agree with the documents.
func wantWhole(t *testing.T, address string, acknowledged map[string]string) {
	t.Helper()
	db, err := open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	w := newWorld(t, db)
	for n := range syncFeeds {
		switch acknowledged[syncFeed(n)] {
		case "once":
			w.wantFeed(n, false)
		case "twice":
			w.wantFeed(n, true)
		}
	}
	w.wantConsistent()
}

// wantFeed finds all documents of a feed.
func (w world) wantFeed(feed int, corrected bool) {
	w.t.Helper()
	origin := library.Origin{Kind: library.OriginFeed, Name: syncFeed(feed)}
	page, next, err := w.List(w.ctx, library.Query{Origin: origin, Limit: 2 * perFeed})
	w.must(err)
	if len(page) != perFeed || next != "" {
		w.t.Fatalf("feed %d has %d documents; want %d", feed, len(page), perFeed)
	}
	for n := range perFeed {
		want := syncItem(feed, n)
		e, err := w.Find(w.ctx, origin, want.Key)
		w.must(err)
		switch {
		case n%10 != 0 && (e.Text != want.Text || e.Revision != 1):
			w.t.Errorf("document %s has revision %d and text %.50q", want.Key, e.Revision, e.Text)
		case n%10 == 0 && corrected && (e.Text != want.Text+" corrected" || e.Revision != 2):
			w.t.Errorf("document %s has revision %d and text %.50q", want.Key, e.Revision, e.Text)
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
	w.must(w.Export(w.ctx, io.Discard)) // which computes the hash anew
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
