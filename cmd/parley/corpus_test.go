package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"parley/corpus"
	"parley/corpus/database"
	"parley/corpus/library"
)

// ownTalks is a folder with the test's documents and a configuration without the briefs.
func ownTalks(t *testing.T) {
	t.Helper()
	talks(t)
	write(t, "parley.toml", "[corpus]\nbriefs = false\n")
}

func TestWhatIsAddedIsAnsweredListedShownRemovedAndRestored(t *testing.T) {
	ownTalks(t)
	for _, step := range []struct {
		args   []string
		code   int
		stdout []string
		stderr []string
	}{
		{[]string{"ask", question}, exitError, nil, []string{"the record has no documents"}},
		{[]string{"corpus", "add", "talks"}, exitOK, []string{"3 added"}, nil},
		{[]string{"corpus", "add", "talks"}, exitOK, []string{"3 unchanged"}, nil},
		{[]string{"ask", question}, exitOK, []string{"12,000 prisoners would be exchanged"}, nil},
		{[]string{"corpus", "list"}, exitOK, []string{"zenda   2025-02-14  Strelsau Gazette  The talks of Strelsau\n", "fish", "trains"}, nil},
		{[]string{"corpus", "list", "--publisher", "Rail Times", "--json"}, exitOK, []string{`{"id":"trains",`, `"origin":"file `}, nil},
		{[]string{"corpus", "show", "zenda"}, exitOK, []string{"Link:       https://gazette.example/zenda\n", "\n\n" + text + "\n"}, nil},
		{[]string{"corpus", "show", "nobody"}, exitError, nil, []string{"parley corpus list shows the documents"}},
		{[]string{"corpus", "remove", "zenda", "--reason", "a test"}, exitOK, []string{"zenda was removed: 1 withdrawn."}, nil},
		{[]string{"ask", question}, exitOK, []string{"The record is not about this."}, nil},
		{[]string{"corpus", "list", "--withdrawn"}, exitOK, []string{"zenda"}, nil},
		{[]string{"corpus", "show", "zenda"}, exitOK, []string{"by operator: a test"}, nil},
		{[]string{"corpus", "restore", "zenda"}, exitOK, []string{"zenda is quoted again"}, nil},
		{[]string{"ask", question}, exitOK, []string{"12,000 prisoners would be exchanged"}, nil},
		{[]string{"corpus", "remove", "talks"}, exitOK, []string{"talks was removed: 3 withdrawn."}, nil},
		{[]string{"corpus", "add", "talks"}, exitOK, []string{"3 restored"}, nil},
		{[]string{"corpus", "remove", "nobody"}, exitError, nil, []string{`no document, feed or file "nobody"`}},
	} {
		parley(t, "", step.args...).want(t, step.code, step.stdout, step.stderr...)
		if t.Failed() {
			t.Fatalf("at parley %v", step.args)
		}
	}
}

func TestACorrectedDocumentSaysSoAndKeepsItsOldText(t *testing.T) {
	ownTalks(t)
	parley(t, "", "corpus", "add", "talks").want(t, exitOK, []string{"3 added"})
	corrected := strings.ReplaceAll(text, "12,000", "11,000")
	write(t, "talks/zenda.md", "---\nid: zenda\ntitle: The talks of Strelsau\npublisher: Strelsau Gazette\npublished: 2025-02-14\n---\n"+corrected+"\n")
	parley(t, "", "ask", question).want(t, exitOK, []string{"12,000 prisoners"})
	parley(t, "", "corpus", "add", "talks").want(t, exitOK, []string{"1 revised", "2 unchanged"})
	parley(t, "", "ask", question).want(t, exitOK, []string{"11,000 prisoners", "14 February 2025, corrected on "})
	parley(t, "", "corpus", "show", "zenda").want(t, exitOK, []string{"Revision:   1, seen", "Revision:   2, seen", "11,000"})
	parley(t, "", "corpus", "show", "zenda", "--revision", "1").want(t, exitOK, []string{"12,000"})
	for _, number := range []string{"3", "-1"} {
		parley(t, "", "corpus", "show", "zenda", "--revision="+number).want(t, exitError, nil, `document "zenda" has no revision `+number+`; its last one is 2`)
	}
	parley(t, "/source zenda#0\n", "chat").want(t, exitOK, []string{"corrected since", "12,000"})
}

