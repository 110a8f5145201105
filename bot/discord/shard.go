package discord

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

const (
	// The waits between connections double from first to last, less some chance, until one
	// has lasted. The first is long enough for discordgo's heartbeat of the old connection
	// to end: it may close the connection that it finds then.
	firstBackoff = 200 * time.Millisecond
	lastBackoff  = 2 * time.Minute
	lasting      = time.Minute
	dialTime     = 15 * time.Second
)

// intents are what the bot is told of: servers and their threads, messages in them, and
// direct messages. None is privileged, so it reads only what is meant for it.
const intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages

// shard keeps one connection to the gateway up.
type shard struct {
	id, count int
	token     string
	http      http.RoundTripper
	tls       *tls.Config // nil: as usual
	starts    *starts
	log       *slog.Logger
	onEvent   func(shard int, e *discordgo.Event) // must not block

	session *discordgo.Session // holds what a resume needs; nil: identify anew
	gone    chan struct{}      // discordgo has ended a connection
}

// run connects, and connects again whenever the connection ends, until ctx is done, which
// is no error, or Discord says that it is no use.
func (s *shard) run(ctx context.Context) error {
	everReady := false
	for failures := 0; ; {
		begun := time.Now()
		e := s.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		everReady = everReady || e.ready
		if err := fatal(e, everReady); err != nil {
			return fmt.Errorf("shard %d: %w", s.id, err)
		}
		if !e.resumable {
			s.session = nil
		}
		if e.ready && time.Since(begun) >= lasting {
			failures = 0
		}
		wait := jitter(min(firstBackoff<<min(failures, 12), lastBackoff))
		failures++
		s.log.Warn("the gateway connection ended", "shard", s.id, "cause", e.cause, "resume", s.session != nil, "again_in", wait)
		if sleep(ctx, wait) != nil {
			return nil
		}
	}
}

// connect holds one connection until it ends.
func (s *shard) connect(ctx context.Context) ending {
	fresh := s.session == nil
	started := func() {}
	if fresh {
		var err error
		if started, err = s.starts.wait(ctx, s.id); err != nil {
			return ending{cause: err}
		}
		s.session = s.newSession()
	}
	g, err := s.open(ctx)
	started()
	if err != nil {
		e := ending{cause: plainError(err), resumable: !fresh}
		if g == nil {
			return e
		}
		g.end(e)
		return g.ending().of(fresh)
	}
	level := slog.LevelInfo
	if fresh {
		level = slog.LevelDebug // READY tells it
	}
	s.log.Log(ctx, level, "connected to the gateway", "shard", s.id, "shards", s.count, "resumed", !fresh)
	select {
	case <-g.done:
		<-s.gone
	case <-ctx.Done():
		s.close()
	}
	return g.ending().of(fresh)
}

// of is the ending of a connection: where it was to begin a session and did not, there is
// none to resume.
func (e ending) of(fresh bool) ending {
	e.resumable = e.resumable && (e.ready || !fresh)
	return e
}

// close says goodbye, which ends the session.
func (s *shard) close() {
	if err := s.session.Close(); err != nil {
		s.log.Debug("closing the gateway connection", "shard", s.id, "err", err)
	}
	<-s.gone
}

// open lets discordgo connect. The guard ends it when it takes too long or ctx is done;
// it is nil if the gateway was not reached.
func (s *shard) open(ctx context.Context) (*guard, error) {
	var g *guard
	stop := func() bool { return true }
	dial := func(addr string, secure bool) (net.Conn, error) {
		conn, err := s.dial(ctx, addr, secure)
		if err != nil {
			return nil, err
		}
		g, err = newGuard(conn, s.log)
		stop = context.AfterFunc(ctx, func() { g.end(ending{cause: context.Cause(ctx)}) })
		return g, err
	}
	s.session.Client = &http.Client{Transport: bound{ctx, s.http}}
	s.session.Dialer = &websocket.Dialer{
		NetDialContext:    func(_ context.Context, _, addr string) (net.Conn, error) { return dial(addr, false) },
		NetDialTLSContext: func(_ context.Context, _, addr string) (net.Conn, error) { return dial(addr, true) },
	}
	select {
	case <-s.gone: // of a connection before
	default:
	}
	err := s.session.Open()
	stop()
	return g, err
}

// newSession is a session of discordgo that does nothing by itself.
func (s *shard) newSession() *discordgo.Session {
	session := newSession(s.token)
	session.ShardID, session.ShardCount = s.id, s.count
	session.Identify.Intents = intents
	session.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { s.onEvent(s.id, e) })
	session.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case s.gone <- struct{}{}:
		default:
		}
	})
	return session
}

// newSession sets what discordgo must leave to others: reconnecting, retries, state,
// compression (the guard reads the frames) and goroutines for events.
func newSession(token string) *discordgo.Session {
	s, err := discordgo.New("Bot " + token)
	if err != nil {
		panic(err) // it has no error to return
	}
	s.ShouldReconnectOnError, s.ShouldReconnectVoiceOnSessionError = false, false
	s.ShouldRetryOnRateLimit, s.MaxRestRetries = false, 0
	s.StateEnabled, s.State = false, &discordgo.State{}
	s.Compress, s.Identify.Compress = false, false
	s.SyncEvents = true
	return s
}

// dial connects to the gateway. The TLS is done here so that the guard reads what it
// carries.
func (s *shard) dial(ctx context.Context, addr string, secure bool) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil || !secure {
		return conn, err
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	config := &tls.Config{}
	if s.tls != nil {
		config = s.tls.Clone()
	}
	config.ServerName, config.NextProtos = host, []string{"http/1.1"}
	t := tls.Client(conn, config)
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("TLS with %s: %w", host, err), conn.Close())
	}
	return t, nil
}
