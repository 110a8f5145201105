// Package telegram is the adapter for Telegram: it receives updates by long polling or
// by a webhook, hands what is meant for the bot to the core, and sends the replies at
// the pace that Telegram allows. It decides nothing about answers and stores nothing
// itself: what must be known after a restart it keeps through Store.
package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	lru "github.com/hashicorp/golang-lru/v2"

	"parley/bot"
)

// Core is what the adapter needs of the bot.
type Core interface {
	Handle(ctx context.Context, req bot.Request) bot.Reply
	Commands() []bot.Command
	ActionKey(ctx context.Context, a bot.Action) (string, error)
	ActionOf(ctx context.Context, key string) (command string, args bot.Args, ok bool, err error)
}

// Progress remembers which updates are done. Updates are told apart by the bot's id, too.
type Progress interface {
	// Offset is one more than the last update committed, 0 if there is none.
	Offset(ctx context.Context, telegramBot int64) (int64, error)
	// Commit says that this update and all before it are done.
	Commit(ctx context.Context, telegramBot, update int64) error
	// Handled says whether an update was marked as handled.
	Handled(ctx context.Context, telegramBot, update int64) (bool, error)
	// MarkHandled marks an update as handled; first is true for one caller alone.
	MarkHandled(ctx context.Context, telegramBot, update int64) (first bool, err error)
}

// Chats keeps what becomes of chats. A chat is named as in bot.Request.Chat.
type Chats interface {
	// MoveChat gives what is kept of a chat to the one that follows it. It may be
	// called again.
	MoveChat(ctx context.Context, from, to string) error
	// Suspend stops posts to a chat that the bot cannot write to any more.
	Suspend(ctx context.Context, chat, reason string) error
	// Resume lifts a suspension; suspended is false where there was none.
	Resume(ctx context.Context, chat string) (suspended bool, err error)
}

// Kept keeps small texts by key; one that is not kept is empty.
type Kept interface {
	// FileID is under which id Telegram has a file already.
	FileID(ctx context.Context, key string) (string, error)
	SetFileID(ctx context.Context, key, id string) error
	// Registered is the hash of the commands that were registered last.
	Registered(ctx context.Context, key string) (string, error)
	SetRegistered(ctx context.Context, key, hash string) error
}

// Store is what the adapter keeps over a restart.
type Store interface {
	Progress
	Chats
	Kept
}

// Options are what a Telegram is made of. Token, Core, Store and Log are required.
type Options struct {
	Token  string // of @BotFather, "123:ABC"
	APIURL string // of a local Bot API server; "" means https://api.telegram.org
	Core   Core
	Store  Store
	Log    *slog.Logger
	Clock  Clock        // nil means SystemClock
	HTTP   *http.Client // nil means one of its own, without a proxy; deadlines are set for each request
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

// Webhook is where Telegram delivers updates to.
type Webhook struct {
	URL    string // public, https, with the path that is served
	Listen string // address to listen on: "127.0.0.1:8443"
	Secret string // 1 to 256 of A-Z, a-z, 0-9, _ and -; "" means one derived from the token
}

const (
	publicAPI       = "https://api.telegram.org"
	defaultHandlers = 16
	defaultGrace    = 10 * time.Second
)

// Telegram is the bot on Telegram. Send may be called while Run runs, before and after.
type Telegram struct {
	o      Options
	core   Core
	store  Store
	log    *slog.Logger
	clock  Clock
	client *client
	outbox *outbox
	desk   *desk
	admins *admins
	typed  *lru.Cache[int64, string] // the id of each user's latest inline query

	known chan struct{} // closed when Telegram has said who the bot is
	self  user          // the bot; to be read when it is known
}

var tokenForm = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{10,}$`)

// setLogger tells the library once where to log to.
var setLogger sync.Once

// New makes a Telegram; it does not connect.
func New(o Options) (*Telegram, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	var err error
	setLogger.Do(func() { err = tgbotapi.SetLogger(libraryLog{o.Log, o.Token}) })
	if err != nil {
		return nil, err
	}
	t := &Telegram{
		o: o, core: o.Core, store: o.Store, log: o.Log, clock: o.Clock,
		client: newClient(o.Token, o.APIURL, o.HTTP),
		desk:   newDesk(o.Handlers, o.Log, o.Token),
		known:  make(chan struct{}),
	}
	if t.typed, err = lru.New[int64, string](maxTyping); err != nil {
		return nil, err
	}
	t.outbox = &outbox{client: t.client, lanes: newLanes(o.Clock), chats: o.Store, files: o.Store, clock: o.Clock, log: o.Log, bot: botID(o.Token)}
	t.admins = newAdmins(t.client, o.Clock)
	return t, nil
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
	if o.Webhook.URL == "" {
		return nil
	}
	return o.Webhook.check()
}

func (o Options) withDefaults() Options {
	if o.APIURL == "" {
		o.APIURL = publicAPI
	}
	if o.Clock == nil {
		o.Clock = SystemClock{}
	}
	if o.HTTP == nil {
		o.HTTP = newHTTP()
	}
	if o.Handlers < 1 {
		o.Handlers = defaultHandlers
	}
	if o.Grace <= 0 {
		o.Grace = defaultGrace
	}
	if o.Webhook.URL != "" && o.Webhook.Secret == "" {
		o.Webhook.Secret = derivedSecret(o.Token)
	}
	return o
}

// newHTTP keeps as many connections as messages are sent in a second.
func newHTTP() *http.Client {
	return &http.Client{Transport: &http.Transport{
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: perBot, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 10 * time.Second,
	}}
}
