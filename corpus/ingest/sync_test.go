package ingest_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/corpus/ingest"
	"parley/corpus/library"
)

// TestTheLifeOfAFeed follows one from its first answer on.
func TestTheLifeOfAFeed(t *testing.T) {
	each(t, func(w *world) {
		w.follow("/rss")
		w.site.set("/rss", rss(item("a", dated("Thu, 07 May 2026 12:00:00 GMT")), fullItem("b", prose("b")), fullItem("b", "again"), item("c", described("Only words."))))
		w.site.set("/a", page("The real title", prose("a"), `<meta property="og:site_name" content="Gazette Online">`))
		w.site.set("/c", status(500))
		r := w.wantSync("2 added")
		if len(r.Problems) != 1 || !strings.Contains(r.Problems[0].String(), "/c: fetch") || r.Sources != 1 {
			t.Errorf("report %+v", r)
		}
		w.wantRequests("/rss /a /c") // without what tracks the reader

		have := w.documents()
		a, b := have["a"], have["b"]
		if a.Title != "The real title" || a.Publisher != "Gazette Online" || a.Text != prose("a") || a.URL != w.url("/a") ||
			a.Published.String() != "2026-05-07T12:00:00Z" || a.Language != "en" || a.License != "CC BY 4.0" {
			t.Errorf("the document of a page is %+v", a)
		}
		if b.Title != "Title of b" || b.Publisher != "The Gazette" || b.Text != prose("b") || len(have) != 2 {
			t.Errorf("the document of a feed is %+v; %d documents", b, len(have))
		}

		w.wantSync("nothing new") // nothing is due
		w.wantRequests("")
		w.pass(2 * time.Hour)
		w.site.set("/c", page("C", prose("c")))
		w.wantSync("1 added") // the feed is not modified; the page that failed is tried again
		w.wantKeys("a b c")

		w.pass(26 * time.Hour)
		w.site.set("/rss", rss(fullItem("b", prose("another matter")))) // shrinks
		w.wantSync("1 revised")
		w.wantKeys("a b c")
		w.site.set("/rss", status(410))
		w.pass(26 * time.Hour)
		w.wantSync("nothing new")
		if h := w.doctor(); h.State != ingest.Suspended || !strings.Contains(h.Reason, "410") || h.Documents != 3 {
			t.Errorf("a feed that is gone: %+v", h)
		}
		w.pass(100 * time.Hour)
		w.wantSync("nothing new")
		w.wantKeys("a b c")
	})
}

// TestPagesAreAskedAgain has the page of a new article change, vanish and come back.
func TestPagesAreAskedAgain(t *testing.T) {
	each(t, func(w *world) {
		w.follow("/rss")
		w.site.set("/rss", rss(item("a", dated("Fri, 08 May 2026 07:30:00 GMT"))))
		w.site.set("/a", page("A", prose("one")))
		w.wantSync("1 added")
		w.site.requests()
		// By its age: 1 h, 6 h, 1 d, 3 d, 7 d, 30 d and never again.
		at := func(age time.Duration, want string) {
			t.Helper()
			w.pass(start.Add(age).Sub(w.clock.now()))
			w.wantSync(want)
		}
		at(59*time.Minute, "nothing new")
		if asked := w.site.requests(); strings.Contains(asked, "/a") {
			t.Errorf("asked too early: %s", asked)
		}
		w.site.set("/a", page("A", prose("two")))
		at(time.Hour+time.Minute, "1 revised")
		at(7*time.Hour, "nothing new") // 304
		w.site.set("/a", status(404))
		at(25*time.Hour, "nothing new")
		at(25*time.Hour+16*time.Minute, "nothing new")
		at(26*time.Hour, "1 withdrawn") // the third time
		w.wantKeys("")
		w.site.set("/a", page("A", prose("two")))
		at(73*time.Hour, "1 restored")
		w.wantKeys("a")
		w.site.set("/a", status(410))
		at(8*24*time.Hour, "1 withdrawn")
		w.site.set("/a", page("A", prose("two")))
		at(60*24*time.Hour, "nothing new")
		w.wantKeys("")
		w.site.set("/rss", rss(item("a", described("It has changed."))))
		at(62*24*time.Hour, "1 restored") // another entry: it is asked again
	})
}

func TestAnEntryThatChangesHasItsPageReadAgain(t *testing.T) {
	w := one(t, ingest.Options{})
	w.follow("/rss")
	w.site.set("/rss", rss(item("a", dated("Wed, 01 May 2024 07:30:00 GMT"))))
	w.site.set("/a", page("A", prose("one")))
	w.wantSync("1 added")
	w.pass(24 * time.Hour)
	w.site.set("/a", page("A", prose("two")))
	w.wantSync("nothing new") // an article of 2024 is not asked again
	w.site.set("/rss", rss(item("a", dated("Wed, 01 May 2024 09:30:00 GMT"))))
	w.pass(26 * time.Hour)
	w.wantSync("1 revised")
}

