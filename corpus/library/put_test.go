package library_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/corpus"
	"parley/corpus/library"
)

// full has something in every field.
func full() library.Item {
	return library.Item{
		Document: corpus.Document{
			Source: corpus.Source{
				ID: "full", Title: "Переговори 🕊", Publisher: "One", Author: "A. Author", URL: "https://example.org/full?a=1&b=2",
				Published: day("2025-02-14T09:30:00+02:00"), License: "CC BY 4.0", Language: "uk", ReportedBy: []string{"Reuters", "AP"},
				BasedOn: []corpus.Reference{{Title: "Page", Publisher: "Two", URL: "https://example.org/", Published: day("2025")}, {}},
			},
			Text: "One.\n\nTwo <b>and</b> \"three\" ’.", Summary: "In short", Actors: []string{"ukraine"}, Topics: []string{"ceasefire", "prisoners"}, Kind: "event",
		},
		Origin: library.Origin{Kind: library.OriginFeed, Name: "https://example.org/rss"},
		Key:    "guid 1",
	}
}

// sameDates compares dates as they are written.
var sameDates = cmp.Comparer(func(a, b corpus.PartialDate) bool { return a.String() == b.String() })

func TestADocumentIsKeptAsItIs(t *testing.T) {
	each(t, func(w world) {
		given := full()
		w.wantPut("full added 1", given)
		w.pass(time.Hour)
		w.wantPut("full unchanged 1", given)
		want := library.Entry{Document: given.Document, Origin: given.Origin, Key: given.Key, FirstSeen: start, Fetched: start.Add(time.Hour), Revision: 1, Revised: start}
		if diff := cmp.Diff(want, w.get("full"), sameDates); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		found, err := w.Find(w.ctx, given.Origin, given.Key)
		w.must(err)
		if diff := cmp.Diff(want, found, sameDates); diff != "" {
			t.Errorf("found (-want +got):\n%s", diff)
		}
		w.wantNotFound(second(w.Get(w.ctx, "ful")))
		w.wantNotFound(second(w.Find(w.ctx, file, given.Key)))
	})
}

func TestWhatIsARevision(t *testing.T) {
	const text = "Talks went on — see https://example.org/x?id=1&page=2 for more."
	cases := map[string]struct {
		change func(i *library.Item)
		want   string
	}{
		"nothing": {func(*library.Item) {}, "unchanged 1"},
		"white space": {func(i *library.Item) {
			i.Text = "Talks  went\u00a0on —\n\nsee " + i.Text[len("Talks went on — see "):] + "\n"
		}, "unchanged 1"},
		"invisible characters": {func(i *library.Item) { i.Text = "\ufeffTa\u00adlks" + i.Text[len("Talks"):] }, "unchanged 1"},
		"an encoding":          {func(i *library.Item) { i.Title = "Title of a\u0301" }, "unchanged 1"},
		"tracking": {func(i *library.Item) {
			i.Text = strings.Replace(i.Text, "page=2", "page=2&utm_source=rss&fbclid=x-1", 1)
		}, "unchanged 1"},
		"tracking, first":        {func(i *library.Item) { i.Text = strings.Replace(i.Text, "?", "?utm_source=rss&", 1) }, "unchanged 1"},
		"another address":        {func(i *library.Item) { i.Text = strings.Replace(i.Text, "id=1", "id=2", 1) }, "revised 2"},
		"a word":                 {func(i *library.Item) { i.Text += " Later." }, "revised 2"},
		"upper case":             {func(i *library.Item) { i.Title = strings.ToUpper(i.Title) }, "revised 2"},
		"a mark":                 {func(i *library.Item) { i.Text = strings.Replace(i.Text, "—", "-", 1) }, "revised 2"},
		"between title and text": {func(i *library.Item) { i.Title, i.Text = i.Title+" Talks", i.Text[len("Talks"):] }, "revised 2"},
		"the author":             {func(i *library.Item) { i.Author = "A. Author" }, "updated 1"},
		"the date":               {func(i *library.Item) { i.Published = day("2025-02") }, "updated 1"},
		"the topics":             {func(i *library.Item) { i.Topics = []string{"ceasefire"} }, "updated 1"},
		"author and text":        {func(i *library.Item) { i.Author, i.Text = "A. Author", "Other" }, "revised 2"},
	}
	each(t, func(w world) {
		for name, tc := range cases {
			id := strings.ReplaceAll(name, " ", "-")
			old := item(id, text, func(i *library.Item) { i.Title = "Title of \u00e1" })
			w.wantPut(id+" added 1", old)
			fresh := old
			tc.change(&fresh)
			w.pass(time.Hour)
			w.wantPut(id+" "+tc.want, fresh)
			e := w.get(id)
			want := fresh.Document
			if e.Revision == 1 { // what was cited stays byte for byte
				want.Title, want.Text = old.Title, old.Text
			}
			if diff := cmp.Diff(want, e.Document, sameDates); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			w.wantPut(fmt.Sprint(id, " unchanged ", e.Revision), fresh)
		}
	})
}

