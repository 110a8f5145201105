package library_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"parley/corpus/library"
)

func by(publisher, published string) func(*library.Item) {
	return func(i *library.Item) { i.Publisher, i.Published = publisher, day(published) }
}

// wantStory compares the documents with the same text, the one to show first.
func (w world) wantStory(of, want string) {
	w.t.Helper()
	stories, err := w.Stories(w.ctx, of)
	w.must(err)
	if have := listed(stories[of]); have != want {
		w.t.Errorf("story of %s: %s; want %s", of, have, want)
	}
}

func listed(entries []library.Entry) string {
	var ids []string
	for _, e := range entries {
		ids = append(ids, e.ID)
	}
	return strings.Join(ids, " ")
}

func TestTheSameStoryInManyOutlets(t *testing.T) {
	agency := words("agency", 200)
	each(t, func(w world) {
		w.put(
			item("paper", "Own lead of the paper. "+agency, by("Paper", "2025-02-14")),
			item("radio", agency[:len(agency)*2/3], by("Radio", "2025-02-13")),
			item("ministry", agency, by("The Ministry", "2025-02-15")),
			item("undated", agency, by("Blog", "")),
			item("other", words("other", 200), by("Radio", "2025-02-13")),
			item("later", agency, by("Radio", "2025-03-13")),
			item("german", agency, func(i *library.Item) { i.Language = "de" }),
			item("brief-1", "Talks were held in Abu Dhabi.", by("Paper", "2025-02-14")),
			item("brief-2", "Talks were held in Abu Dhabi!", by("Radio", "2025-02-14"), func(i *library.Item) { i.Title = "Title of brief-1" }),
			item("brief-3", "Talks were held in Geneva.", by("Radio", "2025-02-14")),
		)
		for _, of := range []string{"paper", "radio", "ministry", "undated"} {
			w.wantStory(of, "ministry radio paper later undated") // through the undated one, which may be as late
		}
		w.wantStory("brief-2", "brief-1 brief-2")
		for _, alone := range []string{"other", "german", "brief-3", "none"} {
			w.wantStory(alone, "")
		}
		also, err := w.AlsoIn(w.ctx, "radio")
		w.must(err)
		if have := listed(also); have != "ministry paper later undated" || also[0].Publisher != "The Ministry" || also[0].Text != "" {
			t.Errorf("also in %s: %+v", have, also[0])
		}

		w.must(w.Withdraw(w.ctx, "undated", library.BySource, "gone"))
		w.wantStory("later", "")
		w.wantStory("paper", "ministry radio paper")
		w.put(item("radio", words("radio", 200), by("Radio", "2025-02-13")))
		w.wantStory("radio", "")
		w.wantStory("ministry", "ministry paper")
		w.must(w.Restore(w.ctx, "undated"))
		w.put(item("radio", agency, by("Radio", "2025-02-13")))
		w.wantStory("paper", "ministry radio paper later undated")
		w.put(item("undated", agency, by("Blog", "2025-02-16"))) // its date becomes known
		w.wantStory("paper", "ministry radio paper undated")
	})
}

// copies are documents of some stories in several versions, and which belong together.
func copies(r *rand.Rand) (items []library.Item, stories map[string]string) {
	stories = map[string]string{}
	for story := range 8 {
		text := words(fmt.Sprintf("story%d", story), 120+20*story)
		for n := range 1 + r.IntN(6) {
			id := fmt.Sprintf("s%d-%d", story, n)
			own := words(fmt.Sprint(id, "own"), r.IntN(30))
			items = append(items, item(id, own+" "+text[r.IntN(len(text)/6):], by("Publisher "+id, fmt.Sprintf("2025-02-%02d", 10+n))))
			stories[id] = fmt.Sprint(story)
		}
	}
	return items, stories
}

func TestStoriesDoNotDependOnTheOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	items, want := copies(r)
	each(t, func(w world) {
		for round := range 4 {
			r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
			if round > 0 { // out and in again, in another order
				for _, i := range items {
					w.must(w.Withdraw(w.ctx, i.ID, library.BySource, ""))
				}
			}
			w.put(items...)
			for _, i := range items {
				var together []string
				for _, o := range items {
					if want[o.ID] == want[i.ID] {
						together = append(together, o.ID)
					}
				}
				if len(together) == 1 {
					together = nil
				}
				w.wantStory(i.ID, strings.Join(sorted(together), " ")) // the first was published first
			}
		}
	})
}

