// Package gateway is the gateway of the fake Discord: connections, sessions that can be resumed,
// shards, heartbeats, and the ways in which a test lets them go wrong. What the events say is the
// host's business.
package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Opcodes of the gateway.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opVoiceState     = 4
	opResume         = 6
	opReconnect      = 7
	opRequestMembers = 8
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

// Codes with which the gateway closes. After the fatal ones a bot must not come back.
const (
	closeUnknownOpcode     = 4001
	closeDecodeError       = 4002
	closeNotAuthenticated  = 4003
	closeBadToken          = 4004
	closeAuthenticated     = 4005
	closeInvalidSeq        = 4007
	closeRateLimited       = 4008
	closeInvalidShard      = 4010
	closeInvalidVersion    = 4012
	closeInvalidIntents    = 4013
	closeDisallowedIntents = 4014
)

func fatal(code int) bool {
	return code == closeBadToken || code >= closeInvalidShard && code <= closeDisallowedIntents
}

// Intents, the privileged ones among them.
const (
	IntentGuilds         = 1 << 0
	intentMembers        = 1 << 1
	intentPresences      = 1 << 8
	IntentGuildMessages  = 1 << 9
	IntentDirectMessages = 1 << 12
	intentContent        = 1 << 15

	privilegedIntents = intentMembers | intentPresences | intentContent
	knownIntents      = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
)

// sendsAMinute is how much a connection may send.
const sendsAMinute = 120

// Options say how the gateway is set up. All of them have to be set.
type Options struct {
	Token          string        // of the bot
	Shards         int           // that the bot is told to make
	MaxConcurrency int           // shards that may IDENTIFY in one IdentifyEvery
	IdentifyEvery  time.Duration // pace of IDENTIFY; negative: none
	IdentifyLimit  int           // IDENTIFY a day; one more resets the token
	Heartbeat      time.Duration // that HELLO asks for
}

// Host is the platform that the gateway is a part of. The gateway shares its lock, and
// holds it when it calls the functions, but for Await.
type Host struct {
	Lock    sync.Locker
	Now     func() time.Time
	Changed func() // something changed that others may wait for
	Violate func(format string, args ...any)
	// Await waits until reached, which is called with the lock held, says so.
	Await func(ctx context.Context, what string, reached func() bool) error
	URL   func() string // of the gateway, "ws://…"
	NewID func() string
	// Ready is what a new session is told: of the READY event what the gateway does not know
	// itself, and all guilds of the bot.
	Ready func() (about map[string]any, guilds []Guild)
}

// Guild is a guild as a session gets to know it.
type Guild struct {
	ID      uint64
	Created map[string]any // the data of GUILD_CREATE
}

// Gateway holds a bot's connections and sessions. Its unexported state
// is guarded by the host's lock.
type Gateway struct {
	host Host
	opts Options
	work sync.WaitGroup // connections

	closed     bool
	live       []*conn
	log        []*Connection
	sessions   map[string]*session
	identifies []time.Time
	lastPaced  map[int]time.Time // last IDENTIFY, by shard % max_concurrency
	fatal      map[int]int       // code with which a shard was sent away for good
	next       []Handshake
	always     Handshake
}

// New makes a gateway without connections. The caller must Close it.
func New(host Host, opts Options) *Gateway {
	return &Gateway{
		host: host, opts: opts,
		sessions: map[string]*session{}, lastPaced: map[int]time.Time{}, fatal: map[int]int{},
	}
}

// Close ends every connection and waits for their goroutines.
func (g *Gateway) Close() {
	g.host.Lock.Lock()
	g.closed = true
	live := slices.Clone(g.live)
	g.host.Lock.Unlock()
	for _, c := range live {
		c.ws.Close()
	}
	g.work.Wait()
}

// Connection is a connection that the bot made to the gateway.
type Connection struct {
	At            time.Time
	Path          string // "/", or "/resume" for the URL to resume at
	Shard, Shards int    // as identified or resumed; 0, 1 until then
	Intents       int
	Identified    bool
	Resumed       bool // a session was continued
	Heartbeats    int
	Code          int // with which the fake closed; 0: it did not
	BotCode       int // with which the bot closed; 0: it did not
	Open          bool
}

// Connections are all connections so far, oldest first.
func (g *Gateway) Connections() []Connection {
	g.host.Lock.Lock()
	defer g.host.Lock.Unlock()
	return g.connections()
}

func (g *Gateway) connections() []Connection {
	all := make([]Connection, len(g.log))
	for i, c := range g.log {
		all[i] = *c
	}
	return all
}

// Identifies is how often the bot asked for a session of its own.
func (g *Gateway) Identifies() int {
	return g.count(func(c Connection) bool { return c.Identified })
}

// Resumes is how often the bot continued a session.
func (g *Gateway) Resumes() int { return g.count(func(c Connection) bool { return c.Resumed }) }

