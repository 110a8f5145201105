package store_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/bot"
	"parley/bot/button"
	"parley/bot/store"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

func TestMain(m *testing.M) {
	if file := os.Getenv(childFile); file != "" {
		os.Exit(child(file))
	}
	os.Exit(dbtest.Main(m))
}

var (
	_ bot.Settings = (*store.Store)(nil)
	_ button.Store = (*store.Store)(nil)
)

// clock is a time that a test sets.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

// world is what a test works with.
type world struct {
	*store.Store
	t     *testing.T
	ctx   context.Context
	clock *clock
}

// each runs a test with an empty store on both databases.
func each(t *testing.T, test func(w world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		c := &clock{time.Date(2026, 5, 8, 7, 30, 0, 0, time.FixedZone("elsewhere", 7200))}
		s, err := store.New(t.Context(), db, c.now)
		if err != nil {
			t.Fatal(err)
		}
		test(world{s, t, t.Context(), c})
	})
}

func (w world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// must2 is must for a call that also returns something, which nobody wants here.
func (w world) must2(_ any, err error) {
	w.t.Helper()
	w.must(err)
}

func (w world) wantSettings(chat string, want bot.ChatSettings) {
	w.t.Helper()
	have, err := w.ChatSettings(w.ctx, chat)
	w.must(err)
	if diff := cmp.Diff(want, have); diff != "" {
		w.t.Errorf("settings of %s (-want +got):\n%s", chat, diff)
	}
}

// wantSuspended compares why a chat is suspended; an empty reason: it is not.
func (w world) wantSuspended(chat, reason string) {
	w.t.Helper()
	have, ok, err := w.Suspended(w.ctx, chat)
	w.must(err)
	if ok != (reason != "") || have.Reason != reason {
		w.t.Errorf("chat %s is suspended: %v, %q; want %q", chat, ok, have.Reason, reason)
	}
}

func (w world) wantOffset(bot, want int64) {
	w.t.Helper()
	have, err := w.Offset(w.ctx, bot)
	w.must(err)
	if have != want {
		w.t.Errorf("offset of bot %d is %d; want %d", bot, have, want)
	}
}

func (w world) wantFirst(bot, update int64, want bool) {
	w.t.Helper()
	first, err := w.MarkHandled(w.ctx, bot, update)
	w.must(err)
	if first != want {
		w.t.Errorf("update %d of bot %d comes for the first time: %v; want %v", update, bot, first, want)
	}
}

// wantAction compares what is kept; empty: nothing is.
func (w world) wantAction(key, want string) {
	w.t.Helper()
	have, ok, err := w.Action(w.ctx, key)
	w.must(err)
	if ok != (want != "") || string(have) != want {
		w.t.Errorf("action %s: %q, %v; want %q", key, have, ok, want)
	}
}
