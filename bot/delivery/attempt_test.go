package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/bot"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

func refusal(o bot.Outcome, after time.Duration) error {
	return &bot.SendError{Outcome: o, After: after, Err: errors.New("the platform said no")}
}

// text is a part of the digest of a subscription of 8 May.
func text(s bot.Subscription, part int) string {
	return fmt.Sprintf("Digest: %s 2026-05-08 part %d", s.ID, part)
}

// TestOutcomes tells what becomes of a digest of two parts, by how sending them ends.
func TestOutcomes(t *testing.T) {
	retry, rejected, unknown := refusal(bot.Retry, 0), refusal(bot.Rejected, 0), refusal(bot.Unknown, 0)
	for _, tc := range []struct {
		name   string
		sends  []error // of SendPart, one after the other
		resent []error // of ResendPart
		rounds int     // that it takes
		posts  int
		state  string
		cursor int64
	}{
		{"well", nil, nil, 1, 2, "posted 2/2", 11},
		{"retried", []error{retry, nil, retry, retry}, nil, 4, 2, "posted 2/2", 11},
		{"refused", []error{rejected}, nil, 1, 0, "failed 0/2 the platform said no", 10},
		{"refused in the middle", []error{nil, rejected}, nil, 1, 1, "failed 1/2 1 of 2 messages were posted; then: the platform said no", 10},
		{"unknown, then found", []error{unknown}, nil, 2, 2, "posted 2/2", 11},
		{"unknown for a while", []error{nil, unknown}, []error{retry, retry}, 4, 2, "posted 2/2", 11},
		{"unknown for ever", []error{unknown}, []error{unknown}, 2, 1, "unknown 1/2 1 of 2 messages were posted; of the others it is not known, and they are not sent again", 11},
		{"no outcome", []error{errors.New("a fault of the adapter's")}, []error{unknown}, 2, 1, "unknown 1/2 1 of 2 messages were posted; of the others it is not known, and they are not sent again", 11},
		{"unknown, then refused", []error{unknown}, []error{rejected}, 2, 0, "failed 0/2 0 of 2 messages were posted, of 1 it is not known; then: the platform said no", 10},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, db *database.DB) {
				w := newDepot(t, db)
				w.sender.errs, w.sender.resent = tc.sends, tc.resent
				s := w.subscribed("test/1", "12:00")
				key := w.due(s)
				rounds := 1
				for wait := w.delivered(key); wait > 0; wait = w.delivered(key) {
					rounds++
					w.clock.add(wait)
				}
				if rounds != tc.rounds || len(w.sender.posts) != tc.posts || w.composer.composed != 1 {
					t.Errorf("%d rounds, %d posts, %d times composed; want %d and %d", rounds, len(w.sender.posts), w.composer.composed, tc.rounds, tc.posts)
				}
				w.wantSlots(s, "2026-05-08 "+tc.state)
				w.wantCursor(s, tc.cursor)
			})
		})
	}
}

func TestPartsKnowTheFirstAndHaveNonces(t *testing.T) {
	w := newDepot(t, dbtest.SQLite(t))
	w.composer.n = 3
	s := w.subscribed("test/1", "12:00")
	key := w.due(s)
	w.delivered(key)
	w.wantPosts(text(s, 0), text(s, 1), text(s, 2))
	if got := fmt.Sprint(w.sender.firsts); got != "[ 1 1]" {
		t.Errorf("first messages: %s", got)
	}
	seen := map[string]bool{}
	for i, n := range w.sender.nonces {
		if seen[n] || n != nonce(key, i) || len(n) < 1 || len(n) > 25 {
			t.Errorf("nonce %q", n)
		}
		seen[n] = true
	}
}

// TestAfterWhatTimeIsItTriedAgain holds that the platform's word counts, and else a wait
// that grows.
func TestAfterWhatTimeIsItTriedAgain(t *testing.T) {
	w := newDepot(t, dbtest.SQLite(t))
	w.sender.errs = []error{refusal(bot.Retry, 42*time.Second), refusal(bot.Retry, 0), refusal(bot.Retry, 0), refusal(bot.Retry, 0)}
	key := w.due(w.subscribed("test/1", "12:00"))
	for _, want := range []time.Duration{42 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, 0} {
		if wait := w.delivered(key); wait != want {
			t.Errorf("again in %v; want %v", wait, want)
		}
		w.clock.add(want)
	}
}

func TestWhatIsNotPostedInTimeIsGivenUp(t *testing.T) {
	for name, tc := range map[string]struct {
		sends []error
		after time.Duration
		want  string
	}{
		"nothing tried":      {nil, 4 * time.Hour, "skipped 0/0 Parley came to it 4h0m after its time, and posts up to 3h0m late"},
		"in time":            {nil, 3 * time.Hour, "posted 2/2"},
		"nothing posted":     {[]error{refusal(bot.Retry, 0)}, 4 * time.Hour, "failed 0/2 the time to post it in was over; at the last try: the platform said no"},
		"the rest":           {[]error{nil, refusal(bot.Retry, 0)}, 20 * time.Hour, "posted 2/2"},
		"the rest, too late": {[]error{nil, refusal(bot.Retry, 0)}, 24 * time.Hour, "failed 1/2 1 of 2 messages were posted; at the last try: the platform said no"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newDepot(t, dbtest.SQLite(t))
			w.sender.errs = tc.sends
			s := w.subscribed("test/1", "12:00")
			key := w.due(s)
			if tc.sends != nil {
				w.delivered(key)
			}
			w.clock.add(tc.after)
			w.delivered(key)
			w.wantSlots(s, "2026-05-08 "+tc.want)
		})
	}
}