func (g *Gateway) count(is func(Connection) bool) (n int) {
	for _, c := range g.Connections() {
		if is(c) {
			n++
		}
	}
	return n
}

// Identified is how many IDENTIFY the last day saw. The caller holds the lock.
func (g *Gateway) Identified() int {
	g.identifies = slices.DeleteFunc(g.identifies, func(t time.Time) bool { return g.host.Now().Sub(t) >= 24*time.Hour })
	return len(g.identifies)
}

// ServeHTTP holds a connection to the gateway until it ends.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := g.admitConnection(r)
	if c == nil {
		return
	}
	defer g.work.Done()
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer ws.Close()
	if !g.connect(c, ws, r.URL.Query().Get("v")) {
		return
	}
	defer g.disconnected(c)
	answer := ws.CloseHandler()
	ws.SetCloseHandler(func(code int, text string) error {
		g.closedByBot(c, code)
		return answer(code, text)
	})
	for {
		_, raw, err := ws.ReadMessage()
		if err != nil {
			return
		}
		g.received(c, raw)
	}
}

// admitConnection records a connection before the bot knows that it stands, so that the
// record is in the bot's order; nil if the fake is closed. Close waits for the caller.
func (g *Gateway) admitConnection(r *http.Request) *conn {
	g.host.Lock.Lock()
	defer g.host.Lock.Unlock()
	if g.closed {
		return nil
	}
	c := &conn{
		g: g, script: g.always, queued: make(chan struct{}, 1), gone: make(chan struct{}),
		log: &Connection{At: g.host.Now(), Path: r.URL.Path, Shards: 1},
	}
	if len(g.next) > 0 {
		c.script, g.next = g.next[0], g.next[1:]
	}
	if code := g.fatal[0]; code != 0 && g.opts.Shards == 1 {
		g.host.Violate("gateway: connected again after close code %d", code)
	}
	g.log = append(g.log, c.log)
	g.work.Add(1)
	g.host.Changed()
	return c
}

// connect begins a connection, unless the fake was closed meanwhile.
func (g *Gateway) connect(c *conn, ws *websocket.Conn, version string) bool {
	g.host.Lock.Lock()
	defer g.host.Lock.Unlock()
	if g.closed {
		return false
	}
	c.ws, c.log.Open = ws, true
	g.live = append(g.live, c)
	g.work.Go(c.write)
	if version != "" && version != "9" && version != "10" {
		c.close(closeInvalidVersion, "Invalid API version.")
	} else {
		c.greet()
	}
	g.host.Changed()
	return true
}

// disconnected ends a connection; its session lives on.
func (g *Gateway) disconnected(c *conn) {
	g.host.Lock.Lock()
	defer g.host.Lock.Unlock()
	close(c.gone)
	c.log.Open = false
	g.live = slices.DeleteFunc(g.live, func(other *conn) bool { return other == c })
	if s := c.session; s != nil && s.conn == c {
		s.conn, s.ready = nil, false
	}
	g.host.Changed()
}

// closedByBot takes a close frame of the bot's that does not answer one of the fake's. Two
// codes end the session.
func (g *Gateway) closedByBot(c *conn, code int) {
	g.host.Lock.Lock()
	defer g.host.Lock.Unlock()
	if c.log.Code != 0 {
		return
	}
	c.log.BotCode = code
	goodbye := code == websocket.CloseNormalClosure || code == websocket.CloseGoingAway
	if s := c.session; s != nil && s.conn == c && goodbye {
		delete(g.sessions, s.id)
	}
}

// received takes a frame of the bot's.
func (g *Gateway) received(c *conn, raw []byte) {
	g.host.Lock.Lock()
	defer g.host.Lock.Unlock()
	defer g.host.Changed()
	if c.log.Code != 0 {
		return // closed, and the bot has not seen it yet
	}
	var frame struct {
		Op int             `json:"op"`
		D  json.RawMessage `json:"d"`
	}
	switch {
	case c.sendsTooMuch():
		g.host.Violate("gateway: over %d sends in a minute", sendsAMinute)
		c.close(closeRateLimited, "Rate limited.")
	case json.Unmarshal(raw, &frame) != nil:
		g.host.Violate("gateway: sent no JSON object: %.100q", raw)
		c.close(closeDecodeError, "Error while decoding payload.")
	case frame.Op == opHeartbeat:
		c.beat()
	case frame.Op == opIdentify:
		g.identify(c, frame.D)
	case frame.Op == opResume:
		g.resume(c, frame.D)
	case c.session == nil:
		g.host.Violate("gateway: op %d sent before IDENTIFY", frame.Op)
		c.close(closeNotAuthenticated, "Not authenticated.")
	case frame.Op == opPresence, frame.Op == opVoiceState, frame.Op == opRequestMembers:
		// Nothing that a bot which answers questions would see an effect of.
	default:
		g.host.Violate("gateway: sent unknown op %d", frame.Op)
		c.close(closeUnknownOpcode, "Unknown opcode.")
	}
}
