package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
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
		{[]string{"corpus", "remove", "zenda", "--reason", "a test"}, exitOK, []string{"zenda is no longer quoted"}, nil},
		{[]string{"ask", question}, exitOK, []string{"The record has nothing that answers this"}, nil},
		{[]string{"corpus", "list", "--withdrawn"}, exitOK, []string{"zenda"}, nil},
		{[]string{"corpus", "show", "zenda"}, exitOK, []string{"by operator: a test"}, nil},
		{[]string{"corpus", "restore", "zenda"}, exitOK, []string{"zenda is quoted again"}, nil},
		{[]string{"ask", question}, exitOK, []string{"12,000 prisoners would be exchanged"}, nil},
		{[]string{"corpus", "remove", "nobody"}, exitError, nil, []string{`no document and no feed "nobody"`}},
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
	parley(t, "/source zenda#0\n", "chat").want(t, exitOK, []string{"corrected since", "12,000"})
}

func TestAnExportIsReadBackToTheSame(t *testing.T) {
	ownTalks(t)
	parley(t, "", "corpus", "add", "talks").want(t, exitOK, []string{"3 added"})
	parley(t, "", "corpus", "remove", "fish").want(t, exitOK, []string{"fish"})
	parley(t, "", "corpus", "export", "--out", "all.jsonl").want(t, exitOK, nil)
	parley(t, "", "--data-dir", "other", "corpus", "add", "all.jsonl").want(t, exitOK, []string{"3"})
	parley(t, "", "--data-dir", "other", "corpus", "export", "--out", "again.jsonl").want(t, exitOK, nil)
	first, err := os.ReadFile("all.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile("again.jsonl")
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("exported again: %v\n%s\nfirst:\n%s", err, second, first)
	}
	if r := parley(t, "", "corpus", "export"); r.stdout != string(first) {
		t.Errorf("on stdout:\n%s", r.stdout)
	}
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