// TestWhatIsTheText has every source of a text, and none.
func TestWhatIsTheText(t *testing.T) {
	const abstract = "The ministry has published what both sides agreed on at the border last week. It names three places."
	for name, tc := range map[string]struct {
		item string
		page http.HandlerFunc
		want string // the text; empty for no document
	}{
		"the feed's own":                 {fullItem("a", prose("x")), page("A", prose("page")), prose("x")},
		"a teaser":                       {fullItem("a", prose("x")+" … [Read more]"), page("A", prose("page")), prose("page")},
		"shorter than the summary":       {item("a", `<content:encoded>Short.</content:encoded>`, described(abstract)), page("A", prose("page")), prose("page")},
		"markup is no text":              {fullItem("a", `<b>Bold</b> &lt;script&gt;<script>x</script> `+prose("x")), nil, "Bold <script> " + prose("x")},
		"a closed page":                  {item("a", described(abstract)), status(403), abstract},
		"a closed page, a cut summary":   {item("a", described(abstract+" And it…")), status(403), ""},
		"a closed page, half a sentence": {item("a", described(strings.TrimSuffix(abstract, "."))), status(403), ""},
		"a closed page, few words":       {item("a", described("Few words.")), status(403), ""},
		"a page without text":            {item("a", described(abstract)), text("text/html", "<html><body></body></html>"), abstract},
		"a film":                         {item("a", described(abstract)), text("video/mp4", "film"), abstract},
		"a page that is missing":         {item("a", described(abstract)), status(404), ""},
		"a server that fails":            {item("a", described(abstract)), status(500), ""},
		"no page":                        {`<item><guid>n</guid><title>T</title>` + described("Few words.") + `</item>`, nil, "Few words."},
		"a title alone":                  {`<item><guid>n</guid><title>T</title></item>`, nil, ""},
		"a private address":              {`<item><guid>n</guid><link>http://10.0.0.1/x</link>` + described(abstract) + `</item>`, nil, ""},
		"leads inwards":                  {item("a", described(abstract)), status(302, "Location", "http://169.254.169.254/latest"), ""},
		"leads to the front page":        {item("a", described(abstract)), status(302, "Location", "/"), ""},
		"another site's file":            {`<item><guid>n</guid><link>file:///etc/passwd</link></item>`, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := one(t, ingest.Options{})
			w.follow("/rss")
			w.site.set("/rss", rss(tc.item))
			w.site.set("/", page("Front", prose("everything")))
			if tc.page != nil {
				w.site.set("/a", tc.page)
			}
			r, err := w.Sync(w.ctx, ingest.Choice{})
			w.must(err)
			have := ""
			for _, e := range w.documents() {
				have += e.Text
				if isAbstract := e.Text == abstract; isAbstract != (e.Summary == e.Text) && e.Summary != "" {
					t.Errorf("summary %q", e.Summary)
				}
			}
			if have != tc.want {
				t.Errorf("text %q; want %q; %+v", have, tc.want, r)
			}
			if h := w.doctor(); tc.want == "" && r.Empty == 0 && len(h.Articles) != 1 {
				t.Errorf("nothing is told of it: %+v, %+v", r, h)
			}
		})
	}
}

func TestASummaryGivesWayToThePage(t *testing.T) {
	const abstract = "The ministry has published what both sides agreed on at the border last week. It names three places."
	w := one(t, ingest.Options{})
	w.follow("/rss")
	w.site.set("/rss", rss(item("a", described(abstract))))
	w.site.set("/robots.txt", text("text/plain", "User-agent: *\nDisallow: /a\n"))
	w.site.set("/a", page("A", prose("a")))
	w.wantSync("1 added")
	w.wantRequests("/rss")
	wantIn(t, w.doctor().Articles[0].Reason, "robots.txt")
	w.site.set("/robots.txt", text("text/plain", ""))
	w.pass(26 * time.Hour)
	w.wantSync("1 revised")
	if a := w.documents()["a"]; a.Text != prose("a") || len(w.doctor().Articles) != 0 {
		t.Errorf("%+v", a)
	}
}

