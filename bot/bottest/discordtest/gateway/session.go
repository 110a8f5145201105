package gateway

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// replayed is how many events a session keeps to be resumed, at least.
const replayed = 1000

// session outlives its connections until it is invalid.
type session struct {
	id            string
	shard, shards int
	intents       int
	seq           int64
	events        []event // the last ones
	conn          *conn
	ready         bool // READY or RESUMED was sent on conn
}

type event struct {
	seq   int64
	frame []byte
}

// identify begins a session.
func (g *Gateway) identify(c *conn, raw json.RawMessage) {
	var b struct {
		Token   string  `json:"token"`
		Intents int     `json:"intents"`
		Shard   *[2]int `json:"shard"`
	}
	if json.Unmarshal(raw, &b) != nil {
		c.close(closeDecodeError, "Error while decoding payload.")
		return
	}
	if c.session != nil {
		g.host.Violate("gateway: IDENTIFY sent twice")
		c.close(closeAuthenticated, "Already authenticated.")
		return
	}
	c.log.Identified, c.log.Intents = true, b.Intents
	if b.Shard != nil {
		c.log.Shard, c.log.Shards = b.Shard[0], b.Shard[1]
	}
	if code := g.fatal[c.log.Shard]; code != 0 && g.opts.Shards > 1 {
		g.host.Violate("gateway: shard %d identified again after close code %d", c.log.Shard, code)
	}
	if code, text := g.unfit(b.Token, b.Intents, b.Shard); code != 0 {
		c.close(code, text)
		return
	}
	if !g.paced(c.log.Shard) {
		c.send(opInvalidSession, false)
		return
	}
	if c.scripted() {
		return
	}
	g.begin(c)
}

// unfit is the code and reason with which an IDENTIFY is sent away, 0 if it is not.
func (g *Gateway) unfit(token string, intents int, shard *[2]int) (code int, reason string) {
	g.identifies = append(g.identifies, g.host.Now())
	switch {
	case strings.TrimPrefix(token, "Bot ") != g.opts.Token:
		return closeBadToken, "Authentication failed."
	case g.Identified() > g.opts.IdentifyLimit:
		g.host.Violate("gateway: over %d IDENTIFY in a day: the token is reset", g.opts.IdentifyLimit)
		return closeBadToken, "Authentication failed."
	case shard != nil && (shard[1] < 1 || shard[0] < 0 || shard[0] >= shard[1]):
		return closeInvalidShard, "Invalid shard."
	case intents&^knownIntents != 0:
		return closeInvalidIntents, "Invalid intent(s)."
	case intents&privilegedIntents != 0:
		return closeDisallowedIntents, "Disallowed intent(s)."
	}
	return 0, ""
}

// paced reports whether a shard may IDENTIFY now.
func (g *Gateway) paced(shard int) bool {
	bucket := shard % g.opts.MaxConcurrency
	last, ok := g.lastPaced[bucket]
	g.lastPaced[bucket] = g.host.Now()
	if wait := g.opts.IdentifyEvery - g.host.Now().Sub(last); ok && wait > 0 {
		g.host.Violate("gateway: shard %d identified %v too early", shard, wait)
		return false
	}
	return true
}

// begin makes a session and says READY. Older sessions of the shard without a connection
// end: nobody will continue them.
func (g *Gateway) begin(c *conn) {
	for id, old := range g.sessions {
		if old.conn == nil && old.shard == c.log.Shard {
			delete(g.sessions, id)
		}
	}
	s := &session{id: g.host.NewID(), shard: c.log.Shard, shards: c.log.Shards, intents: c.log.Intents, conn: c}
	g.sessions[s.id], c.session = s, s
	ready, all := g.host.Ready()
	guilds, mine := []map[string]any{}, []Guild{}
	for _, guild := range all {
		if s.holds(guild.ID) {
			guilds = append(guilds, map[string]any{"id": strconv.FormatUint(guild.ID, 10), "unavailable": true})
			mine = append(mine, guild)
		}
	}
	maps.Copy(ready, map[string]any{
		"v": 9, "session_id": s.id, "session_type": "normal", "resume_gateway_url": g.host.URL() + "/resume",
		"shard": []int{s.shard, s.shards}, "guilds": guilds, "private_channels": []map[string]any{},
	})
	s.dispatch("READY", ready)
	s.ready = true
	for _, guild := range mine {
		if s.intents&IntentGuilds != 0 {
			s.dispatch("GUILD_CREATE", guild.Created)
		}
	}
}

// resume continues a session: what the bot missed, then RESUMED.
func (g *Gateway) resume(c *conn, raw json.RawMessage) {
	var b struct {
		Token     string `json:"token"`
		SessionID string `json:"session_id"`
		Seq       int64  `json:"seq"`
	}
	if json.Unmarshal(raw, &b) != nil {
		c.close(closeDecodeError, "Error while decoding payload.")
		return
	}
	s := g.sessions[b.SessionID]
	switch {
	case c.session != nil:
		c.close(closeAuthenticated, "Already authenticated.")
	case strings.TrimPrefix(b.Token, "Bot ") != g.opts.Token:
		c.close(closeBadToken, "Authentication failed.")
	case c.scripted():
	case s == nil || !s.remembers(b.Seq):
		c.send(opInvalidSession, false)
	case b.Seq > s.seq:
		c.close(closeInvalidSeq, "Invalid seq.")
	default:
		g.proceed(c, s, b.Seq)
	}
}

func (g *Gateway) proceed(c *conn, s *session, seq int64) {
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
	s.dispatch("RESUMED", map[string]any{})
	s.ready = true
}

// remembers reports whether all events after seq are still there.
func (s *session) remembers(seq int64) bool {
	return len(s.events) == 0 || seq >= s.events[0].seq-1
}

// holds reports whether a guild's events go to the session's shard.
func (s *session) holds(guild uint64) bool { return int(guild>>22)%s.shards == s.shard }

// dispatch sends an event, now or when the session is resumed.
func (s *session) dispatch(name string, data any) {
	s.seq++
	raw, err := json.Marshal(map[string]any{"op": opDispatch, "s": s.seq, "t": name, "d": data})
	if err != nil {
		panic("gateway: " + name + ": " + err.Error())
	}
	s.events = append(s.events, event{s.seq, raw})
	if n := len(s.events); n > 2*replayed {
		s.events = slices.Clone(s.events[n-replayed:])
	}
	if s.conn != nil {
		s.conn.queueFrame(frame{data: raw})
	}
}

// Dispatch sends an event to the sessions that hold its guild and asked for one of the
// intents; with intents 0 nobody needs to have asked. Guild 0 stands for private channels,
// whose events go to shard 0. The caller holds the lock.
func (g *Gateway) Dispatch(guild uint64, intents int, name string, data map[string]any) {
	for _, s := range g.sessions {
		mine := s.shard == 0
		if guild != 0 {
			mine = s.holds(guild)
		}
		if mine && (intents == 0 || s.intents&intents != 0) {
			s.dispatch(name, data)
		}
	}
}
