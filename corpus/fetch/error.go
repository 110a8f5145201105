package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/corpus/weburl"
)

// Kind says why an address could not be got, and so what to do about it.
type Kind uint8

// The kinds of errors. Those up to Robots come back every time until the address or the
// server changes; the others may pass.
const (
	BadAddress  Kind = iota // it cannot be asked for: correct it
	Refused                 // it leads to an address that is not public
	TooLarge                // more than the limits allow
	Encoding                // compressed as was not asked for, or wrongly
	Redirect                // redirects that lead nowhere
	Gone                    // 410: the publisher has withdrawn it
	Robots                  // robots.txt asks to leave it alone
	Status                  // another status than 200; see Error.Status and RetryAfter
	Timeout                 // no whole answer in time
	Unreachable             // no connection, or one that broke
)

// advice says what can be done about each kind, where no more is known.
var advice = [...]string{
	BadAddress:  "correct the address",
	Refused:     "allow its network in the configuration, sync.allow_private, if it is meant",
	TooLarge:    "use a smaller feed or a page of its own for each part",
	Encoding:    "the server's compression is at fault; tell its operator",
	Redirect:    "look in a browser for the address where it ends",
	Gone:        "its publisher has withdrawn it for good; remove it",
	Robots:      "the site's robots.txt asks to leave it alone; add the text as a file if you may",
	Status:      "look at the address in a browser",
	Timeout:     "the server is slow; it is tried again later",
	Unreachable: "the server cannot be reached; it is tried again later",
}

func (k Kind) String() string {
	return [...]string{"bad address", "refused", "too large", "encoding", "redirect", "gone", "robots", "status",
		"timeout", "unreachable"}[k]
}

// Error is why an address could not be got.
type Error struct {
	Kind Kind
	URL  string // without query; empty if it could not be parsed
	// Status is that of the answer, for the kinds Status and Gone.
	Status int
	// RetryAfter is how long the server asks to be left alone; 0 if it does not.
	RetryAfter time.Duration
	Err        error
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "fetch %s: ", e.URL)
	switch {
	case e.Status != 0:
		fmt.Fprintf(&b, "status %d %s", e.Status, http.StatusText(e.Status))
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	default:
		b.WriteString(e.Kind.String())
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, ", asks to wait %v", e.RetryAfter)
	}
	b.WriteString("; " + e.advice())
	return b.String()
}

// advice says what whoever runs Parley can do.
func (e *Error) advice() string {
	if lookup, ok := errors.AsType[*net.DNSError](e.Err); ok && lookup.IsNotFound {
		return "check the address, and whether this machine is online"
	}
	if e.Kind != Status {
		return advice[e.Kind]
	}
	switch status := e.Status; {
	case status == http.StatusNotFound:
		return "check the address"
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return "wait, the server is too busy"
	case status == http.StatusUnauthorized, status == http.StatusPaymentRequired, status == http.StatusForbidden,
		status == http.StatusUnavailableForLegalReasons:
		return "the site does not show it to programs, or not to everybody; ask its operator, or add the text as a " +
			"file if you may"
	case status >= http.StatusInternalServerError:
		return "the server has a fault, which may pass"
	}
	return advice[Status]
}

func (e *Error) Unwrap() error { return e.Err }

// failure is the *Error that err means for the address.
func failure(ctx context.Context, u *url.URL, err error) error {
	if known, ok := errors.AsType[*Error](err); ok {
		if known.URL == "" {
			known.URL = weburl.RedactedURL(u)
		}
		return known
	}
	e := &Error{Kind: Unreachable, URL: weburl.RedactedURL(u), Err: err}
	refusal, refused := errors.AsType[*refusedError](err)
	timeout, _ := errors.AsType[net.Error](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case refused:
		e.Kind, e.Err = Refused, refusal
	case errors.Is(context.Cause(ctx), errTimeout), timeout != nil && timeout.Timeout():
		e.Kind, e.Err = Timeout, errTimeout
	case untrusted:
		e.Err = fmt.Errorf("its certificate is not trusted: %w", err)
	}
	return e
}

// longestRetryAfter is the most that a server can ask for.
const longestRetryAfter = 30 * 24 * time.Hour

// retryAfter reads the header in both of its forms (RFC 9110, 10.2.3).
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseUint(header, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, longestRetryAfter)
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return max(0, min(at.Sub(now), longestRetryAfter))
}
