package gateway

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"parley/bot/discord/rest"
)

// Opcodes of the gateway.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

const (
	// handshakeTime is the time from dialling to READY or RESUMED.
	handshakeTime = 30 * time.Second
	writeTime     = 10 * time.Second
	// maxFrame bounds one frame: the GUILD_CREATE of a very large server has some megabytes.
	maxFrame = 32 << 20
	// The intervals of the heartbeat that a HELLO may ask for.
	minHeartbeat, maxHeartbeat = 10 * time.Millisecond, 5 * time.Minute
)

// guard is the connection that discordgo is given. It reads the gateway's frames and hands
// on only those that discordgo survives, because discordgo tells nobody the code of a close
// frame, panics on "null", deadlocks on op 7 and 11 while it connects, identifies at once
// on op 9, and closes with 1000, which ends the session, where it should come back and
// resume. So the guard ends the connection itself and says why. From then on it takes what
// discordgo still writes, without sending it.
//
// The connection lives as long as its heartbeats are acknowledged: each acknowledgement
// gives it 2.2 intervals more, which are 90 s at Discord's usual 41.25 s.
type guard struct {
	net.Conn
	log *slog.Logger
	in  *bufio.Reader
	out []byte // inspected, and not yet read by discordgo

	upgraded bool
	interval time.Duration

	mu     sync.Mutex
	status int // of the HTTP answer, 0 until it came
	ready  bool
	ended  *ending
	done   chan struct{} // closed with ended
}

func newGuard(conn net.Conn, log *slog.Logger) (*guard, error) {
	g := &guard{Conn: conn, log: log, in: bufio.NewReader(conn), done: make(chan struct{})}
	return g, conn.SetReadDeadline(time.Now().Add(handshakeTime))
}

// SetDeadline and SetReadDeadline do nothing: the websocket library would take back the
// deadline that the guard lives by.
func (g *guard) SetDeadline(time.Time) error     { return nil }
func (g *guard) SetReadDeadline(time.Time) error { return nil }

// Read hands on the HTTP answer and then whole frames.
func (g *guard) Read(p []byte) (int, error) {
	for len(g.out) == 0 {
		if err := g.next(); err != nil {
			g.end(g.readEnding(err))
			return 0, io.ErrUnexpectedEOF
		}
	}
	n := copy(p, g.out)
	g.out = g.out[n:]
	return n, nil
}

// Write never fails: only the reader is told that the connection is over, so that discordgo
// ends it once.
func (g *guard) Write(p []byte) (int, error) {
	select {
	case <-g.done:
		return len(p), nil
	default:
	}
	err := g.Conn.SetWriteDeadline(time.Now().Add(writeTime))
	if err == nil {
		_, err = g.Conn.Write(p)
	}
	if err != nil {
		g.end(ending{cause: err, resumable: true})
	}
	return len(p), nil
}

// Close is called by discordgo.
func (g *guard) Close() error {
	g.end(ending{cause: net.ErrClosed})
	return nil
}

// end closes the connection and keeps why, unless it has ended before.
func (g *guard) end(e ending) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ended != nil {
		return
	}
	e.ready, e.status = g.ready, g.status
	g.ended = &e
	_ = g.Conn.Close() // nothing is left to be lost
	close(g.done)
}

// ending returns why the connection ended, and waits until it has.
func (g *guard) ending() ending {
	<-g.done
	return *g.ended
}

// readEnding turns an error of reading into an ending.
func (g *guard) readEnding(err error) ending {
	if e, ok := errors.AsType[ending](err); ok {
		return e
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		err = fmt.Errorf("no READY within %v", handshakeTime)
		if g.isReady() {
			err = errors.New("heartbeats are not acknowledged")
		}
	}
	return ending{cause: err, resumable: true}
}

func (g *guard) isReady() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ready
}

// next reads a line of the HTTP answer or, after that, a frame.
func (g *guard) next() error {
	if g.upgraded {
		return g.readFrame()
	}
	line, err := g.in.ReadString('\n')
	g.out = append(g.out, line...)
	if err != nil {
		return err
	}
	g.mu.Lock() // end may come from another goroutine
	defer g.mu.Unlock()
	if g.status == 0 {
		_, code, _ := strings.Cut(line, " ")
		g.status, _ = strconv.Atoi(code[:min(3, len(code))])
	}
	g.upgraded = line == "\r\n" && g.status == 101
	return nil
}

// readFrame reads a frame (RFC 6455, 5.2) and hands it on if it is harmless.
func (g *guard) readFrame() error {
	head := make([]byte, 2, 10)
	if _, err := io.ReadFull(g.in, head); err != nil {
		return err
	}
	size := uint64(head[1] & 0x7f)
	if more := map[uint64]int{126: 2, 127: 8}[size]; more > 0 {
		head = head[:2+more]
		if _, err := io.ReadFull(g.in, head[2:]); err != nil {
			return err
		}
		size = binary.BigEndian.Uint64(append(make([]byte, 8-more), head[2:]...))
	}
	final, masked, kind := head[0]&0x80 != 0, head[1]&0x80 != 0, int(head[0]&0x0f)
	if size > maxFrame || masked {
		return fmt.Errorf("a frame of %d bytes, masked: %t", size, masked)
	}
	payload := make([]byte, size)
	if _, err := io.ReadFull(g.in, payload); err != nil {
		return err
	}
	pass, err := g.inspect(kind, final, payload)
	if pass {
		g.out = append(append(g.out, head...), payload...)
	}
	return err
}

