package telegramtest

import (
	"sync"
	"time"
)

// Clock is the time as the fake sees it.
type Clock interface {
	Now() time.Time
	// After delivers the time once d has passed; a d of zero or less has passed.
	After(d time.Duration) <-chan time.Time
}

type realClock struct{}

func (realClock) Now() time.Time                         { return time.Now() }
func (realClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// ManualClock stands still until it is advanced. It is safe for concurrent use.
type ManualClock struct {
	mu     sync.Mutex
	now    time.Time
	timers []manualTimer
}

type manualTimer struct {
	at time.Time
	c  chan time.Time
}

// NewManualClock makes a clock that shows now.
func NewManualClock(now time.Time) *ManualClock {
	return &ManualClock{now: now}
}

// Now is the time that the clock shows.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After fires when Advance has moved the clock by d in all.
func (c *ManualClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	timer := manualTimer{at: c.now.Add(d), c: make(chan time.Time, 1)}
	if d <= 0 {
		timer.c <- c.now
		return timer.c
	}
	c.timers = append(c.timers, timer)
	return timer.c
}

// Advance moves the clock on and fires what has become due.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	var waiting []manualTimer
	for _, timer := range c.timers {
		if timer.at.After(c.now) {
			waiting = append(waiting, timer)
			continue
		}
		timer.c <- c.now
	}
	c.timers = waiting
}