func TestADocumentBelongsToItsOrigin(t *testing.T) {
	feed := library.Origin{Kind: library.OriginFeed, Name: "https://example.org/rss"}
	other := library.Origin{Kind: library.OriginFeed, Name: "https://other.example.org/rss"}
	by := func(o library.Origin, key string) func(*library.Item) {
		return func(i *library.Item) { i.Origin, i.Key = o, key }
	}
	each(t, func(w world) {
		w.wantPut("a added 1", item("a", "First.", by(feed, "1")))
		for _, o := range []library.Origin{file, other} {
			outcomes, err := w.Put(w.ctx, []library.Item{item("a", "Forged.", by(o, "1"))})
			w.must(err)
			w.wantError(outcomes[0].Err, "the id a is that of another document, of feed https://example.org/rss; give this one an id of its own")
		}
		w.wantPut("b added 1", item("b", "Its own.", by(other, "1")))
		if text := w.get("a").Text; text != "First." {
			t.Errorf("text %s", text)
		}

		w.must(w.Reassign(w.ctx, "a", file, "a"))
		w.wantPut("a refused 0", item("a", "Second.", by(feed, "1")))
		w.wantPut("a revised 2", item("a", "Second."))
		w.wantNotFound(w.Reassign(w.ctx, "none", file, "none"))
		w.wantError(w.Reassign(w.ctx, "b", file, "a"), "it calls document a by the same key a")
		w.wantError(w.Reassign(w.ctx, "b", library.Origin{Kind: "rumour"}, "a"), `the origin "rumour" is none of`)
	})
}

func TestADocumentIsKnownAgain(t *testing.T) {
	named := func(id, key, url string) func(*library.Item) {
		return func(i *library.Item) { i.ID, i.Key, i.URL = id, key, url }
	}
	each(t, func(w world) {
		outcomes, err := w.Put(w.ctx, []library.Item{item("", "Text.", named("", "guid 1", "https://example.org/1"))})
		w.must(err)
		id := outcomes[0].ID
		if len(id) != 16 || outcomes[0].Status != library.Added {
			t.Errorf("%+v", outcomes[0])
		}
		w.wantPut(id+" unchanged 1", item("", "Text.", named("", "guid 1", "https://example.org/1")))
		w.wantPut(id+" unchanged 1", item("", "Text.", named("other", "guid 2", "https://example.org/1"))) // guids were changed
		w.wantPut(id+" revised 2", item("", "Text, corrected.", named("", "guid 2", "https://example.org/1")))
		w.wantPut("x added 1", item("", "Another text.", named("x", "guid 3", "https://example.org/1"))) // a page that changes
		w.wantPut("y added 1", item("", "Text, corrected.", named("y", "guid 4", "")))
		if ids := w.ids(); ids != strings.Join(sorted([]string{id, "x", "y"}), " ") {
			t.Errorf("documents %s", ids)
		}
	})
}

func TestTwoOfOneBatchWithOneKey(t *testing.T) {
	each(t, func(w world) {
		for _, status := range []string{"added", "unchanged"} {
			w.wantPut("a "+status+" 1, b refused 0", item("a", "First."), item("b", "Second.", func(i *library.Item) { i.Key = "a" }))
		}
	})
}

func TestWhatCannotBeKeptIsRefusedByItself(t *testing.T) {
	long := strings.Repeat("x", library.MaxName+1)
	cases := map[string]func(i *library.Item){
		"neither an id nor a key":                         func(i *library.Item) { i.ID = "" },
		`document "bad": it has no text`:                  func(i *library.Item) { i.Text = " \n" },
		`document "bad": the text has a NUL at byte 4`:    func(i *library.Item) { i.Text = "Text\x00" },
		`document "bad": the text is not UTF-8 at byte 5`: func(i *library.Item) { i.Text = "Text \xff" },
		`document "bad": its title is not UTF-8`:          func(i *library.Item) { i.Title = "\xff" },
		`document "bad": its reported_by has a NUL`:       func(i *library.Item) { i.ReportedBy = []string{"\x00"} },
		`document "bad": its sources has a NUL`:           func(i *library.Item) { i.BasedOn = []corpus.Reference{{URL: "\x00"}} },
		`document "a#1": the id has the character '#'`:    func(i *library.Item) { i.ID = "a#1" },
		`the id has the character ' '`:                    func(i *library.Item) { i.ID = "a b" },
		"the id has 2001 bytes, and the limit is 2000":    func(i *library.Item) { i.ID = long },
		"the key has 2001 bytes":                          func(i *library.Item) { i.Key = long },
		"the publisher has 2001 bytes":                    func(i *library.Item) { i.Publisher = long },
		"the name of the origin has 2001 bytes":           func(i *library.Item) { i.Origin.Name = long },
		`the origin "" is none of feed, page, file`:       func(i *library.Item) { i.Origin = library.Origin{} },
		"the text has 16777217 bytes, and the limit is":   func(i *library.Item) { i.Text = strings.Repeat("x", library.MaxText+1) },
		"besides its text is 1048":                        func(i *library.Item) { i.Summary = strings.Repeat("x", library.MaxAround) },
	}
	each(t, func(w world) {
		for want, change := range cases {
			outcomes, err := w.Put(w.ctx, []library.Item{item("bad", "Text.", change), item("good", "Text.")})
			w.must(err)
			if outcomes[0].Status != library.Refused || outcomes[1].Status == library.Refused {
				t.Errorf("%s: %+v", want, outcomes)
			}
			w.wantError(outcomes[0].Err, want)
		}
		if ids := w.ids(); ids != "good" {
			t.Errorf("documents %s", ids)
		}
	})
}

