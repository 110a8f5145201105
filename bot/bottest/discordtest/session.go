package discordtest

import (
	"encoding/json"
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
	conn          *gatewayConn
	ready         bool // READY or RESUMED was sent on conn
}

type event struct {
	seq   int64
	frame []byte
}

// identify begins a session.
func (d *Server) identify(c *gatewayConn, raw json.RawMessage) {
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
		d.violate("gateway: IDENTIFY sent twice")
		c.close(closeAuthenticated, "Already authenticated.")
		return
	}
	c.log.Identified, c.log.Intents = true, b.Intents
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
func (d *Server) unfit(token string, intents int, shard *[2]int) (code int, reason string) {
	d.gateway.identifies = append(d.gateway.identifies, d.now())
	switch {
	case strings.TrimPrefix(token, "Bot ") != d.opts.Token:
		return closeBadToken, "Authentication failed."
	case d.identified() > d.opts.IdentifyLimit:
		d.violate("gateway: over %d IDENTIFY in a day: the token is reset", d.opts.IdentifyLimit)
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
func (d *Server) paced(shard int) bool {
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
func (d *Server) begin(c *gatewayConn) {
	g := &d.gateway
	for id, old := range g.sessions {
		if old.conn == nil && old.shard == c.log.Shard {
			delete(g.sessions, id)
		}
	}
	s := &session{id: d.newID().String(), shard: c.log.Shard, shards: c.log.Shards, intents: c.log.Intents, conn: c}
	g.sessions[s.id], c.session = s, s
	guilds, mine := []jsonObject{}, []*Guild{}
	for _, guild := range d.guilds {
		if guild.hasBot && s.holds(guild.ID) {
			guilds = append(guilds, jsonObject{"id": guild.ID, "unavailable": true})
			mine = append(mine, guild)
		}
	}
	s.dispatch("READY", jsonObject{
		"v": 9, "user": d.bot.wire(), "session_id": s.id, "session_type": "normal",
		"resume_gateway_url": d.gatewayURL() + "/resume", "shard": []int{s.shard, s.shards}, "guilds": guilds,
		"application": jsonObject{"id": d.appID, "flags": 0}, "private_channels": []jsonObject{},
	})
	s.ready = true
	for _, guild := range mine {
		if s.intents&intentGuilds != 0 {
			s.dispatch("GUILD_CREATE", guild.wireFull())
		}
	}
}

// resume continues a session: what the bot missed, then RESUMED.
func (d *Server) resume(c *gatewayConn, raw json.RawMessage) {
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

func (d *Server) proceed(c *gatewayConn, s *session, seq int64) {
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
	s.dispatch("RESUMED", jsonObject{})
	s.ready = true
}

// remembers reports whether all events after seq are still there.
func (s *session) remembers(seq int64) bool {
	return len(s.events) == 0 || seq >= s.events[0].seq-1
}

// holds reports whether a guild's events go to the session's shard.
func (s *session) holds(guild ID) bool { return int(guild>>22)%s.shards == s.shard }

// dispatch sends an event, now or when the session is resumed.
func (s *session) dispatch(name string, data any) {
	s.seq++
	raw, err := json.Marshal(jsonObject{"op": opDispatch, "s": s.seq, "t": name, "d": data})
	if err != nil {
		panic("fake: " + name + ": " + err.Error())
	}
	s.events, _ = newest(append(s.events, event{s.seq, raw}), replayed)
	if s.conn != nil {
		s.conn.queueFrame(frame{data: raw})
	}
}

// dispatchGuild sends an event of a guild to the sessions that hold it and asked for it.
func (d *Server) dispatchGuild(g *Guild, intent int, name string, data jsonObject) {
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
func (d *Server) dispatchTo(ch *Channel, intent int, name string, data jsonObject) {
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
func (d *Server) dispatchMessage(m *storedMessage, name string, data jsonObject) {
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
func (d *Server) announce(name string, m *storedMessage) { d.dispatchMessage(m, name, m.wireEvent()) }