func TestAnExportIsReadBackToTheSame(t *testing.T) {
	ownTalks(t)
	parley(t, "", "corpus", "add", "talks").want(t, exitOK, []string{"3 added"})
	parley(t, "", "corpus", "remove", "fish").want(t, exitOK, []string{"fish"})
	parley(t, "", "corpus", "export", "--out", "all.jsonl").want(t, exitOK, nil)
	parley(t, "", "--data-dir", "other", "corpus", "add", "all.jsonl").want(t, exitOK, []string{"3"})
	parley(t, "", "--data-dir", "other", "corpus", "export", "--out", "again.jsonl").want(t, exitOK, nil)
	first, second := contents(t, "all.jsonl"), contents(t, "again.jsonl")
	if !bytes.Equal(first, second) {
		t.Errorf("exported again:\n%s\nfirst:\n%s", second, first)
	}
	if r := parley(t, "", "corpus", "export"); r.stdout != string(first) {
		t.Errorf("on stdout:\n%s", r.stdout)
	}
}

// openGazette serves a feed and its page, for a library in a new folder without briefs.
func openGazette(t *testing.T) (*gazette, *httptest.Server) {
	t.Helper()
	t.Chdir(t.TempDir())
	g := &gazette{}
	g.text.Store("Colonel Sapt opened the lighthouse of Ruritania on Tuesday, in heavy rain, before 300 guests.")
	g.feed.Store("A lighthouse")
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	write(t, "parley.toml", "[corpus]\nbriefs = false\n[sync]\nallow_private = [\"127.0.0.0/8\"]\n")
	return g, server
}

// TestAnExportToShareHoldsNoSecret follows one feed with a token, one without, and a page.
func TestAnExportToShareHoldsNoSecret(t *testing.T) {
	_, server := openGazette(t)
	open, closed := server.URL+"/feed", server.URL+"/feed?feed_token=XYZZY"
	parley(t, "", "corpus", "add", open, closed, server.URL+"/light").want(t, exitOK, []string{"is followed from now on"})
	parley(t, "", "corpus", "sync").want(t, exitOK, []string{"2 added"})

	leftOut := server.URL + "/feed?… is left out"
	parley(t, "", "corpus", "export", "--out", "shared.jsonl").want(t, exitOK, nil, leftOut, "documents written without the address of their feed or page, which will not know them again where this is added: 1;", "--with-secrets")
	parley(t, "", "corpus", "export", "--out", "whole.jsonl", "--with-secrets").want(t, exitOK, nil)
	if secret := []byte("XYZZY"); bytes.Contains(contents(t, "shared.jsonl"), secret) || !bytes.Contains(contents(t, "whole.jsonl"), secret) {
		t.Error("the secret is in the export to share, or not in the whole one")
	}
	opml := parley(t, "", "corpus", "export", "--opml")
	opml.want(t, exitOK, []string{`xmlUrl="` + open + `"`}, leftOut)
	if strings.Contains(opml.stdout, "XYZZY") || strings.Contains(opml.stdout, "/light") {
		t.Errorf("feeds to share: %s", opml.stdout)
	}
	for name, again := range map[string][]string{"shared.jsonl": nil, "whole.jsonl": {"--with-secrets"}} {
		parley(t, "", "--data-dir", "of-"+name, "corpus", "add", name).want(t, exitOK, []string{"3 added"})
		r := parley(t, "", append([]string{"--data-dir", "of-" + name, "corpus", "export"}, again...)...)
		if r.stdout != string(contents(t, name)) {
			t.Errorf("%s reads back to\n%s\nfrom\n%s", name, r.stdout, contents(t, name))
		}
	}
}

