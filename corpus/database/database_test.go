package database_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

// counter is a part with one table, and a second version that fills it.
var counter = fstest.MapFS{
	"00001_counter.sql": {Data: []byte("-- +goose Up\nCREATE TABLE counter (n BIGINT NOT NULL);")},
	"00002_start.sql":   {Data: []byte("-- +goose Up\nINSERT INTO counter (n) VALUES (0);")},
}

func migrate(t *testing.T, db *database.DB) {
	t.Helper()
	if err := db.Migrate(t.Context(), "counter", counter); err != nil {
		t.Fatal(err)
	}
}

func wantCount(t *testing.T, db *database.DB, want int) {
	t.Helper()
	var n int
	if err := db.Read.QueryRowContext(t.Context(), "SELECT n FROM counter").Scan(&n); err != nil || n != want {
		t.Errorf("counter is at %d, %v; want %d", n, err, want)
	}
}

func TestAnUpdateHoldsAsAWholeOrNotAtAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		migrate(t, db)
		refused := errors.New("refused")
		add := func(result error) error {
			return db.Update(t.Context(), func(tx *sql.Tx) error {
				if _, err := tx.ExecContext(t.Context(), "UPDATE counter SET n = n + $1", 1); err != nil {
					return err
				}
				return result
			})
		}
		if err := add(refused); !errors.Is(err, refused) {
			t.Errorf("error %v; want %v", err, refused)
		}
		wantCount(t, db, 0)
		if err := add(nil); err != nil {
			t.Error(err)
		}
		wantCount(t, db, 1)
	})
}

func TestAParameterMayBeNamedTwiceAndOutOfOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		migrate(t, db)
		if _, err := db.Exec(t.Context(), "UPDATE counter SET n = $2 - $1 WHERE n < $2", 4, 44); err != nil {
			t.Fatal(err)
		}
		wantCount(t, db, 40)
	})
}

func TestPartsHaveVersionsOfTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		migrate(t, db)
		other := fstest.MapFS{"00001_other.sql": {Data: []byte("-- +goose Up\nCREATE TABLE other (n BIGINT);")}}
		if err := db.Migrate(t.Context(), "other", other); err != nil {
			t.Fatal(err)
		}
		migrate(t, db)
		wantCount(t, db, 0)
		if err := db.Migrate(t.Context(), "counter", fstest.MapFS{"00001_counter.sql": counter["00001_counter.sql"]}); err == nil || !strings.Contains(err.Error(), "counter is at version 2, this Parley knows 1): update Parley") {
			t.Errorf("an older Parley opens it: %v", err)
		}
	})
}

func TestAMigrationThatFailsLeavesTheVersionBefore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		migrate(t, db)
		broken := fstest.MapFS{"00003_broken.sql": {Data: []byte("-- +goose Up\nUPDATE counter SET n = 7;\nUPDATE nothing SET n = 7;")}}
		for name, file := range counter {
			broken[name] = file
		}
		if err := db.Migrate(t.Context(), "counter", broken); err == nil || !strings.Contains(err.Error(), "migrate counter: ") {
			t.Errorf("error %v", err)
		}
		wantCount(t, db, 0)
		migrate(t, db)
	})
}

func TestManyStartAtOnce(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "parley.db")
		startAtOnce(t, func() (*database.DB, error) { return database.OpenSQLite(t.Context(), file) })
	})
	t.Run("postgres", func(t *testing.T) {
		address := dbtest.Address(t)
		startAtOnce(t, func() (*database.DB, error) { return database.OpenPostgres(t.Context(), address) })
	})
}

// slowFiles are the migrations as one process sees them. The last takes a while to read,
// which a process does when it has found that it must be applied, and is counted then.
type slowFiles struct {
	fstest.MapFS
	once     sync.Once
	migrated *atomic.Int64
}

func (f *slowFiles) Open(name string) (fs.File, error) {
	if name == "00002_start.sql" {
		f.once.Do(func() { f.migrated.Add(1) })
		time.Sleep(50 * time.Millisecond)
	}
	return f.MapFS.Open(name)
}

func startAtOnce(t *testing.T, open func() (*database.DB, error)) {
	// Goose itself keeps those apart that make the first version.
	if err := start(t.Context(), open, fstest.MapFS{"00001_counter.sql": counter["00001_counter.sql"]}); err != nil {
		t.Fatal(err)
	}
	var migrated atomic.Int64
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if err := start(t.Context(), open, &slowFiles{MapFS: counter, migrated: &migrated}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := migrated.Load(); n != 1 {
		t.Errorf("%d processes found that they must migrate; want one", n)
	}
	db, err := open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	wantCount(t, db, 6)
}

// start does what a process does that starts, and counts it.
func start(ctx context.Context, open func() (*database.DB, error), files fs.FS) error {
	db, err := open()
	if err != nil {
		return err
	}
	err = db.Migrate(ctx, "counter", files)
	if err == nil {
		_, err = db.Exec(ctx, "UPDATE counter SET n = n + 1")
	}
	return errors.Join(err, db.Close())
}
