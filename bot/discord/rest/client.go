// Package rest makes requests to Discord's REST API: with Discord's rate limits kept, again
// where that is certain not to act twice, and with errors that name the operation and hold
// no token. It does not know what the requests are about.
package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"golang.org/x/time/rate"
)

// APIError is a refusal by Discord.
type APIError struct {
	Status  int    // of HTTP
	Code    int    // Discord's own, as discordgo.ErrCode…; 0 if it gave none
	Message string // Discord's words
}

func (e *APIError) Error() string {
	if e.Code == 0 {
		return fmt.Sprintf("HTTP %d %s", e.Status, e.Message)
	}
	return fmt.Sprintf("HTTP %d, code %d: %s", e.Status, e.Code, e.Message)
}

// CodeOf is Discord's code in an error, 0 if it has none.
func CodeOf(err error) int {
	if refused, ok := errors.AsType[*APIError](err); ok {
		return refused.Code
	}
	return 0
}

// File is an attachment of a message.
type File struct {
	Name string `json:"name"`
	Kind string `json:"kind"` // its media type
	Data []byte `json:"data"`
}

// Call is a request to the API.
type Call struct {
	Method string
	URL    string // as discordgo names it; the client knows where the API really is
	Body   any    // becomes JSON; nil: none
	Files  []File
	// Repeatable says that the request may be made again although it is a POST.
	Repeatable bool
	Into       any // what the answer is decoded into; nil: it is thrown away
}

// Client makes requests through discordgo, without discordgo's own limits, retries and
// state.
type Client struct {
	session   *discordgo.Session
	transport *transport
}

// NewClient makes a client. base sends the requests; api, where it is not nil, is the
// address of the API in place of Discord's own.
func NewClient(token string, base http.RoundTripper, api *url.URL, now func() time.Time) *Client {
	pace := rate.NewLimiter(requestsPerSecond, requestBurst)
	c := &Client{
		session:   NewSession(token),
		transport: &transport{base: base, api: api, now: now, pace: pace, limits: newLimits()},
	}
	c.session.Client = &http.Client{Transport: c.transport}
	return c
}

// NewSession makes a session of discordgo that leaves to others what discordgo would do by
// itself: reconnecting, retries, state, compression and goroutines for events.
func NewSession(token string) *discordgo.Session {
	s, err := discordgo.New("Bot " + token)
	if err != nil {
		panic(err) // it has no error to return
	}
	s.ShouldReconnectOnError, s.ShouldReconnectVoiceOnSessionError = false, false
	s.ShouldRetryOnRateLimit, s.MaxRestRetries = false, 0
	s.StateEnabled, s.State = false, &discordgo.State{}
	s.Compress, s.Identify.Compress = false, false
	s.SyncEvents = true
	return s
}

// Transport is the way of the client's requests. Other clients that use it keep the same
// limits.
func (c *Client) Transport() http.RoundTripper { return c.transport }

// Do makes a request. A refusal is an *APIError, one for want of a valid token
// ErrUnauthorized; a limit that ends too late is a *LimitedError.
func (c *Client) Do(ctx context.Context, call Call) error {
	r := route{shown: call.Method}
	if u, err := url.Parse(call.URL); err == nil {
		r = routeOf(call.Method, u.Path)
	}
	raw, err := c.send(ctx, call)
	if refused, ok := errors.AsType[*APIError](err); ok && refused.Status == http.StatusUnauthorized && !r.exempt {
		err = ErrUnauthorized
	}
	if err == nil && call.Into != nil && len(raw) > 0 { // 204 has no body
		err = json.Unmarshal(raw, call.Into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", r.shown, err)
	}
	return nil
}

// Create makes a request that creates something, and returns its id.
func (c *Client) Create(ctx context.Context, call Call) (id string, err error) {
	var created struct {
		ID string `json:"id"`
	}
	call.Into = &created
	err = c.Do(ctx, call)
	return created.ID, err
}

func (c *Client) send(ctx context.Context, call Call) ([]byte, error) {
	var kind string
	var body []byte
	var err error
	switch {
	case call.Body == nil:
	case len(call.Files) == 0:
		kind = "application/json"
		body, err = json.Marshal(call.Body)
	default:
		files := make([]*discordgo.File, len(call.Files))
		for i, f := range call.Files {
			files[i] = &discordgo.File{Name: f.Name, ContentType: f.Kind, Reader: bytes.NewReader(f.Data)}
		}
		kind, body, err = discordgo.MultipartBodyWithJSON(call.Body, files)
	}
	if err != nil {
		return nil, err
	}
	options := []discordgo.RequestOption{
		discordgo.WithContext(ctx), discordgo.WithRestRetries(0), discordgo.WithRetryOnRatelimit(false),
	}
	if call.Repeatable {
		// With a key but no value net/http sends the request again and no header.
		options = append(options, func(cfg *discordgo.RequestConfig) { cfg.Request.Header["Idempotency-Key"] = nil })
	}
	// A bucket of its own for each request: discordgo's are never thrown away, their locks
	// know no context, and the limits are kept by transport.
	bucket := &discordgo.Bucket{}
	bucket.Lock()
	raw, err := c.session.RequestWithLockedBucket(call.Method, call.URL, kind, body, bucket, 0, options...)
	return raw, PlainError(err)
}

// PlainError replaces errors of net/http and discordgo, which hold addresses with tokens
// and whole requests, by what they say: an *APIError or the cause.
func PlainError(err error) error {
	if refused, ok := errors.AsType[*discordgo.RESTError](err); ok {
		e := &APIError{Status: refused.Response.StatusCode, Message: http.StatusText(refused.Response.StatusCode)}
		if m := refused.Message; m != nil && m.Message != "" {
			e.Code, e.Message = m.Code, m.Message
		}
		if e.Code == discordgo.ErrCodeInvalidFormBody {
			detail := string(refused.ResponseBody)
			if len(detail) > 500 {
				detail = detail[:500] + "…"
			}
			e.Message += " " + detail
		}
		return e
	}
	if sending, ok := errors.AsType[*url.Error](err); ok {
		return sending.Err
	}
	return err
}

// discordgo has one logger for the whole process, a plain variable. It is set once, to one
// that writes to the log named last.
var (
	setLibraryLog sync.Once
	libraryLog    atomic.Pointer[redactingLog]
)

type redactingLog struct {
	log    *slog.Logger
	secret *strings.Replacer
}

// libraryLevel is the level of all that discordgo logs: what it calls an error, the gateway
// handles and reports itself.
const libraryLevel = slog.LevelDebug

// RedirectLibraryLog sends what discordgo logs to log, without the token and without those
// of interactions.
func RedirectLibraryLog(log *slog.Logger, token string) {
	libraryLog.Store(&redactingLog{log, strings.NewReplacer(token, "***")})
	setLibraryLog.Do(func() {
		discordgo.Logger = func(_, _ int, format string, args ...any) { libraryLog.Load().write(format, args...) }
	})
}

func (l *redactingLog) write(format string, args ...any) {
	if l.log.Enabled(context.Background(), libraryLevel) {
		l.log.Log(context.Background(), libraryLevel, "discordgo: "+Redact(l.secret.Replace(fmt.Sprintf(format, args...))))
	}
}

// interactionToken matches the tokens of interactions where they stand in addresses and
// in JSON.
var interactionToken = regexp.MustCompile(`((?:interactions|webhooks)/\d+/|\\?"token\\?":\s*\\?")[^/"\\?\s]+`)

// Redact takes the tokens of interactions out of a text.
func Redact(s string) string { return interactionToken.ReplaceAllString(s, "$1***") }
