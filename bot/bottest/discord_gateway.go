package bottest

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
	closeShardingRequired  = 4011
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

const (
	sendsAMinute = 120  // that a connection may make
	replayed     = 1000 // events that a session keeps to be resumed
)

// gateway is what Discord knows of a bot's connections.
type gateway struct {
	live       []*gatewayConn
	log        []*DiscordConnection
	sessions   map[string]*session
	identifies []time.Time
	paced      map[int]time.Time // last IDENTIFY, by shard % max_concurrency
	fatal      map[int]int       // code with which a shard was sent away for good
	next       []DiscordHandshake
	always     DiscordHandshake
}

func newGateway() gateway {
	return gateway{sessions: map[string]*session{}, paced: map[int]time.Time{}, fatal: map[int]int{}}
}

// session outlives its connections until it is invalid.
type session struct {
	id            string
	shard, shards int
	intents       int
	seq           int64
	events        []event // the last ones
	conn          *gatewayConn
	ready         bool // READY or RESUMED was sent on conn
}

type event struct {
	seq   int64
	frame []byte
}

// DiscordConnection is a connection that the bot made to the gateway.
type DiscordConnection struct {
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
func (d *Discord) Connections() []DiscordConnection {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.connections()
}

func (d *Discord) connections() []DiscordConnection {
	all := make([]DiscordConnection, len(d.gateway.log))
	for i, c := range d.gateway.log {
		all[i] = *c
	}
	return all
}

// Identifies is how often the bot asked for a session of its own.
func (d *Discord) Identifies() int {
	return d.count(func(c DiscordConnection) bool { return c.Identified })
}

// Resumes is how often the bot continued a session.
func (d *Discord) Resumes() int { return d.count(func(c DiscordConnection) bool { return c.Resumed }) }

func (d *Discord) count(is func(DiscordConnection) bool) (n int) {
	for _, c := range d.Connections() {
		if is(c) {
			n++
		}
	}
	return n
}

func (d *Discord) gatewayURL() string { return "ws" + strings.TrimPrefix(d.server.URL, "http") }

func (d *Discord) getGateway(*call) (any, error) { return object{"url": d.gatewayURL()}, nil }

func (d *Discord) getGatewayBot(*call) (any, error) {
	return object{"url": d.gatewayURL(), "shards": d.opts.Shards, "session_start_limit": object{
		"total": d.opts.IdentifyLimit, "remaining": max(d.opts.IdentifyLimit-d.identified(), 0),
		"reset_after": (24 * time.Hour).Milliseconds(), "max_concurrency": d.opts.MaxConcurrency,
	}}, nil
}

// identified is how many IDENTIFY the last day saw.
func (d *Discord) identified() int {
	g := &d.gateway
	g.identifies = slices.DeleteFunc(g.identifies, func(t time.Time) bool { return d.now().Sub(t) >= 24*time.Hour })
	return len(g.identifies)
}

// serveGateway holds a connection to the gateway until it ends.
func (d *Discord) serveGateway(up websocket.Upgrader, w http.ResponseWriter, r *http.Request) {
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
func (d *Discord) admitConnection(r *http.Request) *gatewayConn {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	g := &d.gateway
	c := &gatewayConn{
		d: d, script: g.always, queued: make(chan struct{}, 1), gone: make(chan struct{}),
		log: &DiscordConnection{At: d.now(), Path: r.URL.Path, Shards: 1},
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
func (d *Discord) connect(c *gatewayConn, ws *websocket.Conn, version string) bool {
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
func (d *Discord) disconnected(c *gatewayConn) {
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
func (d *Discord) closedByBot(c *gatewayConn, code int) {
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
func (d *Discord) received(c *gatewayConn, raw []byte) {
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

// identify begins a session.
func (d *Discord) identify(c *gatewayConn, raw json.RawMessage) {
	var b struct {
		Token    string  `json:"token"`
		Intents  int     `json:"intents"`
		Shard    *[2]int `json:"shard"`
		Compress bool    `json:"compress"`
	}
	if json.Unmarshal(raw, &b) != nil {
		c.close(closeDecodeError, "Error while decoding payload.")
		return
	}
	if c.session != nil {
		d.violate("gateway: IDENTIFY sent twice")
		c.close(closeAuthenticated, "Already authenticated.")
		return
	}
	c.log.Identified, c.log.Intents, c.compress = true, b.Intents, b.Compress
	if b.Shard != nil {
		c.log.Shard, c.log.Shards = b.Shard[0], b.Shard[1]
	}
	if code := d.gateway.fatal[c.log.Shard]; code != 0 && d.opts.Shards > 1 {
		d.violate("gateway: shard %d identified again after close code %d", c.log.Shard, code)
	}
	if code, text := d.unfit(b.Token, b.Intents, b.Shard); code != 0 {
		c.close(code, text)
		return
	}
	if !d.paced(c.log.Shard) {
		c.send(opInvalidSession, false)
		return
	}
	if c.scripted() {
		return
	}
	d.begin(c)
}

// unfit is the code and reason with which an IDENTIFY is sent away, 0 if it is not.
func (d *Discord) unfit(token string, intents int, shard *[2]int) (code int, reason string) {
	d.gateway.identifies = append(d.gateway.identifies, d.now())
	switch {
	case strings.TrimPrefix(token, "Bot ") != d.opts.Token:
		return closeBadToken, "Authentication failed."
	case d.identified() > d.opts.IdentifyLimit:
		d.violate("gateway: over %d IDENTIFY in a day: the token is reset", d.opts.IdentifyLimit)
		return closeBadToken, "Authentication failed."
	case shard != nil && (shard[1] < 1 || shard[0] < 0 || shard[0] >= shard[1]):
		return closeInvalidShard, "Invalid shard."
	case d.opts.RequireSharding && (shard == nil || shard[1] < d.opts.Shards):
		return closeShardingRequired, "Sharding required."
	case intents&^knownIntents != 0:
		return closeInvalidIntents, "Invalid intent(s)."
	case intents&privilegedIntents&^d.opts.Privileged != 0:
		return closeDisallowedIntents, "Disallowed intent(s)."
	}
	return 0, ""
}

// paced reports whether a shard may IDENTIFY now.
func (d *Discord) paced(shard int) bool {
	bucket := shard % d.opts.MaxConcurrency
	last, ok := d.gateway.paced[bucket]
	d.gateway.paced[bucket] = d.now()
	if wait := d.opts.IdentifyEvery - d.now().Sub(last); ok && wait > 0 {
		d.violate("gateway: shard %d identified %v too early", shard, wait)
		return false
	}
	return true
}

// begin makes a session and says READY. Older sessions of the shard without a connection
// end: nobody will continue them.
func (d *Discord) begin(c *gatewayConn) {
	g := &d.gateway
	for id, old := range g.sessions {
		if old.conn == nil && old.shard == c.log.Shard {
			delete(g.sessions, id)
		}
	}
	s := &session{id: d.newID().String(), shard: c.log.Shard, shards: c.log.Shards, intents: c.log.Intents, conn: c}
	g.sessions[s.id], c.session = s, s
	guilds, mine := []object{}, []*DiscordGuild{}
	for _, guild := range d.guilds {
		if guild.hasBot && s.holds(guild.ID) {
			guilds = append(guilds, object{"id": guild.ID, "unavailable": true})
			mine = append(mine, guild)
		}
	}
	s.dispatch("READY", object{
		"v": 9, "user": d.bot.wire(), "session_id": s.id, "session_type": "normal",
		"resume_gateway_url": d.gatewayURL() + "/resume", "shard": []int{s.shard, s.shards}, "guilds": guilds,
		"application": object{"id": d.appID, "flags": d.applicationFlags()}, "private_channels": []object{},
	})
	s.ready = true
	for _, guild := range mine {
		if s.intents&intentGuilds != 0 {
			s.dispatch("GUILD_CREATE", guild.wireFull())
		}
	}
}

// resume continues a session: what the bot missed, then RESUMED.
func (d *Discord) resume(c *gatewayConn, raw json.RawMessage) {
	var b struct {
		Token     string `json:"token"`
		SessionID string `json:"session_id"`
		Seq       int64  `json:"seq"`
	}
	if json.Unmarshal(raw, &b) != nil {
		c.close(closeDecodeError, "Error while decoding payload.")
		return
	}
	s := d.gateway.sessions[b.SessionID]
	switch {
	case c.session != nil:
		c.close(closeAuthenticated, "Already authenticated.")
	case strings.TrimPrefix(b.Token, "Bot ") != d.opts.Token:
		c.close(closeBadToken, "Authentication failed.")
	case c.scripted():
	case s == nil || !s.remembers(b.Seq):
		c.send(opInvalidSession, false)
	case b.Seq > s.seq:
		c.close(closeInvalidSeq, "Invalid seq.")
	default:
		d.proceed(c, s, b.Seq)
	}
}

func (d *Discord) proceed(c *gatewayConn, s *session, seq int64) {
	if s.conn != nil {
		s.conn.drop()
	}
	s.conn, c.session = c, s
	c.log.Resumed, c.log.Shard, c.log.Shards, c.log.Intents = true, s.shard, s.shards, s.intents
	for _, e := range s.events {
		if e.seq > seq {
			c.queueFrame(frame{data: e.frame})
		}
	}
	s.dispatch("RESUMED", object{})
	s.ready = true
}

// remembers reports whether all events after seq are still there.
func (s *session) remembers(seq int64) bool {
	return len(s.events) == 0 || seq >= s.events[0].seq-1
}

// holds reports whether a guild's events go to the session's shard.
func (s *session) holds(guild DiscordID) bool { return int(guild>>22)%s.shards == s.shard }

// dispatch sends an event, now or when the session is resumed.
func (s *session) dispatch(name string, data any) {
	s.seq++
	raw, err := json.Marshal(object{"op": opDispatch, "s": s.seq, "t": name, "d": data})
	if err != nil {
		panic("fake: " + name + ": " + err.Error())
	}
	s.events, _ = newest(append(s.events, event{s.seq, raw}), replayed)
	if s.conn != nil {
		s.conn.queueFrame(frame{data: raw})
	}
}

// dispatchGuild sends an event of a guild to the sessions that hold it and asked for it.
func (d *Discord) dispatchGuild(g *DiscordGuild, intent int, name string, data object) {
	if !g.hasBot {
		return
	}
	for _, s := range d.gateway.sessions {
		if s.holds(g.ID) && s.intents&intent != 0 {
			s.dispatch(name, data)
		}
	}
}

// dispatchTo sends an event of a channel; those of private channels go to shard 0. With
// intent 0 nobody needs to have asked for it.
func (d *Discord) dispatchTo(ch *DiscordChannel, intent int, name string, data object) {
	for _, s := range d.gateway.sessions {
		mine := s.shard == 0
		if ch.Guild != nil {
			mine = s.holds(ch.Guild.ID)
		}
		if mine && (intent == 0 || s.intents&intent != 0) {
			s.dispatch(name, data)
		}
	}
}

// dispatchMessage sends an event about a message that the bot can see.
func (d *Discord) dispatchMessage(m *storedMessage, name string, data object) {
	ch := m.Channel
	if m.viewer != nil || !ch.holdsBot() || ch.permissions(d.bot)&ViewChannel == 0 {
		return
	}
	intent := intentDirectMessages
	if ch.Guild != nil {
		intent = intentGuildMessages
		data["guild_id"] = ch.Guild.ID
	}
	d.dispatchTo(ch, intent, name, data)
}

// announce sends an event with a message in it.
func (d *Discord) announce(name string, m *storedMessage) { d.dispatchMessage(m, name, m.wireEvent()) }
