package dbtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// User and Password are those of the owner of all databases of the server.
const (
	User     = "parley"
	Password = "hush-hush"
)

// startPatience is how long a server may take to start on a busy machine.
const startPatience = time.Minute

// errMissing says that PostgreSQL is not installed.
var errMissing = errors.New("PostgreSQL is not installed: neither initdb on PATH nor in /usr/lib/postgresql")

// shared is the server of this test binary.
var shared struct {
	start  sync.Once
	server *server
	err    error
	names  atomic.Int64 // of databases made
}

// Main runs the tests of a package and stops the server, if they started one.
func Main(m interface{ Run() int }) (code int) {
	defer func() {
		if shared.server != nil {
			shared.server.stop()
		}
	}()
	return m.Run()
}

// Address makes an empty database on the server and returns where it is, for
// database.OpenPostgres.
func Address(t testing.TB) string {
	t.Helper()
	shared.start.Do(func() { shared.server, shared.err = start() })
	if errors.Is(shared.err, errMissing) {
		t.Skip(shared.err)
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	name := fmt.Sprintf("test%d", shared.names.Add(1))
	if err := shared.server.run(t.Context(), "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		t.Fatal(err)
	}
	return shared.server.address(name)
}

// server is a PostgreSQL server on a socket in a folder of its own.
type server struct {
	dir     string
	process *exec.Cmd
	alive   io.Closer // the server stops when this end of its pipe is closed
}

// start makes a cluster and waits until its server answers.
func start() (s *server, err error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "parley-postgres-") // a socket's path has at most 107 bytes: not t.TempDir
	if err != nil {
		return nil, err
	}
	s = &server{dir: dir}
	if err = s.init(bin); err == nil {
		err = s.serve(bin)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.wait(); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// binaries finds the folder of PostgreSQL's programs; the newest where there are several.
func binaries() (string, error) {
	path, err := exec.LookPath("initdb")
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is correct
		if len(found) == 0 {
			return "", errMissing
		}
		path = slices.Max(found)
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", err
	}
	return filepath.Dir(path), nil
}

func (s *server) init(bin string) error {
	password := filepath.Join(s.dir, "password")
	if err := os.WriteFile(password, []byte(Password), 0o600); err != nil {
		return err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "--pgdata", s.data(), "--username", User,
		"--auth", "scram-sha-256", "--pwfile", password, "--encoding", "UTF8", "--locale", "C", "--no-sync")
	initdb.Dir = s.dir
	if err := unprivileged(initdb, s.dir, password); err != nil {
		return err
	}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// untilEOF runs PostgreSQL for as long as somebody holds the other end of its standard
// input, so that it does not outlive a test binary that was killed, and clears up; also
// after Ctrl-C, which reaches every process of the terminal.
const untilEOF = `trap '' INT; dir=$1; shift
"$@" </dev/null >"$dir/log" 2>&1 & pid=$!
cat >/dev/null
kill -INT $pid; wait $pid
cd / && rm -rf "$dir"`

func (s *server) serve(bin string) error {
	s.process = exec.Command("sh", "-c", untilEOF, "sh", s.dir, filepath.Join(bin, "postgres"), "-D", s.data(),
		"-c", "listen_addresses=", "-c", "unix_socket_directories="+s.dir,
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=16MB", "-c", "max_connections=200")
	s.process.Dir = s.dir
	if err := unprivileged(s.process, s.dir); err != nil {
		return err
	}
	pipe, err := s.process.StdinPipe()
	if err != nil {
		return err
	}
	s.alive = pipe
	return s.process.Start()
}

// wait returns when the server answers.
func (s *server) wait() error {
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		err := s.run(ctx, "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(s.dir, "log")) // only to explain err
			return fmt.Errorf("start PostgreSQL: %w\n%s", err, log)
		case <-again.C:
		}
	}
}

// run carries out one statement in the database that every cluster has.
func (s *server) run(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.address("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

func (s *server) stop() {
	_ = s.alive.Close() // it may have died, and then there is nobody to tell
	_ = s.process.Wait()
	_ = os.RemoveAll(s.dir)
}

func (s *server) data() string { return filepath.Join(s.dir, "data") }

func (s *server) address(name string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(User, Password), Path: "/" + name,
		RawQuery: url.Values{"host": {s.dir}}.Encode()}
	return u.String()
}