func contents(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAPageAndAFeedAreShownWithoutBeingKept(t *testing.T) {
	ownTalks(t)
	write(t, "page.html", `<html lang="en"><head><title>Talks end</title><meta property="og:site_name" content="Strelsau Gazette">
<meta property="article:published_time" content="2025-02-14"></head><body><article><h1>Talks end</h1>
<p>The delegations of Ruritania and Graustark left the city of Strelsau on Friday without a treaty, the mediator told reporters at the gate.</p>
<p>He said that they would meet again in the spring, and that the river would then be the first item on their agenda for the week.</p></article></body></html>`)
	r := parley(t, "", "corpus", "extract", "page.html", "--json")
	r.want(t, exitOK, nil)
	var got extracted
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
		t.Fatal(err)
	}
	if got.Title != "Talks end" || got.Publisher != "Strelsau Gazette" || got.Published.String() != "2025-02-14" || got.Language != "en" || !strings.Contains(got.Text, "without a treaty") {
		t.Errorf("got %+v", got)
	}
	write(t, "feed.xml", `<rss version="2.0"><channel><title>Gazette</title><item><guid>1</guid><title>Talks end</title><link>https://gazette.example/1</link><pubDate>Fri, 14 Feb 2025 10:00:00 GMT</pubDate></item></channel></rss>`)
	parley(t, "", "corpus", "parse-feed", "feed.xml").want(t, exitOK, []string{"Gazette, rss 2.0, 1 items", "Talks end  https://gazette.example/1"})
	parley(t, "", "corpus", "parse-feed", "feed.xml", "--json").want(t, exitOK, []string{`"title":"Gazette"`, `"url":"https://gazette.example/1"`})
	parley(t, "", "corpus", "parse-feed", "page.html").want(t, exitError, nil, "page.html: this is not a feed")
	parley(t, "", "corpus", "extract", "nothing.html").want(t, exitError, nil, "nothing.html")
	parley(t, "", "corpus", "extract", "http://127.0.0.1/").want(t, exitError, nil, "not public")
}

// gazette serves a feed with one article, which is corrected and then withdrawn.
type gazette struct{ text, feed atomic.Value }

func (g *gazette) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/feed":
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>Harbour News</title><item><guid>1</guid><title>%s</title><link>http://%s/light</link>
<pubDate>Tue, 01 Apr 2025 10:00:00 GMT</pubDate></item></channel></rss>`, g.feed.Load(), r.Host)
	case "/light":
		text := g.text.Load().(string)
		if text == "" {
			http.Error(w, "it is gone", http.StatusGone)
			return
		}
		fmt.Fprintf(w, `<html lang="en"><head><title>A lighthouse</title></head><body><nav>Home</nav><article><h1>A lighthouse</h1><p>%s</p>
