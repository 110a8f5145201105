package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/bwmarrin/discordgo"
)

// Discord's codes of refusals that mean something here.
const (
	codeUnknownChannel     = 10003
	codeUnknownMessage     = 10008
	codeUnknownWebhook     = 10015
	codeUnknownInteraction = 10062
	codeCrossposted        = 40033
	codeAcknowledged       = 40060
	codeTagRequired        = 40067
	codeNoAccess           = 50001
	codeCannotMessage      = 50007
	codeNotText            = 50008
	codeNoPermission       = 50013
	codeTokenExpired       = 50027
	codeInvalidForm        = 50035
	codeNoHistory          = 160002
	codeThreadLocked       = 160005
)

// APIError is a refusal by Discord.
type APIError struct {
	Status  int    // of HTTP
	Code    int    // Discord's own, 0 if it gave none
	Message string // Discord's words
}

func (e *APIError) Error() string {
	if e.Code == 0 {
		return fmt.Sprintf("HTTP %d %s", e.Status, e.Message)
	}
	return fmt.Sprintf("HTTP %d, code %d: %s", e.Status, e.Code, e.Message)
}

// codeOf is Discord's code in an error, 0 if it has none.
func codeOf(err error) int {
	var refused *APIError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return 0
}

// file is an attachment.
type file struct {
	name, kind string
	data       []byte
}

// call is a request to the API.
type call struct {
	method, url string // the URL is Discord's own; the transport knows better
	body        any    // nil: none
	files       []file
	// again says that the request may be repeated although its method says otherwise.
	again bool
	into  any // what the answer is decoded into; nil: thrown away
}

// api calls Discord's REST API through discordgo, whose own limits, retries and state
// are left aside.
type api struct{ session *discordgo.Session }

// do makes a request. Its errors name the operation and hold no token.
func (a api) do(ctx context.Context, c call) error {
	raw, err := a.send(ctx, c)
	r := c.route()
	var refused *APIError
	if errors.As(err, &refused) && refused.Status == http.StatusUnauthorized && !r.exempt {
		err = errUnauthorized
	}
	if err == nil && c.into != nil && len(raw) > 0 { // 204 says nothing
		err = json.Unmarshal(raw, c.into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", r.shown, err)
	}
	return nil
}

func (a api) send(ctx context.Context, c call) ([]byte, error) {
	kind, body, err := c.encode()
	if err != nil {
		return nil, err
	}
	options := []discordgo.RequestOption{
		discordgo.WithContext(ctx), discordgo.WithRestRetries(0), discordgo.WithRetryOnRatelimit(false),
	}
	if c.again {
		// With a key but no value net/http sends the request again and no header.
		options = append(options, func(cfg *discordgo.RequestConfig) { cfg.Request.Header["Idempotency-Key"] = nil })
	}
	// A bucket of its own for each request: discordgo's are never thrown away, their locks
	// know no context, and the limits are kept by transport.
	bucket := &discordgo.Bucket{}
	bucket.Lock()
	raw, err := a.session.RequestWithLockedBucket(c.method, c.url, kind, body, bucket, 0, options...)
	return raw, plainError(err)
}

func (c call) encode() (kind string, body []byte, err error) {
	if c.body == nil {
		return "", nil, nil
	}
	if len(c.files) == 0 {
		body, err = json.Marshal(c.body)
		return "application/json", body, err
	}
	parts := make([]*discordgo.File, len(c.files))
	for i, f := range c.files {
		parts[i] = &discordgo.File{Name: f.name, ContentType: f.kind, Reader: bytes.NewReader(f.data)}
	}
	return discordgo.MultipartBodyWithJSON(c.body, parts)
}

// route is the operation; its shown form has no tokens.
func (c call) route() route {
	u, err := url.Parse(c.url)
	if err != nil {
		return route{shown: c.method}
	}
	return routeOf(c.method, u.Path)
}

// plainError replaces the errors of net/http and discordgo, which hold addresses with
// tokens and whole requests.
func plainError(err error) error {
	var refused *discordgo.RESTError
	if errors.As(err, &refused) {
		e := &APIError{Status: refused.Response.StatusCode, Message: http.StatusText(refused.Response.StatusCode)}
		if m := refused.Message; m != nil && m.Message != "" {
			e.Code, e.Message = m.Code, m.Message
		}
		if e.Code == codeInvalidForm {
			e.Message += " " + cutBytes(string(refused.ResponseBody), 500)
		}
		return e
	}
	var sending *url.Error
	if errors.As(err, &sending) {
		return sending.Err
	}
	return err
}

// cutBytes is the beginning of a text for a log.
func cutBytes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
