package database_test

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"

	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

func TestTheConnectionsTellWhoseTheyAre(t *testing.T) {
	db := dbtest.Postgres(t)
	var name string
	if err := db.Read.QueryRowContext(t.Context(), "SHOW application_name").Scan(&name); err != nil || name != "parley" {
		t.Errorf("application_name %q, %v", name, err)
	}
	if n := db.Pool.Config().MaxConns; n != 10 {
		t.Errorf("at most %d connections; want 10", n)
	}
}

func TestTheAddressSaysHowManyConnectionsAtMost(t *testing.T) {
	address := dbtest.Address(t)
	for asked, want := range map[string]int32{"1": 2, "25": 25} {
		db, err := database.OpenPostgres(t.Context(), address+"&pool_max_conns="+asked)
		if err != nil {
			t.Fatal(err)
		}
		if n := db.Pool.Config().MaxConns; n != want {
			t.Errorf("pool_max_conns=%s gives %d; want %d", asked, n, want)
		}
		migrate(t, db)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestRefusalsSayWhatToDo tries addresses that are each wrong in one thing.
func TestRefusalsSayWhatToDo(t *testing.T) {
	const password = "s3cret-w0rd"
	const form = "it must look like postgres://USER:PASSWORD@"
	right := dbtest.Address(t)
	change := func(what func(u *url.URL)) string {
		u, err := url.Parse(right)
		if err != nil {
			t.Fatal(err)
		}
		what(u)
		return u.String()
	}
	as := func(user string) *url.Userinfo { return url.UserPassword(user, password) }
	for name, tc := range map[string]struct{ address, want string }{
		"password": {change(func(u *url.URL) { u.User = as(dbtest.User) }),
			"the password of parley is wrong"},
		"database": {change(func(u *url.URL) { u.Path = "/nowhere" }),
			"there is no such database; createdb --owner=parley nowhere makes it"},
		"port": {fmt.Sprintf("postgres://parley:%s@127.0.0.1:%d/parley", password, closedPort(t)),
			"nothing listens there; start PostgreSQL, or correct the address"},
		"socket": {"postgres://parley:" + password + "@/parley?host=" + t.TempDir(),
			"nothing listens there; start PostgreSQL, or correct the address"},
		"host": {"postgres://parley:" + password + "@nowhere.invalid/parley",
			"there is no host of this name; correct the address"},
		"form":      {"mysql://parley:" + password + "@127.0.0.1/parley", form},
		"keywords":  {"host=127.0.0.1 password=" + password, form},
		"port text": {"postgres://parley:" + password + "@127.0.0.1:port/parley", form},
		"parameter": {"postgres://parley:" + password + "@127.0.0.1/parley?sslmode=perhaps", form},
		"slash":     {"postgres://parley:123/" + password + "@127.0.0.1/parley", form},
		"question":  {"postgres://parley:123?" + password + "@127.0.0.1/parley", form},
		"hash":      {"postgres://parley:123#" + password + "@127.0.0.1/parley", form},
		"percent":   {"postgres://parley:%" + password + "@127.0.0.1/parley", form},
		"certificate": {"postgres://parley:" + password + "@127.0.0.1/parley?sslmode=verify-full&sslrootcert=/nowhere",
			"the address of the database names a file: open /nowhere: "},
	} {
		db, err := database.OpenPostgres(t.Context(), tc.address)
		if err == nil {
			t.Errorf("%s: no error", name)
			_ = db.Close()
			continue
		}
		if !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v\nwant %s", name, err, tc.want)
		}
		for _, text := range []string{fmt.Sprint(err), fmt.Sprintf("%+v", err), fmt.Sprintf("%q", err)} {
			if strings.Contains(text, password) || strings.Contains(text, dbtest.Password) || strings.Contains(text, "\n") {
				t.Errorf("%s: the error tells the password or has several lines:\n%s", name, text)
			}
		}
	}
}

// closedPort is a port that nothing listens on.
func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// TestAUserWithoutRights is what PostgreSQL 15 gives to who is not the owner.
func TestAUserWithoutRights(t *testing.T) {
	db := dbtest.Postgres(t)
	const guest = "guest_without_rights"
	if _, err := db.Exec(t.Context(), "CREATE ROLE "+guest+" LOGIN PASSWORD 'guest'"); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(dbtest.Address(t))
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(guest, "guest")
	theirs, err := database.OpenPostgres(context.Background(), u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	err = theirs.Migrate(t.Context(), "counter", counter)
	if err == nil || !strings.Contains(err.Error(), guest+" lacks a right; GRANT ALL ON SCHEMA public TO "+guest) {
		t.Errorf("error %v", err)
	}
}

// TestTheServerMayComeAndGo cuts the connections as a restart of the server does.
func TestTheServerMayComeAndGo(t *testing.T) {
	db := dbtest.Postgres(t)
	migrate(t, db)
	other := dbtest.Postgres(t)
	if _, err := other.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
		db.Pool.Config().ConnConfig.Database); err != nil {
		t.Fatal(err)
	}
	// Statements that met the cut fail; the pool opens a connection for later ones.
	for range 10 {
		if _, err := db.Exec(t.Context(), "UPDATE counter SET n = 5"); err == nil {
			break
		}
	}
	wantCount(t, db, 5)
}
