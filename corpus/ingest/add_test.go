package ingest_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/corpus"
	"parley/corpus/article"
	"parley/corpus/ingest"
	"parley/corpus/ingest/report"
	"parley/corpus/library"
)

func (w *world) wantAddError(what, want string) {
	w.t.Helper()
	if a, err := w.Add(w.ctx, what); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
		w.t.Errorf("add %s: %+v, %v; want %s", what, a, err, want)
	}
}

func TestAddAnAddress(t *testing.T) {
	each(t, func(w *world) {
		w.site.set("/rss", rss(fullItem("a", prose("a")), item("b")))
		w.site.set("/b", page("B", prose("b")))
		a := w.wantAdd(w.url("/rss#top"), "feed: 1 added, 1 waiting for their page")
		if f := a.Followed; len(f) != 1 || f[0] != (ingest.Followed{ID: w.url("/rss"), Title: "The Gazette", New: true}) {
			t.Errorf("followed %+v", f)
		}
		w.wantSync("1 added")
		w.wantRequests("/rss /b")
		if a := w.wantAdd(w.url("/rss"), "feed: nothing new"); a.Followed[0].New {
			t.Errorf("followed anew: %+v", a)
		}

		w.site.set("/page", page("P", prose("p"), `<link rel="alternate" type="application/rss+xml" title="All" href="/all.xml">`))
		a = w.wantAdd(w.url("/page"), "page: 1 added")
		if len(a.Offers) != 1 || a.Offers[0] != (article.Offer{Title: "All", Address: w.url("/all.xml")}) {
			t.Errorf("offers %+v", a.Offers)
		}
		if e := w.documents()[w.url("/page")]; e.Text != prose("p") || e.Origin != (library.Origin{Kind: library.OriginPage, Name: w.url("/page")}) {
			t.Errorf("%+v", e)
		}

		w.site.set("/list", text("text/xml", `<opml version="2.0"><body><outline text="News"><outline text="One" title="One" xmlUrl="`+w.url("/one")+`"/>
			<outline text="Known" xmlUrl="`+w.url("/rss")+`"/><outline text="Secret" xmlUrl="https://u:hush@example.org/"/></outline></body></opml>`))
		a = w.wantAdd(w.url("/list"), "opml: nothing new")
		if len(a.Followed) != 2 || !a.Followed[0].New || a.Followed[1].New || len(a.Problems) != 1 || strings.Contains(a.Problems[0].String(), "hush") {
			t.Errorf("%+v", a)
		}

		w.site.set("/nothing", text("text/html", `<html><head><link rel="alternate" type="application/rss+xml" href="/all.xml"></head></html>`))
		w.site.set("/film", text("video/mp4", "film"))
		w.wantAddError(w.url("/missing?token=hush"), "/missing?…: status 404")
		w.wantAddError(w.url("/nothing?token=hush"), "it offers the feed "+w.url("/all.xml"))
		w.wantAddError(w.url("/film"), "neither a feed")
		w.wantAddError("https://u:hush@example.org/", "holds a name or a password")
		w.wantAddError("http://10.0.0.1/", "not public")
		w.wantAddError("http://[::1/?hush", "no address of the web")
	})
}

