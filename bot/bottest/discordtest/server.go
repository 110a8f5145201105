package discordtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/bot/bottest/discordtest/gateway"
	"parley/bot/bottest/discordtest/openapi"

	"github.com/gorilla/websocket"
)

// Discord is a fake of Discord: its REST API under URL()+"/api/v9" and its gateway, one
// application with one bot, and the guilds, channels and people that a test makes.
//
// It answers as Discord does, with Discord's errors, and notes in [Discord.Violations]
// what a bot must not do even where Discord lets it pass. Where ../shared is beside the
// project, every request and every response is checked against Discord's own description
// of its API.
type Server struct {
	*gateway.Gateway

	opts     Options
	server   *httptest.Server
	contract *openapi.Contract // nil where Options.Unchecked says so

	stop context.CancelFunc // of done
	done context.Context    // ends with Close

	mu         sync.Mutex
	changed    chan struct{} // closed at the next change of anything below
	ahead      time.Duration // what Advance added to the clock
	lastMilli  int64
	lastSerial uint64
	violations []string

	bot      *User
	appID    ID
	users    map[ID]*User
	guilds   map[ID]*Guild
	channels map[ID]*Channel
	commands commandSet
	actions  map[string]*Interaction // by token
	tokens   []string                // of actions, oldest first

	requests     []*Request
	faults       []*scheduledFault
	limits       limits
	admitted     int // requests so far
	unauthorized int // admitted when a 401 was given; 0: none was
}

// Options say how Discord is set up. The zero value is a small bot's.
type Options struct {
	// Token is the bot's; empty: "token".
	Token string
	// Now is the clock that all rules go by; nil: time.Now. See also [Discord.Advance].
	Now func() time.Time
	// Shards is what GET /gateway/bot recommends; 0: 1.
	Shards int
	// MaxConcurrency is how many shards may IDENTIFY in one IdentifyEvery; 0: 1.
	MaxConcurrency int
	// IdentifyEvery is the pace of IDENTIFY; 0: 5 s, negative: none.
	IdentifyEvery time.Duration
	// IdentifyLimit is how many IDENTIFY a day allows; 0: 1000. One more resets the token.
	IdentifyLimit int
	// Heartbeat is the interval that HELLO asks for; 0: 41.25 s.
	Heartbeat time.Duration
	// Limits enforces 50 requests a second and the buckets of routes.
	Limits bool
	// Unchecked leaves out the check against Discord's description of its API, which takes
	// half of the fake's time.
	Unchecked bool
	// Keep is how many requests, interactions, and messages of a channel are remembered at
	// least, where a test makes so many that memory matters; 0: all.
	Keep int
}

// New starts a fake; Close must be called.
func New(o Options) *Server {
	o.setDefaults()
	d := &Server{
		opts:     o,
		changed:  make(chan struct{}),
		users:    map[ID]*User{},
		guilds:   map[ID]*Guild{},
		channels: map[ID]*Channel{},
		actions:  map[string]*Interaction{},
		limits:   newLimits(),
	}
	d.done, d.stop = context.WithCancel(context.Background())
	if !o.Unchecked {
		var err error
		if d.contract, err = apiContract(); err != nil {
			panic("fake: " + err.Error())
		}
	}
	d.bot = d.addUser("Parley")
	d.bot.Bot = true
	d.appID = d.bot.ID
	d.Gateway = gateway.New(gateway.Host{
		Lock: &d.mu, Now: d.now, Changed: d.notify, Violate: d.violate, Await: d.await, URL: d.gatewayURL,
		NewID: func() string { return d.newID().String() }, Ready: d.ready,
	}, gateway.Options{
		Token: o.Token, Shards: o.Shards, MaxConcurrency: o.MaxConcurrency,
		IdentifyEvery: o.IdentifyEvery, IdentifyLimit: o.IdentifyLimit, Heartbeat: o.Heartbeat,
	})
	d.server = httptest.NewServer(d.handler())
	return d
}

