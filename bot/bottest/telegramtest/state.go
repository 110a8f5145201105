package telegramtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
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

	botID = 7000000001
)

// Options configure a fake; the zero value is a bot in
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

// Server is a stateful fake of the Bot API for one bot, served on 127.0.0.1. It
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

// tail describes the last n requests, for whoever waited in vain.
func (t *Server) tail(n int) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	for _, r := range t.requests[max(len(t.requests)-n, 0):] {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %d %s", r.Method, r.Status, r.Err)))
	}
	return strings.Join(lines, "; ")
}

// Violations returns the bot's breaches of the rules, in order: requests that do
// not fit the description of the API or its rules, more messages than a retry_after
// allowed, wrong threads, two polls at once, the token in a log. Empty is good.
func (t *Server) Violations() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.violations)
}

// violate notes a violation. The caller holds mu.
func (t *Server) violate(format string, args ...any) {
	t.violations = append(t.violations, fmt.Sprintf(format, args...))
}

// Chat is a chat: of one user with the bot, a group, a supergroup, a forum or
// a channel. The state behind it belongs to the fake.
type Chat struct {
	t    *Server
	peer Peer // fixed but for the ID's place in chats

	members  map[int64]string // user id to status
	order    []int64          // of joining
	messages map[int]*Message
	nextID   int
	topics   map[int]*Topic
	upgraded *Chat // the supergroup that a group has become
	blocked  bool  // a private chat whose user blocked the bot
	started  bool  // a private chat that the bot may write to
}

// Topic is a topic of a forum.
type Topic struct {
	chat   *Chat
	id     int // 0 is the General topic
	name   string
	closed bool
	gone   bool
}

// User is a person who talks with the bot; a test acts through it.
type User struct {
	t      *Server
	person markup.Person
}

// storedFile is a file on the server.
type storedFile struct {
	Kind          string // photo or document
	ID, Unique    string
	Name          string
	Data          []byte
	Width, Height int // pixels, of a photo
}

// Request is one request as it came, with the outcome.
type Request struct {
	Method string
	Params map[string]string // JSON-serialised values as text
	Files  map[string]botapi.Upload
	Chat   int64 // that it concerns; 0 is none
	At     time.Time
	Status int    // of the answer; 0 while there is none, or where there never was
	Err    string // the description of a refusal
}

type rateLimits struct {
	sent  []sendRecord
	until map[int64]time.Time // by chat: no sending before, after a 429; 0 is every chat
}

type sendRecord struct {
	chat int64
	at   time.Time
}

// Match chooses requests. The zero value is every request.
type Match struct {
	Method string // "" is every method
	Chat   int64  // 0 is every chat
	// Nth is the first that is hit of those that fit, from 1; 0 is 1.
	Nth int
	// Times is how many are hit from there on; 0 is 1, a negative number all.
	Times int
}

// Fault spoils the answer to a request.
type Fault struct {
	store bool // carry the request out first
	serve func(exchange, response)
}

type faultRule struct {
	match Match
	fault Fault
	seen  int
}

// exchange is a request that a fault has in its hands.
type exchange struct {
	t      *Server
	w      http.ResponseWriter
	ctx    context.Context // ends with the client's connection
	call   *botapi.Call
	record *Request
}

// response is an answer before it goes on the wire, where a fault may spoil it.
type response struct {
	status      int
	body        []byte
	contentType string // "" is JSON
}

type updateQueue struct {
	queue     []queuedUpdate // not confirmed yet
	confirmed []queuedUpdate
	nextID    int64
	allowed   []string // stays between calls
	poller    *pendingPoll
}

// queuedUpdate is one update as it goes over the wire. A poison is not held against the
// contract: the test means it to be wrong.
type queuedUpdate struct {
	id     int64
	raw    json.RawMessage
	poison bool
}

// pendingPoll is a getUpdates call that waits.
type pendingPoll struct {
	ended   string // why another took its place; "" while none has
	foreign bool   // it was a test that did, not the bot
}

type webhookState struct {
	url, secret string
	stop        context.CancelFunc
	deliveries  []Delivery
}

// Delivery is one attempt to deliver an update to the webhook.
type Delivery struct {
	UpdateID int64
	Status   int   // 0 where there was no answer
	Err      error // nil for a status of 2xx
	At       time.Time
}

// botProfile holds the bot's names and descriptions by language ("" is the default).
type botProfile struct {
	menus map[profileKey][]Command
	texts map[profileKey]string
}

type profileKey struct {
	what     string // type of a BotCommandScope, or the kind of a text
	language string // two letters; "" is the default
}

// Command is one entry of the menu of commands.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// Click is a press of a button, which waits for its answer.
type Click struct {
	t      *Server
	id     string
	at     time.Time
	answer *ClickAnswer
}

// ClickAnswer is an answer to a callback query, as the user sees it.
type ClickAnswer struct {
	Text string
}

// inlineQuery is a query that waits for its answer.
type inlineQuery struct {
	key    queryKey
	user   int64
	at     time.Time
	answer *InlineAnswer
}

// queryKey identifies an inline query: the text typed and the offset.
type queryKey struct{ query, offset string }

// InlineAnswer is the list of results offered for an inline query.
type InlineAnswer struct {
	Query      string
	Results    []InlineResult
	NextOffset string // "" where there is no more
	CacheTime  time.Duration
	Personal   bool
	Button     string // the label of the button above the results
	StartParam string // what the button starts the bot with
}

// InlineResult is one offer; choosing it sends Message.
type InlineResult struct {
	ID, Type, Title, Description string
	URL                          string
	Message                      Message
}
