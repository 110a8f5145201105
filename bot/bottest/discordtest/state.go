package discordtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"time"

	"parley/bot/bottest/discordtest/gateway"
	"parley/bot/bottest/discordtest/openapi"
)

// Server is a fake of Discord: its REST API under URL()+"/api/v9" and its gateway, one
// application with one bot, and the guilds, channels and people that a test makes.
//
// It answers as Discord does, with Discord's errors, and notes in [Server.Violations]
// what a bot must not do even where Discord lets it pass. Every request and every response is
// checked against Discord's own description of its API where that stands in ../shared, and
// elsewhere against an excerpt of what Parley uses.
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
	// Now is the clock that all rules go by; nil: time.Now. See also [Server.Advance].
	Now func() time.Time
	// Shards is the number that GET /gateway/bot recommends; 0 means 1.
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

// errClosed ends a wait when the fake is closed.
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

// epoch is the first millisecond of 2015, from which snowflakes count.
const epoch = 1420070400000

// newID makes the next id. Each has a millisecond of its own, so that guilds made one
// after another fall on different shards.
func (d *Server) newID() ID {
	d.lastMilli = max(d.now().UnixMilli()-epoch, d.lastMilli+1)
	d.lastSerial++
	return ID(uint64(d.lastMilli)<<22 | d.lastSerial&0xfff)
}

// User is a person, or the bot. A test acts through it.
type User struct {
	ID     ID
	Name   string
	Bot    bool
	Locale string // of the person's client; "en-US" unless set

	d         *Server
	installed bool // has installed the application for themselves
	blocked   bool // takes no direct messages
}

// Guild is a server.
type Guild struct {
	ID     ID
	Name   string
	Owner  *User
	Locale string // preferred locale

	d        *Server
	hasBot   bool
	roles    []*Role // the first is @everyone, whose id is the guild's
	members  map[ID]*member
	channels []*Channel
}

// Role is a role of a guild.
type Role struct {
	ID          ID
	Name        string
	Permissions Permissions
}

type member struct {
	user   *User
	joined time.Time
	roles  []ID
}

// Types of channels.
const (
	TextChannel         = 0
	DMChannel           = 1
	GroupDMChannel      = 3
	AnnouncementChannel = 5
	AnnouncementThread  = 10
	PublicThread        = 11
	PrivateThread       = 12
	ForumChannel        = 15
)

// Channel is a channel of a guild, a thread, or a private channel.
type Channel struct {
	ID    ID
	Type  int
	Name  string
	Guild *Guild // nil in private

	d          *Server
	created    time.Time
	deleted    bool
	recipients []*User // in private, with the bot if it is in
	overwrites []overwrite
	messages   []*storedMessage // oldest first

	tags        []forumTag // forum
	tagRequired bool       // forum

	parent   *Channel // thread
	owner    *User    // thread
	applied  []ID     // thread in a forum: tags
	archived bool     // thread
	locked   bool     // thread
}

type overwrite struct {
	id          ID // of a role or a member
	role        bool
	allow, deny Permissions
}

type forumTag struct {
	id   ID
	name string
}

// Message is a message as a person sees it.
type Message struct {
	ID          ID
	Channel     *Channel
	Type        int
	Author      *User
	Content     string
	Embeds      []Embed
	Components  []Component
	Attachments []Attachment
	Flags       int
	ReplyTo     ID // the message that it answers; 0: none
	Sent        time.Time
	Edited      time.Time // zero: never
}

// storedMessage is a message with what nobody sees of it.
type storedMessage struct {
	Message
	nonce    string
	deleted  bool
	viewer   *User // who alone sees it; nil: everybody
	mentions []*User
	action   *Interaction // that it answers; nil: none
}

// Interaction is something that a person did which the bot has to answer.
type Interaction struct {
	ID      ID
	Token   string
	Type    int
	By      *User
	Channel *Channel

	d        *Server
	name     string // for people
	created  time.Time
	data     jsonObject
	on       *storedMessage // with the component that was used; nil: none
	owners   jsonObject     // authorizing_integration_owners
	userOnly bool           // usable only because the user installed the application

	answer    int // type of the first answer; 0: none yet
	answered  time.Time
	original  *storedMessage // that @original means
	followUps []*storedMessage
	updated   bool // what was put off has come
	choices   []Choice
}

// commandSet is the commands that the application has registered, all of them global.
type commandSet struct {
	all     []*Command
	created []time.Time // of the last day
}

// Request is a request that the bot made.
type Request struct {
	At     time.Time // on the clock of the fake
	Route  string    // method and path as the API's description writes it; the bare path if there is no such route
	Path   string    // below /api/v9
	Query  url.Values
	Body   json.RawMessage // the JSON, also of a form with files
	Files  []string        // names
	Status int             // 0 while it is being answered, and where a fault let none go out
}

// route is an operation of the API.
type route struct {
	method, path string // as in the description
	// open routes need no Authorization.
	open bool
	// exempt routes answer interactions: they do not count towards the global limit.
	exempt bool
	// status is that of success with a body; 0: 200. Success without a body is 204.
	status int
	// rules say what the description leaves out; nil: nothing.
	rules func(c *call, r report)
	serve func(d *Server, c *call) (any, error)
}

// call is a request while it is being answered.
type call struct {
	*http.Request
	route  *route
	at     time.Time
	order  int    // among all requests, from 1
	body   []byte // the JSON; nil if there was none
	files  []upload
	record *Request
}

// reply is an answer on its way out.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// Fault makes requests fail.
type Fault struct {
	Route string // "POST /channels/{channel_id}/messages"; empty: every route
	First int    // the first request that fails, from 1, counted since Fail; 0: 1
	Count int    // how many fail from there; 0: 1, negative: all
	How   Failure
}

// Failure is a way in which a request fails. It may let the request take effect.
type Failure func(*Exchange)

// Exchange is a request that a [Failure] decides on.
type Exchange struct {
	*http.Request
	d      *Server
	w      http.ResponseWriter
	c      *call
	answer func() reply
}

type scheduledFault struct {
	Fault
	seen int // requests that matched
}

// RateLimit is a 429.
type RateLimit struct {
	// Scope is "user" (the bot's own limit of the route), "global" or "shared" (others
	// used up the route's limit).
	Scope string
	After time.Duration // how long requests are refused from now
	// Bare leaves out retry_after and Reset-After: nothing says how long.
	Bare bool
	// HTML is Cloudflare's page instead of Discord's JSON, with Retry-After only.
	HTML bool
}

// limits counts requests for the rate limits.
type limits struct {
	global  block
	blocked map[string]block // by bucket
	second  []time.Time      // of the requests within the last second
	windows map[string]*window
}

// block is a 429 that is still in force.
type block struct {
	RateLimit
	until time.Time
	// order is the last request that came before the 429 went out: the bot could not know.
	order int
}

// window is a bucket's use since start.
type window struct {
	start time.Time
	used  int
	order int // the last request that came before a header said that nothing remains
}
