package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"parley/corpus/fetch/robots"
	"parley/corpus/weburl"
)

// How robots.txt is kept and read: for a day at most (RFC 9309, 2.4), 500 KiB of it at
// least (2.5). Where a site's server fails to give it, the site is left alone for a while
// (2.3.1.4).
const (
	robotsAge     = 24 * time.Hour
	robotsFailAge = 10 * time.Minute
	maxRobots     = 512 << 10
)

// siteRules are the rules of a site's robots.txt, and until when they hold.
type siteRules struct {
	robots.Rules
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
	if r.Delay > 0 {
		c.host(u).slower(r.Delay)
	}
	switch {
	case r.err != nil:
		return &Error{Kind: Unreachable, URL: weburl.RedactedURL(u), Err: fmt.Errorf("its robots.txt cannot be had: %w",
			r.err)}
	case !r.Allows(u.RequestURI()):
		return &Error{Kind: Robots, URL: weburl.RedactedURL(u), Err: errors.New("robots.txt disallows it")}
	}
	return nil
}

// readRobots gets the rules of a site; there are none where it has none to give.
func (c *Client) readRobots(ctx context.Context, site string) siteRules {
	resp, err := c.Get(ctx, Request{URL: site + "/robots.txt"})
	now := c.opts.Now()
	if err == nil {
		body := resp.Body[:min(len(resp.Body), maxRobots)]
		return siteRules{Rules: robots.Parse(body, c.opts.UserAgent), until: now.Add(robotsAge)}
	}
	failed, _ := errors.AsType[*Error](err)
	switch {
	case failed == nil || failed.Kind == Timeout || failed.Kind == Unreachable,
		failed.Status >= 500, failed.Status == http.StatusTooManyRequests:
		return siteRules{err: err, until: now.Add(robotsFailAge)}
	}
	return siteRules{until: now.Add(robotsAge)}
}