func (o *Options) setDefaults() {
	if o.Token == "" {
		o.Token = "token"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Shards = max(o.Shards, 1)
	o.MaxConcurrency = max(o.MaxConcurrency, 1)
	if o.IdentifyEvery == 0 {
		o.IdentifyEvery = 5 * time.Second
	}
	if o.IdentifyLimit == 0 {
		o.IdentifyLimit = 1000
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 41250 * time.Millisecond
	}
}

// Close ends every connection and waits for all goroutines of the fake.
func (d *Server) Close() {
	d.stop()
	d.Gateway.Close()
	d.server.CloseClientConnections()
	d.server.Close()
}

// URL is where Discord is: "http://127.0.0.1:PORT".
func (d *Server) URL() string { return d.server.URL }

// Token is the bot's token, without the word "Bot".
func (d *Server) Token() string { return d.opts.Token }

// Bot is the bot's user.
func (d *Server) Bot() *User { return d.bot }

// Violations are the things that a well-behaved bot does not do, in the order in which
// the bot did them, and faults of the fake itself, which begin with "fake:". What the bot
// sent before an answer that forbids it went out is no violation; what crosses that answer
// on the wire is, so a test with a global 429 should send from one goroutine.
func (d *Server) Violations() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.violations)
}

func (d *Server) violate(format string, args ...any) {
	d.violations = append(d.violations, fmt.Sprintf(format, args...))
}

// Advance puts the clock of the fake forward: interactions age, limits run out.
func (d *Server) Advance(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ahead += by
	d.notify()
}

// now is the time on the clock of the fake.
func (d *Server) now() time.Time { return d.opts.Now().Add(d.ahead) }

// errClosed is what a wait returns when the fake is closed under it.
var errClosed = errors.New("the fake Discord was closed")

// notify wakes whoever waits for a change.
func (d *Server) notify() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// await waits until reached, which is called with the lock held, says so.
func (d *Server) await(ctx context.Context, what string, reached func() bool) error {
	for {
		d.mu.Lock()
		ok, changed := reached(), d.changed
		d.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, context.Cause(ctx))
		case <-d.done.Done():
			return fmt.Errorf("waiting for %s: %w", what, errClosed)
		}
	}
}

// newest cuts the oldest elements off a list that has become twice as long as needed; with
// keep 0 all are needed.
func newest[T any](list []T, keep int) (rest, cut []T) {
	if keep == 0 || len(list) <= 2*keep {
		return list, nil
	}
	n := len(list) - keep
	return slices.Clone(list[n:]), list[:n]
}

// ID is a snowflake: the upper bits are the time of creation, so ids grow.
type ID uint64

// String is the id in decimal, as Discord writes it.
func (id ID) String() string { return strconv.FormatUint(uint64(id), 10) }

// MarshalText writes the id as JSON strings hold it.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads a decimal id.
func (id *ID) UnmarshalText(b []byte) error {
	n, err := strconv.ParseUint(string(b), 10, 64)
	*id = ID(n)
	return err
}

// epoch is the first millisecond of 2015, from which snowflakes count.
const epoch = 1420070400000

// newID makes the next id. Each has a millisecond of its own, so that guilds made one
// after another fall on different shards.
func (d *Server) newID() ID {
	d.lastMilli = max(d.now().UnixMilli()-epoch, d.lastMilli+1)
	d.lastSerial++
	return ID(uint64(d.lastMilli)<<22 | d.lastSerial&0xfff)
}

// handler serves the REST API, the files and the gateway. Bots that use version 10 of
// the API are served as those that use 9.
func (d *Server) handler() http.Handler {
	api := d.routes()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		switch {
		case websocket.IsWebSocketUpgrade(r):
			d.Gateway.ServeHTTP(w, r)
		case strings.HasPrefix(path, "/api/v9/"), strings.HasPrefix(path, "/api/v10/"):
			http.StripPrefix(path[:strings.Index(path[len("/api/"):], "/")+len("/api/")], api).ServeHTTP(w, r)
		default:
			http.NotFound(w, r)
		}
	})
}
