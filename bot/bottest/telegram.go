package bottest

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
)

const (
	// TelegramToken is the bot's token unless the options name another.
	TelegramToken = "7000000001:AAF4k3-t0k3n_of_the_bot_under_te5t"
	// TelegramBotName is the bot's username unless the options name another.
	TelegramBotName = "parley_bot"

	tgBotID    = 7000000001
	tgMaxBody  = 50<<20 + 1<<20 // 50 MB is the most that the Bot API takes as an upload
	tgFilePath = "/file/bot"
)

// TelegramOptions are what differs between tests; the zero value is a bot in
// privacy mode, on the real clock, without rate limits.
type TelegramOptions struct {
	Token    string // a token of the form 123:abc; "" means TelegramToken
	Username string // without @; "" means TelegramBotName
	// Clock rules every time of the fake; nil is the real one.
	Clock TelegramClock
	// Limits makes the fake answer 429 over one message a second in a chat, 20 a
	// minute in a group and 30 a second in all.
	Limits bool
	// ReadsAll turns privacy mode off: groups deliver every message.
	ReadsAll bool
	// InlineFeedback sends chosen_inline_result updates.
	InlineFeedback bool
	// QueryAge is how long callback and inline queries can be answered; 0 means 15 s.
	QueryAge time.Duration
	// WebhookRetry is the wait before a webhook delivery is repeated, doubled each
	// time up to a minute; 0 means 1 s.
	WebhookRetry time.Duration
	// Log receives what the tester should know; nil drops it.
	Log *slog.Logger
}

func (o TelegramOptions) withDefaults() TelegramOptions {
	if o.Token == "" {
		o.Token = TelegramToken
	}
	if o.Username == "" {
		o.Username = TelegramBotName
	}
	if o.Clock == nil {
		o.Clock = tgRealClock{}
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
type Telegram struct {
	options TelegramOptions
	clock   TelegramClock
	spec    *TelegramSpec
	specErr error
	server  *httptest.Server
	done    chan struct{}  // closed by Close
	running sync.WaitGroup // webhook deliveries

	mu         sync.Mutex
	changed    chan struct{} // closed and replaced at every change of state
	token      string        // the valid one; "" once revoked
	loggedOut  bool
	bot        TelegramPerson
	people     map[int64]*TelegramUser
	chats      map[int64]*TelegramChat
	nextUser   int64
	nextChat   int64
	nextQuery  int64
	inline     map[string]*TelegramMessage // by inline_message_id
	callbacks  map[string]*TelegramClick
	queries    map[string]*tgInlineQuery
	answers    map[string]tgCachedAnswer
	files      map[string]*tgFile
	web        map[string][]byte
	profile    tgProfile
	updates    tgUpdates
	webhook    tgWebhook
	rates      tgRates
	faults     []*tgFaultRule
	requests   []*TelegramRequest
	violations []string
	log        strings.Builder
}

// NewTelegram starts a fake; the caller must Close it.
func NewTelegram(options TelegramOptions) *Telegram {
	t := &Telegram{
		options:   options.withDefaults(),
		done:      make(chan struct{}),
		changed:   make(chan struct{}),
		people:    map[int64]*TelegramUser{},
		chats:     map[int64]*TelegramChat{},
		nextUser:  1001,
		nextChat:  1,
		inline:    map[string]*TelegramMessage{},
		callbacks: map[string]*TelegramClick{},
		queries:   map[string]*tgInlineQuery{},
		answers:   map[string]tgCachedAnswer{},
		files:     map[string]*tgFile{},
		web:       map[string][]byte{},
		profile:   newTGProfile(),
		updates:   newTGUpdates(),
		rates:     newTGRates(),
	}
	t.clock, t.token = t.options.Clock, t.options.Token
	t.bot = TelegramPerson{ID: tgBotID, IsBot: true, FirstName: "Parley", Username: t.options.Username}
	if t.spec, t.specErr = FindTelegramSpec(); t.specErr != nil {
		t.options.Log.Warn("requests are not held against the Bot API's description", "err", t.specErr)
	}
	t.server = httptest.NewServer(t)
	return t
}

// Close ends long polls, hanging answers and webhook deliveries, and waits for them.
func (t *Telegram) Close() {
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
func (t *Telegram) URL() string { return t.server.URL }

// Endpoint is the format that telegram-bot-api takes: token, then method.
func (t *Telegram) Endpoint() string { return t.server.URL + "/bot%s/%s" }

// Token is the token that the bot must present; it stays the same after RevokeToken.
func (t *Telegram) Token() string { return t.options.Token }

// RevokeToken makes the fake answer 401 from now on, as after /revoke with BotFather.
func (t *Telegram) RevokeToken() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token = ""
	t.notify()
}

// Contract is nil where requests are held against the description of the Bot API,
// and otherwise says why they are not. Without it the fake works, but checks less.
func (t *Telegram) Contract() error { return t.specErr }

// notify wakes all who wait for a change. The caller holds mu.
func (t *Telegram) notify() {
	close(t.changed)
	t.changed = make(chan struct{})
}

var errTGClosed = errors.New("the fake is closed")

// await returns nil as soon as ready, called with mu held, says so.
func (t *Telegram) await(ctx context.Context, what string, ready func() bool) error {
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
			return fmt.Errorf("waiting for %s: %w", what, errTGClosed)
		}
	}
}

