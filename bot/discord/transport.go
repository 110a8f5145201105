package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/time/rate"
)

const (
	exchangeTime = 15 * time.Second // for one request and its answer
	maxAnswer    = 8 << 20          // bytes of one
	maxAttempts  = 5
	// patience is the longest wait for a limit to end; longer ones are the caller's.
	patience = 30 * time.Second
	// unknownPause is how long to stop after a 429 that does not say.
	unknownPause = 5 * time.Second
	// Discord takes 50 requests in any second; a bucket of these never lets more through.
	requestsPerSecond, requestBurst = 40, 10
	// bulkPerSecond is how many of them may be digests, so that answers go out at once
	// while thousands of those are due.
	bulkPerSecond = 30
	firstRetry    = 250 * time.Millisecond
)

// errUnauthorized says that Discord does not accept the bot's token. Whatever is sent
// after that only brings a ban nearer, so nothing is.
var errUnauthorized = errors.New("the bot's token is not accepted: set the one that Discord's Developer Portal shows under Bot")

// errSpoiled says that an answer of success cannot be read: what was asked has probably
// been done.
var errSpoiled = errors.New("the answer cannot be read")

// LimitedError says that Discord takes the request only after a time.
type LimitedError struct{ After time.Duration }

func (e *LimitedError) Error() string {
	return fmt.Sprintf("rate limited for another %v", e.After.Round(time.Millisecond))
}

// transport is the way of every request to Discord. It keeps the limits that Discord
// tells of, waits and asks again after a 429, and asks again after a failure of the
// network or of Discord where the request can be repeated: by its method, or because it
// has an Idempotency-Key, as in net/http. All waiting ends with the request's context.
type transport struct {
	base   http.RoundTripper
	api    *url.URL // in place of Discord's own address; nil: that
	now    func() time.Time
	pace   *rate.Limiter
	limits *limits
}

func newTransport(base http.RoundTripper, api *url.URL, now func() time.Time) *transport {
	return &transport{base: base, api: api, now: now, pace: rate.NewLimiter(requestsPerSecond, requestBurst), limits: newLimits()}
}

// RoundTrip returns answers of success and refusals; a 429 or a failure of Discord's that
// waiting did not cure is an error.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, r := req.Context(), routeOf(req.Method, req.URL.Path)
	for attempt := 1; ; attempt++ {
		b, err := t.admit(ctx, r)
		if err != nil {
			closeBody(req)
			return nil, err
		}
		a, err := t.exchange(req, attempt)
		limited := t.limits.observe(r, b, a, t.now())
		switch {
		case limited && attempt == maxAttempts:
			return nil, &LimitedError{t.limits.left(r, t.now())}
		case limited:
			continue // admit waits
		case !failed(a, err):
			return a.response(), nil
		case attempt == maxAttempts || !replayable(req, err):
			if err != nil {
				return nil, err
			}
			return nil, &APIError{Status: a.res.StatusCode, Message: http.StatusText(a.res.StatusCode)}
		}
		if err := sleep(ctx, jitter(firstRetry<<(attempt-1))); err != nil {
			return nil, err
		}
	}
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// admit waits until the limits allow a request, and counts it.
func (t *transport) admit(ctx context.Context, r route) (*bucket, error) {
	if !r.exempt {
		if err := t.pace.Wait(ctx); err != nil {
			return nil, fmt.Errorf("waiting for a turn: %w", err)
		}
	}
	for {
		b, wait, changed, err := t.limits.take(r, t.now())
		if err != nil || wait == 0 && changed == nil {
			return b, err
		}
		if deadline, ok := ctx.Deadline(); wait > patience || ok && wait > time.Until(deadline) {
			return nil, &LimitedError{wait}
		}
		if err := waitFor(ctx, wait, changed); err != nil {
			return nil, err
		}
	}
}

// answer is a response whose body has been read.
type answer struct {
	res  *http.Response
	body []byte
}

func (a *answer) response() *http.Response {
	a.res.Body = io.NopCloser(bytes.NewReader(a.body))
	for name := range a.res.Header {
		// discordgo would keep these limits once more, by rules of its own.
		if len(name) > 12 && name[:12] == "X-Ratelimit-" {
			a.res.Header.Del(name)
		}
	}
	return a.res
}

// exchange sends a request once and reads the whole answer.
func (t *transport) exchange(req *http.Request, attempt int) (*answer, error) {
	ctx, cancel := context.WithTimeout(req.Context(), exchangeTime)
	defer cancel()
	out := req.Clone(ctx)
	if attempt > 1 && req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		out.Body = body
	}
	if t.api != nil {
		out.URL, out.Host = t.api.JoinPath(req.URL.Path), ""
		out.URL.RawQuery = req.URL.RawQuery
	}
	res, err := t.base.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errSpoiled, err)
	case len(body) > maxAnswer:
		return nil, fmt.Errorf("%w: over %d bytes", errSpoiled, maxAnswer)
	case res.StatusCode < 300 && res.StatusCode != http.StatusNoContent && !json.Valid(body):
		return nil, fmt.Errorf("%w: %s with %d bytes that are no JSON", errSpoiled, res.Status, len(body))
	}
	return &answer{res, body}, nil
}

// failed reports whether asking again may help.
func failed(a *answer, err error) bool { return err != nil || a.res.StatusCode >= 500 }

// replayable reports whether a request that failed may be sent once more.
func replayable(req *http.Request, err error) bool {
	if req.Context().Err() != nil {
		return false
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return true // it was never sent
	}
	_, key := req.Header["Idempotency-Key"]
	return key || slices.Contains([]string{http.MethodGet, http.MethodPut, http.MethodPatch, http.MethodDelete}, req.Method)
}

// jitter is a duration from half of d to d, so that many do not come back at once.
func jitter(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }

func sleep(ctx context.Context, d time.Duration) error { return waitFor(ctx, d, nil) }

// waitFor waits for a duration, if it is not 0, or for a change, if it is not nil.
func waitFor(ctx context.Context, d time.Duration, change <-chan struct{}) error {
	var over <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
		return nil
	case <-change:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// bound gives the requests of a session of discordgo, which knows no contexts where it
// connects, the context of whoever runs it.
type bound struct {
	ctx  context.Context
	next http.RoundTripper
}

func (b bound) RoundTrip(req *http.Request) (*http.Response, error) {
	return b.next.RoundTrip(req.WithContext(b.ctx))
}
