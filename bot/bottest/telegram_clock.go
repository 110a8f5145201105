package bottest

import (
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
}

type tgTimer struct {
	at time.Time
	c  chan time.Time
}

// NewTelegramManualClock makes a clock that shows now.
func NewTelegramManualClock(now time.Time) *TelegramManualClock {
	return &TelegramManualClock{now: now}
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
	return timer.c
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