// TestAPageIsFollowed has one change, be removed, come back by name, vanish and return.
func TestAPageIsFollowed(t *testing.T) {
	each(t, func(w *world) {
		w.site.set("/p", page("P", prose("one")))
		w.wantAdd(w.url("/p"), "page: 1 added")
		next := func(want string) {
			t.Helper()
			w.pass(8 * 24 * time.Hour)
			w.wantSync(want)
		}
		next("nothing new")
		w.site.set("/p", page("P", prose("two")))
		next("1 revised")
		id := w.documents()[w.url("/p")].ID
		w.must(w.lib.Withdraw(w.ctx, id, library.ByOperator, "wrong"))
		w.site.set("/p", page("P", prose("three")))
		next("1 held back")
		w.wantKeys("")
		w.wantAdd(w.url("/p"), "page: 1 revised, 1 restored")
		w.wantKeys(w.url("/p"))
		w.site.set("/p", status(404))
		next("nothing new")
		next("nothing new")
		next("1 withdrawn")
		w.site.set("/p", page("P", prose("three")))
		next("1 restored")
		w.site.set("/p", status(410))
		next("1 withdrawn")
		if h := w.doctor(); h.State != ingest.Suspended || h.Kind != library.KindPage {
			t.Errorf("%+v", h)
		}
		w.site.set("/p", page("P", prose("three")))
		next("nothing new") // it is no longer asked
		w.wantAdd(w.url("/p"), "page: 1 restored")
		w.site.set("/p", rss())
		w.wantAddError(w.url("/p"), "it is a feed now")
	})
}

// TestNoSecretIsTold follows a feed and pages whose addresses hold tokens, and lets all fail.
func TestNoSecretIsTold(t *testing.T) {
	w := one(t, ingest.Options{})
	link := `<item><guid>g</guid><link>/a?id=7&amp;Token=hush</link></item>`
	w.site.set("/rss", rss(link, `<item><guid>h</guid><link>/b?key=hush</link></item>`))
	w.site.set("/a", page("A", prose("a")))
	w.site.set("/b", status(500))
	w.wantAdd(w.url("/rss?access_token=hush"), "feed: 2 waiting for their page")
	w.wantRequests("/rss?access_token=hush")
	w.wantSync("1 added")
	w.wantRequests("/a?id=7&Token=hush /b?key=hush") // what is asked is the whole
	if e := w.documents()["g"]; e.URL != w.url("/a?id=7") {
		t.Errorf("cited as %s", e.URL)
	}
	w.site.set("/page", page("P", prose("p")))
	w.wantAdd(w.url("/page?sig=hush&n=1"), "page: 1 added")
	for _, path := range []string{"/rss", "/page"} {
		w.site.set(path, text("text/html", "<html></html>"))
	}
	w.pass(30 * time.Hour)
	r, err := w.Sync(w.ctx, ingest.Choice{All: true})
	w.must(err)
	if r.Failed != 2 {
		t.Errorf("%+v", r)
	}
	health, err := w.Doctor(w.ctx)
	w.must(err)
	for _, h := range health {
		for _, s := range append([]string{h.Address, h.Reason}, reasons(h)...) {
			if strings.Contains(s, "hush") {
				t.Errorf("told: %s", s)
			}
		}
	}
	for _, s := range append(r.Notes, w.log.String()) {
		if strings.Contains(s, "hush") {
			t.Errorf("told: %s", s)
		}
	}
	for _, p := range r.Problems {
		if strings.Contains(p.String(), "hush") {
			t.Errorf("told: %v", p)
		}
	}
}

func reasons(h ingest.Health) (all []string) {
	for _, a := range h.Articles {
		all = append(all, a.Address, a.Reason)
	}
	return all
}

// folder makes files by name and content.
func (w *world) folder(contents map[string]string) string {
	w.t.Helper()
	dir := w.t.TempDir()
	for name, content := range contents {
		w.write(filepath.Join(dir, name), content)
	}
	return dir
}

func (w *world) write(path, content string) {
	w.t.Helper()
	w.must(errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)))
}

// ids are those of the current documents.
func (w *world) wantIDs(want string) {
	w.t.Helper()
	var all []string
	for e, err := range w.lib.All(w.ctx) {
		w.must(err)
		all = append(all, e.ID)
	}
	if have := strings.Join(all, " "); have != want {
		w.t.Errorf("documents %s; want %s", have, want)
	}
}

