package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// conn is a connection to the gateway. One goroutine reads (serveGateway), one
// writes (write); all fields but ws and the channels are guarded by the fake's lock.
type conn struct {
	g       *Gateway
	ws      *websocket.Conn
	log     *Connection
	script  Handshake
	session *session
	deaf    bool // heartbeats are not acknowledged
	sends   []time.Time

	queue  []frame
	queued chan struct{} // holds a token while queue has frames
	gone   chan struct{} // closed when the connection is
}

// frame is something to write: data, or the end.
type frame struct {
	data []byte
	code int  // closes with it
	drop bool // cuts the connection
	text string
}

// Handshake says what goes wrong when the bot connects to the gateway.
type Handshake struct {
	// NoHello says nothing at all.
	NoHello bool
	// First are frames to send after IDENTIFY or RESUME, before its answer.
	First []string
	// Close closes with a code instead of READY or RESUMED; 0: does not.
	Close int
	// Invalid answers with op 9 instead, and says whether the session can be resumed;
	// nil: does not.
	Invalid *bool
	// NoAcks leaves heartbeats unanswered.
	NoAcks bool
}

// NextHandshakes says what goes wrong on the next connections, one each.
func (g *Gateway) NextHandshakes(h ...Handshake) {
	g.host.Lock.Lock()
	defer g.host.Lock.Unlock()
	g.next = append(g.next, h...)
}

// EveryHandshake says what goes wrong on all connections after those of NextHandshakes.
func (g *Gateway) EveryHandshake(h Handshake) {
	g.host.Lock.Lock()
	defer g.host.Lock.Unlock()
	g.always = h
}

// greet sends HELLO, unless the script says nothing.
func (c *conn) greet() {
	c.deaf = c.script.NoAcks
	hello := map[string]any{"heartbeat_interval": c.g.opts.Heartbeat.Milliseconds(), "_trace": []string{}}
	if !c.script.NoHello {
		c.send(opHello, hello)
	}
}

// scripted answers an IDENTIFY or RESUME as the script says, false if it leaves that to
// the fake.
func (c *conn) scripted() bool {
	for _, raw := range c.script.First {
		c.queueFrame(frame{data: []byte(raw)})
	}
	switch {
	case c.script.Close != 0:
		c.close(c.script.Close, "")
	case c.script.Invalid != nil:
		c.invalidate(*c.script.Invalid)
	default:
		return false
	}
	return true
}

// invalidate sends op 9. The bot may identify or resume on the same connection.
func (c *conn) invalidate(resumable bool) {
	if s := c.session; s != nil {
		s.conn, s.ready, c.session = nil, false, nil
		if !resumable {
			delete(c.g.sessions, s.id)
		}
	}
	c.script.Invalid = nil // once
	c.send(opInvalidSession, resumable)
}

func (c *conn) beat() {
	c.log.Heartbeats++
	if !c.deaf {
		c.send(opHeartbeatAck, nil)
	}
}

// sendsTooMuch counts a frame of the bot's.
func (c *conn) sendsTooMuch() bool {
	now := c.g.host.Now()
	for len(c.sends) > 0 && now.Sub(c.sends[0]) >= time.Minute {
		c.sends = c.sends[1:]
	}
	c.sends = append(c.sends, now)
	return len(c.sends) > sendsAMinute
}

func (c *conn) send(op int, data any) {
	raw, err := json.Marshal(map[string]any{"op": op, "d": data, "s": nil, "t": nil})
	if err != nil {
		panic("gateway: " + err.Error())
	}
	c.queueFrame(frame{data: raw})
}

// close sends a close frame with a code; nothing goes out after it.
func (c *conn) close(code int, text string) {
	if c.log.Code != 0 {
		return
	}
	c.queueFrame(frame{code: code, text: text})
	c.log.Code = code
	if fatal(code) {
		c.g.fatal[c.log.Shard] = code
	}
}

