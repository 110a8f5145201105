// Package backoff waits between attempts: for times that double, scattered so that many
// who wait do not come back at once.
package backoff

import (
	"context"
	"math/rand/v2"
	"time"
)

// Backoff is a wait that doubles from First to Most.
type Backoff struct {
	First, Most time.Duration
	next        time.Duration
}

// Next returns the next wait.
func (b *Backoff) Next() time.Duration {
	d := max(b.next, b.First)
	b.next = min(2*d, b.Most)
	return d
}

// Reset makes First the next wait again.
func (b *Backoff) Reset() { b.next = 0 }

// Jitter returns a random duration from half of d to d.
func Jitter(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }

// Clock is the time by which somebody waits.
type Clock interface {
	Now() time.Time
	// After delivers the time once d has passed.
	After(d time.Duration) <-chan time.Time
}

// SystemClock is the computer's clock.
type SystemClock struct{}

// Now is time.Now.
func (SystemClock) Now() time.Time { return time.Now() }

// After is time.After.
func (SystemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// Sleep returns nil after d, or the cause as soon as ctx is done.
func Sleep(ctx context.Context, d time.Duration) error { return SleepBy(ctx, SystemClock{}, d) }

// SleepBy is Sleep by another clock.
func SleepBy(ctx context.Context, c Clock, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	select {
	case <-c.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
