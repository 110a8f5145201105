package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"parley/bot/bottest/telegramtest"
	"parley/cmd/parley/internal/app"
	"parley/corpus"
	"parley/corpus/database/dbtest"
	indexed "parley/index/bleveindex/contents"
)

var kills = flag.Int("kills", 4, "how often a serving process is killed, on each database")

// childEnv makes the test binary the program itself.
const childEnv = "PARLEY_TEST_PROGRAM"

const (
	gazettes   = 40
	perGazette = 50 // documents; 2,000 in all
)

// gazetteServer serves feeds on as many loopback addresses, so that none waits for another,
// and returns their addresses.
func gazetteServer(t *testing.T) (feeds []string) {
	t.Helper()
	l, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(serveGazette))
	server.Listener = l
	server.Start()
	t.Cleanup(server.Close)
	port := l.Addr().(*net.TCPAddr).Port
	for g := range gazettes {
		feeds = append(feeds, fmt.Sprintf("http://127.0.0.%d:%d/%d", g+1, port, g))
	}
	return feeds
}

func serveGazette(w http.ResponseWriter, r *http.Request) {
	gazette := strings.TrimPrefix(r.URL.Path, "/")
	time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond) // so that kills fall between the feeds
	fmt.Fprintf(w, `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Gazette %s</title>`, gazette)
	for n := range perGazette {
		name := fmt.Sprintf("g%sn%d", gazette, n)
		fmt.Fprintf(w, `<item><guid>%[1]s</guid><title>On %[1]s</title><link>https://gazette.example/%[1]s</link><pubDate>Fri, 08 May 2026 07:00:00 GMT</pubDate>
<content:encoded>&lt;p&gt;The mediator of %[1]s said that the river of %[1]s would be the border. Graustark rejected the plan of %[1]s.&lt;/p&gt;</content:encoded></item>`, name)
	}
	fmt.Fprint(w, `</channel></rss>`)
}

// held is what library and index hold.
type held struct {
	documents int
	library   string // version of the record that the library has
	index     string // version of that which the index shows
}

// site is a place where parley runs.
type site struct{ dir, config string }

// look opens the record as a start does and compares its index with the library.
func (s site) look(t *testing.T) (h held) {
	t.Helper()
	p := &process{globals: globals{Config: s.config, DataDir: s.dir}, stdout: os.Stdout, stderr: os.Stderr, now: time.Now}
	a, err := p.app()
	if err != nil {
		t.Fatal(err)
	}
	err = a.WithRecord(t.Context(), app.Files{}, func(r *app.Record) error {
		is, err := r.Asker.Record()
		h.index = is.Version
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = a.WithIndex(t.Context(), app.Files{}, func(x *app.Index) error {
		docs, _, err := x.Documents(t.Context())
		h.documents, h.library = len(docs), versionOf(docs)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// versionOf is the version of a record of the documents.
func versionOf(docs []corpus.Document) string {
	var s indexed.Summary
	for _, doc := range docs {
		s.Add(doc.Source, indexed.Share{Hash: indexed.DigestOf(doc)})
	}
	s.Finish()
	return s.Record.Version
}

// newSite is a place with a configuration that follows feeds.
func newSite(t *testing.T, database string) site {
	t.Helper()
	fake := telegramtest.New(telegramtest.Options{})
	t.Cleanup(fake.Close)
	feeds, err := json.Marshal(gazetteServer(t))
	if err != nil {
		t.Fatal(err)
	}
	s := site{dir: t.TempDir()}
	s.config = filepath.Join(s.dir, "parley.toml")
	first := filepath.Join(s.dir, "first.md")
	write(t, first, "---\nid: first\ntitle: The first\npublisher: Strelsau Gazette\n---\n"+text+"\n")
	write(t, s.config, fmt.Sprintf("[database]\ndsn = %q\n[corpus]\nbriefs = false\npaths = [%q]\n[sync]\nfeeds = %s\n"+
		"allow_private = [\"127.0.0.0/8\"]\n[telegram]\ntoken = %q\napi_url = %q\n", database, first, feeds, fake.Token(), fake.URL()))
	return s
}

func TestWhatServesAndSyncsMayBeKilledAtAnyMoment(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the feeds stand on loopback addresses that only Linux has")
	}
	t.Parallel()
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": dbtest.Address} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for left := *kills; left > 0; left -= killsPerSite {
				s := newSite(t, dsn(t))
				s.survive(t, min(left, killsPerSite))
				if left <= killsPerSite {
					s.complete(t)
				}
			}
		})
	}
}

// killsPerSite is after how many kills a site has most documents, so that another is begun.
const killsPerSite = 5

// survive kills what serves again and again and looks what is left.
func (s site) survive(t *testing.T, kills int) {
	t.Helper()
	before := s.look(t)
	for round := range kills {
		s.killed(t, time.Duration(rand.IntN(2000))*time.Millisecond)
		now := s.look(t)
		if now.index != now.library {
			t.Fatalf("the index shows another record than the library has: %+v", now)
		}
		if now.documents < before.documents {
			t.Fatalf("documents were lost: %d, then %d", before.documents, now.documents)
		}
		t.Logf("killed %d times: %d documents", round+1, now.documents)
		before = now
	}
}

// complete syncs until all documents are there. What the last process that was killed had
// claimed is free after the lease of this package's tests.
func (s site) complete(t *testing.T) {
	t.Helper()
	const all = gazettes*perGazette + 1
	for {
		if r := parley(t, "", "--config", s.config, "--data-dir", s.dir, "corpus", "sync", "--all"); r.code != exitOK {
			t.Fatalf("sync: %+v", r)
		}
		now := s.look(t)
		if now.documents == all && now.index == now.library {
			return
		}
		if now.documents > all || now.index != now.library {
			t.Fatalf("at last %+v; want %d documents", now, all)
		}
		time.Sleep(2 * time.Second)
	}
}

// killed runs "parley serve" in another process and kills it after a while.
func (s site) killed(t *testing.T, after time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "--config", s.config, "--data-dir", s.dir, "serve") // the context's end kills it
	cmd.Env = append(os.Environ(), childEnv+"=1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err == nil || errors.As(err, &exit) && exit.Exited() {
		t.Fatalf("it ended by itself: %v\n%s", err, out)
	}
}
