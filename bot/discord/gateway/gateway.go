// Package gateway keeps the connections to Discord's gateway up, one a shard: it resumes
// sessions where Discord lets it, begins others at the pace that Discord allows, and says
// when it is no use to come back. It hands on events, and does not know what they mean.
package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"parley/bot/backoff"
	"parley/bot/discord/rest"
)

const (
	// The waits between connections double from FirstBackoff to LastBackoff, less some
	// chance, until a connection has lasted. The first is long enough for discordgo's
	// heartbeat of the old connection to end: it may close the connection that it finds then.
	FirstBackoff = 200 * time.Millisecond
	LastBackoff  = 2 * time.Minute
	lasting      = time.Minute
)

// Options configure a Gateway. All but TLS are required.
type Options struct {
	Token  string
	Client *rest.Client
	TLS    *tls.Config // nil: as usual
	Log    *slog.Logger
	Now    func() time.Time
	// IdentifyEvery is the least time between two sessions that start.
	IdentifyEvery time.Duration
	// OnEvent takes an event of a shard. It must not block.
	OnEvent func(shard int, e *discordgo.Event)
}

// Gateway is the connections of this process.
type Gateway struct{ shards []*shard }

// New makes the shards first to last of count. It connects nothing.
func New(o Options, info Info, first, last, count int) *Gateway {
	g := &Gateway{}
	starts := newSessionStarts(o, info)
	for id := first; id <= last; id++ {
		g.shards = append(g.shards, &shard{
			id: id, count: count, options: o, starts: starts, closed: make(chan struct{}, 1),
		})
	}
	return g
}

// Run keeps all shards connected until ctx is done, which is no error, or Discord says of
// one that it is no use: the error then says what to do. It returns when no connection is
// left.
func (g *Gateway) Run(ctx context.Context) error {
	running, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for _, s := range g.shards {
		wg.Go(func() { cancel(s.run(running)) })
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return context.Cause(running)
}

// shard keeps one connection to the gateway up.
type shard struct {
	id, count int
	options   Options
	starts    *sessionStarts

	session *discordgo.Session // holds what it takes to resume; nil: identify anew
	closed  chan struct{}      // has a value when discordgo has ended a connection
}

// run connects, and connects again whenever the connection ends.
func (s *shard) run(ctx context.Context) error {
	waits := backoff.Backoff{First: FirstBackoff, Most: LastBackoff}
	everReady := false
	for {
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
			waits.Reset()
		}
		wait := backoff.Jitter(waits.Next())
		s.options.Log.Warn("the gateway connection ended",
			"shard", s.id, "cause", e.cause, "resume", s.session != nil, "again_in", wait)
		if backoff.Sleep(ctx, wait) != nil {
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
	if err != nil && g == nil {
		return ending{cause: rest.PlainError(err), resumable: !fresh}
	}
	if err != nil {
		g.end(ending{cause: rest.PlainError(err), resumable: !fresh})
	} else {
		level := slog.LevelInfo
		if fresh {
			level = slog.LevelDebug // READY tells it
		}
		s.options.Log.Log(ctx, level, "connected to the gateway", "shard", s.id, "shards", s.count, "resumed", !fresh)
		select {
		case <-g.done:
		case <-ctx.Done():
			if err := s.session.Close(); err != nil { // says goodbye, which ends the session
				s.options.Log.Debug("closing the gateway connection", "shard", s.id, "err", err)
			}
		}
		<-s.closed
	}
	e := g.ending()
	if fresh && !e.ready {
		e.resumable = false // the session was never begun
	}
	return e
}

// newSession makes a session of discordgo that only hands on events.
func (s *shard) newSession() *discordgo.Session {
	session := rest.NewSession(s.options.Token)
	session.ShardID, session.ShardCount = s.id, s.count
	// Servers and their threads, the messages in them, and direct messages. None of these is
	// privileged, so that the bot reads only what is meant for it.
	session.Identify.Intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages
	session.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { s.options.OnEvent(s.id, e) })
	session.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case s.closed <- struct{}{}:
		default:
		}
	})
	return session
}

// withContext gives the requests of a session of discordgo, which knows no contexts where
// it connects, the context of whoever runs it.
type withContext struct {
	ctx  context.Context
	next http.RoundTripper
}

func (w withContext) RoundTrip(req *http.Request) (*http.Response, error) {
	return w.next.RoundTrip(req.WithContext(w.ctx))
}

const dialTime = 15 * time.Second

// open lets discordgo connect through a guard. The guard ends the connection when that
// takes too long or ctx is done; it is nil if the gateway was not reached.
func (s *shard) open(ctx context.Context) (*guard, error) {
	var g *guard
	stop := func() bool { return true }
	dialGuarded := func(addr string, secure bool) (net.Conn, error) {
		conn, err := dial(ctx, addr, secure, s.options.TLS)
		if err != nil {
			return nil, err
		}
		g, err = newGuard(conn, s.options.Log)
		stop = context.AfterFunc(ctx, func() { g.end(ending{cause: context.Cause(ctx)}) })
		return g, err
	}
	s.session.Client = &http.Client{Transport: withContext{ctx, s.options.Client.Transport()}}
	s.session.Dialer = &websocket.Dialer{
		NetDialContext:    func(_ context.Context, _, addr string) (net.Conn, error) { return dialGuarded(addr, false) },
		NetDialTLSContext: func(_ context.Context, _, addr string) (net.Conn, error) { return dialGuarded(addr, true) },
	}
	select {
	case <-s.closed: // of a connection before
	default:
	}
	err := s.session.Open()
	stop()
	return g, err
}

// dial connects to the gateway. It does the TLS itself, so that the guard can read what the
// connection carries.
func dial(ctx context.Context, addr string, secure bool, base *tls.Config) (net.Conn, error) {
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
	if base != nil {
		config = base.Clone()
	}
	config.ServerName, config.NextProtos = host, []string{"http/1.1"}
	t := tls.Client(conn, config)
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("TLS with %s: %w", host, err), conn.Close())
	}
	return t, nil
}
