package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
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
	intentGuilds         = 1 << 0
	intentMembers        = 1 << 1
	intentPresences      = 1 << 8
	intentGuildMessages  = 1 << 9
	intentDirectMessages = 1 << 12
	intentContent        = 1 << 15

	privilegedIntents = intentMembers | intentPresences | intentContent
	knownIntents      = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
)

// sendsAMinute is how much a connection may send.
const sendsAMinute = 120

// gateway is what Discord knows of a bot's connections.
type gateway struct {
	live       []*gatewayConn
	log        []*Connection
	sessions   map[string]*session
	identifies []time.Time
	paced      map[int]time.Time // last IDENTIFY, by shard % max_concurrency
	fatal      map[int]int       // code with which a shard was sent away for good
	next       []Handshake
	always     Handshake
}

func newGateway() gateway {
	return gateway{sessions: map[string]*session{}, paced: map[int]time.Time{}, fatal: map[int]int{}}
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
func (d *Server) Connections() []Connection {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.connections()
}

func (d *Server) connections() []Connection {
	all := make([]Connection, len(d.gateway.log))
	for i, c := range d.gateway.log {
		all[i] = *c
	}
	return all
}

// Identifies is how often the bot asked for a session of its own.
func (d *Server) Identifies() int {
	return d.count(func(c Connection) bool { return c.Identified })
}

// Resumes is how often the bot continued a session.
func (d *Server) Resumes() int { return d.count(func(c Connection) bool { return c.Resumed }) }

func (d *Server) count(is func(Connection) bool) (n int) {
	for _, c := range d.Connections() {
		if is(c) {
			n++
		}
	}
	return n
}

func (d *Server) gatewayURL() string { return "ws" + strings.TrimPrefix(d.server.URL, "http") }

func (d *Server) getGateway(*call) (any, error) { return jsonObject{"url": d.gatewayURL()}, nil }

func (d *Server) getGatewayBot(*call) (any, error) {
	return jsonObject{"url": d.gatewayURL(), "shards": d.opts.Shards, "session_start_limit": jsonObject{
		"total": d.opts.IdentifyLimit, "remaining": max(d.opts.IdentifyLimit-d.identified(), 0),
		"reset_after": (24 * time.Hour).Milliseconds(), "max_concurrency": d.opts.MaxConcurrency,
	}}, nil
}

// identified is how many IDENTIFY the last day saw.
func (d *Server) identified() int {
	g := &d.gateway
	g.identifies = slices.DeleteFunc(g.identifies, func(t time.Time) bool { return d.now().Sub(t) >= 24*time.Hour })
	return len(g.identifies)
}

// serveGateway holds a connection to the gateway until it ends.
func (d *Server) serveGateway(up websocket.Upgrader, w http.ResponseWriter, r *http.Request) {
	c := d.admitConnection(r)
	if c == nil {
		return
	}
	defer d.work.Done()
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer ws.Close()
	if !d.connect(c, ws, r.URL.Query().Get("v")) {
		return
	}
	defer d.disconnected(c)
	answer := ws.CloseHandler()
	ws.SetCloseHandler(func(code int, text string) error {
		d.closedByBot(c, code)
		return answer(code, text)
	})
	for {
		_, raw, err := ws.ReadMessage()
		if err != nil {
			return
		}
		d.received(c, raw)
	}
}

// admitConnection records a connection before the bot knows that it stands, so that the
// record is in the bot's order; nil if the fake is closed. Close waits for the caller.
func (d *Server) admitConnection(r *http.Request) *gatewayConn {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	g := &d.gateway
	c := &gatewayConn{
		d: d, script: g.always, queued: make(chan struct{}, 1), gone: make(chan struct{}),
		log: &Connection{At: d.now(), Path: r.URL.Path, Shards: 1},
	}
	if len(g.next) > 0 {
		c.script, g.next = g.next[0], g.next[1:]
	}
	if code := g.fatal[0]; code != 0 && d.opts.Shards == 1 {
		d.violate("gateway: connected again after close code %d", code)
	}
	g.log = append(g.log, c.log)
	d.work.Add(1)
	d.notify()
	return c
}

// connect begins a connection, unless the fake was closed meanwhile.
func (d *Server) connect(c *gatewayConn, ws *websocket.Conn, version string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return false
	}
	c.ws, c.log.Open = ws, true
	d.gateway.live = append(d.gateway.live, c)
	d.work.Go(c.write)
	if version != "" && version != "9" && version != "10" {
		c.close(closeInvalidVersion, "Invalid API version.")
	} else {
		c.greet()
	}
	d.notify()
	return true
}

// disconnected ends a connection; its session lives on.
func (d *Server) disconnected(c *gatewayConn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(c.gone)
	c.log.Open = false
	d.gateway.live = slices.DeleteFunc(d.gateway.live, func(other *gatewayConn) bool { return other == c })
	if s := c.session; s != nil && s.conn == c {
		s.conn, s.ready = nil, false
	}
	d.notify()
}

// closedByBot takes a close frame of the bot's that does not answer one of the fake's. Two
// codes end the session.
func (d *Server) closedByBot(c *gatewayConn, code int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c.log.Code != 0 {
		return
	}
	c.log.BotCode = code
	goodbye := code == websocket.CloseNormalClosure || code == websocket.CloseGoingAway
	if s := c.session; s != nil && s.conn == c && goodbye {
		delete(d.gateway.sessions, s.id)
	}
}

// received takes a frame of the bot's.
func (d *Server) received(c *gatewayConn, raw []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	defer d.notify()
	if c.log.Code != 0 {
		return // closed, and the bot has not seen it yet
	}
	var frame struct {
		Op int             `json:"op"`
		D  json.RawMessage `json:"d"`
	}
	switch {
	case c.sendsTooMuch():
		d.violate("gateway: over %d sends in a minute", sendsAMinute)
		c.close(closeRateLimited, "Rate limited.")
	case json.Unmarshal(raw, &frame) != nil:
		d.violate("gateway: sent no JSON object: %.100q", raw)
		c.close(closeDecodeError, "Error while decoding payload.")
	case frame.Op == opHeartbeat:
		c.beat()
	case frame.Op == opIdentify:
		d.identify(c, frame.D)
	case frame.Op == opResume:
		d.resume(c, frame.D)
	case c.session == nil:
		d.violate("gateway: op %d sent before IDENTIFY", frame.Op)
		c.close(closeNotAuthenticated, "Not authenticated.")
	case frame.Op == opPresence, frame.Op == opVoiceState, frame.Op == opRequestMembers:
		// Nothing that a bot which answers questions would see an effect of.
	default:
		d.violate("gateway: sent unknown op %d", frame.Op)
		c.close(closeUnknownOpcode, "Unknown opcode.")
	}
}
