package telegramtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"time"

	"parley/bot/bottest/telegramtest/botapi"
	"parley/bot/bottest/telegramtest/markup"
)

const (
	// DefaultToken is the bot's token unless the options name another.
	DefaultToken = "7000000001:AAF4k3-t0k3n_of_the_bot_under_te5t"
	// DefaultUsername is the bot's username unless the options name another.
	DefaultUsername = "parley_bot"

	botID   = 7000000001
	maxBody = 50<<20 + 1<<20 // 50 MB is the most that the Bot API takes as an upload
)

// Options are what differs between tests; the zero value is a bot in
// privacy mode, on the real clock, without rate limits.
type Options struct {
	Token    string // a token of the form 123:abc; "" means DefaultToken
	Username string // without @; "" means DefaultUsername
	// Clock rules every time of the fake; nil is the real one.
	Clock Clock
	// Limits makes the fake answer 429 over one message a second in a chat, 20 a
	// minute in a group and 30 a second in all.
	Limits bool
	// ReadsAll turns privacy mode off: groups deliver every message.
	ReadsAll bool
	// QueryAge is how long callback and inline queries can be answered; 0 means 15 s.
	QueryAge time.Duration
	// WebhookRetry is the wait before a webhook delivery is repeated, doubled each
	// time up to a minute; 0 means 1 s.
	WebhookRetry time.Duration
	// Log receives what the tester should know; nil drops it.
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Token == "" {
		o.Token = DefaultToken
	}
	if o.Username == "" {
		o.Username = DefaultUsername
	}
	if o.Clock == nil {
		o.Clock = realClock{}
	}
	if o.QueryAge == 0 {
		o.QueryAge = 15 * time.Second
	}
	if o.WebhookRetry == 0 {
		o.WebhookRetry = time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Telegram is a stateful fake of the Bot API for one bot, served on 127.0.0.1. It
// keeps users, chats, messages and updates, answers with the texts of the real
// server, holds every request against the published description of the API, and
// lets a test act as the people in the chats. It is safe for concurrent use.
//
// What the real server would tolerate but a good bot does not do is a violation: a
// test ends with an assertion that Violations is empty. Misuse by the test itself,
// such as a user who speaks in a chat that he is not in, panics.
type Server struct {
	options Options
	clock   Clock
	spec    *botapi.Spec
	specErr error
	server  *httptest.Server
	done    chan struct{}  // closed by Close
	running sync.WaitGroup // webhook deliveries

	mu         sync.Mutex
	changed    chan struct{} // closed and replaced at every change of state
	token      string        // the valid one; "" once revoked
	bot        markup.Person
	people     map[int64]*User
	chats      map[int64]*Chat
	nextUser   int64
	nextChat   int64
	nextQuery  int64
	callbacks  map[string]*Click
	queries    map[string]*inlineQuery
	answers    map[string]cachedAnswer
	files      map[string]*storedFile
	profile    botProfile
	updates    updateQueue
	webhook    webhookState
	rates      rateLimits
	faults     []*faultRule
	requests   []*Request
	violations []string
	log        strings.Builder
}

// New starts a fake; the caller must Close it.
func New(options Options) *Server {
	t := &Server{
		options:   options.withDefaults(),
		done:      make(chan struct{}),
		changed:   make(chan struct{}),
		people:    map[int64]*User{},
		chats:     map[int64]*Chat{},
		nextUser:  1001,
		nextChat:  1,
		callbacks: map[string]*Click{},
		queries:   map[string]*inlineQuery{},
		answers:   map[string]cachedAnswer{},
		files:     map[string]*storedFile{},
		profile:   newBotProfile(),
		updates:   newUpdateQueue(),
		rates:     newRateLimits(),
	}
	t.clock, t.token = t.options.Clock, t.options.Token
	t.bot = markup.Person{ID: botID, IsBot: true, FirstName: "Parley", Username: t.options.Username}
	if t.spec, t.specErr = botapi.Find(); t.specErr != nil {
		t.options.Log.Warn("requests are not held against the Bot API's description", "err", t.specErr)
	}
	t.server = httptest.NewServer(t)
	return t
}

// Close ends long polls, hanging answers and webhook deliveries, and waits for them.
func (t *Server) Close() {
	t.mu.Lock()
	select {
	case <-t.done:
		t.mu.Unlock()
		return
	default:
		close(t.done)
	}
	t.stopWebhook()
	t.mu.Unlock()
	t.running.Wait()
	t.server.Close()
}

// URL is the address to set as the Bot API's, without a slash at its end.
func (t *Server) URL() string { return t.server.URL }

// Token is the token that the bot must present; it stays the same after RevokeToken.
func (t *Server) Token() string { return t.options.Token }

// RevokeToken makes the fake answer 401 from now on, as after /revoke with BotFather.
func (t *Server) RevokeToken() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token = ""
	t.notify()
}

// Contract is nil where requests are held against the description of the Bot API,
// and otherwise says why they are not. Without it the fake works, but checks less.
func (t *Server) Contract() error { return t.specErr }

// notify wakes all who wait for a change. The caller holds mu.
func (t *Server) notify() {
	close(t.changed)
	t.changed = make(chan struct{})
}

var errClosed = errors.New("the fake is closed")

// await returns nil as soon as ready, called with mu held, says so.
func (t *Server) await(ctx context.Context, what string, ready func() bool) error {
	for {
		t.mu.Lock()
		ok, changed := ready(), t.changed
		t.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w (last requests: %s)", what, ctx.Err(), t.tail(5))
		case <-t.done:
			return fmt.Errorf("waiting for %s: %w", what, errClosed)
		}
	}
}

