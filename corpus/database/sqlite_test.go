package database_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

func TestPragmasHoldOnEveryConnection(t *testing.T) {
	db := dbtest.SQLite(t)
	for name, pool := range map[string]*sql.DB{"write": db.Write, "read": db.Read} {
		for range pool.Stats().MaxOpenConnections {
			conn, err := pool.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close() // all are open at once, so each is another
			for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"} {
				var have string
				if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&have); err != nil || have != want {
					t.Errorf("%s connection: %s = %s, %v; want %s", name, pragma, have, err, want)
				}
			}
		}
	}
}

func TestTheFileIsItsOwnersAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new folder ?#%41", "parley.db")
	db, err := database.OpenSQLite(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	migrate(t, db)
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		info, err := e.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v; want -rw-------", e.Name(), info.Mode(), err)
		}
	}
	if have := strings.Join(names, " "); have != "parley.db parley.db-shm parley.db-wal parley.db.lock" {
		t.Errorf("files %s", have)
	}
}

func TestReadersDoNotWriteAndAreNotHeldUp(t *testing.T) {
	db := dbtest.SQLite(t)
	migrate(t, db)
	if _, err := db.Read.ExecContext(t.Context(), "UPDATE counter SET n = 9"); err == nil {
		t.Error("a reader wrote")
	}
	err := db.Update(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), "UPDATE counter SET n = 9")
		wantCount(t, db, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	wantCount(t, db, 9)
}

// TestAnotherProcessAtWork stands for a second process by opening the file twice.
func TestAnotherProcessAtWork(t *testing.T) {
	file := filepath.Join(t.TempDir(), "parley.db")
	open := func() *database.DB {
		db, err := database.OpenSQLiteWithPatience(t.Context(), file, 30*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() }) // of a test that may have failed
		return db
	}
	one, two := open(), open()
	migrate(t, one)
	err := one.Update(t.Context(), func(*sql.Tx) error {
		_, err := two.Exec(t.Context(), "UPDATE counter SET n = 1")
		if err == nil || !strings.Contains(err.Error(), "another process has been writing for over 30ms; is a second Parley") {
			t.Errorf("the other writer: %v", err)
		}
		wantCount(t, two, 0)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := two.Exec(t.Context(), "UPDATE counter SET n = 1"); err != nil {
		t.Error(err)
	}
	wantCount(t, one, 1)
}

// TestReadAndWriteLosesNoUpdate has transactions read before they write, which fails at
// once where another process has written in between, unless they are immediate.
func TestReadAndWriteLosesNoUpdate(t *testing.T) {
	const processes, goroutines, rounds = 2, 4, 15
	file := filepath.Join(t.TempDir(), "parley.db")
	var wg sync.WaitGroup
	var dbs []*database.DB
	for range processes {
		db, err := database.OpenSQLite(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		migrate(t, db)
		dbs = append(dbs, db)
	}
	for i := range processes * goroutines {
		wg.Go(func() {
			for range rounds {
				if err := addOne(t.Context(), dbs[i%processes]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	wantCount(t, dbs[0], processes*goroutines*rounds)
}

func addOne(ctx context.Context, db *database.DB) error {
	return db.Update(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT n FROM counter").Scan(&n); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE counter SET n = $1", n+1)
		return err
	})
}

func TestWritersQueueUpUntilTheirContextEnds(t *testing.T) {
	db := dbtest.SQLite(t)
	migrate(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Update(t.Context(), func(*sql.Tx) error {
		done := make(chan error)
		go func() {
			_, err := db.Exec(ctx, "UPDATE counter SET n = 1")
			done <- err
		}()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("error %v; want that of the context", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wantCount(t, db, 0)
}

func TestWhatIsNoDatabaseIsRefusedAndLeftAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "parley.db")
	content := strings.Repeat("These are minutes of a meeting.\n", 200)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := database.OpenSQLite(t.Context(), file)
	if err == nil || !strings.Contains(err.Error(), file+": this file is not a database; move it away") {
		t.Errorf("error %v", err)
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != content {
		t.Errorf("the file is changed: %v", err)
	}
}

func TestADamagedDatabaseIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "parley.db")
	db, err := database.OpenSQLite(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	migrate(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	copy(content[100:], strings.Repeat("x", len(content)-100)) // all behind the header
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if db, err = database.OpenSQLite(t.Context(), file); err == nil {
		err = db.Migrate(t.Context(), "counter", counter)
		_ = db.Close() // of what is damaged
	}
	if err == nil || !strings.Contains(err.Error(), "the database is damaged; restore it from a backup") {
		t.Errorf("error %v", err)
	}
}

func TestAFolderThatCannotBeWrittenIsNamed(t *testing.T) {
	const folder = "/sys" // where not even root may make a file
	if _, err := os.Stat(folder); err != nil {
		t.Skip(err)
	}
	_, err := database.OpenSQLite(t.Context(), filepath.Join(folder, "parley.db"))
	const (
		forbidden = "open /sys/parley.db: this user may not write here; give it the folder, or name another data_dir"
		readOnly  = "open /sys/parley.db: this disk can only be read; name a data_dir on another" // as /sys is in a container
	)
	if err == nil || !strings.Contains(err.Error(), forbidden) && !strings.Contains(err.Error(), readOnly) {
		t.Errorf("error %v", err)
	}
}

// TestAFullDisk stands for one by a limit on the pages of the file: SQLite reports both
// with the same code.
func TestAFullDisk(t *testing.T) {
	db := dbtest.SQLite(t)
	migrate(t, db)
	if _, err := db.Write.ExecContext(t.Context(), "PRAGMA max_page_count = 5"); err != nil {
		t.Fatal(err)
	}
	_, err := db.Exec(t.Context(), "CREATE TABLE large AS SELECT zeroblob(100000)")
	if err == nil || !strings.Contains(err.Error(), "the disk is full; free some space: ") {
		t.Errorf("error %v", err)
	}
	if _, err := db.Exec(t.Context(), "UPDATE counter SET n = 3"); err != nil {
		t.Error(err)
	}
	wantCount(t, db, 3)
}