// TestAPageThatFailsIsGivenUpInTheEnd is never without a reason that can be read.
func TestAPageThatFailsIsGivenUpInTheEnd(t *testing.T) {
	w := one(t, ingest.Options{})
	w.follow("/rss")
	w.site.set("/rss", rss(item("a")))
	w.site.set("/a", status(500))
	w.wantSync("nothing new")
	gaps := 0
	for now := w.clock.now(); w.clock.now().Sub(now) < 40*24*time.Hour; w.pass(6 * time.Hour) {
		_, err := w.Sync(w.ctx, ingest.Choice{})
		w.must(err)
		if !strings.Contains(w.site.requests(), "/a") {
			gaps++
		}
	}
	h := w.doctor()
	if len(h.Articles) != 1 || !h.Articles[0].Next.IsZero() || h.Articles[0].Failures < 10 || h.Articles[0].Address != w.url("/a") {
		t.Errorf("%+v", h)
	}
	wantIn(t, h.Articles[0].Reason, "status 500")
	if gaps < 120 {
		t.Errorf("it was asked again and again: only %d times of 160 was it left alone", gaps)
	}
}

// TestAHostThatIsBusyIsLeftAlone has the first of three pages ask for a pause.
func TestAHostThatIsBusyIsLeftAlone(t *testing.T) {
	w := one(t, ingest.Options{})
	w.follow("/rss")
	w.site.set("/rss", rss(item("a"), item("b"), item("c")))
	w.site.set("/a", status(429, "Retry-After", "7200"))
	w.site.set("/b", page("B", prose("b")))
	w.site.set("/c", page("C", prose("c")))
	w.wantSync("nothing new")
	w.wantRequests("/rss /a")
	w.pass(time.Hour)
	w.wantSync("nothing new")
	w.wantRequests("")
	w.pass(2 * time.Hour)
	w.site.set("/a", page("A", prose("a")))
	w.wantSync("3 added")
}

// TestFeedsThatMisbehave has servers that break every rule; each leaves a reason, and none
// holds up the one that is sound.
func TestFeedsThatMisbehave(t *testing.T) {
	each(t, func(w *world) {
		var bomb bytes.Buffer
		z := gzip.NewWriter(&bomb)
		_, err := z.Write(bytes.Repeat([]byte(" "), 50<<20))
		w.must(err)
		w.must(z.Close())
		for path, tc := range map[string]struct {
			answer http.HandlerFunc
			reason string
		}{
			"/lies": {func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Content-Length", "9999")
				fmt.Fprint(rw, "<rss>")
			}, "unexpected EOF"},
			"/huge": {func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, strings.Repeat("x", 9<<20)) }, "8388608 bytes"},
			"/bomb": {func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Content-Encoding", "gzip")
				_, _ = rw.Write(bomb.Bytes())
			}, "bytes"},
			"/inwards": {status(301, "Location", "http://192.168.0.1/"), "not public"},
			"/circle":  {status(302, "Location", "/circle"), "circle"},
			"/page":    {page("A", prose("a")), "web page"},
			"/fails":   {status(500), "500"},
			"/breaks":  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
			"/deep":    {text("text/xml", "<rss><channel>"+strings.Repeat("<item>", 1000)+strings.Repeat("<x>", 100_000)), ""},
			"/empty":   {text("text/xml", ""), "empty"},
		} {
			w.site.set(path, tc.answer)
			w.follow(path)
		}
		w.site.set("/sound", rss(fullItem("a", prose("a"))))
		w.follow("/sound")
		w.wantSync("1 added")
		all, err := w.Doctor(w.ctx)
		w.must(err)
		for _, h := range all {
			sound := strings.HasSuffix(h.ID, "/sound")
			deep := strings.HasSuffix(h.ID, "/deep") // whatever the parser makes of it
			if (h.State == ingest.Well) != sound && !deep || !sound && !deep && (h.Reason == "" || !h.Next.After(start)) {
				t.Errorf("%+v", h)
			}
		}
	})
}

func TestAFeedThatMoves(t *testing.T) {
	each(t, func(w *world) {
		w.site.set("/old", status(301, "Location", "/new"))
		w.site.set("/new", rss(fullItem("a", prose("a"))))
		w.follow("/old")
		w.wantSync("1 added")
		w.site.requests()
		w.pass(26 * time.Hour)
		w.wantSync("nothing new")
		w.wantRequests("/new /a") // and no more of the old address; the text has a page to be looked for
		if h := w.doctor(); h.Address != w.url("/new") || h.ID != w.url("/old") {
			t.Errorf("%+v", h)
		}
		// Another one moves there too: it would be fetched twice for ever.
		w.site.set("/older", status(308, "Location", "/new"))
		w.follow("/older")
		w.wantSync("1 added")
		all, err := w.Doctor(w.ctx)
		w.must(err)
		if all[1].State != ingest.Suspended || !strings.Contains(all[1].Reason, "followed already, as "+w.url("/old")) {
			t.Errorf("%+v", all[1])
		}
	})
}

