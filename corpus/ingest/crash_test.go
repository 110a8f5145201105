package ingest_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/corpus/database"
	"parley/corpus/database/dbtest"
	"parley/corpus/fetch"
	"parley/corpus/ingest"
	"parley/corpus/ingest/report"
	"parley/corpus/library"
)

var crashes = flag.Int("crashes", 4, "how often a child that syncs is killed, on each database; from 20 on, among 2,000 documents")

// childDatabase is the environment variable that makes the test binary a child that syncs;
// it names the database.
const childDatabase = "PARLEY_INGEST_TEST_DATABASE"

const (
	manyFeeds = 40 // with 2,000 documents
	fewFeeds  = 8
	perFeed   = 50 // documents
)

func feedPath(f int) string { return fmt.Sprintf("/feed/%d", f) }

// gazettes serves feeds; of each two articles one has its text in the feed and one on a page.
func gazettes(w http.ResponseWriter, r *http.Request) {
	var f, n int
	if _, err := fmt.Sscanf(r.URL.Path, "/f%dn%d", &f, &n); err == nil {
		name := fmt.Sprintf("f%dn%d", f, n)
		page("Title of "+name, prose(name))(w, r)
		return
	}
	if _, err := fmt.Sscanf(r.URL.Path, "/feed/%d", &f); err != nil {
		http.NotFound(w, r)
		return
	}
	items := make([]string, perFeed)
	for n := range items {
		name := fmt.Sprintf("f%dn%d", f, n)
		if items[n] = item(name, dated("Fri, 08 May 2026 07:00:00 GMT")); n%2 == 0 {
			items[n] = fullItem(name, prose(name))
		}
	}
	rss(items...)(w, r)
}

func open(ctx context.Context, address string) (*database.DB, error) {
	if strings.HasPrefix(address, "postgres:") {
		return database.OpenPostgres(ctx, address)
	}
	return database.OpenSQLite(ctx, address)
}

// child watches the feeds until it is killed, and says how many documents each visit has
// brought.
func child(address string) (code int) {
	ctx := context.Background()
	err := func() (err error) {
		db, err := open(ctx, address)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
		g, err := childIngester(ctx, db)
		if err != nil {
			return err
		}
		return g.Watch(ctx, func(r report.Report) { fmt.Println(r.Changed()) })
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func childIngester(ctx context.Context, db *database.DB) (*ingest.Ingester, error) {
	l, err := library.New(ctx, db, library.Options{Now: time.Now})
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	client, err := fetch.New(fetch.Options{
		Log: log, Interval: time.Nanosecond, PerHost: 4, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
	})
	if err != nil {
		return nil, err
	}
	return ingest.New(ingest.Options{Library: l, Client: client, Log: log, Workers: 4, MaxPages: 10, Lease: time.Second, Poll: 200 * time.Millisecond})
}

// databases runs a test on databases that a child can open too.
func databases(t *testing.T, test func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, filepath.Join(t.TempDir(), "parley.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, dbtest.Address(t))
	})
}

// TestNothingIsLostOrDoubledInACrash kills children at random points of a sync, has the
// last one's work finished, and compares with a sync that was left alone.
func TestNothingIsLostOrDoubledInACrash(t *testing.T) {
	t.Parallel()
	feeds := fewFeeds
	if *crashes >= 20 {
		feeds = manyFeeds
	}
	s := newSite(t)
	s.Config.Handler = http.HandlerFunc(gazettes)
	want, _ := cleanSync(t, dbtest.SQLite(t), s.URL, feeds)
	databases(t, func(t *testing.T, address string) {
		db, err := open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		followAll(t, db, s.URL, feeds)
		r := rand.New(rand.NewPCG(uint64(*crashes), 11))
		told := 0
		for range *crashes {
			// Few enough between two crashes that some are left at the last one: a visit brings up to 50.
			told += crash(t, address, r.IntN(2*feeds*perFeed / *crashes + 1), time.Duration(r.IntN(30))*time.Millisecond)
		}
		before := state(t, db).Documents
		if before < told {
			t.Errorf("the children told of %d documents, and %d are there", told, before)
		}
		have, _ := cleanSync(t, db, s.URL, feeds)
		if !maps.Equal(have, want) {
			t.Errorf("after %d crashes there are %d documents; want the %d of a sync that was left alone", *crashes, len(have), len(want))
		}
		t.Logf("killed %d times; %d documents of %d were there after the last one", *crashes, before, len(want))
	})
}

// followAll follows the feeds of a server.
func followAll(t testing.TB, db *database.DB, server string, feeds int) *library.Library {
	t.Helper()
	l, err := library.New(t.Context(), db, library.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	for f := range feeds {
		if _, _, err := l.AddFeed(t.Context(), library.Feed{Address: server + feedPath(f)}); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// crash starts a child and kills it a moment after it has told of so many documents, or
// after it was started; it returns how many it told of.
func crash(t *testing.T, address string, documents int, later time.Duration) (told int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), childDatabase+"="+address)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func() { _ = cmd.Process.Kill() } // SIGKILL
	// Where less is left than that, nothing more is told: the child is killed all the same.
	defer time.AfterFunc(2*time.Second, kill).Stop()
	if documents == 0 {
		defer time.AfterFunc(later, kill).Stop()
	}
	for said := bufio.NewScanner(out); said.Scan(); {
		n, err := strconv.Atoi(said.Text())
		if err != nil {
			t.Fatal(err)
		}
		if told += n; told >= documents || n == 0 {
			documents = 1 << 30
			defer time.AfterFunc(later, kill).Stop()
		}
	}
	if _, err := io.Copy(io.Discard, out); err != nil {
		t.Log(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the child ended by itself: %v", err)
	}
	return told
}

func state(t *testing.T, db *database.DB) library.State {
	t.Helper()
	l, err := library.New(t.Context(), db, library.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// cleanSync syncs until nothing is due and returns the documents by origin and key, with
// all that is stated of them and their revision.
func cleanSync(t testing.TB, db *database.DB, server string, feeds int) (documents map[string]string, took time.Duration) {
	t.Helper()
	l := followAll(t, db, server, feeds)
	g, err := childIngester(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for waiting := true; waiting; { // for the leases of those who were killed
		r, err := g.Sync(t.Context(), ingest.Choice{})
		if err != nil || len(r.Problems) > 0 {
			t.Fatal(err, r.Problems)
		}
		took = time.Since(began)
		due, next, err := l.DueFeeds(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if waiting = due > 0 || time.Until(next) < time.Minute; waiting {
			time.Sleep(100 * time.Millisecond)
		}
	}
	documents = map[string]string{}
	for e, err := range l.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		key := e.Origin.String() + " " + e.Key
		if _, twice := documents[key]; twice {
			t.Errorf("%s is there twice", key)
		}
		documents[key] = fmt.Sprintf("%+v, revision %d", e.Document, e.Revision)
	}
	if len(documents) != feeds*perFeed {
		t.Errorf("%d documents; want %d", len(documents), feeds*perFeed)
	}
	return documents, took
}

// BenchmarkSync tells how fast 2,000 small articles are brought in, half of them pages.
func BenchmarkSync(b *testing.B) {
	s := newSite(b)
	s.Config.Handler = http.HandlerFunc(gazettes)
	for name, open := range map[string]func(testing.TB) *database.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				documents, took := cleanSync(b, open(b), s.URL, manyFeeds)
				b.ReportMetric(float64(len(documents))/took.Seconds(), "documents/s")
			}
		})
	}
}
