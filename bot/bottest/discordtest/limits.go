package discordtest

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"time"
)

// globalRate is how many requests a second Discord takes from a bot over all routes.
const globalRate = 50

// routeRates are the limits of buckets. Discord publishes none: these are stand-ins of a
// plausible size, and a bot has to go by the headers.
var routeRates = map[string]rate{
	"POST /channels/{channel_id}/messages":                             {5, 5 * time.Second},
	"POST /webhooks/{webhook_id}/{webhook_token}":                      {5, 2 * time.Second},
	"PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original":  {5, 2 * time.Second},
	"PUT /applications/{application_id}/commands":                      {2, 20 * time.Second},
	"POST /channels/{channel_id}/messages/{message_id}/crosspost":      {10, time.Hour},
	"POST /interactions/{interaction_id}/{interaction_token}/callback": {},
	"GET /gateway": {},
}

// otherRate is the limit of every other route.
var otherRate = rate{10, 10 * time.Second}

// rate is so many requests in a window; none at all is no limit.
type rate struct {
	requests int
	window   time.Duration
}

func newLimits() limits {
	return limits{blocked: map[string]block{}, windows: map[string]*window{}}
}

// block begins a 429.
func (l *limits) block(c *call, b block) {
	if b.Scope == "global" || b.HTML {
		l.global = b
	} else {
		l.blocked[c.bucket()] = b
	}
}

// limit refuses a request that a limit forbids; else it returns the headers that tell
// how much of the limit is left.
func (d *Server) limit(c *call) (*reply, http.Header) {
	if b, ok := d.limits.forbidding(c, d.now()); ok {
		if c.order > b.order {
			d.violate("%s: sent during a 429 (%s)", c.route, b.scope())
		}
		rep := b.reply(c, b.until.Sub(d.now()))
		return &rep, nil
	}
	if !d.opts.Limits {
		return nil, nil
	}
	if l, ok := d.limits.exceeded(c, d.now()); ok {
		if w, _ := d.limits.window(c, d.now()); l.Scope == "global" || c.order > w.order {
			d.violate("%s: over the limit (%s)", c.route, l.Scope)
		}
		rep := l.reply(c, l.After)
		return &rep, nil
	}
	return nil, d.limits.spend(c, d.admitted, d.now())
}

func (b block) scope() string {
	if b.HTML {
		return "Cloudflare"
	}
	return b.Scope
}

// forbidding is the 429 that is in force for a request. Interactions are answered also
// while the global limit is used up, but not behind Cloudflare's.
func (l *limits) forbidding(c *call, now time.Time) (block, bool) {
	if now.Before(l.global.until) && (!c.route.exempt || l.global.HTML) {
		return l.global, true
	}
	b := l.blocked[c.bucket()]
	return b, now.Before(b.until)
}

// exceeded is the limit that a request would go over.
func (l *limits) exceeded(c *call, now time.Time) (RateLimit, bool) {
	if !c.route.exempt {
		for len(l.second) > 0 && now.Sub(l.second[0]) >= time.Second {
			l.second = l.second[1:]
		}
		if len(l.second) >= globalRate {
			return RateLimit{Scope: "global", After: time.Second - now.Sub(l.second[0])}, true
		}
	}
	w, r := l.window(c, now)
	if r.requests > 0 && w.used >= r.requests {
		return RateLimit{Scope: "user", After: r.window - now.Sub(w.start)}, true
	}
	return RateLimit{}, false
}

// spend counts a request, of those admitted so far.
func (l *limits) spend(c *call, admitted int, now time.Time) http.Header {
	if !c.route.exempt {
		l.second = append(l.second, now)
	}
	w, r := l.window(c, now)
	if r.requests == 0 {
		return nil
	}
	w.used++
	w.order = admitted
	reset := w.start.Add(r.window)
	return http.Header{
		"X-Ratelimit-Bucket":      {bucketHash(c.route.String())},
		"X-Ratelimit-Limit":       {strconv.Itoa(r.requests)},
		"X-Ratelimit-Remaining":   {strconv.Itoa(r.requests - w.used)},
		"X-Ratelimit-Reset":       {strconv.FormatFloat(float64(reset.UnixMilli())/1000, 'f', 3, 64)},
		"X-Ratelimit-Reset-After": {strconv.FormatFloat(reset.Sub(now).Seconds(), 'f', 3, 64)},
	}
}

// window is the current one of a request's bucket.
func (l *limits) window(c *call, now time.Time) (*window, rate) {
	r, ok := routeRates[c.route.String()]
	if !ok {
		r = otherRate
	}
	w := l.windows[c.bucket()]
	if w == nil || now.Sub(w.start) >= r.window {
		w = &window{start: now}
		l.windows[c.bucket()] = w
	}
	return w, r
}

// bucketHash is the name of a route's bucket in headers: it tells nothing about the route, and is
// the same for every channel, guild and webhook.
func bucketHash(key string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key))
	return fmt.Sprintf("%016x", h.Sum64())
}
