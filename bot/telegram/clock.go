package telegram

import (
	"context"
	"time"
)

// Clock is the time by which limits are kept and waits are made.
type Clock interface {
	Now() time.Time
	// After delivers the time once d has passed; a d of zero or less has passed.
	After(d time.Duration) <-chan time.Time
}

// SystemClock is the computer's clock.
type SystemClock struct{}

// Now is time.Now.
func (SystemClock) Now() time.Time { return time.Now() }

// After is time.After.
func (SystemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// sleep waits for d and returns early, with the reason, when ctx is done.
func sleep(ctx context.Context, c Clock, d time.Duration) error {
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

// backoff is a wait that doubles from first to most.
type backoff struct{ first, most, next time.Duration }

func (b *backoff) wait() time.Duration {
	d := max(b.next, b.first)
	b.next = min(2*d, b.most)
	return d
}

func (b *backoff) reset() { b.next = 0 }
