package library_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"parley/corpus/database"
	"parley/corpus/library"
)

// addFeeds keeps feeds named by letters, due in that order.
func (w world) addFeeds(names string) {
	w.t.Helper()
	for i, name := range strings.Fields(names) {
		_, added, err := w.AddFeed(w.ctx, library.Feed{Address: name, NextDue: start.Add(time.Duration(i-100) * time.Minute)})
		w.must(err)
		if !added {
			w.t.Errorf("feed %s is there already", name)
		}
	}
}

func (w world) claim(limit int, lease time.Duration, want string) []library.Claim {
	w.t.Helper()
	claims, err := w.ClaimFeeds(w.ctx, limit, lease)
	w.must(err)
	var ids []string
	for _, c := range claims {
		ids = append(ids, c.Feed.ID)
	}
	if have := strings.Join(sorted(ids), " "); have != want {
		w.t.Errorf("claimed %s; want %s", have, want)
	}
	return claims
}

func TestFeedsAreClaimedWhenTheyAreDue(t *testing.T) {
	each(t, func(w world) {
		w.addFeeds("a b c")
		later, _, err := w.AddFeed(w.ctx, library.Feed{Address: "later", NextDue: start.Add(time.Hour)})
		w.must(err)
		suspended := library.Feed{Address: "suspended", Suspended: "it is gone (410)"}
		_, _, err = w.AddFeed(w.ctx, suspended)
		w.must(err)

		w.claim(2, time.Minute, "a b") // those due first
		claims := w.claim(9, time.Minute, "c")
		if until := claims[0].Until; !until.Equal(start.Add(time.Minute)) {
			t.Errorf("claimed until %v", until)
		}
		w.claim(9, time.Minute, "")
		if ids, last, err := w.ClaimedFeeds(w.ctx); err != nil || strings.Join(ids, " ") != "a b c" || !last.Equal(start.Add(time.Minute)) {
			t.Errorf("claimed are %v until %v, error %v", ids, last, err)
		}
		w.pass(time.Minute) // the processes have died
		if ids, last, err := w.ClaimedFeeds(w.ctx); err != nil || len(ids) != 0 || !last.IsZero() {
			t.Errorf("still claimed are %v until %v, error %v", ids, last, err)
		}
		w.claim(9, 2*time.Hour, "a b c")
		w.pass(time.Hour)
		w.claim(9, time.Minute, later.ID)

		suspended.ID, suspended.Suspended = "suspended", ""
		w.updateFeed(suspended)
		w.claim(9, time.Minute, "suspended")
	})
}

func TestAClaimEndsOnce(t *testing.T) {
	each(t, func(w world) {
		w.addFeeds("a")
		old := w.claim(1, time.Minute, "a")[0]
		w.pass(30 * time.Second)
		old, err := w.RenewClaim(w.ctx, old, time.Minute)
		w.must(err)
		w.pass(59 * time.Second)
		w.claim(1, time.Minute, "")
		w.pass(time.Second)
		fresh := w.claim(1, time.Minute, "a")[0]

		items := []library.Item{item("x", "Text of the one that was too slow.")}
		for name, err := range map[string]error{
			"finish": second(w.FinishFeed(w.ctx, old, old.Feed, items)),
			"renew":  second(w.RenewClaim(w.ctx, old, time.Hour)),
		} {
			if !errors.Is(err, library.ErrClaimLost) {
				t.Errorf("%s a claim that is lost: %v", name, err)
			}
		}
		w.must(w.ReleaseFeed(w.ctx, old))
		if ids := w.ids(); ids != "" {
			t.Errorf("documents %s were kept", ids)
		}
		w.claim(1, time.Minute, "")
		w.must(w.ReleaseFeed(w.ctx, fresh))
		fresh = w.claim(1, time.Minute, "a")[0]
		next := fresh.Feed
		next.ETag, next.NextDue = "tag", w.clock.Add(time.Hour)
		_, err = w.FinishFeed(w.ctx, fresh, next, items)
		w.must(err)
		if err := second(w.FinishFeed(w.ctx, fresh, next, items)); !errors.Is(err, library.ErrClaimLost) {
			t.Errorf("finished twice: %v", err)
		}
		f, err := w.Feed(w.ctx, "a")
		w.must(err)
		if f.ETag != "tag" || !f.NextDue.Equal(next.NextDue) || f.Documents != 1 {
			t.Errorf("%+v", f)
		}
	})
}