<p>The fishermen of Hentzau had asked for it for many years, the harbour master told reporters who had come from the capital.</p></article></body></html>`, text)
	default:
		http.NotFound(w, r)
	}
}

func TestAFeedIsFollowedCorrectedAndWithdrawn(t *testing.T) {
	g, server := openGazette(t)
	const about = "Who opened the lighthouse of Ruritania?"
	feed := server.URL + "/feed"
	parley(t, "", "corpus", "add", feed).want(t, exitOK, []string{"a feed: 1 waiting for their page", "Harbour News is followed from now on"})
	parley(t, "", "corpus", "sync").want(t, exitOK, []string{"1 added"})
	parley(t, "", "ask", about).want(t, exitOK, []string{"Colonel Sapt opened the lighthouse", "Harbour News, “A lighthouse”, 1 April 2025"})
	parley(t, "", "corpus", "sync").want(t, exitOK, []string{"nothing new"})

	g.text.Store("Colonel Sapt opened the lighthouse of Ruritania on Monday, in heavy rain, before 200 guests.")
	g.feed.Store("A lighthouse (corrected)")
	parley(t, "", "corpus", "sync", "--json", feed).want(t, exitOK, []string{`"revised":1`, `"problems":[]`})
	parley(t, "", "ask", about).want(t, exitOK, []string{"on Monday, in heavy rain", "corrected on "})

	g.text.Store("")
	g.feed.Store("A lighthouse (withdrawn)")
	parley(t, "", "corpus", "sync", feed).want(t, exitOK, []string{"1 withdrawn"}, "410 Gone")
	parley(t, "", "ask", about).want(t, exitOK, []string{"The record is not about this."})
	parley(t, "", "corpus", "doctor").want(t, exitOK, []string{feed, "Harbour News", "well"})
	parley(t, "", "corpus", "export", "--opml").want(t, exitOK, []string{`xmlUrl="` + feed + `"`})

	server.Close()
	parley(t, "", "corpus", "sync", feed).want(t, exitError, []string{"1 asked, 1 failed: nothing new"}, feed, "1 of 1 feeds and pages could not be got")
	parley(t, "", "corpus", "sync", feed, "--json").want(t, exitError, []string{`"sources":1,"failed":1,"claimed":0`}, "1 of 1 feeds and pages could not be got")
	parley(t, "", "corpus", "doctor", "--json").want(t, exitOK, []string{`"state":"failing"`})
	parley(t, "", "corpus", "remove", feed).want(t, exitOK, []string{feed + " was removed.\n"})
	parley(t, "", "corpus", "doctor").want(t, exitOK, []string{"No feed and no page is followed"})
	parley(t, "", "corpus", "restore", feed).want(t, exitOK, []string{feed + " is fetched again."})
	parley(t, "", "corpus", "doctor").want(t, exitOK, []string{feed, "1 new"})
	parley(t, "", "corpus", "restore", server.URL+"/other?key=hush").want(t, exitError, nil, "the library does not follow "+server.URL+"/other?… and has no document of it; parley corpus add follows it")
	parley(t, "", "corpus", "sync", "--watch", "--all").want(t, exitUsage, nil, "--watch fetches whatever comes due")
}

func TestAFeedAndAPageThatWereRemovedComeBack(t *testing.T) {
	_, server := openGazette(t)
	feed, page := server.URL+"/feed", server.URL+"/light"
	parley(t, "", "corpus", "add", feed, page).want(t, exitOK, []string{"is followed from now on"})
	parley(t, "", "corpus", "sync").want(t, exitOK, []string{"1 added"})
	parley(t, "", "corpus", "remove", "--documents", feed).want(t, exitOK, []string{"was removed: 1 withdrawn", "parley corpus restore follows it again"})
	parley(t, "", "corpus", "remove", page).want(t, exitOK, []string{"was removed: 1 withdrawn"})
	parley(t, "", "corpus", "list").want(t, exitOK, nil, "no documents")
	parley(t, "", "corpus", "restore", "--documents", feed).want(t, exitOK, []string{"is fetched again", "Documents that are quoted again: 1."})
	parley(t, "", "corpus", "restore", page).want(t, exitOK, []string{page + " is fetched again"})
	parley(t, "", "corpus", "sync").want(t, exitOK, []string{"2 asked: 1 restored, 1 unchanged."})
	parley(t, "", "corpus", "doctor").want(t, exitOK, []string{"2 well"})
}

func TestAFewFeedsThatFailAreNoErrorUnlessAsked(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "parley.toml", "[corpus]\nbriefs = false\n[sync]\nallow_private = [\"127.0.0.0/8\"]\n")
	server := press(t)
	followUnasked(t, server+"/good", server+"/nowhere")
	parley(t, "", "corpus", "sync", "--all", "--strict").want(t, exitError, []string{"2 asked, 1 failed"}, "1 of 2 feeds and pages could not be got; parley corpus doctor says what to do")
	parley(t, "", "corpus", "sync", "--all").want(t, exitOK, []string{"2 asked, 1 failed"}, server+"/nowhere: ")
}

// TestFeedsOfAProcessThatDiedAreTold claims a feed as a process does that is killed then.
func TestFeedsOfAProcessThatDiedAreTold(t *testing.T) {
	ownTalks(t)
	followUnasked(t, "https://gazette.example/feed")
	db, err := database.OpenSQLite(t.Context(), "data/parley.db")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	lib, err := library.New(t.Context(), db, library.Options{Now: time.Now, Own: func(corpus.Source) bool { return false }})
	if err != nil {
		t.Fatal(err)
	}
	claims, err := lib.ClaimFeeds(t.Context(), 1, time.Hour)
	if err != nil || len(claims) != 1 {
		t.Fatal(claims, err)
	}
	until := claims[0].Until.Local().Format(time.RFC3339)
	for _, args := range [][]string{{"corpus", "sync"}, {"corpus", "sync", "--all"}, {"corpus", "sync", "https://gazette.example/feed"}} {
		parley(t, "", args...).want(t, exitOK, []string{"0 asked: nothing new."}, "or was when it was killed: 1; all can be asked from "+until+" on")
	}
	parley(t, "", "corpus", "sync", "--json").want(t, exitOK, []string{`"claimed":1,"claimed_until":"`})
}

