package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// How robots.txt is kept and read: for a day at most (RFC 9309, 2.4), 500 KiB of it at
// least (2.5). Where a site's server fails to give it, the site is left alone for a while
// (2.3.1.4).
const (
	robotsAge     = 24 * time.Hour
	robotsFailAge = 10 * time.Minute
	maxRobots     = 512 << 10
	// longestDelay is the most of a Crawl-delay that is kept to.
	longestDelay = time.Minute
)

// robots is what is known of the rules of a site.
type robots struct {
	rules ruleset
	err   error // why they could not be had
	until time.Time
}

// obey gives an error where robots.txt asks to leave the page alone.
func (c *Client) obey(ctx context.Context, u *url.URL) error {
	site := u.Scheme + "://" + u.Host
	r, ok := c.robots.Get(site)
	if !ok || !c.opts.Now().Before(r.until) {
		r = c.readRobots(ctx, site)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c.robots.Add(site, r)
	}
	if r.rules.delay > 0 {
		c.host(u).slower(r.rules.delay)
	}
	switch {
	case r.err != nil:
		return &Error{Kind: Unreachable, URL: redacted(u), Err: fmt.Errorf("its robots.txt cannot be had: %w", r.err)}
	case !r.rules.allows(u.RequestURI()):
		return &Error{Kind: Robots, URL: redacted(u), Err: errors.New("robots.txt disallows it")}
	}
	return nil
}

// readRobots gets the rules of a site; there are none where it has none to give.
func (c *Client) readRobots(ctx context.Context, site string) robots {
	resp, err := c.Get(ctx, Request{URL: site + "/robots.txt"})
	now := c.opts.Now()
	if err == nil {
		body := resp.Body[:min(len(resp.Body), maxRobots)]
		return robots{rules: parseRobots(body, productToken(c.opts.UserAgent)), until: now.Add(robotsAge)}
	}
	failed, _ := errors.AsType[*Error](err)
	switch {
	case failed == nil || failed.Kind == Timeout || failed.Kind == Unreachable,
		failed.Status >= 500, failed.Status == http.StatusTooManyRequests:
		return robots{err: err, until: now.Add(robotsFailAge)}
	}
	return robots{until: now.Add(robotsAge)}
}
