package fetch

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"golang.org/x/time/rate"
)

// host is the politeness towards one server.
type host struct {
	slots chan struct{}
	pace  *rate.Limiter
}

// host is that of an address; the first to ask for it makes it.
func (c *Client) host(u *url.URL) *host {
	fresh := newHost(c.opts.Interval, c.opts.PerHost)
	if known, ok, _ := c.hosts.PeekOrAdd(u.Host, fresh); ok {
		c.hosts.Get(u.Host) // it is in use
		return known
	}
	return fresh
}

func newHost(interval time.Duration, slots int) *host {
	return &host{slots: make(chan struct{}, slots), pace: rate.NewLimiter(rate.Every(interval), 1)}
}

// turn waits until the host may be asked; done is to be called after the answer.
func (h *host) turn(ctx context.Context) (done func(), err error) {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	done = func() { <-h.slots }
	if err := h.pace.Wait(ctx); err != nil {
		done()
		return nil, fmt.Errorf("%w: the turn of the host comes too late: %w", context.DeadlineExceeded, err)
	}
	return done, nil
}

// slower lets the host say that it wants more time between two requests.
func (h *host) slower(interval time.Duration) {
	if limit := rate.Every(interval); limit < h.pace.Limit() {
		h.pace.SetLimit(limit)
	}
}
