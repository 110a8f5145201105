package store_test

import (
	"io"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/bot"
)

func (w world) add(sub bot.Subscription, cursor int64) bot.Subscription {
	w.t.Helper()
	kept, err := w.AddSubscription(w.ctx, sub, cursor)
	w.must(err)
	return kept
}

// wantSubscriptions compares those of a chat.
func (w world) wantSubscriptions(chat string, want ...bot.Subscription) {
	w.t.Helper()
	have, err := w.Subscriptions(w.ctx, chat)
	w.must(err)
	if diff := cmp.Diff(want, have); diff != "" {
		w.t.Errorf("subscriptions of %s (-want +got):\n%s", chat, diff)
	}
}

// full is a subscription of which nothing is zero, but that it is not paused.
func full(chat string) bot.Subscription {
	return bot.Subscription{
		Place: bot.Place{Chat: chat, Channel: "7"}, Zone: "Europe/Kyiv", At: 570, Days: []time.Weekday{time.Sunday, time.Friday},
		Topics: []string{"ceasefire", "sanctions"}, Actors: []string{"russia"}, Language: "uk", QuietDays: true,
		By: "telegram/1", Since: time.Unix(1_777_000_000, 0).UTC(),
	}
}

func TestASubscriptionIsKeptAsItWasMade(t *testing.T) {
	each(t, func(w world) {
		made := w.add(full("one"), 42)
		if !regexp.MustCompile(`^[a-z0-9]{1,20}$`).MatchString(made.ID) {
			t.Errorf("its id is %q", made.ID)
		}
		have, cursor, ok, err := w.Subscription(w.ctx, made.ID)
		w.must(err)
		want := full("one")
		want.ID = made.ID
		if diff := cmp.Diff(want, have); diff != "" || !ok || cursor != 42 {
			t.Errorf("found %t, cursor %d: %s", ok, cursor, diff)
		}
		if _, _, ok, err := w.Subscription(w.ctx, "none"); ok || err != nil {
			t.Errorf("one that there is not: %t, %v", ok, err)
		}
	})
}

func TestSubscriptionsOfAChatAreListedTheOldestFirst(t *testing.T) {
	each(t, func(w world) {
		second := w.add(bot.Subscription{Place: bot.Place{Chat: "one"}, Zone: "UTC", Since: time.Unix(20, 0).UTC()}, 0)
		first := w.add(bot.Subscription{Place: bot.Place{Chat: "one"}, Zone: "UTC", Since: time.Unix(10, 0).UTC(), Paused: true}, 0)
		w.add(full("two"), 0)
		w.wantSubscriptions("one", first, second)
		w.wantSubscriptions("three")
		n := 0
		w.must(w.EachSubscription(w.ctx, func(bot.Subscription) error { n++; return nil }))
		if n != 3 {
			t.Errorf("%d subscriptions in all", n)
		}
		if err := w.EachSubscription(w.ctx, func(bot.Subscription) error { n++; return io.EOF }); err != io.EOF || n != 4 {
			t.Errorf("a failure does not end it: %v, %d", err, n)
		}
	})
}

func TestAChangeKeepsWhoseItIsAndHowFarItHasCome(t *testing.T) {
	each(t, func(w world) {
		sub := w.add(full("one"), 42)
		changed := bot.Subscription{ID: sub.ID, Place: bot.Place{Chat: "other", Channel: "8"}, Zone: "UTC", Paused: true}
		if ok, err := w.ChangeSubscription(w.ctx, changed); !ok || err != nil {
			t.Fatalf("changed %t, %v", ok, err)
		}
		changed.Chat, changed.By, changed.Since = "one", sub.By, sub.Since
		have, cursor, _, err := w.Subscription(w.ctx, sub.ID)
		w.must(err)
		if diff := cmp.Diff(changed, have); diff != "" || cursor != 42 {
			t.Errorf("cursor %d: %s", cursor, diff)
		}
		for _, want := range []bool{true, false} {
			if ok, err := w.RemoveSubscription(w.ctx, sub.ID); ok != want || err != nil {
				t.Errorf("removed %t, %v; want %t", ok, err, want)
			}
		}
		if ok, err := w.ChangeSubscription(w.ctx, changed); ok || err != nil {
			t.Errorf("one that is gone was changed: %t, %v", ok, err)
		}
	})
}

func TestSubscriptionsFollowTheChat(t *testing.T) {
	each(t, func(w world) {
		sub := w.add(full("group"), 42)
		for range 2 {
			w.must(w.MoveChat(w.ctx, "group", "supergroup"))
			sub.Chat = "supergroup"
			w.wantSubscriptions("supergroup", sub)
			w.wantSubscriptions("group")
		}
	})
}

func TestAUserIsForgotten(t *testing.T) {
	each(t, func(w world) {
		mine, theirs := full("one"), full("two")
		theirs.By = "telegram/2"
		mine, theirs = w.add(mine, 0), w.add(theirs, 0)
		w.must(w.ForgetUser(w.ctx, "telegram/1"))
		mine.By = ""
		w.wantSubscriptions("one", mine)
		w.wantSubscriptions("two", theirs)
	})
}
