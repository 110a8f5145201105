package ingest_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/corpus/database"
	"parley/corpus/database/dbtest"
	"parley/corpus/fetch"
	"parley/corpus/ingest"
	"parley/corpus/ingest/report"
	"parley/corpus/library"
)

// wire is a web without a network, for clocks that are not real.
type wire struct {
	mu    sync.Mutex
	asked map[string]int
	// answer may block.
	answer func(ctx context.Context, address string) (fetch.Response, error)
}

func (w *wire) Get(ctx context.Context, r fetch.Request) (fetch.Response, error) {
	w.mu.Lock()
	w.asked[r.URL]++
	w.mu.Unlock()
	return w.answer(ctx, r.URL)
}

func (w *wire) times(address string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked[address]
}

func feedResponse(ctx context.Context, address string) (fetch.Response, error) {
	name := strings.TrimPrefix(address, "https://example.org/")
	return fetch.Response{URL: address, Body: []byte(`<rss version="2.0"><channel><title>T</title>` + fullItem(name, prose(name)) + `</channel></rss>`)}, ctx.Err()
}

// poll is how often the watching of these tests looks for new feeds.
const poll = 10 * time.Minute

// watching runs a test in a bubble in which time passes by itself, with an Ingester for
// each of n processes that share a library.
func watching(t *testing.T, n int, w *wire, test func(t *testing.T, l *library.Library, processes []*ingest.Ingester)) {
	synctest.Test(t, func(t *testing.T) {
		w.asked = map[string]int{}
		db := dbtest.SQLite(t)
		l, err := library.New(t.Context(), db, library.Options{Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		var processes []*ingest.Ingester
		for range n {
			g, err := ingest.New(ingest.Options{Library: l, Client: w, Log: slog.New(slog.DiscardHandler), Workers: 2, Poll: poll})
			if err != nil {
				t.Fatal(err)
			}
			processes = append(processes, g)
		}
		test(t, l, processes)
	})
}

func addFeed(t *testing.T, l *library.Library, name string) string {
	t.Helper()
	f, _, err := l.AddFeed(t.Context(), library.Feed{Address: "https://example.org/" + name})
	if err != nil {
		t.Fatal(err)
	}
	return f.ID
}

func documents(t *testing.T, l *library.Library) int {
	t.Helper()
	s, err := l.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s.Documents
}

// TestWatchSleepsUntilSomethingIsDue lets days pass.
func TestWatchSleepsUntilSomethingIsDue(t *testing.T) {
	w := &wire{answer: feedResponse}
	watching(t, 1, w, func(t *testing.T, l *library.Library, p []*ingest.Ingester) {
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		reports := 0
		wg.Go(func() {
			if err := p[0].Watch(ctx, func(report.Report) { reports++ }); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(time.Hour)
		one := addFeed(t, l, "one")
		time.Sleep(poll + time.Millisecond) // the most that it takes to be noticed
		if w.times(one) != 1 || documents(t, l) != 1 {
			t.Errorf("a new feed was asked %d times, and gave %d documents", w.times(one), documents(t, l))
		}
		f, err := l.Feed(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Until(f.NextDue) - time.Millisecond)
		if w.times(one) != 1 {
			t.Errorf("it was asked %d times before it was due", w.times(one))
		}
		time.Sleep(time.Second)
		if w.times(one) != 2 {
			t.Errorf("it was asked %d times when it was due", w.times(one))
		}
		time.Sleep(3 * 24 * time.Hour)
		if n := w.times(one); n < 10 || n > 20 { // a quiet feed is asked ever less, to once a day
			t.Errorf("it was asked %d times in three days", n)
		}
		stop()
		wg.Wait()
		if reports != w.times(one) {
			t.Errorf("%d reports of %d visits", reports, w.times(one))
		}
	})
}

// TestAClaimIsRenewedWhileAFeedIsSlow has two processes, and an answer that takes longer
// than the lease.
func TestAClaimIsRenewedWhileAFeedIsSlow(t *testing.T) {
	w := &wire{answer: func(ctx context.Context, address string) (fetch.Response, error) {
		select {
		case <-time.After(10 * time.Minute):
		case <-ctx.Done():
		}
		return feedResponse(ctx, address)
	}}
	watching(t, 2, w, func(t *testing.T, l *library.Library, processes []*ingest.Ingester) {
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		one := addFeed(t, l, "one")
		for _, p := range processes {
			wg.Go(func() { _ = p.Watch(ctx, nil) })
		}
		time.Sleep(20 * time.Minute)
		if n := w.times(one); n != 1 || documents(t, l) != 1 {
			t.Errorf("asked %d times, %d documents", n, documents(t, l))
		}
		stop()
		wg.Wait()
	})
}

// TestAFeedThatTheOperatorChangesIsGivenUp has a visit notice within a heartbeat.
func TestAFeedThatTheOperatorChangesIsGivenUp(t *testing.T) {
	gaveUp := make(chan time.Time, 1)
	w := &wire{answer: func(ctx context.Context, address string) (fetch.Response, error) {
		<-ctx.Done()
		gaveUp <- time.Now()
		return fetch.Response{}, context.Cause(ctx)
	}}
	watching(t, 1, w, func(t *testing.T, l *library.Library, p []*ingest.Ingester) {
		one := addFeed(t, l, "one")
		began := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() {
			if r, err := p[0].Sync(t.Context(), ingest.Choice{}); err != nil || r.Sources != 0 {
				t.Errorf("%+v, %v", r, err)
			}
		})
		time.Sleep(time.Second)
		if err := l.RemoveFeed(t.Context(), one); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		if took := (<-gaveUp).Sub(began); took > 21*time.Second {
			t.Errorf("it was given up after %v", took)
		}
	})
}

// TestWhatWasFetchedIsKeptAtTheEnd stops a sync in the middle of the pages.
func TestWhatWasFetchedIsKeptAtTheEnd(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	w := one(t, ingest.Options{MaxPages: 100, Progress: func(done, _ int, _ string) {
		if done == 3 {
			stop()
		}
	}})
	var items []string
	for n := range 10 {
		name := fmt.Sprint("n", n)
		items = append(items, item(name))
		w.site.set("/"+name, page("Title of "+name, prose(name)))
	}
	w.site.set("/rss", rss(items...))
	w.follow("/rss")
	r, err := w.Sync(ctx, ingest.Choice{})
	if err == nil || r.Added != 2 || len(w.documents()) != 2 {
		t.Errorf("%v, %+v, %d documents", err, r, len(w.documents()))
	}
	w.pass(2 * time.Minute)
	w.wantSync("8 added")
}

// TestProcessesShareTheWork has two watch many feeds of one PostgreSQL, and nothing be
// brought in twice.
func TestProcessesShareTheWork(t *testing.T) {
	db := dbtest.Postgres(t)
	w := &wire{asked: map[string]int{}, answer: feedResponse}
	l, err := library.New(t.Context(), db, library.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	const feeds = 60
	for n := range feeds {
		addFeed(t, l, fmt.Sprint("n", n))
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var wg sync.WaitGroup
	var mu sync.Mutex
	added := 0
	for range 2 {
		g := process(t, db, w)
		wg.Go(func() {
			_ = g.Watch(ctx, func(r report.Report) {
				mu.Lock()
				defer mu.Unlock()
				if added += r.Added; added == feeds {
					stop()
				}
			})
		})
	}
	wg.Wait()
	for n := range feeds {
		if id := fmt.Sprint("https://example.org/n", n); w.times(id) != 1 {
			t.Errorf("%s was asked %d times", id, w.times(id))
		}
	}
}

func process(t *testing.T, db *database.DB, w *wire) *ingest.Ingester {
	t.Helper()
	l, err := library.New(t.Context(), db, library.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	g, err := ingest.New(ingest.Options{Library: l, Client: w, Log: slog.New(slog.DiscardHandler), Workers: 3})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestWhatWasReadDoesNotWaitForASlowPage has the second page of a feed take 25 seconds.
func TestWhatWasReadDoesNotWaitForASlowPage(t *testing.T) {
	w := &wire{answer: func(ctx context.Context, address string) (fetch.Response, error) {
		name := strings.TrimPrefix(address, "https://example.org/")
		if name == "feed" {
			body := `<rss version="2.0"><channel><title>T</title>` + item("quick") + item("slow") + `</channel></rss>`
			return fetch.Response{URL: address, Body: []byte(body)}, ctx.Err()
		}
		if name == "slow" {
			select {
			case <-ctx.Done():
				return fetch.Response{}, ctx.Err()
			case <-time.After(25 * time.Second):
			}
		}
		body := `<html><body><article><h1>` + name + `</h1><p>` + prose(name) + `</p></article></body></html>`
		return fetch.Response{URL: address, ContentType: "text/html", Body: []byte(body)}, ctx.Err()
	}}
	watching(t, 1, w, func(t *testing.T, l *library.Library, processes []*ingest.Ingester) {
		addFeed(t, l, "feed")
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- processes[0].Watch(ctx, nil) }()
		time.Sleep(5 * time.Second)
		if n := documents(t, l); n != 1 {
			t.Errorf("%d documents five seconds after the first was read", n)
		}
		time.Sleep(time.Minute)
		if n := documents(t, l); n != 2 {
			t.Errorf("%d documents in the end", n)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