// TestALargeFeedIsTakenInParts has more items than are taken up at once, and more pages than
// are read in one round.
func TestALargeFeedIsTakenInParts(t *testing.T) {
	w := one(t, ingest.Options{MaxNew: 7, MaxPages: 2, MaxRound: 4})
	var items []string
	for n := range 10 {
		name := fmt.Sprint("n", n)
		items = append(items, item(name))
		w.site.set("/"+name, page("Title of "+name, prose(name)))
	}
	w.site.set("/rss", rss(items...))
	w.follow("/rss")
	r := w.wantSync("4 added, 3 waiting for their page")
	if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, "3 items are left for the next time") || !strings.Contains(notes, "3 pages are left for the next round") {
		t.Errorf("notes %s", notes)
	}
	if h := w.doctor(); h.Waiting != 3 {
		t.Errorf("%+v", h)
	}
	w.pass(time.Second)
	w.wantSync("3 added")
	w.pass(2 * time.Hour)
	for range 3 { // the seven are asked again too
		_, err := w.Sync(w.ctx, ingest.Choice{})
		w.must(err)
		w.pass(2 * time.Second)
	}
	if len(w.documents()) != 10 {
		t.Errorf("%d documents", len(w.documents()))
	}
}

// TestAFeedCannotReachAnothersDocuments has one feed say the guids of another.
func TestAFeedCannotReachAnothersDocuments(t *testing.T) {
	each(t, func(w *world) {
		w.site.set("/one", rss(fullItem("a", prose("one"))))
		w.site.set("/two", rss(fullItem("a", prose("two"))))
		w.follow("/one")
		w.wantSync("1 added")
		w.follow("/two")
		w.wantSync("1 added")
		for e, err := range w.lib.All(w.ctx) {
			w.must(err)
			if want := prose(e.Origin.Name[len(w.site.URL)+1:]); e.Text != want || e.Revision != 1 {
				t.Errorf("%v has %q", e.Origin, e.Text)
			}
		}
	})
}

func TestTheOperatorsRemovalHolds(t *testing.T) {
	each(t, func(w *world) {
		w.site.set("/rss", rss(fullItem("a", prose("a"))))
		w.follow("/rss")
		w.wantSync("1 added")
		w.must(w.lib.Withdraw(w.ctx, w.documents()["a"].ID, library.ByOperator, "wrong"))
		w.site.set("/rss", rss(fullItem("a", prose("b"))))
		w.pass(26 * time.Hour)
		w.wantSync("1 held back")
		w.wantKeys("")
	})
}

func TestSyncOfSomeAndOfAll(t *testing.T) {
	w := one(t, ingest.Options{})
	for _, path := range []string{"/one", "/two"} {
		w.site.set(path, rss(fullItem(path[1:], prose(path))))
		w.follow(path)
	}
	_, err := w.Sync(w.ctx, ingest.Choice{Only: []string{w.url("/two")}})
	w.must(err)
	w.wantRequests("/two")
	_, err = w.Sync(w.ctx, ingest.Choice{All: true})
	w.must(err)
	if asked := w.site.requests(); asked != "/one /two" && asked != "/two /one" {
		t.Errorf("asked %s", asked)
	}
	w.site.set("/two", status(410))
	_, err = w.Sync(w.ctx, ingest.Choice{All: true})
	w.must(err)
	w.site.set("/two", rss(fullItem("two", prose("another"))))
	r, err := w.Sync(w.ctx, ingest.Choice{Only: []string{w.url("/two")}}) // which resumes it
	w.must(err)
	if r.Revised != 1 {
		t.Errorf("%+v", r)
	}
	if _, err := w.Sync(w.ctx, ingest.Choice{Only: []string{"https://example.org/?token=hush"}}); err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("a feed that is not followed: %v", err)
	}
}

func TestProgressIsTold(t *testing.T) {
	var steps []string
	w := one(t, ingest.Options{Workers: 1, Progress: func(done, total int, what string) { steps = append(steps, fmt.Sprintf("%d/%d %s", done, total, what)) }})
	w.site.set("/rss", rss(item("a"), item("b")))
	w.site.set("/a", page("A", prose("a")))
	w.site.set("/b", page("B", prose("b")))
	w.follow("/rss")
	w.wantSync("2 added")
	want := fmt.Sprintf("0/1 %[1]s/rss, 1/3 %[1]s/a, 2/3 %[1]s/b, 3/3 %[1]s/rss", w.site.URL)
	if have := strings.Join(steps, ", "); have != want {
		t.Errorf("%s; want %s", have, want)
	}
}
