package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/corpus/database/dbtest"
	"parley/corpus/fetch"
	"parley/corpus/ingest"
	"parley/corpus/library"
	"parley/corpus/sharedtest"
	"parley/corpus/weburl"
)

// TestAHostileFeedStaysInBounds has a feed that is as large as it may be in everything.
func TestAHostileFeedStaysInBounds(t *testing.T) {
	w := one(t, ingest.Options{MaxNew: 5000, MaxPages: 3, MaxRound: 3})
	var b strings.Builder
	fmt.Fprintf(&b, `<rss version="2.0"><channel><title>%s</title>`, strings.Repeat("t", 100_000))
	long := strings.Repeat("x", 900)
	for n := range 4900 {
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">%d%s</guid><title>%[2]s</title><link>/%[1]d?%[2]s</link></item>`, n, long[:60])
	}
	for n := range 50 {
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">%d%s</guid><title>%[2]s</title><link>/%[1]d?%[2]s</link><description>%[2]s</description><author>%[2]s</author></item>`, n, strings.Repeat(long, 3))
	}
	b.WriteString(`</channel></rss>`)
	w.site.set("/rss", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("ETag", `"`+strings.Repeat("e", 30_000)+`"`)
		rw.Header().Set("Last-Modified", "\xff\xfe")
		_, _ = rw.Write([]byte(b.String()))
	})
	w.follow("/rss")
	for range 3 {
		_, err := w.Sync(w.ctx, ingest.Choice{})
		w.must(err)
		w.pass(25 * time.Hour)
	}
	f, err := w.lib.Feed(w.ctx, w.url("/rss"))
	w.must(err)
	if f.Failures != 0 || f.LastModified != "" || len(f.Title) > 1100 || len(f.State) < 100_000 || len(f.State) > 4<<20 {
		t.Errorf("%d failures, %q, a title of %d bytes, a state of %d", f.Failures, f.LastModified, len(f.Title), len(f.State))
	}
}

// TestAMemoryThatIsTooLargeIsCut has more to remember than fits, and loses none of it.
func TestAMemoryThatIsTooLargeIsCut(t *testing.T) {
	w := one(t, ingest.Options{MaxNew: 5000, MaxPages: 1, MaxRound: 1})
	items := make([]string, 300)
	for n := range items {
		items[n] = item(fmt.Sprint("n", n), described(strings.Repeat("Words of a summary. ", 750)))
	}
	w.site.set("/rss", rss(items...))
	w.follow("/rss")
	r, err := w.Sync(w.ctx, ingest.Choice{})
	w.must(err)
	wantIn(t, strings.Join(r.Notes, "\n"), "items are left for the next time")
	f, err := w.lib.Feed(w.ctx, w.url("/rss"))
	w.must(err)
	if f.ETag != "" || len(f.State) > 3<<20 || len(f.State) < 2<<20 {
		t.Errorf("tag %q, a state of %d bytes", f.ETag, len(f.State))
	}
}

// TestFeedsOfTheWorld brings in the feeds of other readers' test suites, with a page behind
// every link: each feed is well or says why not, and no markup comes through.
func TestFeedsOfTheWorld(t *testing.T) {
	suites := sharedtest.Path(t, "feeds")
	w := &wire{asked: map[string]int{}, answer: func(ctx context.Context, address string) (fetch.Response, error) {
		if path, ok := strings.CutPrefix(address, "https://feeds.example.org/"); ok {
			if content, err := os.ReadFile(filepath.Join(suites, path)); err == nil {
				return fetch.Response{URL: address, Body: content}, nil
			}
		}
		return fetch.Response{URL: address, ContentType: "text/html", Body: []byte("<html><body><p>" + prose(weburl.Redacted(address)) + "</p></body></html>")}, ctx.Err()
	}}
	l, err := library.New(t.Context(), dbtest.SQLite(t), library.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	g, err := ingest.New(ingest.Options{Library: l, Client: w, Log: slog.New(slog.DiscardHandler), Workers: 4})
	if err != nil {
		t.Fatal(err)
	}
	feeds, files := 0, 0
	err = filepath.WalkDir(suites, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(suites, path)
		if err != nil {
			return err
		}
		if files++; files%5 != 0 { // a sample: under -race, SQLite takes its time
			return nil
		}
		feeds++
		_, _, err2 := l.AddFeed(t.Context(), library.Feed{Address: "https://feeds.example.org/" + filepath.ToSlash(rel)})
		return errors.Join(err, err2)
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Sync(t.Context(), ingest.Choice{})
	if err != nil {
		t.Fatal(err)
	}
	health, err := g.Doctor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range health {
		if h.State == ingest.Unasked || h.State == ingest.Failing && h.Reason == "" {
			t.Errorf("%+v", h)
		}
	}
	if r.Sources != feeds || r.Refused > 0 || r.Added < 30 || r.Waiting > 0 {
		t.Errorf("%d feeds, %+v", feeds, r)
	}
	t.Logf("%d feeds, %d do not parse; %v", feeds, r.Failed, r)
}

func TestRemove(t *testing.T) {
	each(t, func(w *world) {
		w.site.set("/rss", rss(fullItem("a", prose("a"))))
		w.site.set("/p", page("P", prose("p")))
		dir := w.folder(map[string]string{"x.txt": "X.", "y.txt": "Y."})
		w.wantAdd(w.url("/rss"), "feed: 1 added")
		w.wantAdd(w.url("/p"), "page: 1 added")
		w.wantAdd(dir, "folder: 2 added")
		remove := func(what, want string) {
			t.Helper()
			r, err := w.Remove(w.ctx, what, "")
			w.must(err)
			if have := r.String(); have != want {
				t.Errorf("remove %s: %s; want %s", what, have, want)
			}
		}
		remove(w.url("/rss"), "nothing new")
		remove(w.url("/p"), "1 withdrawn")
		remove("x", "1 withdrawn")
		remove(dir, "1 withdrawn")
		w.wantKeys("a")
		if _, err := w.Remove(w.ctx, "https://example.org/?hush", ""); !errors.Is(err, library.ErrNotFound) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%v", err)
		}
		w.wantAdd(dir, "folder: 1 restored, 1 held back")
		w.wantAdd(w.url("/p"), "page: 1 restored")
		w.wantAdd(w.url("/rss"), "feed: 1 unchanged")
	})
}