// inspect decides whether a frame is handed on. An error ends the connection. Discord sends
// no message in several frames and, unless it is asked to, none that is compressed.
func (g *guard) inspect(kind int, final bool, payload []byte) (pass bool, err error) {
	switch {
	case kind == websocket.CloseMessage:
		e := ending{code: websocket.CloseNoStatusReceived}
		text := ""
		if len(payload) >= 2 {
			e.code, text = int(binary.BigEndian.Uint16(payload)), string(payload[2:])
		}
		e.cause = fmt.Errorf("closed with %d %s", e.code, text)
		switch e.code {
		case websocket.CloseNormalClosure, websocket.CloseGoingAway, 4003, 4007, 4009: // these end the session
		default:
			e.resumable = advice[e.code] == ""
		}
		return false, e
	case kind == websocket.PingMessage || kind == websocket.PongMessage:
		return true, nil
	case kind != websocket.TextMessage || !final:
		return false, fmt.Errorf("a frame of kind %d, final: %t", kind, final)
	}
	return g.inspectMessage(payload)
}

// inspectMessage decides whether a message of the gateway is handed on.
func (g *guard) inspectMessage(raw []byte) (pass bool, err error) {
	var m struct {
		Op   *int            `json:"op"`
		Type string          `json:"t"`
		Data json.RawMessage `json:"d"`
	}
	if err := json.Unmarshal(raw, &m); err != nil || m.Op == nil {
		g.log.Warn("the gateway sent no message", "bytes", len(raw))
		return false, nil
	}
	switch *m.Op {
	case opDispatch:
		if len(m.Data) == 0 || m.Data[0] != '{' {
			return false, nil
		}
		if m.Type == "READY" || m.Type == "RESUMED" {
			g.mu.Lock()
			g.ready = true
			g.mu.Unlock()
			return true, g.prolong()
		}
		return true, nil
	case opHeartbeat:
		return true, nil
	case opReconnect:
		return false, ending{cause: errors.New("the gateway asked for a new connection"), resumable: true}
	case opInvalidSession:
		resumable := string(m.Data) == "true"
		cause := fmt.Errorf("the gateway ended the session (can be resumed: %t)", resumable)
		return false, ending{cause: cause, resumable: resumable}
	case opHello:
		return g.hello(m.Data)
	case opHeartbeatAck:
		if !g.isReady() {
			return false, nil
		}
		return true, g.prolong()
	}
	return false, nil
}

// hello reads the interval of the heartbeat; discordgo would panic on some.
func (g *guard) hello(raw json.RawMessage) (pass bool, err error) {
	var h struct {
		Interval float64 `json:"heartbeat_interval"` // ms
	}
	if g.interval != 0 {
		return false, nil // only the first is one
	}
	if err := json.Unmarshal(raw, &h); err != nil {
		return false, fmt.Errorf("HELLO: %w", err)
	}
	g.interval = time.Duration(h.Interval * float64(time.Millisecond))
	if g.interval < minHeartbeat || g.interval > maxHeartbeat {
		return false, fmt.Errorf("HELLO asks for a heartbeat every %v", g.interval)
	}
	return true, nil
}

// prolong lets the connection live until the acknowledgement after the next must have come.
func (g *guard) prolong() error {
	return g.Conn.SetReadDeadline(time.Now().Add(g.interval * 22 / 10))
}

// ending is why a connection ended. It is an error of reading from it, too.
type ending struct {
	cause     error
	code      int  // of the gateway's close frame, 0: there was none
	resumable bool // the session may be continued
	ready     bool // there was a READY or RESUMED before
	status    int  // of the HTTP answer to the dial, 0: none
}

func (e ending) Error() string { return e.cause.Error() }

// advice tells operators what to do about the close codes after which a bot must not come
// back.
var advice = map[int]string{
	4004: "the gateway does not accept the bot's token: set the one that Discord's Developer Portal shows under Bot",
	4010: "the gateway refuses the shard: check shards and shard_count, which must be the same for all processes",
	4011: "the bot is in too many servers for so few shards: set shard_count to auto or a higher number",
	4012: "the gateway does not know the version of its API that this program uses: update Parley",
	4013: "the gateway refuses the intents that this program asks for: update Parley",
	4014: "the gateway refuses an intent: it is privileged and not switched on in Discord's Developer Portal under Bot",
}

// fatal is the error of an ending after which it is no use to come back, nil for all
// others. A gateway that refuses the very first connection is taken for a wrong address.
func fatal(e ending, everReady bool) error {
	switch {
	case advice[e.code] != "":
		return fmt.Errorf("%s (close code %d)", advice[e.code], e.code)
	case errors.Is(e.cause, rest.ErrUnauthorized):
		return rest.ErrUnauthorized
	case everReady:
		return nil
	case errors.Is(e.cause, websocket.ErrBadHandshake) && e.status/100 == 4 && e.status != http.StatusTooManyRequests:
		return fmt.Errorf("the gateway refuses the connection with HTTP %d: check api_url", e.status)
	}
	if refused, ok := errors.AsType[*rest.APIError](e.cause); ok && refused.Status/100 == 4 {
		return fmt.Errorf("the API refuses to name its gateway: %w: check api_url", refused)
	}
	return nil
}