func TestAQuietDay(t *testing.T) {
	w := newDepot(t, dbtest.SQLite(t))
	w.composer.quiet = true
	silent := w.subscribed("test/1", "12:00")
	w.delivered(w.due(silent))
	w.wantSlots(silent, "2026-05-08 quiet 0/0 there was nothing new")
	w.wantCursor(silent, 11)
	w.wantPosts()
	told := w.subscribed("test/2", "12:00", func(s *bot.Subscription) { s.QuietDays = true })
	w.delivered(w.due(told))
	w.wantPosts(text(told, 0), text(told, 1))
}

func TestWhatCannotBeMadeIsTriedAgain(t *testing.T) {
	w := newDepot(t, dbtest.SQLite(t))
	w.composer.err = errors.New("the library is closed")
	s := w.subscribed("test/1", "12:00")
	key := w.due(s)
	if wait := w.delivered(key); wait != firstRetry || !strings.Contains(w.log.String(), "the library is closed") {
		t.Errorf("again in %v; log %s", wait, w.log)
	}
	w.wantSlots(s, "2026-05-08 due 0/0 it could not be made")
	w.composer.err = nil
	w.delivered(key)
	w.wantSlots(s, "2026-05-08 posted 2/2")
}

func TestSuspendedPlacesGetNothing(t *testing.T) {
	w := newDepot(t, dbtest.SQLite(t))
	s := w.subscribed("test/1", "12:00")
	w.must(w.store.Suspend(w.ctx, s.Place.Key(), "the channel is locked"))
	w.delivered(w.due(s))
	w.wantSlots(s, "2026-05-08 skipped 0/0 posting here is suspended: the channel is locked")
	w.wantPosts()
	if _, err := w.store.Resume(w.ctx, "test/1"); err != nil {
		t.Fatal(err)
	}
	w.clock.add(24 * time.Hour)
	w.delivered(w.due(s))
	w.wantSlots(s, "2026-05-09 posted 2/2\n2026-05-08 skipped 0/0 posting here is suspended: the channel is locked")
	w.wantCursor(s, 11) // what was new on the 8th was told on the 9th
}

func TestAPausedSubscriptionGetsNothing(t *testing.T) {
	w := newDepot(t, dbtest.SQLite(t))
	s := w.subscribed("test/1", "12:00")
	key := w.due(s)
	s.Paused = true
	if _, err := w.store.ChangeSubscription(w.ctx, s); err != nil {
		t.Fatal(err)
	}
	w.delivered(key)
	w.wantSlots(s, "2026-05-08 skipped 0/0 the subscription was paused")
}

func TestAnEndedSubscriptionGetsNothing(t *testing.T) {
	w := newDepot(t, dbtest.SQLite(t))
	s := w.subscribed("test/1", "12:00")
	key := w.due(s)
	if _, err := w.store.RemoveSubscription(w.ctx, s.ID); err != nil {
		t.Fatal(err)
	}
	if wait := w.delivered(key); wait != 0 {
		t.Errorf("again in %v", wait)
	}
	w.wantPosts()
}

// TestASlotThatIsTakenOverIsLeftAlone has a process sleep for longer than its lease while
// it waits for its turn to send.
func TestASlotThatIsTakenOverIsLeftAlone(t *testing.T) {
	w := newDepot(t, dbtest.SQLite(t))
	s := w.subscribed("test/1", "12:00")
	key := w.due(s)
	w.sender.hold = make(chan struct{})
	done := make(chan error, 1)
	go func() {
		_, err := w.deliver(w.ctx, key)
		done <- err
	}()
	until(t, "the parts to be frozen", func() bool { return strings.Contains(w.slots(s), "0/2") })
	w.clock.add(2 * w.lease)
	other := &scripted{}
	second, err := New(w.ctx, Options{
		DB: w.db, Ledger: w.ledger, Subscriptions: w.store, Composer: w.composer, Senders: map[string]Sender{"test": other}, Log: w.Deliverer.log, Now: w.clock.now,
	})
	w.must(err)
	if wait, err := second.deliver(w.ctx, key); wait != 0 || err != nil {
		t.Fatal(wait, err)
	}
	close(w.sender.hold)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if w.wantPosts(); len(other.posts) != 2 {
		t.Errorf("the other posted %q", other.posts)
	}
	w.wantSlots(s, "2026-05-08 posted 2/2")
}

func TestASlotOfDemand(t *testing.T) {
	w := newDepot(t, dbtest.SQLite(t))
	s := w.subscribed("test/1", "23:00")
	date, _, err := NextSlot(s, noon)
	w.must(err)
	for range 2 {
		w.must(w.RunSlot(w.ctx, bot.Slot{Subscription: s.ID, Place: s.Place, Date: date}))
	}
	w.wantPosts(text(s, 0), text(s, 1))
	w.wantSlots(s, "2026-05-08 posted 2/2")
}

var _ Sender = (*scripted)(nil)

func TestWithoutAPlatformThereIsNothingToDeliver(t *testing.T) {
	if _, err := New(context.Background(), Options{}); err == nil {
		t.Error("no error")
	}
}
