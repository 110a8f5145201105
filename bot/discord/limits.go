package discord

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxBuckets is how many buckets are kept before those that are over are thrown away:
// every interaction has its own.
const maxBuckets = 1000

// route is an operation of the API as limits and errors know it.
type route struct {
	name  string // method and path without ids: "POST /channels/{id}/messages"
	major string // the channel, guild or webhook that has the limit
	shown string // method and path without tokens, for people
	// exempt routes answer interactions: they do not count towards the global limit.
	exempt bool
	// unlimited routes have no bucket of their own either.
	unlimited bool
}

// routeOf reads the path of a request, with or without "/api/v9".
func routeOf(method, path string) route {
	if rest, ok := strings.CutPrefix(path, "/api/v"); ok {
		_, path, _ = strings.Cut(rest, "/")
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	names := make([]string, len(parts))
	r := route{exempt: parts[0] == "interactions" || parts[0] == "webhooks"}
	r.unlimited = parts[0] == "interactions"
	for i, part := range parts {
		_, err := strconv.ParseUint(part, 10, 64)
		switch {
		case i == 2 && r.exempt:
			names[i], r.major = "{token}", part
			parts[i] = "***"
		case err == nil:
			names[i] = "{id}"
			if i == 1 {
				r.major = part
			}
		default:
			names[i] = part
		}
	}
	r.name = method + " /" + strings.Join(names, "/")
	r.shown = method + " /" + strings.Join(parts, "/")
	return r
}

// limits is what Discord has told of its limits.
type limits struct {
	mu      sync.Mutex
	refused bool              // the token is not accepted
	paused  time.Time         // until then nothing that counts globally may be sent
	banned  time.Time         // until then nothing at all
	hashes  map[string]string // bucket by route
	buckets map[string]*bucket
}

// bucket is the use of one limit. Until an answer has told of it, and again when its time
// is over, one request at a time goes out.
type bucket struct {
	known     bool
	remaining int
	reset     time.Time
	flying    int           // requests without an answer yet
	landed    chan struct{} // closed when one of them has it
}

func newLimits() *limits {
	return &limits{hashes: map[string]string{}, buckets: map[string]*bucket{}}
}

// take counts a request if it may be sent now. Else it says how long to wait (0: not
// known), or for what.
func (l *limits) take(r route, now time.Time) (b *bucket, wait time.Duration, changed <-chan struct{}, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refused && !r.exempt {
		return nil, 0, nil, errUnauthorized
	}
	if wait := l.paused.Sub(now); wait > 0 && !r.exempt {
		return nil, wait, nil, nil
	}
	if wait := l.banned.Sub(now); wait > 0 {
		return nil, wait, nil, nil
	}
	if r.unlimited {
		return nil, 0, nil, nil
	}
	b = l.bucket(r, now)
	b.known = b.known && now.Before(b.reset)
	switch {
	case b.known && b.remaining <= 0 && b.flying > 0, !b.known && b.flying > 0:
		return nil, b.untilReset(now), b.landed, nil
	case b.known && b.remaining <= 0:
		return nil, b.untilReset(now), nil, nil
	}
	b.remaining--
	b.flying++
	return b, 0, nil, nil
}

func (b *bucket) untilReset(now time.Time) time.Duration {
	if !b.known {
		return 0
	}
	return max(b.reset.Sub(now), time.Millisecond)
}

// bucket is that of a route. Routes for which Discord names the same bucket share it.
// Buckets that are over are thrown away when there are many.
func (l *limits) bucket(r route, now time.Time) *bucket {
	if b, ok := l.buckets[r.key()]; ok {
		return b
	}
	if len(l.buckets) >= maxBuckets {
		for k, b := range l.buckets {
			if b.flying == 0 && (!b.known || !now.Before(b.reset)) {
				delete(l.buckets, k)
			}
		}
	}
	b, ok := l.buckets[l.hashes[r.name]+" "+r.major]
	if !ok {
		b = &bucket{landed: make(chan struct{})}
	}
	l.buckets[r.key()] = b
	return b
}

func (r route) key() string { return r.name + " " + r.major }

// share puts a route's bucket under the name that Discord gives it, or takes the one that
// has it already.
func (l *limits) share(r route, b *bucket, hash string) {
	l.hashes[r.name] = hash
	key := hash + " " + r.major
	if other, ok := l.buckets[key]; ok {
		b = other
	}
	l.buckets[key], l.buckets[r.key()] = b, b
}

// observe reads what an answer, nil for none, tells of the limits, and reports whether it
// is a 429.
func (l *limits) observe(r route, b *bucket, a *answer, now time.Time) (limited bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b != nil {
		b.flying--
		close(b.landed)
		b.landed = make(chan struct{})
	}
	if a == nil {
		return false
	}
	h := a.res.Header
	if hash := h.Get("X-RateLimit-Bucket"); hash != "" && b != nil {
		l.share(r, b, hash)
	}
	switch a.res.StatusCode {
	case http.StatusTooManyRequests:
		l.forbid(b, a, now)
		return true
	case http.StatusUnauthorized:
		l.refused = l.refused || !r.exempt
	}
	if b != nil {
		b.learn(h, now)
	}
	return false
}

// learn reads the headers that stand on every answer of a limited route.
func (b *bucket) learn(h http.Header, now time.Time) {
	remaining, err := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	after, ok := seconds(h.Get("X-RateLimit-Reset-After"))
	if err != nil || !ok {
		return
	}
	reset := now.Add(after)
	left := remaining - b.flying // as if none of those had been counted yet
	if sameWindow := b.known && reset.Sub(b.reset).Abs() < 500*time.Millisecond; sameWindow {
		left = min(left, b.remaining)
	}
	b.known, b.remaining, b.reset = true, left, reset
}

// forbid keeps what a 429 says.
func (l *limits) forbid(b *bucket, a *answer, now time.Time) {
	var said struct {
		After  *float64 `json:"retry_after"`
		Global bool     `json:"global"`
	}
	fromDiscord := json.Unmarshal(a.body, &said) == nil // else from the proxy before it
	h := a.res.Header
	after, ok := seconds(h.Get("X-RateLimit-Reset-After"))
	if !ok && said.After != nil {
		after, ok = time.Duration(*said.After*float64(time.Second)), true
	}
	if !ok {
		after, ok = seconds(h.Get("Retry-After"))
	}
	if !ok || after < 0 {
		after = unknownPause
	}
	until := now.Add(after + 10*time.Millisecond)
	switch {
	case !fromDiscord:
		l.banned = later(l.banned, until)
	case said.Global || h.Get("X-RateLimit-Global") != "" || b == nil:
		l.paused = later(l.paused, until)
	default:
		b.known, b.remaining, b.reset = true, 0, until
	}
}

// left is how long a route may not be used.
func (l *limits) left(r route, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	until := later(l.paused, l.banned)
	if b := l.bucket(r, now); b.known && b.remaining <= 0 {
		until = later(until, b.reset)
	}
	return max(until.Sub(now), time.Second)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// seconds reads a number of seconds, which may have a fraction.
func seconds(s string) (time.Duration, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f > 1e6 {
		return 0, false
	}
	return time.Duration(f * float64(time.Second)), true
}