func (c *conn) drop() { c.queueFrame(frame{drop: true}) }

func (c *conn) queueFrame(f frame) {
	if c.log.Code != 0 {
		return
	}
	c.queue = append(c.queue, f)
	select {
	case c.queued <- struct{}{}:
	default: // write has not yet taken what was queued before
	}
}

// write writes what is queued until the connection ends.
func (c *conn) write() {
	for {
		select {
		case <-c.queued:
		case <-c.gone:
			return
		}
		c.g.host.Lock.Lock()
		frames := c.queue
		c.queue = nil
		c.g.host.Lock.Unlock()
		for _, f := range frames {
			if f.write(c.ws) != nil {
				c.ws.Close() // the reader notices
			}
		}
	}
}

// closeWait is how long a bot has to answer a close frame before it is cut off.
const closeWait = 5 * time.Second

func (f frame) write(ws *websocket.Conn) error {
	switch {
	case f.drop:
		return ws.NetConn().Close()
	case f.code != 0:
		if err := ws.SetReadDeadline(time.Now().Add(closeWait)); err != nil {
			return err
		}
		return ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(f.code, f.text), time.Now().Add(closeWait))
	}
	return ws.WriteMessage(websocket.TextMessage, f.data)
}

// AwaitReady waits until so many shards are connected and have had READY or RESUMED.
func (g *Gateway) AwaitReady(ctx context.Context, shards int) error {
	return g.host.Await(ctx, fmt.Sprintf("%d shards to be ready", shards), func() bool {
		ready := map[int]bool{}
		for _, s := range g.sessions {
			if s.ready {
				ready[s.shard] = true
			}
		}
		return len(ready) >= shards
	})
}

// AwaitConnections waits until the connections so far, oldest first, are as wished; what
// names the wish. The function must not use the fake.
func (g *Gateway) AwaitConnections(ctx context.Context, what string, reached func([]Connection) bool) error {
	return g.host.Await(ctx, what, func() bool { return reached(g.connections()) })
}

// Shard is the gateway's side of a shard's connection.
type Shard struct {
	g  *Gateway
	id int
}

// Shard is the connection of a shard, whichever it is when something is done with it. What
// is done to a shard that is not connected has no effect and is an error.
func (g *Gateway) Shard(id int) Shard { return Shard{g, id} }

func (s Shard) do(act func(*conn)) error {
	s.g.host.Lock.Lock()
	defer s.g.host.Lock.Unlock()
	for _, session := range s.g.sessions {
		if session.shard == s.id && session.conn != nil {
			act(session.conn)
			return nil
		}
	}
	return fmt.Errorf("shard %d is not connected", s.id)
}

// Close closes with a code; the session can be resumed unless the code is fatal.
func (s Shard) Close(code int) error {
	return s.do(func(c *conn) { c.close(code, "") })
}

// Drop cuts the connection without a close frame.
func (s Shard) Drop() error { return s.do((*conn).drop) }

// Reconnect asks the bot to connect again and resume (op 7).
func (s Shard) Reconnect() error {
	return s.do(func(c *conn) { c.send(opReconnect, nil) })
}

// Invalidate ends the session (op 9), or says that it must be resumed.
func (s Shard) Invalidate(resumable bool) error {
	return s.do(func(c *conn) { c.invalidate(resumable) })
}

// StopAcks leaves heartbeats unanswered from now on.
func (s Shard) StopAcks() error { return s.do(func(c *conn) { c.deaf = true }) }

// SendRaw sends a frame as it is: garbage, if need be.
func (s Shard) SendRaw(raw string) error {
	return s.do(func(c *conn) { c.queueFrame(frame{data: []byte(raw)}) })
}

// Dispatch sends an event with the session's next sequence number.
func (s Shard) Dispatch(event string, data any) error {
	return s.do(func(c *conn) { c.session.dispatch(event, data) })
}