// TestAddAFolder has its files change, break, move, vanish and return.
func TestAddAFolder(t *testing.T) {
	each(t, func(w *world) {
		dir := w.folder(map[string]string{
			"a.txt": "Text of a.", "sub/b.md": "---\nid: bee\n---\nText of b.", "c.jsonl": `{"id":"c1","text":"One."}` + "\n" + `{"id":"c2","text":"Two."}`,
			"bad.json": "{", "skipped.pdf": "x",
		})
		at := func(name string) string { return filepath.Join(dir, name) }
		a := w.wantAdd(dir, "folder: 4 added")
		if len(a.Problems) != 1 || !strings.HasPrefix(a.Problems[0].Where, at("bad.json")) {
			t.Errorf("problems %v", a.Problems)
		}
		w.wantIDs("a bee c1 c2")
		w.wantAdd(dir, "folder: 4 unchanged")
		w.wantAdd(at("sub"), "folder: 1 unchanged") // by another name
		w.wantAdd(at("a.txt"), "file: 1 unchanged")

		w.write(at("a.txt"), "Another text of a.")
		w.write(at("c.jsonl"), `{"id":"c1","text":"One."}`)
		w.must(os.Remove(at("sub/b.md")))
		w.wantAdd(dir, "folder: 1 revised, 2 withdrawn, 1 unchanged")
		w.write(at("d/b.md"), "---\nid: bee\n---\nText of b.") // it was moved
		w.wantAdd(dir, "folder: 1 restored, 2 unchanged")
		w.must(os.Rename(at("d/b.md"), at("b.md"))) // and again
		w.wantAdd(dir, "folder: 1 restored, 1 withdrawn, 2 unchanged")

		w.write(at("c.jsonl"), "{") // what it held is not known
		if a := w.wantAdd(dir, "folder: 2 unchanged"); len(a.Problems) != 2 {
			t.Errorf("problems %v", a.Problems)
		}
		w.wantIDs("a bee c1")
		w.write(at("c.jsonl"), `{"id":"c2","text":"Two."}`)
		w.wantAdd(dir, "folder: 1 restored, 1 withdrawn, 2 unchanged")

		w.must(w.lib.Withdraw(w.ctx, "bee", library.ByOperator, "wrong"))
		w.wantAdd(dir, "folder: 2 unchanged, 1 held back")
		w.wantAdd(at("b.md"), "file: 1 restored") // by its name
		w.wantIDs("a bee c2")
	})
}

func TestAnIDOfAnothersDocumentIsRefused(t *testing.T) {
	w := one(t, ingest.Options{})
	one, two := w.folder(map[string]string{"a.txt": "One."}), w.folder(map[string]string{"a.txt": "Two.", "b.txt": "B."})
	w.wantAdd(one, "folder: 1 added")
	a := w.wantAdd(two, "folder: 1 added, 1 refused")
	wantIn(t, a.Problems[0].String(), filepath.Join(one, "a.txt"))
	w.must(os.Remove(filepath.Join(one, "a.txt")))
	w.wantAdd(one, "folder: 1 withdrawn")
	w.wantAdd(two, "folder: 1 restored, 1 unchanged") // now the id is free
}

func TestAddWhatIsNoDocument(t *testing.T) {
	w := one(t, ingest.Options{})
	dir := w.folder(map[string]string{
		"list.xml":   `<?xml version="1.0"?><opml><body><outline xmlUrl="https://example.org/rss" title="One"/></body></opml>`,
		"empty.opml": `<opml><body></body></opml>`, "rss.xml": `<?xml version="1.0"?><rss/>`, "film.mp4": "film",
	})
	a := w.wantAdd(filepath.Join(dir, "list.xml"), "opml: nothing new")
	if len(a.Followed) != 1 || a.Followed[0].ID != "https://example.org/rss" || a.Followed[0].Title != "One" {
		t.Errorf("%+v", a)
	}
	w.wantAddError(filepath.Join(dir, "empty.opml"), "names no feed")
	w.wantAddError(filepath.Join(dir, "rss.xml"), "add its address")
	w.wantAddError(filepath.Join(dir, "nothing"), "no such file")
	w.wantAddError("/dev/null", "neither a file nor a folder")
	if a := w.wantAdd(filepath.Join(dir, "film.mp4"), "file: nothing new"); len(a.Problems) != 1 {
		t.Errorf("%+v", a)
	}
}