func TestTheBuiltInDocumentsAreThereFromTheFirstCommandOn(t *testing.T) {
	for _, first := range []struct {
		args []string
		want string
	}{
		{[]string{"corpus", "list", "--limit", "0"}, "Parley"}, {[]string{"corpus", "show", "F048"}, "Document:   F048\n"},
		{[]string{"corpus", "export"}, `"id":"F048"`}, {[]string{"corpus", "remove", "F048"}, "F048 was removed: 1 withdrawn."},
	} {
		t.Chdir(t.TempDir())
		parley(t, "", first.args...).want(t, exitOK, []string{first.want})
	}
}

func TestDocumentsAreListedByDatesInWords(t *testing.T) {
	ownTalks(t)
	parley(t, "", "corpus", "add", "talks").want(t, exitOK, []string{"3 added"})
	for args, want := range map[string]string{
		"--since\n14 February 2025": "fish zenda", "--since\n2025-02-15": "fish", "--until\n2024": "trains", "--since\n2025\n--until\nFebruary 2025": "zenda",
	} {
		var ids []string
		for line := range strings.Lines(parley(t, "", append([]string{"corpus", "list"}, strings.Split(args, "\n")...)...).stdout) {
			ids = append(ids, strings.Fields(line)[0])
		}
		if have := strings.Join(ids, " "); have != want {
			t.Errorf("%q: %s; want %s", args, have, want)
		}
	}
	parley(t, "", "corpus", "list", "--since", "last week").want(t, exitOK, nil, "no such documents")
	parley(t, "", "corpus", "list", "--until", "someday").want(t, exitUsage, nil, `--until is "someday", which is no date; dates are written 2025`)
	parley(t, "", "corpus", "list", "--since", "2025", "--until", "2024").want(t, exitUsage, nil, `the time from "2025" until "2024" is empty`)
	parley(t, "", "corpus", "list", "--origin", "moon").want(t, exitUsage, nil, `--origin must be one of "feed","page","file","configured","built-in" but got "moon"`)
}

func TestAnExportReplacesFilesAndWritesIntoTheRest(t *testing.T) {
	dir := t.TempDir()
	file, link, pipe := filepath.Join(dir, "file"), filepath.Join(dir, "link"), filepath.Join(dir, "pipe")
	hello := func(w io.Writer) error {
		_, err := io.WriteString(w, "hello")
		return err
	}
	if err := errors.Join(os.WriteFile(file, []byte("before"), 0o600), os.Symlink(file, link), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(link, hello); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "hello" {
		t.Errorf("the file that the link leads to has %q, error %v", text, err)
	}
	reader, err := os.OpenFile(pipe, os.O_RDWR, 0) // both, so that it does not wait for a writer
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	if err := replaceFile(pipe, hello); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 5)
	if _, err := io.ReadFull(reader, got); err != nil || string(got) != "hello" {
		t.Errorf("the pipe has %q, error %v", got, err)
	}
	if err := replaceFile(dir, hello); err == nil {
		t.Error("a folder was written to")
	}
	for _, left := range []string{link, pipe} {
		if info, err := os.Lstat(left); err != nil || info.Mode().IsRegular() {
			t.Errorf("%s was replaced, error %v", left, err)
		}
	}
}
