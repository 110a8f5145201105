// Package telegram is the adapter for Telegram: it receives updates by long polling or
// by a webhook, hands what is meant for the bot to the core, and sends the replies at
// the pace that Telegram allows. It decides nothing about answers and stores nothing
// itself: what must be known after a restart it keeps through Store.
package telegram

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/bot"
	"parley/bot/backoff"
	"parley/bot/telegram/api"
	"parley/bot/telegram/outbox"
	"parley/bot/telegram/taskqueue"
)

// Core answers requests; it is a bot.Bot.
type Core interface {
	Handle(ctx context.Context, req bot.Request) bot.Reply
	Commands() []bot.Command
	ActionKey(ctx context.Context, a bot.Action) (string, error)
	ActionOf(ctx context.Context, key string) (command string, args bot.Args, ok bool, err error)
}

// Updates remembers which updates of a bot are done.
type Updates interface {
	// Offset is one more than the last update committed, 0 if there is none.
	Offset(ctx context.Context, telegramBot int64) (int64, error)
	// Commit marks this update and all before it as done.
	Commit(ctx context.Context, telegramBot, update int64) error
	// Handled reports whether an update was marked as handled.
	Handled(ctx context.Context, telegramBot, update int64) (bool, error)
	// MarkHandled marks an update as handled; first is true for one caller alone.
	MarkHandled(ctx context.Context, telegramBot, update int64) (first bool, err error)
}

// Store keeps over a restart all that the adapter must know then. A chat is named as in
// bot.Request.Chat.
type Store interface {
	Updates
	outbox.Chats
	outbox.Files
	// Resume lifts a suspension; suspended is false where there was none.
	Resume(ctx context.Context, chat string) (suspended bool, err error)
	// Registered is the hash of the commands that were registered last, empty if none were.
	Registered(ctx context.Context, key string) (string, error)
	SetRegistered(ctx context.Context, key, hash string) error
}

// Options configure a Telegram. Token, Core, Store and Log are required.
type Options struct {
	Token  string // of @BotFather, "123:ABC"
	APIURL string // of a local Bot API server; "" means https://api.telegram.org
	Core   Core
	Store  Store
	Log    *slog.Logger
	Clock  backoff.Clock // nil means the system's
	HTTP   *http.Client  // nil means one of its own, without a proxy; deadlines are set for each request
	// Webhook receives updates by HTTP where its URL is set, instead of long polling.
	Webhook Webhook
	// DeleteWebhook lets long polling delete a webhook that is set; otherwise it is an
	// error, since somebody may be served by it.
	DeleteWebhook bool
	// Handlers is how many requests the core handles at once; 0 means 16.
	Handlers int
	// Grace is how long Run waits for answers under way when it is to stop; 0 means 10 s.
	Grace time.Duration
}

// Webhook is an address to which Telegram delivers updates.
type Webhook struct {
	URL    string // public, https, with the path that is served
	Listen string // address to listen on: "127.0.0.1:8443"
	Secret string // 1 to 256 of A-Z, a-z, 0-9, _ and -; "" means one derived from the token
}

const (
	publicAPI       = "https://api.telegram.org"
	defaultHandlers = 16
	defaultGrace    = 10 * time.Second
	maxTyping       = 1000 // users whose latest inline query is known
)

// Telegram is the bot on Telegram. Send may be called while Run runs, before and after.
type Telegram struct {
	o      Options
	core   Core
	store  Store
	log    *slog.Logger
	clock  backoff.Clock
	client *api.Client
	outbox *outbox.Outbox
	tasks  *taskqueue.Queue
	admins *admins
	typed  *lru.Cache[int64, string] // the id of each user's latest inline query

	handling chan struct{} // holds a token for each request that the core handles

	known chan struct{} // closed when Telegram has said who the bot is
	self  user          // the bot; to be read when it is known
}

var (
	tokenForm  = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{10,}$`)
	secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

// New makes a Telegram; it does not connect.
func New(o Options) (*Telegram, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	if err := api.RedirectLibraryLog(o.Log, o.Token); err != nil {
		return nil, err
	}
	t := &Telegram{
		o: o, core: o.Core, store: o.Store, log: o.Log, clock: o.Clock,
		client:   api.New(o.Token, o.APIURL, o.HTTP),
		handling: make(chan struct{}, o.Handlers), known: make(chan struct{}),
	}
	t.tasks = taskqueue.New(func(key string, fault any) {
		t.log.Error("a task panicked",
			"key", key, "fault", api.Redact(fmt.Sprint(fault), o.Token), "stack", string(debug.Stack()))
	})
	digits, _, _ := strings.Cut(o.Token, ":") // the token begins with the bot's id
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		id = 0 // it has twenty digits; it is only part of a key
	}
	t.outbox = outbox.New(outbox.Options{
		Client: t.client, Chats: o.Store, Files: o.Store, Clock: o.Clock, Log: o.Log, Bot: id,
	})
	t.admins = newAdmins(t.client, o.Clock)
	t.typed, err = lru.New[int64, string](maxTyping)
	return t, err
}

func (o Options) check() error {
	switch {
	case o.Token == "":
		return errors.New("telegram: no token; @BotFather gives one")
	case !tokenForm.MatchString(o.Token):
		return errors.New("telegram: the token does not have the form 123456:ABC-DEF of @BotFather's")
	case o.Core == nil || o.Store == nil || o.Log == nil:
		return errors.New("telegram: Core, Store and Log are required")
	}
	if o.APIURL != "" {
		if u, err := url.Parse(o.APIURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("telegram: the API's address %q is no http or https address", o.APIURL)
		}
	}
	w := o.Webhook
	if w.URL == "" {
		return nil
	}
	u, err := url.Parse(w.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("telegram: the webhook's address %q is no https address", w.URL)
	case w.Listen == "":
		return errors.New("telegram: a webhook needs an address to listen on")
	case w.Secret != "" && !secretForm.MatchString(w.Secret):
		return errors.New("telegram: the webhook's secret is not 1 to 256 of A-Z, a-z, 0-9, _ and -")
	}
	return nil
}

func (o Options) withDefaults() Options {
	if o.APIURL == "" {
		o.APIURL = publicAPI
	}
	if o.Clock == nil {
		o.Clock = backoff.SystemClock{}
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Transport: &http.Transport{
			ForceAttemptHTTP2: true, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 10 * time.Second,
			MaxIdleConnsPerHost: outbox.PerBot, // as many as messages are sent in a second
		}}
	}
	if o.Handlers < 1 {
		o.Handlers = defaultHandlers
	}
	if o.Grace <= 0 {
		o.Grace = defaultGrace
	}
	if o.Webhook.URL != "" && o.Webhook.Secret == "" {
		// It stays the same over restarts and says nothing about the token.
		mac := hmac.New(sha256.New, []byte(o.Token))
		mac.Write([]byte("parley webhook"))
		o.Webhook.Secret = hex.EncodeToString(mac.Sum(nil))
	}
	return o
}
