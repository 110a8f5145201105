package rest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxBuckets is the number of buckets from which on those that have ended are thrown away:
// every interaction has its own.
const maxBuckets = 1000

// route is an operation of the API, as rate limits and errors name it.
type route struct {
	name  string // method and path without ids: "POST /channels/{id}/messages"
	major string // the channel, guild or webhook that has the limit
	shown string // method and path without tokens, for people
	// exempt routes answer interactions: they do not count towards the global limit.
	exempt bool
	// unlimited routes have no bucket either.
	unlimited bool
}

// routeOf reads the route from the path of a request, with or without "/api/v9".
func routeOf(method, path string) route {
	if rest, ok := strings.CutPrefix(path, "/api/v"); ok {
		_, path, _ = strings.Cut(rest, "/")
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	names := make([]string, len(parts))
	r := route{exempt: parts[0] == "interactions" || parts[0] == "webhooks", unlimited: parts[0] == "interactions"}
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

// limits is the state of Discord's rate limits, as its answers tell it.
type limits struct {
	mu      sync.Mutex
	refused bool              // the token is not accepted
	paused  time.Time         // until then nothing that counts globally may be sent
	banned  time.Time         // until then nothing at all
	hashes  map[string]string // bucket by route
	buckets map[string]*bucket
}

// bucket is one limit and how far it is used up. While it is not known, and again when its
// time is over, one request at a time goes out.
type bucket struct {
	known     bool
	remaining int
	reset     time.Time
	inFlight  int           // requests without an answer yet
	answered  chan struct{} // closed when the next of them is answered
}

func newLimits() *limits {
	return &limits{hashes: map[string]string{}, buckets: map[string]*bucket{}}
}

// take counts a request if it may be sent now. Otherwise it returns how long to wait (0: it
// is not known), and a channel that is closed if things change before, or nil.
func (l *limits) take(r route, now time.Time) (
	b *bucket, wait time.Duration, changed <-chan struct{}, err error,
) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refused && !r.exempt {
		return nil, 0, nil, ErrUnauthorized
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
	case b.known && b.remaining <= 0:
		if b.inFlight > 0 {
			changed = b.answered
		}
		return nil, max(b.reset.Sub(now), time.Millisecond), changed, nil
	case !b.known && b.inFlight > 0:
		return nil, 0, b.answered, nil
	}
	b.remaining--
	b.inFlight++
	return b, 0, nil, nil
}

// bucket returns the bucket of a route. Routes for which Discord names the same bucket
// share it. Where there are many buckets, those that have ended are thrown away.
func (l *limits) bucket(r route, now time.Time) *bucket {
	if b, ok := l.buckets[r.key()]; ok {
		return b
	}
	if len(l.buckets) >= maxBuckets {
		for k, b := range l.buckets {
			if b.inFlight == 0 && (!b.known || !now.Before(b.reset)) {
				delete(l.buckets, k)
			}
		}
	}
	b, ok := l.buckets[l.hashes[r.name]+" "+r.major]
	if !ok {
		b = &bucket{answered: make(chan struct{})}
	}
	l.buckets[r.key()] = b
	return b
}

func (r route) key() string { return r.name + " " + r.major }

// observe learns from an answer, nil where there is none, and reports whether it is a 429.
func (l *limits) observe(r route, b *bucket, a *answer, now time.Time) (limited bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b != nil {
		b.inFlight--
		close(b.answered)
		b.answered = make(chan struct{})
	}
	if a == nil {
		return false
	}
	h := a.res.Header
	if hash := h.Get("X-RateLimit-Bucket"); hash != "" && b != nil {
		l.hashes[r.name] = hash
		shared, ok := l.buckets[hash+" "+r.major]
		if !ok {
			shared = b
		}
		l.buckets[hash+" "+r.major], l.buckets[r.key()] = shared, shared
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

// learn reads the headers of an answer, which every limited route has.
func (b *bucket) learn(h http.Header, now time.Time) {
	remaining, err := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	after, ok := seconds(h.Get("X-RateLimit-Reset-After"))
	if err != nil || !ok {
		return
	}
	reset := now.Add(after)
	left := remaining - b.inFlight // as if Discord had counted none of those yet
	if sameWindow := b.known && reset.Sub(b.reset).Abs() < 500*time.Millisecond; sameWindow {
		left = min(left, b.remaining)
	}
	b.known, b.remaining, b.reset = true, left, reset
}

// forbid learns from a 429, of which b is the bucket, nil where there is none.
func (l *limits) forbid(b *bucket, a *answer, now time.Time) {
	var reply struct {
		After  *float64 `json:"retry_after"`
		Global bool     `json:"global"`
	}
	fromDiscord := json.Unmarshal(a.body, &reply) == nil // else from the proxy before it
	h := a.res.Header
	after, ok := seconds(h.Get("X-RateLimit-Reset-After"))
	if !ok && reply.After != nil {
		after, ok = time.Duration(*reply.After*float64(time.Second)), true
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
		l.banned = latest(l.banned, until)
	case reply.Global || h.Get("X-RateLimit-Global") != "" || b == nil:
		l.paused = latest(l.paused, until)
	default:
		b.known, b.remaining, b.reset = true, 0, until
	}
}

// left is how long a route may not be used, at least a second.
func (l *limits) left(r route, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	until := latest(l.paused, l.banned)
	if b := l.bucket(r, now); b.known && b.remaining <= 0 {
		until = latest(until, b.reset)
	}
	return max(until.Sub(now), time.Second)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// seconds reads a number of seconds, perhaps with a fraction.
func seconds(s string) (time.Duration, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f > 1e6 {
		return 0, false
	}
	return time.Duration(f * float64(time.Second)), true
}
