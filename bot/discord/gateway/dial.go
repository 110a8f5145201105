package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

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
