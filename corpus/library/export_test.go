package library_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"parley/corpus/database/dbtest"
	"parley/corpus/library"
)

// fill keeps something of every kind: revisions, withdrawn documents, feeds, stories.
func (w world) fill() {
	w.t.Helper()
	text := words("agency", 100)
	_, _, err := w.AddFeed(w.ctx, fullFeed())
	w.must(err)
	_, _, err = w.AddFeed(w.ctx, library.Feed{Address: "https://example.org/empty"})
	w.must(err)
	w.put(full(), item("a", "First."), item("b", text), item("c", text, by("Two", "2025-02-14")), item("d", "Text."))
	for n := range 3 {
		w.pass(time.Hour)
		w.put(item("a", fmt.Sprint("Correction <", n, ">."), func(i *library.Item) { i.Title, i.Author = fmt.Sprint("Title ", n), "A & B" }))
	}
	w.must(w.Withdraw(w.ctx, "c", library.BySource, "gone (410)"))
	w.must(w.Withdraw(w.ctx, "d", library.ByOperator, "on request"))
	w.put(item("c", text, by("Two", "2025-02-14")), item("e", text, by("Three", "2025-02-15")))
}

func (w world) export() string {
	w.t.Helper()
	var b strings.Builder
	w.must(second(w.Export(w.ctx, &b, nil)))
	return b.String()
}

func (w world) imports(export string) library.Imported {
	w.t.Helper()
	result, err := w.Import(w.ctx, strings.NewReader(export))
	w.must(err)
	return result
}

func TestAnExportReadsBackToTheSameState(t *testing.T) {
	each(t, func(w world) {
		w.fill()
		export := w.export()
		if !library.IsExport([]byte(export)) || library.IsExport([]byte(`{"id":"a"}`)) {
			t.Error("an export is not told from a document file")
		}
		fresh := map[string]world{"sqlite": newWorld(t, dbtest.SQLite(t)), "postgres": newWorld(t, dbtest.Postgres(t))}
		for name, other := range fresh {
			other.pass(24 * time.Hour)
			if have := fmt.Sprintf("%+v", other.imports(export)); have != "{Feeds:2 Documents:6 Unchanged:0 Problems:[] Untold:0}" {
				t.Errorf("%s: %s", name, have)
			}
			if again := other.export(); again != export {
				t.Errorf("%s: the export of what was imported differs:\n%s\n%s", name, again, export)
			}
			if have, want := other.state(), w.state(); have.Hash != want.Hash || have.Documents != want.Documents {
				t.Errorf("%s: %+v; want %+v", name, have, want)
			}
			other.wantStory("e", "b c e")
			other.wantPut("a unchanged 4, d withheld 1", item("a", "Correction <2>.", func(i *library.Item) { i.Title, i.Author = "Title 2", "A & B" }), item("d", "Text."))
			before := other.state()
			if have := fmt.Sprintf("%+v", other.imports(other.export())); have != "{Feeds:0 Documents:0 Unchanged:8 Problems:[] Untold:0}" {
				t.Errorf("%s: imported again: %s", name, have)
			}
			if other.state() != before {
				t.Errorf("%s: what is there was changed", name)
			}
		}
	})
}

