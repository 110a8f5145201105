package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// sqlitePatience is how long a statement waits for another process that writes.
	sqlitePatience = 10 * time.Second
	// lockInterval is how often a process that starts looks whether another is done starting.
	lockInterval = 20 * time.Millisecond
	// sqliteReaders answer questions side by side; a read takes well under a millisecond.
	sqliteReaders = 4
)

// OpenSQLite opens the database in a file, which is made if need be, with its folder,
// and which then only its owner may read. Several processes on one machine may have it
// open; a network share will not do, since WAL needs shared memory.
func OpenSQLite(ctx context.Context, file string) (*DB, error) {
	return openSQLite(ctx, file, sqlitePatience)
}

func openSQLite(ctx context.Context, file string, patience time.Duration) (*DB, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	f := sqliteFile{path, patience}
	db, err := f.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, explain(f, err))
	}
	return db, nil
}

// sqliteFile is a database in a file.
type sqliteFile struct {
	path     string
	patience time.Duration
}

func (f sqliteFile) open(ctx context.Context) (db *DB, err error) {
	if err := f.create(); err != nil {
		return nil, err
	}
	// Two processes that turn a new file to WAL at once fail without waiting.
	unlock, err := f.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	// A transaction that first reads and then writes cannot wait for another writer;
	// one that is immediate waits at its start.
	db = &DB{Write: f.pool(1, "_txlock", "immediate"), Read: f.pool(sqliteReaders, "_query_only", "1"), kind: f}
	var mode string
	err = db.Write.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
	if err == nil && mode != "wal" {
		err = fmt.Errorf("its file system cannot hold a SQLite database (journal mode %s instead of wal); name a data_dir on a local disk", mode)
	}
	if err == nil {
		err = db.Read.PingContext(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// create makes the folder and the file: SQLite would let everybody read the file. Its
// companions, the -wal and -shm files, take the mode of the file.
func (f sqliteFile) create() error {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// pool opens connections to the file; option and value are a parameter of the driver.
func (f sqliteFile) pool(connections int, option, value string) *sql.DB {
	query := url.Values{
		"_busy_timeout": {fmt.Sprint(f.patience.Milliseconds())},
		"_foreign_keys": {"1"},
		// With NORMAL, a loss of power takes the last commits with it; but a post may
		// have gone out on the strength of them, and would go out again.
		"_synchronous": {"FULL"},
		"_error_rc":    {"1"}, // else a file that cannot be opened is "out of memory"
		option:         {value},
	}
	source := url.URL{Scheme: "file", Path: filepath.ToSlash(f.path), RawQuery: query.Encode()}
	connector, err := sqlite.NewConnector(source.String())
	if err != nil {
		panic(err) // only for a query that cannot be parsed, and ours is encoded
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool
}

func (f sqliteFile) dialect() goose.Dialect { return goose.DialectSQLite3 }

func (f sqliteFile) lock(ctx context.Context) (unlock func() error, err error) {
	l := flock.New(f.path+".lock", flock.SetPermissions(0o600))
	if _, err := l.TryLockContext(ctx, lockInterval); err != nil {
		return nil, fmt.Errorf("lock %s: %w", l.Path(), err)
	}
	return l.Unlock, nil
}

func (f sqliteFile) advice(err error) string {
	const (
		unwritable = "this user may not write here; give it the folder, or name another data_dir"
		readOnly   = "this disk can only be read; name a data_dir on another"
		full       = "the disk is full; free some space"
		unwritten  = "the disk did not take what was written; see whether it is full or broken, or how large this user's files may be (ulimit -f)"
	)
	var failed *sqlite.Error
	switch {
	case errors.Is(err, fs.ErrPermission):
		return unwritable
	case errors.Is(err, syscall.EROFS):
		return readOnly
	case errors.Is(err, syscall.ENOSPC):
		return full
	case !errors.As(err, &failed):
		return ""
	case failed.Code() == sqlite3.SQLITE_IOERR_SHMSIZE:
		return full // the -shm file could not grow
	case failed.Code() == sqlite3.SQLITE_IOERR_WRITE: // of EFBIG, too, which SQLite does not tell
		return unwritten
	}
	switch failed.Code() & 0xff { // the rest of an extended code tells more than we need
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Sprintf("another process has been writing for over %v; is a second Parley or a backup at work?", f.patience)
	case sqlite3.SQLITE_FULL:
		return full
	case sqlite3.SQLITE_NOTADB:
		return "this file is not a database; move it away, or name another data_dir"
	case sqlite3.SQLITE_CORRUPT:
		return "the database is damaged; restore it from a backup"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return unwritable
	}
	return ""
}
