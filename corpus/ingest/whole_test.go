package ingest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/corpus/ingest"
)

// at lets time go by until a new article is of that age, and syncs.
func (w *world) at(age time.Duration, want string) {
	w.t.Helper()
	w.pass(start.Add(age).Sub(w.clock.now()))
	w.wantSync(want)
}

// wantSyncOfAll syncs what is not due, too.
func (w *world) wantSyncOfAll(want string) {
	w.t.Helper()
	r, err := w.Sync(w.ctx, ingest.Choice{All: true})
	w.must(err)
	if r.String() != want {
		w.t.Errorf("sync of all: %v; want %s", r, want)
	}
}

// wholeFeed follows a feed that carries the text of a new article.
func (w *world) wholeFeed() {
	w.t.Helper()
	w.follow("/rss")
	w.site.set("/rss", rss(fullItem("a", prose("a"))))
	w.wantSync("1 added")
	w.wantRequests("/rss")
}

const day = 24 * time.Hour

// TestTheTextOfAFeedIsWithdrawnWithItsPage has the page answer well, be missed for an hour,
// be gone, and come back.
func TestTheTextOfAFeedIsWithdrawnWithItsPage(t *testing.T) {
	each(t, func(w *world) {
		w.site.set("/a", page("A", "What the page says is another thing."))
		w.wholeFeed()
		w.at(59*time.Minute, "nothing new")
		if asked := w.site.requests(); strings.Contains(asked, "/a") {
			t.Errorf("asked too early: %s", asked)
		}
		w.at(time.Hour+time.Minute, "nothing new")
		if asked := w.site.requests(); !strings.Contains(asked, "/a") {
			t.Errorf("asked %s", asked)
		}
		w.site.set("/a", status(404))
		w.at(25*time.Hour, "nothing new")
		w.site.set("/a", page("A", prose("a")))
		w.at(50*time.Hour, "nothing new") // it was an accident
		w.site.set("/a", status(404))
		w.at(3*day+time.Hour, "nothing new")
		w.at(4*day+2*time.Hour, "nothing new")
		w.wantKeys("a")
		w.at(6*day+3*time.Hour, "1 withdrawn") // the third time, three days later
		w.wantKeys("")
		w.site.set("/a", page("A", prose("a")))
		w.at(31*day, "1 restored")
		if a := w.documents()["a"]; a.Text != prose("a") || a.Revision != 1 {
			t.Errorf("what came back is %+v", a)
		}
	})
}

func TestTheTextOfAFeedOfWhichThePageIsGone(t *testing.T) {
	each(t, func(w *world) {
		w.wholeFeed()
		w.site.set("/a", status(410))
		w.at(2*time.Hour, "1 withdrawn")
		w.wantKeys("")
		w.site.set("/rss", rss(fullItem("a", prose("a")+" It was corrected.")))
		w.wantSyncOfAll("1 restored") // the feed gives it again
		w.wantKeys("a")
	})
}

func TestAPageThatWasNeverThereSaysNothingOfATextOfTheFeed(t *testing.T) {
	w := one(t, ingest.Options{})
	w.wholeFeed()
	for w.clock.now().Before(start.Add(40 * day)) {
		w.pass(12 * time.Hour)
		w.wantSync("nothing new")
	}
	w.wantKeys("a")
	if h := w.doctor(); len(h.Articles) != 0 || h.Waiting != 0 || h.State != ingest.Well {
		t.Errorf("%+v", h)
	}
}

// TestHowOftenThePageOfATextOfTheFeedIsAsked has every answer that is no news for the text.
func TestHowOftenThePageOfATextOfTheFeedIsAsked(t *testing.T) {
	for name, tc := range map[string]struct {
		answer http.HandlerFunc
		want   int64 // of the page, in 40 days
	}{
		"well":         {page("A", prose("a")), 5},
		"fails":        {status(500), 5},
		"closed":       {status(403), 1},
		"never there":  {status(404), 3},
		"gone":         {status(410), 1},
		"to the front": {status(302, "Location", "/"), 3},
	} {
		t.Run(name, func(t *testing.T) {
			w := one(t, ingest.Options{})
			var asked atomic.Int64
			w.site.set("/", page("Front", prose("everything")))
			w.site.set("/a", func(rw http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				tc.answer(rw, r)
			})
			w.wholeFeed()
			for w.clock.now().Before(start.Add(40 * day)) {
				w.pass(12 * time.Hour)
				_, err := w.Sync(w.ctx, ingest.Choice{})
				w.must(err)
			}
			if n := asked.Load(); n != tc.want {
				t.Errorf("asked %d times, want %d", n, tc.want)
			}
		})
	}
}

func TestThePagesOfATextThatIsOldOrForbiddenAreLeftAlone(t *testing.T) {
	w := one(t, ingest.Options{})
	w.follow("/rss")
	old := item("old", dated("Wed, 01 May 2024 07:30:00 GMT"), `<content:encoded>`+prose("old")+`</content:encoded>`)
	w.site.set("/rss", rss(old, fullItem("a", prose("a"))))
	w.site.set("/robots.txt", text("text/plain", "User-agent: *\nDisallow: /a\n"))
	w.wantSync("2 added")
	for range 40 {
		w.pass(day)
		w.wantSync("nothing new")
	}
	w.site.set("/rss", rss(old, fullItem("a", prose("another matter"))))
	w.site.requests()
	w.wantSyncOfAll("1 revised")
	w.wantRequests("/rss")
}

// TestTheOperatorsRemovalHoldsWhereAPageComesBack has the operator remove what its source
// had withdrawn.
func TestTheOperatorsRemovalHoldsWhereAPageComesBack(t *testing.T) {
	w := one(t, ingest.Options{})
	w.site.set("/a", page("A", prose("a")))
	w.wholeFeed()
	w.at(2*time.Hour, "nothing new")
	id := w.documents()["a"].ID
	w.site.set("/a", status(404))
	w.at(25*time.Hour, "nothing new")
	w.at(50*time.Hour, "nothing new")
	w.at(99*time.Hour, "1 withdrawn")
	_, err := w.Remove(w.ctx, id, "no")
	w.must(err)
	w.site.set("/a", page("A", prose("a")))
	w.at(8*day, "nothing new")
	w.wantKeys("")
}

// TestOnlySoManyTextsThatHaveLeftTheFeedAreLookedAfter keeps what is remembered small.
func TestOnlySoManyTextsThatHaveLeftTheFeedAreLookedAfter(t *testing.T) {
	w := one(t, ingest.Options{MaxNew: 5000})
	w.follow("/rss")
	const many = 2100
	items := make([]string, many)
	for n := range items {
		items[n] = fullItem(fmt.Sprint("n", n), prose(fmt.Sprint(n)))
	}
	w.site.set("/rss", rss(items...))
	w.wantSync(fmt.Sprint(many, " added"))
	w.site.set("/rss", rss(fullItem("a", prose("a"))))
	w.pass(30 * time.Minute)
	_, err := w.Sync(w.ctx, ingest.Choice{All: true})
	w.must(err)
	w.site.requests()
	w.pass(time.Hour)
	asked := 0
	for range 30 { // rounds
		_, err := w.Sync(w.ctx, ingest.Choice{})
		w.must(err)
		w.pass(2 * time.Second)
		asked += strings.Count(w.site.requests(), "/n")
	}
	if asked != 2000 {
		t.Errorf("%d pages were asked, want 2,000", asked)
	}
}
