// Package api makes requests to Telegram's Bot API: with contexts, deadlines and errors
// that tell a refusal from a request of which nobody knows what became, and that hold no
// token. It does not know what the requests are about.
package api

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
	"sync"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	maxAnswer     = 32 << 20 // bytes of an answer; 100 updates are far less
	callTimeout   = 30 * time.Second
	uploadTimeout = 2 * time.Minute
)

// Params are the parameters of a request.
type Params = tgbotapi.Params

// Client makes requests through telegram-bot-api, which has neither contexts nor deadlines:
// each request gets an instance of its own, whose HTTP client has both.
type Client struct {
	token    string
	endpoint string // a format of token and method
	http     *http.Client
}

// New makes a client of the API at an address.
func New(token, address string, h *http.Client) *Client {
	return &Client{token: token, endpoint: strings.TrimRight(address, "/") + "/bot%s/%s", http: h}
}

// Call makes a request and decodes the result into out, unless that is nil. An error is a
// *Refusal or a *Lost.
func (c *Client) Call(ctx context.Context, method string, params Params, out any) error {
	return c.Poll(ctx, method, params, 0, out)
}

// Poll is Call for a request that the server answers after wait at the latest.
func (c *Client) Poll(ctx context.Context, method string, params Params, wait time.Duration, out any) error {
	ctx, cancel := context.WithTimeout(ctx, wait+callTimeout)
	defer cancel()
	return c.do(ctx, method, out, func(api *tgbotapi.BotAPI) (*tgbotapi.APIResponse, error) {
		return api.MakeRequest(method, params)
	})
}

// Upload is Call with a file in the parameter field.
func (c *Client) Upload(
	ctx context.Context, method string, params Params, field, name string, data []byte, out any,
) error {
	ctx, cancel := context.WithTimeout(ctx, uploadTimeout)
	defer cancel()
	return c.do(ctx, method, out, func(api *tgbotapi.BotAPI) (*tgbotapi.APIResponse, error) {
		file := tgbotapi.FileBytes{Name: name, Bytes: data}
		return api.UploadFiles(method, params, []tgbotapi.RequestFile{{Name: field, Data: file}})
	})
}

func (c *Client) do(
	ctx context.Context, method string, out any, request func(*tgbotapi.BotAPI) (*tgbotapi.APIResponse, error),
) error {
	x := &exchange{ctx: ctx, http: c.http}
	api := &tgbotapi.BotAPI{Token: c.token, Client: x}
	api.SetAPIEndpoint(c.endpoint)
	answer, err := request(api)
	if refused, ok := errors.AsType[*tgbotapi.Error](err); ok {
		r := &Refusal{
			Method: method, Code: refused.Code, Text: Redact(refused.Message, c.token),
			After: time.Duration(refused.RetryAfter) * time.Second, MovedTo: refused.MigrateToChatID,
		}
		if r.Code == 0 { // the library leaves it out for uploads
			r.Code = x.status
		}
		return r
	}
	if err == nil && out != nil {
		err = json.Unmarshal(answer.Result, out)
	}
	if err != nil {
		return &Lost{Method: method, Status: x.status, Sent: x.sent.Load(), Err: withoutToken(err, c.token)}
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

// Refusal is a request that Telegram answered with an error.
type Refusal struct {
	Method  string
	Code    int
	Text    string        // Telegram's description
	After   time.Duration // of 429: when to try again
	MovedTo int64         // the supergroup that the chat has become
}

func (r *Refusal) Error() string { return fmt.Sprintf("%s: %d %s", r.Method, r.Code, r.Text) }

// Says reports whether the description contains one of the texts, in any case.
func (r *Refusal) Says(texts ...string) bool {
	for _, t := range texts {
		if strings.Contains(strings.ToLower(r.Text), strings.ToLower(t)) {
			return true
		}
	}
	return false
}

// RefusalIn returns the refusal in an error, nil if there is none.
func RefusalIn(err error) *Refusal {
	r, _ := errors.AsType[*Refusal](err)
	return r
}

// Lost is a request without an answer that could be read. Where it was sent, nobody knows
// whether it took effect.
type Lost struct {
	Method string
	Status int // 0 where there was no answer at all
	Sent   bool
	Err    error
}

func (l *Lost) Error() string {
	if l.Status == 0 {
		return fmt.Sprintf("%s: %v", l.Method, l.Err)
	}
	return fmt.Sprintf("%s: status %d: %v", l.Method, l.Status, l.Err)
}

func (l *Lost) Unwrap() error { return l.Err }

// Redact takes the token out of a text. What follows the colon is the secret; an address
// may have the colon escaped.
func Redact(text, token string) string {
	const redacted = "[token]"
	_, secret, _ := strings.Cut(token, ":")
	text = strings.ReplaceAll(text, token, redacted)
	return strings.ReplaceAll(text, secret, redacted)
}

// withoutToken is an error whose text, and that of all it wraps, lacks the token.
func withoutToken(err error, token string) error {
	if u, ok := errors.AsType[*url.Error](err); ok { // its URL is the method's, with the token
		err = u.Err
	}
	if text := Redact(err.Error(), token); text != err.Error() {
		return errors.New(text)
	}
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("the answer is empty: %w", err)
	}
	return err
}

// JSON encodes a parameter: a struct, slice or string, which cannot fail.
func JSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// setLogger tells the library once where to log to.
var setLogger sync.Once

// RedirectLibraryLog sends what telegram-bot-api logs to log, without the token. The
// library has one logger for the process, so that only the first call has an effect.
func RedirectLibraryLog(log *slog.Logger, token string) (err error) {
	setLogger.Do(func() { err = tgbotapi.SetLogger(libraryLog{log, token}) })
	return err
}

type libraryLog struct {
	log   *slog.Logger
	token string
}

func (l libraryLog) Println(v ...any) { l.Printf("%s", fmt.Sprintln(v...)) }
func (l libraryLog) Printf(format string, v ...any) {
	l.log.Debug("telegram-bot-api", "text", Redact(strings.TrimSpace(fmt.Sprintf(format, v...)), l.token))
}
