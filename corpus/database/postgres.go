package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

const (
	// postgresPatience is how long connecting may take where the address does not say.
	postgresPatience = 10 * time.Second
	// postgresPool is the most connections of a process where the address does not say:
	// several processes share the 100 that a server has by default.
	postgresPool = 10
	// schemaLock is the advisory lock of whoever changes the schema, the same for all
	// processes and all versions: "parley" in ASCII.
	schemaLock = 0x7061726c6579
)

// errAddress does not repeat the address, not even the part that is wrong with it: where
// the password ends is not known.
var errAddress = errors.New("the address of the database cannot be read; it must look like postgres://USER:PASSWORD@HOST:PORT/NAME, with %-escapes for special characters in the password")

// OpenPostgres opens the database at an address postgres://USER:PASSWORD@HOST:PORT/NAME,
// which may carry the parameters of libpq and of pgxpool. What it leaves out, pgx takes
// from where libpq does, ~/.pgpass for one.
func OpenPostgres(ctx context.Context, address string) (*DB, error) {
	config, err := postgresConfig(address)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connections to the database: %w", err)
	}
	s := postgresServer{pool}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("database %s on %s: %w", config.ConnConfig.Database, s.where(), explain(s, err))
	}
	both := stdlib.OpenDBFromPool(pool)
	return &DB{Read: both, Write: both, Pool: pool, kind: s}, nil
}

// CheckPostgres says whether an address can be read, without connecting.
func CheckPostgres(address string) error {
	_, err := postgresConfig(address)
	return err
}

func postgresConfig(address string) (*pgxpool.Config, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return nil, errAddress
	}
	// After an unescaped / ? or # in the password, its rest would pass for the name of
	// the database, which errors tell.
	if strings.Contains(u.EscapedPath()+u.RawQuery, "@") || u.Fragment != "" {
		return nil, errAddress
	}
	config, err := pgxpool.ParseConfig(address)
	var file *fs.PathError
	if errors.As(err, &file) {
		return nil, fmt.Errorf("the address of the database names a file: %w", file)
	}
	if err != nil {
		return nil, errAddress // the cause quotes the address
	}
	if !u.Query().Has("pool_max_conns") {
		config.MaxConns = postgresPool
	}
	config.MaxConns = max(config.MaxConns, 2) // a migration holds its lock on one of its own
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = postgresPatience
	}
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "parley"
	}
	return config, nil
}

// postgresServer is a database on a server.
type postgresServer struct{ pool *pgxpool.Pool }

func (s postgresServer) dialect() goose.Dialect { return goose.DialectPostgres }

func (s postgresServer) lock(ctx context.Context) (unlock func() error, err error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(schemaLock)); err != nil {
		conn.Release()
		return nil, err
	}
	return func() error {
		// The lock goes with its connection, whatever has become of ctx.
		return conn.Hijack().Close(context.WithoutCancel(ctx))
	}, nil
}

func (s postgresServer) config() *pgconn.Config { return &s.pool.Config().ConnConfig.Config }

// where is the host and port, or the folder of the socket.
func (s postgresServer) where() string {
	c := s.config()
	if strings.HasPrefix(c.Host, "/") {
		return c.Host
	}
	return net.JoinHostPort(c.Host, fmt.Sprint(c.Port))
}

// flat puts the failed attempts of a connection, a line each, into one line.
func flat(err error) error {
	var connect *pgconn.ConnectError
	if !errors.As(err, &connect) {
		return err
	}
	return oneLine{connect.Unwrap()}
}

type oneLine struct{ error }

func (e oneLine) Error() string { return strings.Join(strings.Fields(e.error.Error()), " ") }
func (e oneLine) Unwrap() error { return e.error }

// advice knows the codes of https://www.postgresql.org/docs/current/errcodes-appendix.html.
func (s postgresServer) advice(err error) string {
	var answer *pgconn.PgError
	var connect *pgconn.ConnectError
	var unknownHost *net.DNSError
	switch {
	case errors.As(err, &answer):
		return s.adviceOn(answer.Code)
	case !errors.As(err, &connect):
		return ""
	case errors.As(err, &unknownHost):
		return "there is no host of this name; correct the address"
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, fs.ErrNotExist): // no port, no socket
		return "nothing listens there; start PostgreSQL, or correct the address"
	case pgconn.Timeout(err):
		return "no answer; is the host up, and does a firewall let PostgreSQL through?"
	}
	return ""
}

func (s postgresServer) adviceOn(code string) string {
	c := s.config()
	switch code {
	case "28P01":
		return fmt.Sprintf("the password of %s is wrong", c.User)
	case "28000":
		return fmt.Sprintf("%s may not log in here; see the server's pg_hba.conf", c.User)
	case "3D000":
		return fmt.Sprintf("there is no such database; createdb --owner=%s %s makes it", c.User, c.Database)
	case "42501":
		return fmt.Sprintf("%s lacks a right; GRANT ALL ON SCHEMA public TO %s, or make it the owner", c.User, c.User)
	case "53300":
		return "the server has no connection left; lower pool_max_conns in the address, or raise max_connections"
	case "53100":
		return "the server's disk is full; free some space"
	case "57P03":
		return "the server is starting or stopping; try again"
	case "25006":
		return "this server is read-only; name the primary"
	}
	return ""
}