// TestAddAnExport brings one library into another.
func TestAddAnExport(t *testing.T) {
	from, to := one(t, ingest.Options{}), one(t, ingest.Options{})
	from.site.set("/rss", rss(fullItem("a", prose("a"))))
	from.wantAdd(from.url("/rss"), "feed: 1 added")
	path := filepath.Join(t.TempDir(), "backup")
	f, err := os.Create(path)
	from.must(err)
	_, err = from.lib.Export(from.ctx, f, nil)
	from.must(errors.Join(err, f.Close()))
	to.wantAdd(path, "export: 1 added")
	to.wantAdd(path, "export: 2 unchanged")
	to.wantKeys("a")
	from.must(os.WriteFile(path, []byte(`{"parley_library":1}`+"\n{\n"), 0o600))
	if a := to.wantAdd(path, "export: nothing new"); len(a.Problems) != 2 || !strings.HasPrefix(a.Problems[0].Where, path+":2") {
		t.Errorf("%+v", a.Problems)
	}
}

func (w *world) wantPaths(builtIn []corpus.Document, want string, paths ...string) report.Report {
	w.t.Helper()
	r, err := w.SyncPaths(w.ctx, builtIn, paths)
	w.must(err)
	have := r.String()
	if r.Same {
		have = "the same"
	}
	if have != want {
		w.t.Errorf("paths: %s; want %s\n%v", have, want, r.Problems)
	}
	return r
}

func brief(id, text string) corpus.Document {
	return corpus.Document{Source: corpus.Source{ID: id, Title: id}, Text: text}
}

// TestTheConfiguredRecord has briefs and paths come and go.
func TestTheConfiguredRecord(t *testing.T) {
	each(t, func(w *world) {
		briefs := []corpus.Document{brief("brief-1", "One."), brief("brief-2", "Two.")}
		one := w.folder(map[string]string{"a.txt": "A.", "bad.json": "{"})
		two := w.folder(map[string]string{"b.txt": "B."})
		r := w.wantPaths(briefs, "4 added", one, two)
		if len(r.Problems) != 1 {
			t.Errorf("problems %v", r.Problems)
		}
		if r := w.wantPaths(briefs, "the same", one, two); len(r.Problems) != 1 {
			t.Errorf("problems %v", r.Problems)
		}
		w.wantPaths(briefs, "1 withdrawn, 3 unchanged", one)
		w.wantIDs("a brief-1 brief-2")
		briefs[0].Text = "Another."
		w.wantPaths(briefs, "1 revised, 1 restored, 2 unchanged", one, two)
		w.wantPaths(briefs[:1], "1 withdrawn, 3 unchanged", one, two)
		w.wantPaths(nil, "1 withdrawn, 2 unchanged", one, two)

		w.must(os.Rename(two, two+"x")) // as when a disk is not there
		w.wantPaths(nil, "1 unchanged", one, two)
		w.wantIDs("a b")
		w.must(os.Rename(two+"x", two))
		w.write(filepath.Join(two, "b.txt"), "Another B.")
		w.wantPaths(nil, "1 revised, 1 unchanged", one, two)

		// An operator adds what the configuration no longer names, and the other way round.
		w.wantPaths(nil, "1 withdrawn, 1 unchanged", one)
		w.wantAdd(two, "folder: 1 restored")
		w.wantPaths(nil, "1 unchanged, 1 refused", one, two)
		w.wantPaths(nil, "1 unchanged, 1 refused", one, two) // is not passed over
		w.wantIDs("a b")

		w.must(w.lib.Withdraw(w.ctx, "a", library.ByOperator, "wrong"))
		w.write(filepath.Join(one, "a.txt"), "Another A.")
		w.wantPaths(nil, "1 held back", one)
	})
}