// updateFeed keeps what has changed in a feed, as one who fetches it does.
func (w world) updateFeed(f library.Feed) {
	w.t.Helper()
	c, ok, err := w.ClaimFeed(w.ctx, f.ID, time.Minute)
	if err != nil || !ok {
		w.t.Fatalf("claim feed %s: %v, %v", f.ID, ok, err)
	}
	w.must(second(w.FinishFeed(w.ctx, c, f, nil)))
}

func second[T any](_ T, err error) error { return err }

// TestAnItemOfAFeedIsItsOwn has a feed claim to be somebody else.
func TestAnItemOfAFeedIsItsOwn(t *testing.T) {
	each(t, func(w world) {
		w.addFeeds("a b")
		w.wantPut("x added 1", item("x", "The text of a file."))
		claims := w.claim(2, time.Minute, "a b")
		finish := func(n int, want string, items ...library.Item) {
			t.Helper()
			next := claims[n].Feed
			next.NextDue = w.clock.Add(time.Hour)
			outcomes, err := w.FinishFeed(w.ctx, claims[n], next, items)
			w.must(err)
			if have := inWords(outcomes); have != want {
				t.Errorf("%s; want %s", have, want)
			}
		}
		finish(0, "x refused 0, y added 1", item("x", "Not the text of the file."), item("y", "The text of feed a."))
		finish(1, "y refused 0", item("y", "Not the text of feed a.", func(i *library.Item) { i.Origin = claims[0].Feed.Origin() }))
		if have := w.get("x").Text + " " + w.get("y").Text; have != "The text of a file. The text of feed a." {
			t.Errorf("texts %s", have)
		}
	})
}

// TestAFailedFinishKeepsNothing has one item that makes the transaction fail.
func TestAFailedFinishKeepsNothing(t *testing.T) {
	each(t, func(w world) {
		w.addFeeds("a")
		c := w.claim(1, time.Minute, "a")[0]
		ctx, cancel := context.WithCancel(w.ctx)
		cancel()
		next := c.Feed
		next.ETag = "tag"
		if _, err := w.FinishFeed(ctx, c, next, []library.Item{item("x", "Text")}); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		next.State = []byte("{")
		w.wantError(second(w.FinishFeed(w.ctx, c, next, nil)), `feed "a": its state is not JSON`)
		f, err := w.Feed(w.ctx, "a")
		w.must(err)
		if f.ETag != "" || w.ids() != "" {
			t.Errorf("%+v, documents %s", f, w.ids())
		}
	})
}

const feedsToClaim = 300

// claimAll claims feeds until none is due, and names them. It begins when it is told.
func claimAll(ctx context.Context, l *library.Library) error {
	fmt.Println("ready")
	if _, err := io.ReadAll(os.Stdin); err != nil {
		return err
	}
	for {
		claims, err := l.ClaimFeeds(ctx, 3, time.Hour)
		if err != nil || len(claims) == 0 {
			return err
		}
		for _, c := range claims {
			if _, err := fmt.Println(c.Feed.ID); err != nil {
				return err
			}
		}
	}
}

func TestProcessesClaimEachFeedOnce(t *testing.T) {
	databases(t, func(t *testing.T, address string) {
		db, err := open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer func(db *database.DB) { _ = db.Close() }(db)
		w := newWorld(t, db)
		for n := range feedsToClaim {
			_, _, err := w.AddFeed(w.ctx, library.Feed{Address: fmt.Sprint(n)})
			w.must(err)
		}
		children := []process{startChild(t, "claim", address), startChild(t, "claim", address)}
		for _, p := range children {
			p.said.Scan()
		}
		for _, p := range children {
			w.must(p.tell.Close())
		}
		by, share := map[string]int{}, make([]int, len(children))
		for n, p := range children {
			for ; p.said.Scan(); share[n]++ {
				if other, twice := by[p.said.Text()]; twice {
					t.Errorf("feed %s is claimed by %d and by %d", p.said.Text(), other, n)
				}
				by[p.said.Text()] = n
			}
			w.must(p.Wait())
		}
		t.Logf("claimed %d feeds", share)
		if len(by) != feedsToClaim {
			t.Errorf("%d feeds of %d are claimed", len(by), feedsToClaim)
		}
	})
}

