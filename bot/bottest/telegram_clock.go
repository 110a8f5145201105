package bottest

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// TelegramClock is the time as the fake sees it.
type TelegramClock interface {
	Now() time.Time
	// After delivers the time once d has passed; a d of zero or less has passed.
	After(d time.Duration) <-chan time.Time
}

type tgRealClock struct{}

func (tgRealClock) Now() time.Time                         { return time.Now() }
func (tgRealClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// TelegramManualClock stands still until it is advanced. It is safe for concurrent use.
type TelegramManualClock struct {
	mu     sync.Mutex
	now    time.Time
	timers []tgTimer
	set    chan struct{} // closed and replaced when a timer is set
}

type tgTimer struct {
	at time.Time
	c  chan time.Time
}

// NewTelegramManualClock makes a clock that shows now.
func NewTelegramManualClock(now time.Time) *TelegramManualClock {
	return &TelegramManualClock{now: now, set: make(chan struct{})}
}

// Now is the time that the clock shows.
func (c *TelegramManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After fires when Advance has moved the clock by d in all.
func (c *TelegramManualClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	timer := tgTimer{at: c.now.Add(d), c: make(chan time.Time, 1)}
	if d <= 0 {
		timer.c <- c.now
		return timer.c
	}
	c.timers = append(c.timers, timer)
	close(c.set)
	c.set = make(chan struct{})
	return timer.c
}

// BlockUntil waits until at least n timers have not fired yet, so that what a test
// advances the clock for has begun to wait. A poll that ended early leaves its timer.
func (c *TelegramManualClock) BlockUntil(ctx context.Context, n int) error {
	for {
		c.mu.Lock()
		waiting, set := len(c.timers), c.set
		c.mu.Unlock()
		if waiting >= n {
			return nil
		}
		select {
		case <-set:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %d timers, there are %d: %w", n, waiting, ctx.Err())
		}
	}
}

// Advance moves the clock on and fires what has become due.
func (c *TelegramManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	var waiting []tgTimer
	for _, timer := range c.timers {
		if timer.at.After(c.now) {
			waiting = append(waiting, timer)
			continue
		}
		timer.c <- c.now
	}
	c.timers = waiting
}
