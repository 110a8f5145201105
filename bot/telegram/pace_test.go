package telegram

import (
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
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
			w.sentAt(at)
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

func TestLanesOfManyChatsAreForgotten(t *testing.T) {
	clock := &stillClock{now: time.Unix(1000, 0)}
	l := newLanes(clock)
	for chat := range int64(10 * fewLanes) {
		way, err := l.enter(t.Context(), chat)
		if err != nil {
			t.Fatal(err)
		}
		way.pace[0].reserve(clock.now)
		l.leave(way)
		clock.now = clock.now.Add(time.Second)
	}
	if n := len(l.byChat); n > fewLanes {
		t.Errorf("%d lanes are kept", n)
	}
}

type stillClock struct{ now time.Time }

func (c *stillClock) Now() time.Time                       { return c.now }
func (c *stillClock) After(time.Duration) <-chan time.Time { return nil }

func TestARowIsConfirmedOnlyAsFarAsItIsDone(t *testing.T) {
	r := newRow(0)
	for _, id := range []int64{7, 8, 9} {
		if !r.take(id) {
			t.Fatalf("update %d was not taken", id)
		}
	}
	if r.take(8) {
		t.Error("an update was taken twice")
	}
	r.done(8)
	r.done(9)
	if got := r.offset(); got != 7 {
		t.Errorf("offset %d while 7 is under way", got)
	}
	r.done(7)
	if got := r.offset(); got != 10 || r.waiting() != 0 {
		t.Errorf("offset %d, %d waiting", got, r.waiting())
	}
	if r.take(9) {
		t.Error("an update that is done was taken again")
	}
	r.take(20)
	r.take(21)
	if id := r.letGo(); id != 20 || r.offset() != 21 {
		t.Errorf("let go of %d, offset %d", id, r.offset())
	}
	r.done(20) // late, and of no consequence
	if got := r.offset(); got != 21 {
		t.Errorf("offset %d", got)
	}
}

func TestADeskRefusesWhatOneChatHasTooMuchOf(t *testing.T) {
	d := newDesk(1, nil, "1:x")
	begun, goOn := make(chan struct{}), make(chan struct{})
	put := func() error { return d.put(t.Context(), "chat", func() { begun <- struct{}{}; <-goOn }) }
	if err := put(); err != nil {
		t.Fatal(err)
	}
	<-begun
	for range maxQueue {
		if err := put(); err != nil {
			t.Fatal(err)
		}
	}
	if err := put(); err != errBusy {
		t.Errorf("error %v, want %v", err, errBusy)
	}
	if err := d.put(t.Context(), "another chat", func() {}); err != nil {
		t.Errorf("another chat: %v", err)
	}
	d.close()
	if err := put(); err != errClosed {
		t.Errorf("error %v, want %v", err, errClosed)
	}
	close(goOn)
	for range maxQueue {
		<-begun
	}
	d.wait()
	if n := len(d.room); n != 0 {
		t.Errorf("%d places are still taken", n)
	}
}

// TestAnswersGoOutAtOnceWhileDigestsAreDue has more digests wait for their turn than go
// out in half a minute.
func TestAnswersGoOutAtOnceWhileDigestsAreDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const digests = 30 * perBotBulk
		l := newLanes(SystemClock{})
		send := func(chat int64) {
			way, err := l.enter(t.Context(), chat)
			if err == nil {
				defer l.leave(way)
				err = l.await(t.Context(), way, false)
			}
			if err != nil {
				t.Error(err)
			}
		}
		var wg sync.WaitGroup
		begun := time.Now()
		for chat := range int64(digests) {
			wg.Go(func() {
				if err := l.awaitBulk(t.Context()); err != nil {
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