func TestAFeedIsClaimedByItsName(t *testing.T) {
	each(t, func(w world) {
		w.addFeeds("a")
		wantDue := func(due int, next time.Time) {
			t.Helper()
			if d, n, err := w.DueFeeds(w.ctx); err != nil || d != due || !n.Equal(next) {
				t.Errorf("%d feeds due, the next at %v, %v; want %d, %v", d, n, err, due, next)
			}
		}
		wantDue(1, time.Time{})
		c, ok, err := w.ClaimFeed(w.ctx, "a", time.Minute)
		w.must(err)
		if !ok || c.Feed.ID != "a" {
			t.Errorf("claimed %v, %+v", ok, c)
		}
		wantDue(0, start.Add(time.Minute))
		if _, ok, err := w.ClaimFeed(w.ctx, "a", time.Minute); ok || err != nil {
			t.Errorf("claimed twice: %v, %v", ok, err)
		}
		next := c.Feed
		next.NextDue = start.Add(time.Hour)
		_, err = w.FinishFeed(w.ctx, c, next, nil)
		w.must(err)
		wantDue(0, start.Add(time.Hour))
		if _, ok, err := w.ClaimFeed(w.ctx, "a", time.Minute); !ok || err != nil {
			t.Errorf("claimed before it is due: %v, %v", ok, err)
		}
		if _, ok, err := w.ClaimFeed(w.ctx, "nothing", time.Minute); ok || err != nil {
			t.Errorf("claimed nothing: %v, %v", ok, err)
		}
	})
}

func TestASuspendedFeedIsResumed(t *testing.T) {
	each(t, func(w world) {
		_, _, err := w.AddFeed(w.ctx, library.Feed{Address: "a", Suspended: "gone", Failures: 3, LastError: "410", NextDue: start.Add(time.Hour)})
		w.must(err)
		w.claim(9, time.Minute, "")
		w.must(w.ResumeFeed(w.ctx, "a"))
		if c := w.claim(9, time.Minute, "a"); len(c) == 1 && (c[0].Feed.Failures != 0 || c[0].Feed.LastError != "") {
			t.Errorf("%+v", c[0].Feed)
		}
		w.wantNotFound(w.ResumeFeed(w.ctx, "nothing"))
	})
}

// TestAPageIsAnOriginOfItsOwn has a page and a feed give a document each.
func TestAPageIsAnOriginOfItsOwn(t *testing.T) {
	each(t, func(w world) {
		_, _, err := w.AddFeed(w.ctx, library.Feed{Address: "p", Kind: library.KindPage})
		w.must(err)
		c := w.claim(1, time.Minute, "p")[0]
		_, err = w.FinishFeed(w.ctx, c, c.Feed, []library.Item{item("x", "The text of a page.")})
		w.must(err)
		f, err := w.Feed(w.ctx, "p")
		w.must(err)
		if o := w.get("x").Origin; f.Documents != 1 || o != (library.Origin{Kind: library.OriginPage, Name: "p"}) {
			t.Errorf("%d documents, origin %v", f.Documents, o)
		}
	})
}

// TestNoMessageHoldsASecret has an address with a password and a token.
func TestNoMessageHoldsASecret(t *testing.T) {
	const address = "https://u:hush@example.org/rss?token=hush#hush"
	each(t, func(w world) {
		_, _, err := w.AddFeed(w.ctx, library.Feed{Address: address, Title: "\xff"})
		for what, err := range map[string]error{
			"add": err, "remove": w.RemoveFeed(w.ctx, address), "resume": w.ResumeFeed(w.ctx, address), "feed": second(w.Feed(w.ctx, address)),
			"broken": w.RemoveFeed(w.ctx, "http://u:hush@[::1/"),
		} {
			if err == nil || strings.Contains(err.Error(), "hush") {
				t.Errorf("%s: %v", what, err)
			}
		}
		if o := (library.Origin{Kind: library.OriginFeed, Name: address}).String(); o != "feed https://example.org/rss?…" {
			t.Errorf("origin %s", o)
		}
	})
}
