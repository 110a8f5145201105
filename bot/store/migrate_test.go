package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/bot"
	"parley/bot/delivery/ledger"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

// TestEveryEarlierVersionIsBroughtUp reads databases of every version with the store of today.
func TestEveryEarlierVersionIsBroughtUp(t *testing.T) {
	dbtest.EachVersion(t, part, migrations(), func(t *testing.T, version int, db *database.DB) {
		s := wantFilled(t, db)
		if version >= 2 {
			wantSubscription(t, s)
		}
		if version >= 3 {
			wantLedger(t, db)
		}
	})
}

// wantFilled finds what every testdata/versionN.sql holds.
func wantFilled(t *testing.T, db *database.DB) *Store {
	t.Helper()
	ctx := t.Context()
	s, err := New(ctx, db, func() time.Time { return time.Unix(1_778_000_000, 0) })
	if err != nil {
		t.Fatal(err)
	}
	have := func(what, want string, value any, err error) {
		t.Helper()
		if got := fmt.Sprint(value); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", what, got, err, want)
		}
	}
	settings, err := s.ChatSettings(ctx, "chat")
	have("settings", fmt.Sprint(bot.ChatSettings{Language: "uk", Private: true, Channels: []string{"7"}}), settings, err)
	why, _, err := s.Suspended(ctx, "chat")
	have("suspension", "kicked 2026-05-05 16:53:19 +0000 UTC", why.Reason+" "+why.Since.String(), err)
	offset, err := s.Offset(ctx, 1)
	have("offset", "43", offset, err)
	handled, err := s.Handled(ctx, 1, 42)
	have("update", "true", handled, err)
	action, _, err := s.Action(ctx, "#a")
	have("action", "{}", string(action), err)
	file, err := s.FileID(ctx, "picture")
	have("file", "AgAC", file, err)
	hash, err := s.Registered(ctx, "commands")
	have("hash", "abc", hash, err)
	return s
}

// wantSubscription finds what testdata/versionN.sql holds from version 2 on.
func wantSubscription(t *testing.T, s *Store) {
	t.Helper()
	want := bot.Subscription{
		ID: "abc", Place: bot.Place{Chat: "chat", Channel: "7"}, Zone: "Europe/Kyiv", At: 570, Days: []time.Weekday{time.Monday, time.Friday},
		Topics: []string{"ceasefire", "sanctions"}, Actors: []string{"russia"}, Language: "uk", QuietDays: true,
		By: "telegram/1", Since: time.Unix(1_777_000_000, 0).UTC(),
	}
	have, cursor, ok, err := s.Subscription(t.Context(), "abc")
	if diff := cmp.Diff(want, have); diff != "" || cursor != 42 || !ok || err != nil {
		t.Errorf("subscription: %t, %v, cursor %d: %s", ok, err, cursor, diff)
	}
}

// wantLedger finds what every testdata/versionN.sql holds from version 3 on: a slot of
// which one part of two is sent.
func wantLedger(t *testing.T, db *database.DB) {
	t.Helper()
	l := ledger.New(db, func() time.Time { return time.Unix(1_778_000_000, 0) })
	ctx := t.Context()
	slots, err := l.Slots(ctx, "abc", 10)
	if err != nil || len(slots) != 1 || slots[0].Sent != 1 || slots[0].Why.String() != "late" {
		t.Fatalf("slots %+v, %v", slots, err)
	}
	h, _, err := l.Claim(ctx, ledger.KeyOf(slots[0]), time.Minute)
	if err != nil || !h.Frozen || len(h.Messages) != 2 || h.Messages[0].ID != "77" || string(h.Messages[1].Content) != "two" {
		t.Errorf("held %+v, %v", h, err)
	}
	if revision, _, err := l.Shown(ctx, "abc", "doc"); err != nil || revision != 2 {
		t.Errorf("shown: revision %d, %v", revision, err)
	}
	if at, _, err := l.Mark(ctx, "mark"); err != nil || at.Unix() != 1777960000 {
		t.Errorf("mark at %v, %v", at, err)
	}
}

func TestAStoreOfANewerParleyIsRefused(t *testing.T) {
	dbtest.EachNewer(t, part, migrations(), func(t *testing.T, db *database.DB) {
		if _, err := New(t.Context(), db, time.Now); err == nil || !strings.Contains(err.Error(), "a newer Parley wrote this database (store is at version 99, this Parley knows") {
			t.Errorf("opened by an older Parley: %v", err)
		}
	})
}