// response is an answer before it goes on the wire, where a fault may spoil it.
type response struct {
	status int
	body   []byte
}

// ServeHTTP answers as api.telegram.org does.
func (t *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, method, err := t.route(r.URL.Path)
	if err != nil {
		errorResponse(err).write(w)
		return
	}
	call, err := botapi.ReadCall(http.MaxBytesReader(w, r.Body, maxBody), r, method)
	if err != nil {
		errorResponse(err).write(w)
		return
	}
	record, fault := t.begin(call)
	respond := func() response {
		reply := t.respond(r.Context(), token, call)
		t.finish(record, reply)
		return reply
	}
	if fault == nil {
		respond().write(w)
		return
	}
	fault.apply(exchange{t: t, w: w, ctx: r.Context(), call: call, record: record, respond: respond})
}

var tokenForm = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{10,}$`)

// route takes /botTOKEN/METHOD apart. What is not of that form does not exist (404).
func (t *Server) route(path string) (token, method string, err error) {
	token, method, ok := strings.Cut(strings.TrimPrefix(path, "/bot"), "/")
	if !ok || !strings.HasPrefix(path, "/bot") || !tokenForm.MatchString(token) || method == "" {
		return "", "", botapi.NewError(http.StatusNotFound, "Not Found")
	}
	return token, method, nil
}

// errorResponse is the answer to a call that failed. What is no refusal is a fault of
// the fake itself and comes as a 500 with its cause.
func errorResponse(err error) response {
	refusal, ok := errors.AsType[*botapi.Error](err)
	if !ok {
		refusal = botapi.NewError(http.StatusInternalServerError, "Internal Server Error: "+err.Error())
	}
	type parameters struct {
		RetryAfter int   `json:"retry_after,omitempty"`
		MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
	}
	answer := struct {
		OK          bool        `json:"ok"`
		Code        int         `json:"error_code"`
		Description string      `json:"description"`
		Parameters  *parameters `json:"parameters,omitempty"`
	}{Code: refusal.Code, Description: refusal.Description}
	if refusal.RetryAfter != 0 || refusal.MigrateTo != 0 {
		answer.Parameters = &parameters{refusal.RetryAfter, refusal.MigrateTo}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		panic(err) // strings and numbers can be encoded
	}
	return response{refusal.Code, body}
}

// authorise holds a token against the valid one. The caller holds mu.
func (t *Server) authorise(token string) error {
	if token != t.token {
		return botapi.NewError(http.StatusUnauthorized, "Unauthorized")
	}
	return nil
}

// respond carries one call out.
func (t *Server) respond(ctx context.Context, token string, call *botapi.Call) response {
	result, err := t.dispatch(ctx, token, call)
	if err != nil {
		return errorResponse(err)
	}
	raw, err := json.Marshal(result)
	if err != nil {
		return errorResponse(fmt.Errorf("encode the result of %s: %w", call.Method, err))
	}
	t.checkResult(call.Method, raw)
	note := ""
	if described, ok := result.(describedResult); ok {
		note = described.note
	}
	return okResponse(raw, note)
}

func (t *Server) dispatch(ctx context.Context, token string, call *botapi.Call) (any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.authorise(token); err != nil {
		return nil, err
	}
	call.Ctx = ctx
	result, err := t.carryOut(call)
	t.learn(call, err)
	t.notify()
	return result, err
}

func (t *Server) carryOut(call *botapi.Call) (any, error) {
	method, known := apiMethods[strings.ToLower(call.Method)]
	if !known {
		if t.spec.Has(call.Method) {
			t.violate("%s: the fake does not model this method", call.Method)
		}
		return nil, botapi.NewError(http.StatusNotFound, "Not Found: method not found")
	}
	if err := call.UTF8(); err != nil {
		return nil, err
	}
	if err := t.admit(method, call); err != nil {
		return nil, err
	}
	return method.run(t, call)
}

// apiMethod is one entry of the table of methods. run is called with mu held;
// getUpdates alone lets go of it while it waits.
type apiMethod struct {
	run   func(*Server, *botapi.Call) (any, error)
	sends bool // counts towards the rate limits
}

// apiMethods is keyed by lower-case names: the real server takes any case.
var apiMethods map[string]apiMethod

func init() { // not a literal: the handlers reach the table through dispatch
	apiMethods = map[string]apiMethod{
		"getme":                 {run: (*Server).getMe},
		"getupdates":            {run: (*Server).getUpdates},
		"setwebhook":            {run: (*Server).setWebhook},
		"deletewebhook":         {run: (*Server).deleteWebhook},
		"getwebhookinfo":        {run: (*Server).getWebhookInfo},
		"sendmessage":           {run: (*Server).sendMessage, sends: true},
		"sendphoto":             {run: (*Server).sendPhoto, sends: true},
		"senddocument":          {run: (*Server).sendDocument, sends: true},
		"editmessagetext":       {run: (*Server).editMessageText},
		"answercallbackquery":   {run: (*Server).answerCallbackQuery},
		"answerinlinequery":     {run: (*Server).answerInlineQuery},
		"setmycommands":         {run: (*Server).setMyCommands},
		"setmydescription":      {run: textSetter(botDescription)},
		"setmyshortdescription": {run: textSetter(botShortDescription)},
		"getchatmember":         {run: (*Server).getChatMember},
	}
}

func (t *Server) getMe(*botapi.Call) (any, error) {
	return struct {
		markup.Person
		CanJoinGroups   bool `json:"can_join_groups"`
		CanReadAll      bool `json:"can_read_all_group_messages"`
		SupportsInline  bool `json:"supports_inline_queries"`
		CanConnect      bool `json:"can_connect_to_business"`
		HasMainWebApp   bool `json:"has_main_web_app"`
		HasTopicsInChat bool `json:"has_topics_enabled"`
	}{Person: t.bot, CanJoinGroups: true, CanReadAll: t.options.ReadsAll, SupportsInline: true}, nil
}

// describedResult is a result with a description beside it, as setWebhook gives.
type describedResult struct {
	value any
	note  string
}

func (d describedResult) MarshalJSON() ([]byte, error) { return json.Marshal(d.value) }

func okResponse(result json.RawMessage, note string) response {
	body, err := json.Marshal(struct {
		OK          bool            `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Description string          `json:"description,omitempty"`
	}{true, result, note})
	if err != nil {
		return errorResponse(fmt.Errorf("encode an answer: %w", err))
	}
	return response{http.StatusOK, body}
}

func (r response) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // a client that went away is no error of the fake's
}

// Log is a writer for the logs of the bot under test. That the token stands in them
// is a violation.
func (t *Server) Log() io.Writer { return (*logWriter)(t) }

// Logged is all that was written to Log.
func (t *Server) Logged() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.log.String()
}

type logWriter Server

func (l *logWriter) Write(p []byte) (int, error) {
	t := (*Server)(l)
	t.mu.Lock()
	defer t.mu.Unlock()
	_, secret, _ := strings.Cut(t.options.Token, ":")
	if strings.Contains(string(p), secret) {
		t.violate("the log holds the token: %s", strings.ReplaceAll(strings.TrimSpace(string(p)), secret, "SECRET"))
	}
	return t.log.Write(p)
}
