package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"parley/bot/backoff"
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
	requestsPerSecond, requestBurst = 40, 5
	firstRetry                      = 250 * time.Millisecond
)

// ErrUnauthorized says that Discord does not accept the bot's token. Nothing is sent after
// that: it would only bring a ban nearer.
var ErrUnauthorized = errors.New(
	"the bot's token is not accepted: set the one that Discord's Developer Portal shows under Bot")

// errUnreadable says that an answer of success cannot be read: what was asked for has
// probably been done.
var errUnreadable = errors.New("the answer cannot be read")

// LimitedError says that a rate limit ends too late for the request to wait for it.
type LimitedError struct{ After time.Duration } // until the limit ends

func (e *LimitedError) Error() string {
	return fmt.Sprintf("rate limited for another %v", e.After.Round(time.Millisecond))
}

// transport sends every request to Discord. It keeps the limits that Discord tells of and
// waits out a 429. After a failure of the network or of Discord it asks again where the
// request can be repeated: by its method, or because it has an Idempotency-Key, as in
// net/http. All waiting ends with the request's context.
type transport struct {
	base   http.RoundTripper
	api    *url.URL // in place of Discord's own address; nil: that
	now    func() time.Time
	pace   *rate.Limiter
	limits *limits
}

// RoundTrip returns answers of success and refusals; a 429 or a failure of Discord's that
// waiting did not cure is an error.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, r := req.Context(), routeOf(req.Method, req.URL.Path)
	for attempt := 1; ; attempt++ {
		b, err := t.admit(ctx, r)
		if err != nil {
			if req.Body != nil {
				_ = req.Body.Close()
			}
			return nil, err
		}
		a, err := t.exchange(req, attempt)
		limited := t.limits.observe(r, b, a, t.now())
		switch {
		case limited && attempt == maxAttempts:
			return nil, &LimitedError{t.limits.left(r, t.now())}
		case limited:
			continue // admit waits
		case err == nil && a.res.StatusCode < http.StatusInternalServerError:
			a.res.Body = io.NopCloser(bytes.NewReader(a.body))
			for name := range a.res.Header { // discordgo would keep the limits once more, by rules of its own
				if strings.HasPrefix(name, "X-Ratelimit-") {
					a.res.Header.Del(name)
				}
			}
			return a.res, nil
		case attempt == maxAttempts || !replayable(req, err):
			if err != nil {
				return nil, err
			}
			return nil, &APIError{Status: a.res.StatusCode, Message: http.StatusText(a.res.StatusCode)}
		}
		if err := backoff.Sleep(ctx, backoff.Jitter(firstRetry<<(attempt-1))); err != nil {
			return nil, err
		}
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
		return nil, fmt.Errorf("%w: %w", errUnreadable, err)
	case len(body) > maxAnswer:
		return nil, fmt.Errorf("%w: over %d bytes", errUnreadable, maxAnswer)
	case res.StatusCode < 300 && res.StatusCode != http.StatusNoContent && !json.Valid(body):
		return nil, fmt.Errorf("%w: %s with %d bytes that are no JSON", errUnreadable, res.Status, len(body))
	}
	return &answer{res, body}, nil
}

// IsDialError reports whether there was no connection, so that the request was never sent.
func IsDialError(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// replayable reports whether a request that failed may be sent once more.
func replayable(req *http.Request, err error) bool {
	if req.Context().Err() != nil {
		return false
	}
	if IsDialError(err) {
		return true
	}
	_, hasKey := req.Header["Idempotency-Key"]
	repeatable := []string{http.MethodGet, http.MethodPut, http.MethodPatch, http.MethodDelete}
	return hasKey || slices.Contains(repeatable, req.Method)
}

// waitFor waits for d, unless that is 0, or for a change, unless that is nil.
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