func TestAnImportTellsAllProblems(t *testing.T) {
	each(t, func(w world) {
		w.fill()
		lines := strings.SplitAfter(strings.TrimSpace(w.export()), "\n")
		other := newWorld(t, dbtest.SQLite(t))
		other.put(item("a", "It was there before."), item("z", "Text.", func(i *library.Item) { i.Key = "b" }))
		_, _, err := other.AddFeed(other.ctx, library.Feed{Address: "https://example.org/rss"})
		other.must(err)
		const moments = `"origin":{"kind":"file"},"key":"k","first_seen":"2025-02-14T00:00:00Z","fetched":"2025-02-14T00:00:00Z","revised":"2025-02-14T00:00:00Z"`
		broken := []struct{ line, want string }{
			{`{"document":{"id":"x","text":"Text.","key":"k"}}`, "is none of feed, page, file"},
			{`{"document":{"id":"x","text":"Text.","origin":{"kind":"file"},"key":"k"}}`, "document x: a moment is missing"},
			{`{"document":{"id":"x","text":"",` + moments + `}}`, `document "x": it has no text`},
			{`{"document":{"id":"x","text":"Text.","published":"soon",` + moments + `}}`, `date "soon"`},
			{`{"document":{"id":"x","text":"a\u0000b",` + moments + `}}`, "a NUL at byte 1"},
			{"{\"document\":{\"id\":\"x\",\"text\":\"a\xff\"}}", "not UTF-8"},
			{`{"document":{"id":"x","text":"Text.","earlier":[{"title":"T","text":"","seen":"2025-02-14T00:00:00Z"}],` + moments + `}}`, `document x: revision 1: it has no text`},
			{`{"document":{"id":"x","text":"Text.","withdrawn":{"at":"2025-02-14T00:00:00Z","by":"me","reason":""},` + moments + `}}`, `withdrawn by "me"`},
			{`{"document":{"text":"Text."}}`, "no id, or no key"},
			{`{"feed":{"id":"f","address":""}}`, "no address"},
			{`{"feed":{"id":"f","address":"f"}}`, "a moment is missing"},
			{`{"id":"x","text":"Text."}`, `unknown field "id"`},
			{`{}`, "neither a feed nor a document"},
			{`{"parley_library":2}`, "format 2, and this Parley reads 1; update"},
			{`{"feed":`, "not a line of an export"},
			{`{"feed":null} 7`, "something follows"},
		}
		var all strings.Builder
		for _, b := range broken {
			all.WriteString(b.line + "\n\n")
		}
		for _, l := range lines[:len(lines)-1] {
			all.WriteString(l)
		}
		result := other.imports(all.String())
		told := map[int]string{}
		for _, p := range result.Problems {
			told[p.Line] += p.Error()
		}
		for i, b := range broken {
			if line := 2*i + 1; !strings.HasPrefix(told[line], fmt.Sprintf("line %d: ", line)) || !strings.Contains(told[line], b.want) {
				t.Errorf("line %d is told %q; want %q", line, told[line], b.want)
			}
			delete(told, 2*i+1)
		}
		rest := fmt.Sprint(told)
		for _, want := range []string{
			"the library has the feed https://example.org/rss already, with something in it that differs",
			"the library has document a already, with something in it that differs",
			"document b: the library has what file record calls b already, as document z",
			"the export is cut off",
		} {
			if !strings.Contains(rest, want) {
				t.Errorf("%s; want %q", rest, want)
			}
		}
		if len(told) != 4 || result.Documents != 4 || result.Feeds != 1 || other.get("a").Text != "It was there before." {
			t.Errorf("%d more problems, %+v", len(told), result)
		}
		other.wantConsistent()
	})
}

func TestAnExportThatWasTamperedWith(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.fill()
	export := strings.Replace(w.export(), "Correction <2>", "Correction <3>", 1)
	result := newWorld(t, dbtest.SQLite(t)).imports(export)
	if len(result.Problems) != 1 || !strings.Contains(result.Problems[0].Error(), "the export should have 2 feeds and 6 documents with the hash ") {
		t.Errorf("%v", result.Problems)
	}
}

func TestAnImportThatIsCutOffGoesOn(t *testing.T) {
	each(t, func(w world) {
		var many []library.Item
		for n := range 300 {
			many = append(many, item(fmt.Sprintf("n%03d", n), fmt.Sprintf("Text %d.", n)))
		}
		w.put(many...)
		export := w.export()
		other := newWorld(t, dbtest.SQLite(t))
		broken := errors.New("the disk is gone")
		part, err := other.Import(other.ctx, io.MultiReader(strings.NewReader(export[:len(export)*2/3]), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) || part.Documents != 200 || other.state().Documents != 200 {
			t.Errorf("%+v, %v, %+v", part, err, other.state())
		}
		rest := other.imports(export)
		if rest.Documents != 100 || rest.Unchanged != 200 || len(rest.Problems) != 0 || other.state().Hash != w.state().Hash {
			t.Errorf("%+v", rest)
		}
	})
}

func TestProblemsBeyondAThousandAreCounted(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	result := w.imports(strings.Repeat("x\n", 1500))
	if len(result.Problems) != 1000 || result.Untold != 501 {
		t.Errorf("%d problems, %d untold", len(result.Problems), result.Untold)
	}
}

func TestAnExportToAFullDiskFails(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.fill()
	full := errors.New("no space left on device")
	if _, err := w.Export(w.ctx, failing{full}, nil); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
}

// failing refuses what is written.
type failing struct{ error }

func (f failing) Write([]byte) (int, error) { return 0, f.error }
