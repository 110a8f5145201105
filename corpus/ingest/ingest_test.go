package ingest_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/corpus/database"
	"parley/corpus/database/dbtest"
	"parley/corpus/fetch"
	"parley/corpus/ingest"
	"parley/corpus/ingest/report"
	"parley/corpus/library"
	"parley/corpus/sharedtest"
)

func TestMain(m *testing.M) {
	if address := os.Getenv(childDatabase); address != "" {
		os.Exit(child(address))
	}
	os.Exit(dbtest.Main(sharedtest.Reporting{Tests: m}))
}

// start is when the clocks of tests begin.
var start = time.Date(2026, 5, 8, 7, 30, 0, 0, time.UTC)

// clock is a time that a test sets.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// site is a server whose pages a test sets, by path.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	pages map[string]http.HandlerFunc
	asked []string // paths, in order
}

func newSite(t testing.TB) *site {
	s := &site{pages: map[string]http.HandlerFunc{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.URL.RequestURI())
	h := s.pages[r.URL.Path]
	s.mu.Unlock()
	if h == nil {
		http.NotFound(w, r)
		return
	}
	h(w, r)
}

// set sets what is answered on a path.
func (s *site) set(path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = h
}

// requests are the paths that were asked since the last time, without robots.txt.
func (s *site) requests() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := slices.DeleteFunc(s.asked, func(path string) bool { return path == "/robots.txt" })
	s.asked = nil
	return strings.Join(asked, " ")
}

// status answers with a status and headers.
func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

// text answers with a content, and "not modified" to who knows it.
func text(contentType, content string) http.HandlerFunc {
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(content)))
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, content)
	}
}

// rss is a feed of items.
func rss(items ...string) http.HandlerFunc {
	return text("application/rss+xml", `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
		<channel><title>The Gazette</title><language>en</language><dc:rights>CC BY 4.0</dc:rights>`+strings.Join(items, "")+`</channel></rss>`)
}

// item is one that leads to a page; more are elements of it.
func item(name string, more ...string) string {
	return fmt.Sprintf(`<item><guid isPermaLink="false">%s</guid><title>Title of %[1]s</title><link>/%[1]s?utm_source=rss</link>%s</item>`, name, strings.Join(more, ""))
}

// fullItem has its text in the feed.
func fullItem(name, body string) string {
	return item(name, `<content:encoded><![CDATA[<p>`+body+`</p>]]></content:encoded>`)
}

func dated(s string) string { return "<pubDate>" + s + "</pubDate>" }

func described(s string) string { return "<description>" + s + "</description>" }

// prose is a text of some sentences about something.
func prose(of string) string {
	return fmt.Sprintf("The delegations met on the matter of %s for the third time, and both said afterwards that the talks had been useful. "+
		"A second round on %[1]s is planned for the coming week, officials said, in a place that will be named once all sides agree.", of)
}

// page is a web page with an article.
func page(title, body string, head ...string) http.HandlerFunc {
	return text("text/html; charset=utf-8", `<!DOCTYPE html><html lang="en"><head><title>`+title+`</title>`+strings.Join(head, "")+`</head><body><article><h1>`+title+
		`</h1><p>`+body+`</p></article></body></html>`)
}

// world is what a test works with.
type world struct {
	*ingest.Ingester
	t     *testing.T
	ctx   context.Context
	lib   *library.Library
	clock *clock
	site  *site
	log   *strings.Builder
}

// lockedWriter is a log that several goroutines write.
type lockedWriter struct {
	mu sync.Mutex
	b  *strings.Builder
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

// each runs a test with an empty library on both databases.
func each(t *testing.T, test func(w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { test(newWorld(t, db, ingest.Options{})) })
}

// one runs a test with an empty library on SQLite.
func one(t *testing.T, o ingest.Options) *world {
	t.Helper()
	return newWorld(t, dbtest.SQLite(t), o)
}

func newWorld(t *testing.T, db *database.DB, o ingest.Options) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), clock: &clock{t: start}, site: newSite(t), log: &strings.Builder{}}
	log := slog.New(slog.NewTextHandler(&lockedWriter{b: w.log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	w.lib, err = library.New(t.Context(), db, library.Options{Now: w.clock.now})
	w.must(err)
	o.Library, o.Client, o.Now, o.Log = w.lib, newClient(t, w.clock.now, log), w.clock.now, log
	w.Ingester, err = ingest.New(o)
	w.must(err)
	return w
}

// newClient is one that may ask servers on this machine, without a pause.
func newClient(t testing.TB, now func() time.Time, log *slog.Logger) *fetch.Client {
	c, err := fetch.New(fetch.Options{
		Log: log, Now: now, UserAgent: "Parley/1", Interval: time.Nanosecond, MaxBytes: 8 << 20, Timeout: 5 * time.Second,
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// pass lets time go by.
func (w *world) pass(d time.Duration) {
	w.clock.mu.Lock()
	defer w.clock.mu.Unlock()
	w.clock.t = w.clock.t.Add(d)
}

// url is the address of a path of the site.
func (w *world) url(path string) string { return w.site.URL + path }

// feeds follows a feed on a path without asking it.
func (w *world) follow(path string) {
	w.t.Helper()
	_, _, err := w.lib.AddFeed(w.ctx, library.Feed{Address: w.url(path)})
	w.must(err)
}

// wantSync syncs what is due and compares the report in words.
func (w *world) wantSync(want string) report.Report {
	w.t.Helper()
	r, err := w.Sync(w.ctx, ingest.Choice{})
	w.must(err)
	if have := r.String(); have != want {
		w.t.Errorf("sync: %s; want %s\n%v %v", have, want, r.Problems, r.Notes)
	}
	return r
}

func (w *world) wantAdd(what, want string) ingest.Added {
	w.t.Helper()
	a, err := w.Add(w.ctx, what)
	w.must(err)
	if have := fmt.Sprintf("%s: %v", a.Kind, a.Report); have != want {
		w.t.Errorf("add %s; want %s\n%v %v", have, want, a.Problems, a.Notes)
	}
	return a
}

// documents are the current ones by their keys.
func (w *world) documents() map[string]library.Entry {
	w.t.Helper()
	all := map[string]library.Entry{}
	for e, err := range w.lib.All(w.ctx) {
		w.must(err)
		if _, twice := all[e.Key]; twice {
			w.t.Errorf("two documents have the key %s", e.Key)
		}
		all[e.Key] = e
	}
	return all
}

func (w *world) wantKeys(want string) {
	w.t.Helper()
	if have := strings.Join(slices.Sorted(maps.Keys(w.documents())), " "); have != want {
		w.t.Errorf("documents %s; want %s", have, want)
	}
}

// doctor is how the only feed is doing.
func (w *world) doctor() ingest.Health {
	w.t.Helper()
	all, err := w.Doctor(w.ctx)
	w.must(err)
	if len(all) != 1 {
		w.t.Fatalf("%d feeds", len(all))
	}
	return all[0]
}

func (w *world) wantRequests(want string) {
	w.t.Helper()
	if have := w.site.requests(); have != want {
		w.t.Errorf("asked %s; want %s", have, want)
	}
}

func wantIn(t *testing.T, have, want string) {
	t.Helper()
	if !strings.Contains(have, want) {
		t.Errorf("%q is not in %q", want, have)
	}
}
