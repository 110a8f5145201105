package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	maxAnswer     = 32 << 20 // bytes of an answer; 100 updates are far less
	callTimeout   = 30 * time.Second
	uploadTimeout = 2 * time.Minute
)

// client makes requests to the Bot API through telegram-bot-api, which has neither
// contexts nor deadlines: each request gets an instance of its own, whose HTTP client
// has both. No error of a client holds the token.
type client struct {
	token    string
	endpoint string // a format of token and method
	http     *http.Client
}

func newClient(token, address string, h *http.Client) *client {
	return &client{token: token, endpoint: strings.TrimRight(address, "/") + "/bot%s/%s", http: h}
}

// call makes a request and decodes the result into out, unless that is nil. An error is
// a *refusal or a *lost.
func (c *client) call(ctx context.Context, method string, params tgbotapi.Params, out any) error {
	return c.poll(ctx, method, params, 0, out)
}

// poll is call for a request that the server answers after wait at the latest.
func (c *client) poll(ctx context.Context, method string, params tgbotapi.Params, wait time.Duration, out any) error {
	ctx, cancel := context.WithTimeout(ctx, wait+callTimeout)
	defer cancel()
	return c.do(ctx, method, out, func(api *tgbotapi.BotAPI) (*tgbotapi.APIResponse, error) {
		return api.MakeRequest(method, params)
	})
}

// upload is call with a file in the parameter of the field's name.
func (c *client) upload(ctx context.Context, method string, params tgbotapi.Params, field string, file tgbotapi.FileBytes, out any) error {
	ctx, cancel := context.WithTimeout(ctx, uploadTimeout)
	defer cancel()
	return c.do(ctx, method, out, func(api *tgbotapi.BotAPI) (*tgbotapi.APIResponse, error) {
		return api.UploadFiles(method, params, []tgbotapi.RequestFile{{Name: field, Data: file}})
	})
}

func (c *client) do(ctx context.Context, method string, out any, request func(*tgbotapi.BotAPI) (*tgbotapi.APIResponse, error)) error {
	x := &exchange{ctx: ctx, http: c.http}
	api := &tgbotapi.BotAPI{Token: c.token, Client: x}
	api.SetAPIEndpoint(c.endpoint)
	answer, err := request(api)
	if refused, ok := errors.AsType[*tgbotapi.Error](err); ok {
		return &refusal{
			method: method, code: x.code(refused.Code), text: redact(refused.Message, c.token),
			after: time.Duration(refused.RetryAfter) * time.Second, movedTo: refused.MigrateToChatID,
		}
	}
	if err == nil && out != nil {
		err = json.Unmarshal(answer.Result, out)
	}
	if err != nil {
		return &lost{method: method, status: x.status, sent: x.sent.Load(), err: withoutToken(err, c.token)}
	}
	return nil
}

// exchange is the HTTP client of one request.
type exchange struct {
	ctx    context.Context
	http   *http.Client
	status int         // of the answer; 0 while there is none
	sent   atomic.Bool // there was a connection to write to
}

// Do sends the request with the exchange's context and notes what became of it.
func (x *exchange) Do(r *http.Request) (*http.Response, error) {
	ctx := httptrace.WithClientTrace(x.ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { x.sent.Store(true) },
	})
	answer, err := x.http.Do(r.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	x.status = answer.StatusCode
	answer.Body = http.MaxBytesReader(nil, answer.Body, maxAnswer)
	return answer, nil
}

// code is the code of a refusal; for uploads the library leaves it out.
func (x *exchange) code(reported int) int {
	if reported == 0 {
		return x.status
	}
	return reported
}

// refusal is a request that Telegram answered with an error.
type refusal struct {
	method  string
	code    int
	text    string        // Telegram's description
	after   time.Duration // of 429: when to try again
	movedTo int64         // the supergroup that the chat has become
}

func (r *refusal) Error() string { return fmt.Sprintf("%s: %d %s", r.method, r.code, r.text) }

// says reports whether the description has one of the texts, whatever their case.
func (r *refusal) says(texts ...string) bool {
	for _, t := range texts {
		if strings.Contains(strings.ToLower(r.text), strings.ToLower(t)) {
			return true
		}
	}
	return false
}

// lost is a request without an answer that could be read. Where it was sent, nobody
// knows whether it took effect.
type lost struct {
	method string
	status int // 0 where there was no answer at all
	sent   bool
	err    error
}

func (l *lost) Error() string {
	if l.status == 0 {
		return fmt.Sprintf("%s: %v", l.method, l.err)
	}
	return fmt.Sprintf("%s: status %d: %v", l.method, l.status, l.err)
}

func (l *lost) Unwrap() error { return l.err }

// refused returns the refusal in an error, nil if it is none.
func refused(err error) *refusal {
	r, _ := errors.AsType[*refusal](err)
	return r
}

const redacted = "[token]"

// redact takes the token out of a text. What follows the colon is the secret; an
// address may have the colon escaped.
func redact(text, token string) string {
	_, secret, _ := strings.Cut(token, ":")
	text = strings.ReplaceAll(text, token, redacted)
	return strings.ReplaceAll(text, secret, redacted)
}

// withoutToken is an error whose text, and that of all it wraps, lacks the token.
func withoutToken(err error, token string) error {
	if u, ok := errors.AsType[*url.Error](err); ok { // its URL is the method's, with the token
		err = u.Err
	}
	if text := err.Error(); redact(text, token) != text {
		return errors.New(redact(text, token))
	}
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("the answer is empty: %w", err)
	}
	return err
}

// libraryLog hands what telegram-bot-api logs to slog. The library's logger is one for
// the process, so that of the first adapter stands.
type libraryLog struct {
	log   *slog.Logger
	token string
}

func (l libraryLog) Println(v ...any)               { l.print(fmt.Sprintln(v...)) }
func (l libraryLog) Printf(format string, v ...any) { l.print(fmt.Sprintf(format, v...)) }

func (l libraryLog) print(text string) {
	l.log.Debug("telegram-bot-api", "text", redact(strings.TrimSpace(text), l.token))
}
