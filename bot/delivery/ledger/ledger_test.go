package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/bot"
	"parley/bot/delivery/ledger"
	"parley/bot/store"
	"parley/corpus"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

const lease = time.Minute

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

// clock is a time that a test sets.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

// world is what a test works with.
type world struct {
	*store.Store
	ledger *ledger.Ledger
	t      *testing.T
	ctx    context.Context
	clock  *clock
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
		test(world{s, ledger.New(db, c.now), t, t.Context(), c})
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

// subscribed is a subscription of a chat whose digests begin behind change 10.
func (w world) subscribed(chat string) bot.Subscription {
	w.t.Helper()
	s, err := w.AddSubscription(w.ctx, bot.Subscription{Place: bot.Place{Chat: chat, Channel: "7"}, Zone: "UTC"}, 10)
	w.must(err)
	return s
}

// opened is a slot that is due now, on a day of May.
func (w world) opened(s bot.Subscription, day int) bot.Slot {
	w.t.Helper()
	slot := bot.Slot{Place: s.Place,
		Subscription: s.ID, Date: corpus.DateOf(time.Date(2026, 5, day, 0, 0, 0, 0, time.UTC), corpus.Day), Due: w.clock.Time, State: bot.SlotDue,
	}
	n, err := w.ledger.Open(w.ctx, []bot.Slot{slot})
	w.must(err)
	if n != 1 {
		w.t.Fatalf("%d slots opened", n)
	}
	return slot
}

// claimed is a slot that is claimed now.
func (w world) claimed(key ledger.Key) *ledger.Claim {
	w.t.Helper()
	h, wait, err := w.ledger.Claim(w.ctx, key, lease)
	w.must(err)
	if h == nil {
		w.t.Fatalf("slot %v is not held, wait %v", key, wait)
	}
	return h
}

// wantSlot compares the last slot of a subscription.
func (w world) wantSlot(subscription string, state bot.SlotState, why string, parts, sent int) {
	w.t.Helper()
	slots, err := w.ledger.Slots(w.ctx, subscription, 1)
	w.must(err)
	if len(slots) != 1 {
		w.t.Fatalf("%d slots", len(slots))
	}
	s := slots[0]
	if s.State != state || s.Why.String() != why || s.Parts != parts || s.Sent != sent || s.Done.IsZero() != (state == bot.SlotDue) {
		w.t.Errorf("slot %+v; want %s, %q, %d of %d parts", s, state, why, sent, parts)
	}
}

func (w world) wantCursor(subscription string, want int64) {
	w.t.Helper()
	_, cursor, _, err := w.Subscription(w.ctx, subscription)
	w.must(err)
	if cursor != want {
		w.t.Errorf("the cursor is at %d; want %d", cursor, want)
	}
}

func TestASlotIsOpenedOnce(t *testing.T) {
	each(t, func(w world) {
		s := w.subscribed("discord/1")
		slot := w.opened(s, 8)
		later := slot
		later.Due = slot.Due.Add(time.Hour)
		gone := slot
		gone.Subscription = "gone"
		if n, err := w.ledger.Open(w.ctx, []bot.Slot{later, gone}); n != 0 || err != nil {
			t.Errorf("%d opened again, %v", n, err)
		}
		slots, err := w.ledger.Find(w.ctx, ledger.Query{Limit: 10})
		w.must(err)
		slot.Due = slot.Due.UTC()
		if diff := cmp.Diff([]bot.Slot{slot}, slots, cmp.Comparer(func(a, b corpus.PartialDate) bool { return a.String() == b.String() })); diff != "" {
			t.Error(diff)
		}
		var many []bot.Slot
		for i := range 700 { // more than are opened at once
			one := slot
			one.Date = corpus.DateOf(time.Date(2027, 1, 1+i, 0, 0, 0, 0, time.UTC), corpus.Day)
			one.State, one.Why = bot.SlotSkipped, bot.Reason{Text: "paused"}
			many = append(many, one)
		}
		if n, err := w.ledger.Open(w.ctx, many); n != 700 || err != nil {
			t.Errorf("%d opened, %v", n, err)
		}
		w.wantSlot(s.ID, bot.SlotSkipped, "paused", 0, 0)
		w.must2(w.RemoveSubscription(w.ctx, s.ID))
		if slots, err := w.ledger.Find(w.ctx, ledger.Query{Limit: 10}); err != nil || len(slots) != 0 {
			t.Errorf("left behind: %v, %v", slots, err)
		}
	})
}

// TestASlotGoesThroughTheLedger follows one of two parts from due to posted.
func TestASlotGoesThroughTheLedger(t *testing.T) {
	each(t, func(w world) {
		s := w.subscribed("discord/1")
		key := ledger.KeyOf(w.opened(s, 8))
		h := w.claimed(key)
		if h.Frozen || len(h.Messages) != 0 || h.Place != s.Place || !h.Due.Equal(w.clock.Time) {
			t.Errorf("held %+v", h)
		}
		record := ledger.Contents{Through: 17, Shown: []ledger.ShownDocument{{Document: "a", Revision: 1}, {Document: "b", Revision: 3}}}
		w.must(h.Freeze(w.ctx, [][]byte{{0, 1, 255}, []byte("two")}, record))
		w.must(h.Begin(w.ctx, 0))
		begun := w.clock.Time
		w.clock.Time = begun.Add(10 * time.Second)
		w.must(h.Begin(w.ctx, 0))
		w.must(h.Sent(w.ctx, 0, "77"))
		w.wantSlot(s.ID, bot.SlotDue, "", 2, 1)
		w.must(h.Begin(w.ctx, 1))
		w.must(h.NotSent(w.ctx, 1))
		w.must(h.Retry(w.ctx, time.Second, bot.Reason{Text: "the network was down"}))
		w.wantSlot(s.ID, bot.SlotDue, "the network was down", 2, 1)

		h = w.claimed(key)
		want := []ledger.Message{{Content: []byte{0, 1, 255}, Begun: begun.Truncate(time.Second).UTC(), ID: "77"}, {Content: []byte("two")}}
		if diff := cmp.Diff(want, h.Messages); diff != "" || !h.Frozen || h.Tries != 1 {
			t.Errorf("held again: %+v %s", h, diff)
		}
		w.must(h.Begin(w.ctx, 1))
		w.must(h.Sent(w.ctx, 1, "78"))
		w.wantCursor(s.ID, 10)
		w.must(h.Close(w.ctx, bot.SlotPosted, bot.Reason{}))
		w.wantSlot(s.ID, bot.SlotPosted, "", 2, 2)
		w.wantCursor(s.ID, 17)
		for doc, revision := range map[string]int{"a": 1, "b": 3, "c": 0} {
			if have, ok, err := w.ledger.Shown(w.ctx, s.ID, doc); err != nil || ok != (revision > 0) || have != revision {
				t.Errorf("%s shown: %d, %t, %v", doc, have, ok, err)
			}
		}
		if h, wait, err := w.ledger.Claim(w.ctx, key, lease); h != nil || wait != 0 || err != nil {
			t.Errorf("a closed slot is held: %v, %v", wait, err)
		}
	})
}

func TestWhatIsRecordedDependsOnTheState(t *testing.T) {
	each(t, func(w world) {
		s := w.subscribed("discord/1")
		for day, state := range []bot.SlotState{bot.SlotFailed, bot.SlotSkipped, bot.SlotQuiet, bot.SlotUnknown, bot.SlotPosted} {
			h := w.claimed(ledger.KeyOf(w.opened(s, 8+day)))
			shown := ledger.ShownDocument{Document: string(state), Revision: 1}
			w.must(h.Freeze(w.ctx, nil, ledger.Contents{Through: 20 - int64(day), Shown: []ledger.ShownDocument{shown}}))
			w.must(h.Close(w.ctx, state, bot.Reason{Text: "why"}))
			_, ok, err := w.ledger.Shown(w.ctx, s.ID, string(state))
			if want := day >= 2; err != nil || ok != want {
				t.Errorf("%s: recorded %t, %v", state, ok, err)
			}
		}
		w.wantCursor(s.ID, 18) // never back
	})
}

func TestAHolderThatIsGoneIsTakenOver(t *testing.T) {
	each(t, func(w world) {
		s := w.subscribed("discord/1")
		key := ledger.KeyOf(w.opened(s, 8))
		old := w.claimed(key)
		w.must(old.Freeze(w.ctx, [][]byte{[]byte("one"), []byte("two")}, ledger.Contents{}))
		w.clock.Time = w.clock.Add(lease / 2)
		w.must(old.Begin(w.ctx, 0)) // which renews the hold
		w.clock.Time = w.clock.Add(lease * 3 / 4)
		if h, wait, err := w.ledger.Claim(w.ctx, key, lease); h != nil || err != nil || wait < 10*time.Second || wait > 20*time.Second {
			t.Fatalf("held by two; wait %v, %v", wait, err)
		}
		w.clock.Time = w.clock.Add(lease)
		h := w.claimed(key)
		if h.Messages[0].Begun.IsZero() || h.Messages[0].Settled() {
			t.Errorf("the first part is %+v", h.Messages[0])
		}
		for what, err := range map[string]error{
			"begin": old.Begin(w.ctx, 1), "not sent": old.NotSent(w.ctx, 0), "lose": old.SetUnknown(w.ctx, 0),
			"close": old.Close(w.ctx, bot.SlotPosted, bot.Reason{}), "let go": old.Retry(w.ctx, 0, bot.Reason{}), "freeze": old.Freeze(w.ctx, nil, ledger.Contents{}),
		} {
			if !errors.Is(err, ledger.ErrNotClaimed) {
				t.Errorf("%s: %v", what, err)
			}
		}
		w.must(old.Sent(w.ctx, 0, "77")) // the message is there, whoever holds the slot
		w.must(h.SetUnknown(w.ctx, 1))
		w.must(h.Close(w.ctx, bot.SlotUnknown, bot.Reason{Text: "why"}))
		w.wantSlot(s.ID, bot.SlotUnknown, "why", 2, 1)
	})
}

func TestAMessageIsAnotherPart(t *testing.T) {
	each(t, func(w world) {
		sent := func(chat string, messages ...string) *ledger.Claim {
			h := w.claimed(ledger.KeyOf(w.opened(w.subscribed(chat), 8)))
			w.must(h.Freeze(w.ctx, [][]byte{{1}, {2}}, ledger.Contents{}))
			for part, message := range messages {
				w.must(h.Sent(w.ctx, part, message))
			}
			return h
		}
		sent("discord/1", "11", "12")
		sent("discord/2", "21")
		h := sent("discord/1", "31")
		for message, want := range map[string]bool{"11": true, "12": true, "31": false, "21": false, "": false} {
			if is, err := h.IsAnother(w.ctx, 0, message); err != nil || is != want {
				t.Errorf("message %q: another %t, %v", message, is, err)
			}
		}
		if is, err := h.IsAnother(w.ctx, 1, "31"); err != nil || !is {
			t.Errorf("the part before: another %t, %v", is, err)
		}
	})
}

func TestReasonsAreKeptWhole(t *testing.T) {
	each(t, func(w world) {
		s := w.subscribed("discord/1")
		last := bot.Reason{Text: "HTTP 500: a \x00 byte, “quoted”"}
		why := bot.Reason{Key: bot.ReasonOverMidway, Sent: 1, Unsure: 1, Parts: 3, Late: time.Hour, Most: 3 * time.Hour, Last: &last}
		want := func(have bot.Reason) {
			t.Helper()
			if diff := cmp.Diff(why, have); diff != "" {
				t.Error(diff)
			}
		}
		h := w.claimed(ledger.KeyOf(w.opened(s, 8)))
		w.must(h.Retry(w.ctx, 0, why))
		h = w.claimed(ledger.KeyOf(h.Slot))
		want(h.Why)
		w.must(h.Close(w.ctx, bot.SlotFailed, why))
		slots, err := w.ledger.Slots(w.ctx, s.ID, 10)
		w.must(err)
		want(slots[0].Why)
	})
}

func TestTheDaysOfASubscriptionComeInOrder(t *testing.T) {
	each(t, func(w world) {
		s := w.subscribed("discord/1")
		first, second := ledger.KeyOf(w.opened(s, 8)), ledger.KeyOf(w.opened(s, 9))
		if h, wait, err := w.ledger.Claim(w.ctx, second, lease); h != nil || wait != lease || err != nil {
			t.Errorf("the second is held before the first is done: %v, %v", wait, err)
		}
		w.must(w.claimed(first).Close(w.ctx, bot.SlotFailed, bot.Reason{Text: "why"}))
		w.claimed(second)
	})
}

func TestSlotsAreQueuedUntilTheyAreDone(t *testing.T) {
	each(t, func(w world) {
		const forgotten = time.Hour
		s, other := w.subscribed("discord/1"), w.subscribed("telegram/1")
		key := ledger.KeyOf(w.opened(s, 8))
		w.opened(other, 8)
		woken := func(want int) {
			t.Helper()
			list, err := w.ledger.Queue(w.ctx, "discord", 10, forgotten)
			w.must(err)
			if len(list) != want {
				t.Fatalf("woken %+v; want %d", list, want)
			}
			if want == 1 && (list[0].Subscription != s.ID || list[0].Date.String() != "2026-05-08" || list[0].Chat != "discord/1") {
				t.Errorf("woken %+v", list[0])
			}
		}
		woken(1)
		woken(0)
		w.clock.Time = w.clock.Add(forgotten)
		woken(1)
		w.must(w.ledger.Requeue(w.ctx))
		woken(1) // by a process that starts
		w.claimed(key)
		w.must(w.ledger.Requeue(w.ctx))
		woken(0)
		w.clock.Time = w.clock.Add(lease)
		woken(1) // the holder is gone
		w.clock.Time = w.clock.Add(time.Second)
		w.must(w.claimed(key).Retry(w.ctx, time.Minute, bot.Reason{}))
		w.clock.Time = w.clock.Add(time.Minute)
		woken(0) // the holder's own time
		w.clock.Time = w.clock.Add(lease)
		woken(1)
		w.must(w.claimed(key).Close(w.ctx, bot.SlotSkipped, bot.Reason{Text: "why"}))
		w.clock.Time = w.clock.Add(2 * forgotten)
		woken(0)
	})
}

func TestOneOfManyClaimsASlotAndQueuesIt(t *testing.T) {
	const processes, slots = 6, 20
	each(t, func(w world) {
		s := w.subscribed("discord/1")
		for range slots {
			w.opened(w.subscribed("discord/1"), 8)
		}
		key := ledger.KeyOf(w.opened(s, 8))
		var mu sync.Mutex
		holders, woken := 0, map[string]int{}
		var wg sync.WaitGroup
		for range processes {
			wg.Go(func() {
				list, err := w.ledger.Queue(w.ctx, "discord", 100, time.Hour)
				if err != nil {
					t.Error(err)
				}
				h, _, err := w.ledger.Claim(w.ctx, key, lease)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if h != nil {
					holders++
				}
				for _, one := range list {
					woken[one.Subscription]++
				}
			})
		}
		wg.Wait()
		if holders != 1 {
			t.Errorf("%d holders", holders)
		}
		for id, n := range woken {
			if n != 1 {
				t.Errorf("the slot of %s was woken %d times", id, n)
			}
		}
	})
}

func TestSlotsThatNobodyBeganAreSkipped(t *testing.T) {
	each(t, func(w world) {
		for i, began := range []func(*ledger.Claim){
			nil,
			func(h *ledger.Claim) { w.must(h.Retry(w.ctx, 0, bot.Reason{})) },
			func(h *ledger.Claim) { w.must(h.Freeze(w.ctx, [][]byte{{1}}, ledger.Contents{})) },
			func(*ledger.Claim) {},
		} {
			s := w.subscribed(fmt.Sprint("discord/", i))
			key := ledger.KeyOf(w.opened(s, 8))
			if began != nil {
				began(w.claimed(key))
			}
		}
		now := w.clock.Time
		if n, err := w.ledger.Skip(w.ctx, now, bot.Reason{Text: "why"}); n != 0 || err != nil {
			t.Errorf("%d skipped, %v", n, err)
		}
		if n, err := w.ledger.Skip(w.ctx, now.Add(time.Second), bot.Reason{Text: "why"}); n != 1 || err != nil {
			t.Errorf("%d skipped, %v", n, err)
		}
		slots, err := w.ledger.Find(w.ctx, ledger.Query{State: bot.SlotSkipped, Limit: 10})
		w.must(err)
		if len(slots) != 1 || slots[0].Why.String() != "why" {
			t.Errorf("skipped: %+v", slots)
		}
	})
}

func TestMarksGoForwardOnly(t *testing.T) {
	each(t, func(w world) {
		if _, ok, err := w.ledger.Mark(w.ctx, "looked"); ok || err != nil {
			t.Errorf("marked: %t, %v", ok, err)
		}
		for _, after := range []time.Duration{time.Hour, time.Minute} {
			w.must(w.ledger.SetMark(w.ctx, "looked", w.clock.Add(after)))
			if at, ok, err := w.ledger.Mark(w.ctx, "looked"); !ok || err != nil || !at.Equal(w.clock.Add(time.Hour)) {
				t.Errorf("marked %v, %t, %v", at, ok, err)
			}
		}
	})
}

func TestOldSlotsAreForgotten(t *testing.T) {
	each(t, func(w world) {
		s := w.subscribed("discord/1")
		h := w.claimed(ledger.KeyOf(w.opened(s, 8)))
		w.must(h.Freeze(w.ctx, [][]byte{{1}}, ledger.Contents{Shown: []ledger.ShownDocument{{Document: "a", Revision: 1}}}))
		w.must(h.Close(w.ctx, bot.SlotPosted, bot.Reason{}))
		due := ledger.KeyOf(w.opened(s, 9))
		w.clock.Time = w.clock.AddDate(0, 0, 91)
		w.must2(w.Prune(w.ctx))
		slots, err := w.ledger.Slots(w.ctx, s.ID, 10)
		w.must(err)
		if len(slots) != 1 || slots[0].Date.String() != due.Date.String() {
			t.Errorf("kept %+v", slots)
		}
		if _, ok, err := w.ledger.Shown(w.ctx, s.ID, "a"); !ok || err != nil {
			t.Errorf("what was shown is forgotten with the slot: %v", err)
		}
		w.clock.Time = w.clock.AddDate(1, 0, 0)
		w.must2(w.Prune(w.ctx))
		if _, ok, err := w.ledger.Shown(w.ctx, s.ID, "a"); ok || err != nil {
			t.Errorf("what was shown is kept for ever: %v", err)
		}
	})
}

func TestADueSlotFollowsItsChat(t *testing.T) {
	each(t, func(w world) {
		s := w.subscribed("telegram/-5")
		key := ledger.KeyOf(w.opened(s, 8))
		w.must(w.MoveChat(w.ctx, "telegram/-5", "telegram/-1005"))
		if h := w.claimed(key); h.Place.Chat != "telegram/-1005" {
			t.Errorf("the slot is in %s", h.Place.Chat)
		}
	})
}
