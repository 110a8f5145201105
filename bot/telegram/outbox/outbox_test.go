package outbox

import (
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/bot"
	"parley/bot/backoff"
)

func TestAWindowLetsNoMoreThroughInAnySpan(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	now := time.Unix(1000, 0)
	w := newWindow(perGroup, perGroupWindow)
	var sent []time.Time
	for range 2000 {
		at := w.reserve(now)
		if at.Before(now) {
			t.Fatal("reserved in the past")
		}
		if r.IntN(3) == 0 { // the network took its time
			at = at.Add(time.Duration(r.IntN(3000)) * time.Millisecond)
			w.correct(at)
		}
		sent = append(sent, at)
		if now = at; r.IntN(5) == 0 {
			now = now.Add(time.Duration(r.IntN(90)) * time.Second)
		}
	}
	for i := perGroup; i < len(sent); i++ {
		if d := sent[i].Sub(sent[i-perGroup]); d < perGroupWindow {
			t.Fatalf("%d messages within %s", perGroup+1, d)
		}
	}
}

func TestQueuesOfManyChatsAreForgotten(t *testing.T) {
	clock := &stillClock{now: time.Unix(1000, 0)}
	q := newChatQueues(clock)
	for chat := range int64(10 * fewQueues) {
		queue, err := q.enter(t.Context(), chat)
		if err != nil {
			t.Fatal(err)
		}
		queue.limits[0].reserve(clock.now)
		q.leave(queue)
		clock.now = clock.now.Add(time.Second)
	}
	if n := len(q.byChat); n > fewQueues {
		t.Errorf("%d queues are kept", n)
	}
}

type stillClock struct{ now time.Time }

func (c *stillClock) Now() time.Time                       { return c.now }
func (c *stillClock) After(time.Duration) <-chan time.Time { return nil }

// TestAnswersGoOutAtOnceWhileDigestsAreDue has more digests wait for their turn than go out
// in half a minute.
func TestAnswersGoOutAtOnceWhileDigestsAreDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const digests = 30 * perBotPosts
		q := newChatQueues(backoff.SystemClock{})
		send := func(chat int64) {
			queue, err := q.enter(t.Context(), chat)
			if err == nil {
				defer q.leave(queue)
				err = q.await(t.Context(), queue, false)
			}
			if err != nil {
				t.Error(err)
			}
		}
		var wg sync.WaitGroup
		begun := time.Now()
		for chat := range int64(digests) {
			wg.Go(func() {
				if err := q.awaitLimit(t.Context(), q.posts); err != nil {
					t.Error(err)
				}
				send(chat + 1)
			})
		}
		for answer := range int64(20) {
			time.Sleep(time.Second)
			asked := time.Now()
			send(1_000_000 + answer)
			if took := time.Since(asked); took > 200*time.Millisecond {
				t.Errorf("an answer waited for %v", took)
			}
		}
		wg.Wait()
		if took := time.Since(begun); took < 29*time.Second || took > 31*time.Second {
			t.Errorf("%d digests took %v", digests, took)
		}
	})
}

func TestPlacesAreTargets(t *testing.T) {
	for _, want := range []Target{{Chat: 5}, {Chat: -1001234567890, Thread: 42}} {
		if got, err := TargetOf(want.Place()); err != nil || got != want {
			t.Errorf("%+v: %+v, %v", want.Place(), got, err)
		}
	}
	general := bot.Place{Chat: "telegram/-1001234567890", Channel: "1"}
	if got, err := TargetOf(general); err != nil || got.Thread != 0 {
		t.Errorf("the General topic: %+v, %v", got, err)
	}
	for _, p := range []bot.Place{
		{}, {Chat: "telegram/"}, {Chat: "telegram/0"}, {Chat: "telegram/x"}, {Chat: "5"}, {Chat: "discord/5"},
		{Chat: "telegram/5", Channel: "x"}, {Chat: "telegram/5", Channel: "-1"},
	} {
		if got, err := TargetOf(p); err == nil {
			t.Errorf("%+v: %+v", p, got)
		}
	}
}