// tgReply is an answer before it goes on the wire, where a fault may spoil it.
type tgReply struct {
	status int
	body   []byte
}

// ServeHTTP answers as api.telegram.org does.
func (t *Telegram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if rest, ok := strings.CutPrefix(r.URL.Path, tgFilePath); ok {
		t.serveFile(w, rest)
		return
	}
	token, method, err := t.route(r.URL.Path)
	if err != nil {
		tgFailure(err).write(w)
		return
	}
	call, err := tgReadCall(http.MaxBytesReader(w, r.Body, tgMaxBody), r, method)
	if err != nil {
		tgFailure(err).write(w)
		return
	}
	record, fault := t.begin(call)
	respond := func() tgReply {
		reply := t.respond(r.Context(), token, call)
		t.finish(record, reply)
		return reply
	}
	if fault == nil {
		respond().write(w)
		return
	}
	fault.apply(tgExchange{t: t, w: w, ctx: r.Context(), call: call, record: record, respond: respond})
}

var tgTokenForm = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{10,}$`)

// route takes /botTOKEN/METHOD apart. What is not of that form does not exist (404).
func (t *Telegram) route(path string) (token, method string, err error) {
	token, method, ok := strings.Cut(strings.TrimPrefix(path, "/bot"), "/")
	if !ok || !strings.HasPrefix(path, "/bot") || !tgTokenForm.MatchString(token) || method == "" {
		return "", "", tgErr(http.StatusNotFound, "Not Found")
	}
	return token, method, nil
}

// authorise holds a token against the valid one. The caller holds mu.
func (t *Telegram) authorise(token string) error {
	switch {
	case token != t.token:
		return tgErr(http.StatusUnauthorized, "Unauthorized")
	case t.loggedOut:
		return tgBad("Logged out")
	}
	return nil
}

// respond carries one call out.
func (t *Telegram) respond(ctx context.Context, token string, call *tgCall) tgReply {
	result, err := t.dispatch(ctx, token, call)
	if err != nil {
		return tgFailure(err)
	}
	raw, err := json.Marshal(result)
	if err != nil {
		return tgFailure(fmt.Errorf("encode the result of %s: %w", call.method, err))
	}
	t.checkResult(call.method, raw)
	note := ""
	if described, ok := result.(tgDescribed); ok {
		note = described.note
	}
	return tgSuccess(raw, note)
}

func (t *Telegram) dispatch(ctx context.Context, token string, call *tgCall) (any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.authorise(token); err != nil {
		return nil, err
	}
	call.ctx = ctx
	result, err := t.carryOut(call)
	t.learn(call, err)
	t.notify()
	return result, err
}

func (t *Telegram) carryOut(call *tgCall) (any, error) {
	method, known := tgMethods[strings.ToLower(call.method)]
	if !known {
		if t.spec.has(call.method) {
			t.violate("%s: the fake does not model this method", call.method)
		}
		return nil, tgErr(http.StatusNotFound, "Not Found: method not found")
	}
	if err := call.utf8(); err != nil {
		return nil, err
	}
	if err := t.admit(method, call); err != nil {
		return nil, err
	}
	return method.run(t, call)
}

// tgMethod is one entry of the table of methods. run is called with mu held;
// getUpdates alone lets go of it while it waits.
type tgMethod struct {
	run   func(*Telegram, *tgCall) (any, error)
	sends bool // counts towards the rate limits
}

// tgMethods is keyed by lower-case names: the real server takes any case.
var tgMethods map[string]tgMethod

func init() { // not a literal: the handlers reach the table through dispatch
	tgMethods = map[string]tgMethod{
		"getme":                  {run: (*Telegram).getMe},
		"logout":                 {run: (*Telegram).logOut},
		"close":                  {run: (*Telegram).closeBot},
		"getupdates":             {run: (*Telegram).getUpdates},
		"setwebhook":             {run: (*Telegram).setWebhook},
		"deletewebhook":          {run: (*Telegram).deleteWebhook},
		"getwebhookinfo":         {run: (*Telegram).getWebhookInfo},
		"sendmessage":            {run: (*Telegram).sendMessage, sends: true},
		"sendphoto":              {run: (*Telegram).sendPhoto, sends: true},
		"senddocument":           {run: (*Telegram).sendDocument, sends: true},
		"forwardmessage":         {run: (*Telegram).forwardMessage, sends: true},
		"sendchataction":         {run: (*Telegram).sendChatAction},
		"editmessagetext":        {run: (*Telegram).editMessageText},
		"editmessagecaption":     {run: (*Telegram).editMessageCaption},
		"editmessagemedia":       {run: (*Telegram).editMessageMedia},
		"editmessagereplymarkup": {run: (*Telegram).editMessageReplyMarkup},
		"deletemessage":          {run: (*Telegram).deleteMessage},
		"answercallbackquery":    {run: (*Telegram).answerCallbackQuery},
		"answerinlinequery":      {run: (*Telegram).answerInlineQuery},
		"setmycommands":          {run: (*Telegram).setMyCommands},
		"getmycommands":          {run: (*Telegram).getMyCommands},
		"deletemycommands":       {run: (*Telegram).deleteMyCommands},
		"setmyname":              {run: tgSetText(tgName)},
		"getmyname":              {run: tgGetText(tgName)},
		"setmydescription":       {run: tgSetText(tgDescription)},
		"getmydescription":       {run: tgGetText(tgDescription)},
		"setmyshortdescription":  {run: tgSetText(tgShortDescription)},
		"getmyshortdescription":  {run: tgGetText(tgShortDescription)},
		"getchat":                {run: (*Telegram).getChat},
		"getchatmember":          {run: (*Telegram).getChatMember},
		"getchatadministrators":  {run: (*Telegram).getChatAdministrators},
		"getchatmembercount":     {run: (*Telegram).getChatMemberCount},
		"leavechat":              {run: (*Telegram).leaveChat},
		"getfile":                {run: (*Telegram).getFile},
	}
}

func (t *Telegram) getMe(*tgCall) (any, error) {
	return struct {
		TelegramPerson
		CanJoinGroups   bool `json:"can_join_groups"`
		CanReadAll      bool `json:"can_read_all_group_messages"`
		SupportsInline  bool `json:"supports_inline_queries"`
		CanConnect      bool `json:"can_connect_to_business"`
		HasMainWebApp   bool `json:"has_main_web_app"`
		HasTopicsInChat bool `json:"has_topics_enabled"`
	}{TelegramPerson: t.bot, CanJoinGroups: true, CanReadAll: t.options.ReadsAll, SupportsInline: true}, nil
}

// logOut makes the server refuse the bot, as the cloud's does for ten minutes.
func (t *Telegram) logOut(*tgCall) (any, error) {
	t.loggedOut = true
	return true, nil
}

// closeBot answers true and keeps the bot: a local server would reload it at once.
func (t *Telegram) closeBot(*tgCall) (any, error) { return true, nil }

// tgDescribed is a result with a description beside it, as setWebhook gives.
type tgDescribed struct {
	value any
	note  string
}

func (d tgDescribed) MarshalJSON() ([]byte, error) { return json.Marshal(d.value) }

func tgSuccess(result json.RawMessage, note string) tgReply {
	body, err := json.Marshal(struct {
		OK          bool            `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Description string          `json:"description,omitempty"`
	}{true, result, note})
	if err != nil {
		return tgFailure(fmt.Errorf("encode an answer: %w", err))
	}
	return tgReply{http.StatusOK, body}
}

func (r tgReply) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // a client that went away is no error of the fake's
}

// Log is a writer for the logs of the bot under test. That the token stands in them
// is a violation.
func (t *Telegram) Log() io.Writer { return (*tgLog)(t) }

// Logged is all that was written to Log.
func (t *Telegram) Logged() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.log.String()
}

type tgLog Telegram

func (l *tgLog) Write(p []byte) (int, error) {
	t := (*Telegram)(l)
	t.mu.Lock()
	defer t.mu.Unlock()
	_, secret, _ := strings.Cut(t.options.Token, ":")
	if strings.Contains(string(p), secret) {
		t.violate("the log holds the token: %s", strings.ReplaceAll(strings.TrimSpace(string(p)), secret, "SECRET"))
	}
	return t.log.Write(p)
}