func TestTheLargestThatIsAllowedIsKept(t *testing.T) {
	each(t, func(w world) {
		name := strings.Repeat("я", library.MaxName/2)
		large := item(name, strings.Repeat("Слово ", library.MaxText/11), func(i *library.Item) {
			i.Key, i.Publisher, i.Origin.Name, i.URL = name, name, name, "https://example.org/"+strings.Repeat(name, 40)
		})
		w.wantPut(name+" added 1", large)
		if e := w.get(name); e.Text != large.Text || e.URL != large.URL {
			t.Errorf("text of %d bytes, address of %d", len(e.Text), len(e.URL))
		}
	})
}

// TestWhatTheDatabaseRefuses has the disk full in the middle of a batch.
func TestWhatTheDatabaseRefuses(t *testing.T) {
	each(t, func(w world) {
		w.wantPut("a added 1", item("a", "Text."))
		if w.db.Pool != nil {
			w.must2(w.db.Exec(w.ctx, `ALTER DATABASE `+w.database()+` SET default_transaction_read_only = on`))
			w.db.Pool.Reset()
		} else {
			w.must2(w.db.Exec(w.ctx, `PRAGMA max_page_count = 1`)) // is raised to what there is
		}
		before := w.state()
		_, err := w.Put(w.ctx, []library.Item{item("b", "Text."), item("c", words("c", 50_000))})
		want := "put 2 documents: the disk is full; free some space"
		if w.db.Pool != nil {
			want = "put 2 documents: this server is read-only; name the primary"
		}
		w.wantError(err, want)
		if w.state() != before || w.ids() != "a" {
			t.Errorf("%+v, documents %s", w.state(), w.ids())
		}
	})
}

func (w world) database() (name string) {
	w.t.Helper()
	w.must(w.db.Read.QueryRowContext(w.ctx, `SELECT current_database()`).Scan(&name))
	return name
}

func (w world) must2(_ any, err error) {
	w.t.Helper()
	w.must(err)
}

func TestRevisionsStayResolvable(t *testing.T) {
	each(t, func(w world) {
		texts := []string{"First.", "Second.", "First."}
		for _, text := range texts {
			w.put(item("a", text, func(i *library.Item) { i.Title = "Title " + text }))
			w.pass(time.Hour)
		}
		all, err := w.Revisions(w.ctx, "a")
		w.must(err)
		for n, text := range texts {
			seen := start.Add(time.Duration(n) * time.Hour)
			want := library.Revision{Number: n + 1, Title: "Title " + text, Text: text, Seen: seen, Replaced: seen.Add(time.Hour)}
			if n == 2 {
				want.Replaced = time.Time{}
			}
			e, have, err := w.Revision(w.ctx, "a", n+1)
			w.must(err)
			if have != want || all[n] != want || e.Text != text || e.Title != want.Title || e.Revision != 3 {
				t.Errorf("revision %d: %+v, %+v, of %+v", n+1, have, all[n], e)
			}
		}
		if corrected := w.get("a").Cited().Corrected; corrected != corpus.DateOf(start.Add(2*time.Hour), corpus.Day) {
			t.Errorf("corrected on %v", corrected)
		}
		w.put(item("b", "Text."))
		if corrected := w.get("b").Cited().Corrected; !corrected.IsZero() {
			t.Errorf("corrected on %v", corrected)
		}
		for _, number := range []int{0, 4} {
			_, _, err := w.Revision(w.ctx, "a", number)
			w.wantNotFound(err)
		}
		w.wantNotFound(second(w.Revisions(w.ctx, "c")))
	})
}