func TestAStoryInVeryManyOutletsStaysTogether(t *testing.T) {
	const outlets = 60
	text := words("agency", 100)
	each(t, func(w world) {
		var items []library.Item
		for n := range outlets {
			items = append(items, item(fmt.Sprintf("n%02d", n), text, by(fmt.Sprint("Outlet ", n), "2025-02-14")))
		}
		w.put(items...)
		stories, err := w.Stories(w.ctx, "n00", "n59", "none")
		w.must(err)
		if len(stories) != 2 || len(stories["n00"]) != outlets || stories["n59"][0].ID != "n00" {
			t.Errorf("%d stories, of %d and %d documents", len(stories), len(stories["n00"]), len(stories["n59"]))
		}
	})
}

// TestAnotherSchemeComparesAnew has the database hold keys of another version.
func TestAnotherSchemeComparesAnew(t *testing.T) {
	text := words("agency", 100)
	each(t, func(w world) {
		w.put(item("a", text), item("b", text, by("Two", "2025-02-14")), item("c", text, by("Three", "2025-02-14")))
		w.must(w.Withdraw(w.ctx, "c", library.BySource, ""))
		before := w.state()
		for _, statement := range []string{`DELETE FROM duplicates`, `UPDATE duplicate_keys SET key = key + 1`, `UPDATE library SET scheme = 0`} {
			w.must2(w.db.Exec(w.ctx, statement))
		}
		w.wantStory("a", "")
		w = newWorld(t, w.db)
		w.wantStory("a", "a b")
		w.put(item("d", text, by("Four", "2025-02-14")))
		w.wantStory("d", "a b d")
		if was, err := w.WasIn(w.ctx, before); err != nil || !was {
			t.Errorf("comparing anew is no change: %v", err)
		}
	})
}

func TestList(t *testing.T) {
	each(t, func(w world) {
		w.put(
			item("a", "Text.", by("One", "2025"), func(i *library.Item) { i.Title = "Переговори  у Женеві" }),
			item("b", "Text.", by("Two", "2025-01")),
			item("c", "Text.", by("One", "2025-01-01")),
			item("d", "Text.", by("One", "2025-02-14T00:30:00+02:00"), func(i *library.Item) { i.Title = "100% of 5_5" }),
			item("e", "Text.", by("Two", ""), func(i *library.Item) {
				i.Origin = library.Origin{Kind: library.OriginPage, Name: "https://example.org/e"}
			}),
			item("f", "Text.", by("Two", "2025-02-14"), func(i *library.Item) {
				i.Origin = library.Origin{Kind: library.OriginPage, Name: "https://example.org/f"}
			}),
			item("g", "Text.", by("Three", "2025-02-14")),
		)
		w.must(w.Withdraw(w.ctx, "g", library.BySource, ""))
		at := func(s string) time.Time { return day(s).Start() }
		for name, tc := range map[string]struct {
			query library.Query
			want  string
		}{
			"all":              {library.Query{}, "f d c b a e"},
			"by publisher":     {library.Query{Publisher: "One"}, "d c a"},
			"by kind":          {library.Query{Origin: library.Origin{Kind: library.OriginPage}}, "f e"},
			"by origin":        {library.Query{Origin: library.Origin{Kind: library.OriginPage, Name: "https://example.org/e"}}, "e"},
			"by title":         {library.Query{Title: "ПЕРЕГОВОРИ У"}, "a"},
			"by title, a sign": {library.Query{Title: "0% of 5_"}, "d"},
			"no pattern":       {library.Query{Title: "%"}, "d"},
			"from":             {library.Query{From: at("2025-02")}, "f d"},
			"before":           {library.Query{Before: at("2025-02-14")}, "d c b a e"},
			"between":          {library.Query{From: at("2025"), Before: at("2025-02")}, "c b a"},
			"withdrawn":        {library.Query{Withdrawn: true}, "g"},
			"nothing":          {library.Query{Publisher: "Four"}, ""},
		} {
			tc.query.Limit = 2
			var have []string
			for {
				page, next, err := w.List(w.ctx, tc.query)
				w.must(err)
				if len(page) > 0 {
					have = append(have, listed(page))
				}
				if tc.query.After = next; next == "" {
					break
				}
			}
			if got := strings.Join(have, " "); got != tc.want {
				t.Errorf("%s: %s; want %s", name, got, tc.want)
			}
		}
		_, _, err := w.List(w.ctx, library.Query{After: "x"})
		w.wantError(err, "is not where a page ended")
		_, _, err = w.List(w.ctx, library.Query{Limit: -1})
		w.wantError(err, "a page has from 1 to 1000")
	})
}