func TestWithdrawnIsNotQuotedAndCanComeBack(t *testing.T) {
	each(t, func(w world) {
		a, b := item("a", "Text of a."), item("b", "Text of b.")
		w.put(a, b)
		withdraw := func(id, by, reason string) {
			t.Helper()
			w.pass(time.Hour)
			w.must(w.Withdraw(w.ctx, id, by, reason))
		}
		want := func(ids string, state library.Withdrawal) {
			t.Helper()
			if have := w.ids(); have != ids || w.get("a").Withdrawal != state {
				t.Errorf("current %s, %+v; want %s, %+v", have, w.get("a").Withdrawal, ids, state)
			}
			w.wantConsistent()
		}
		whole := w.state().Hash
		withdraw("a", library.BySource, "gone (410)")
		gone := library.Withdrawal{At: start.Add(time.Hour), By: library.BySource, Reason: "gone (410)"}
		want("b", gone)
		withdraw("a", library.BySource, "again")
		want("b", gone)
		if _, v, err := w.Revision(w.ctx, "a", 1); err != nil || v.Text != a.Text {
			t.Errorf("revision %+v, %v", v, err)
		}
		w.wantPut("a restored 1", a)
		want("a b", library.Withdrawal{})
		if w.state().Hash != whole {
			t.Error("the hash is not as before")
		}
		withdraw("a", library.BySource, "gone")
		withdraw("a", library.ByOperator, "on request")
		removed := library.Withdrawal{At: start.Add(4 * time.Hour), By: library.ByOperator, Reason: "on request"}
		a.Text = "Text of a, corrected."
		w.wantPut("a withheld 1", a)
		want("b", removed)
		w.must(w.Restore(w.ctx, "a"))
		w.must(w.Restore(w.ctx, "a"))
		want("a b", library.Withdrawal{})
		w.wantPut("a revised 2", a)
		withdraw("a", library.BySource, "gone")
		a.Text = "Back with another text."
		w.wantPut("a restored 3", a)
		want("a b", library.Withdrawal{})
		w.wantChanges(2, "3 a withdrawn 1, 4 a restored 1, 5 a withdrawn 1, 6 a withdrawn 1, 7 a restored 1, 8 a revised 2, 9 a withdrawn 2, 10 a restored 3")

		w.wantNotFound(w.Withdraw(w.ctx, "none", library.BySource, ""))
		w.wantNotFound(w.Restore(w.ctx, "none"))
		w.wantError(w.Withdraw(w.ctx, "a", "me", ""), `"me" is neither source nor operator`)
		w.wantError(w.Withdraw(w.ctx, "a", library.BySource, "\xff"), "the reason is not UTF-8")
		if errors.Is(w.Withdraw(w.ctx, "a", "me", ""), library.ErrNotFound) {
			t.Error("a wrong call is told as a document that is not there")
		}
	})
}

// gone is an item that its origin no longer has.
func gone(i library.Item) library.Item {
	return library.Item{Origin: i.Origin, Document: corpus.Document{Source: corpus.Source{ID: i.ID}}, Gone: "the file is gone"}
}

func TestWhatIsGoneIsWithdrawnByItsOrigin(t *testing.T) {
	each(t, func(w world) {
		a, b, c := item("a", "Text of a."), item("b", "Text of b."), item("c", "Text of c.")
		other := item("a", "", func(i *library.Item) { i.Origin.Name = "another" })
		w.put(a, b, c)
		w.must(w.Withdraw(w.ctx, "c", library.ByOperator, "wrong"))
		w.wantPut("a withdrawn 1, a unchanged 0, c unchanged 1, nothing unchanged 0", gone(a), gone(other), gone(c), gone(item("nothing", "")))
		w.wantChanges(4, "5 a withdrawn 1")
		if have := w.get("a").Withdrawal; have.By != library.BySource || have.Reason != "the file is gone" {
			t.Errorf("withdrawn %+v", have)
		}
		w.wantPut("a unchanged 1, c withheld 1", gone(a), c)
		w.wantPut("a restored 1", a)
		w.wantPut("a refused 0", gone(item("a", "", func(i *library.Item) { i.Origin.Kind = "other" })))
		w.wantConsistent()
	})
}

func TestNotes(t *testing.T) {
	each(t, func(w world) {
		for _, content := range []string{"", "one", "two"} {
			have, err := w.Note(w.ctx, "name")
			w.must(err)
			if want := map[string]string{"": "", "one": "", "two": "one"}[content]; have != want {
				t.Errorf("note %q; want %q", have, want)
			}
			if content != "" {
				w.must(w.SetNote(w.ctx, "name", content))
			}
		}
		w.wantError(w.SetNote(w.ctx, "name", "\xff"), "is not UTF-8")
	})
}
