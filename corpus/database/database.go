// Package database opens the one SQL database of Parley, a SQLite file or PostgreSQL,
// in the way that keeps what was acknowledged, and brings the schema of each part up to
// date. What its errors say is meant for the operator: what is wrong and what to do,
// never a password. It knows no table; the parts own theirs.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
)

// DB is an open database. SQL that holds on both kinds names its parameters $1, $2 and
// keeps to text and 64-bit integers; moments are Unix seconds.
type DB struct {
	// Read and Write are the same pool on PostgreSQL. On SQLite, Write is a single
	// connection, so that writers queue up in fairness and in memory rather than poll
	// for the lock of the file, and Read are some that refuse to write, which no writer
	// holds up. Who has a transaction open on Write uses nothing but that transaction:
	// asking Write for more waits until the context ends.
	Read, Write *sql.DB
	// Pool is what Read and Write stand on; nil on SQLite.
	Pool *pgxpool.Pool

	kind kind
}

// kind holds the differences between SQLite and PostgreSQL.
type kind interface {
	dialect() goose.Dialect
	// lock keeps other processes from changing the schema until unlock is called.
	lock(ctx context.Context) (unlock func() error, err error)
	// advice says what to do about an error, empty if we do not know better than it.
	advice(err error) string
}

// explain adds what to do to an error whose cause is known; nil stays nil.
func explain(k kind, err error) error {
	if advice := k.advice(err); advice != "" {
		return fmt.Errorf("%s: %w", advice, flat(err))
	}
	return err
}

// Exec runs one statement that changes something and returns how many rows it changed.
func (db *DB) Exec(ctx context.Context, query string, args ...any) (rows int64, err error) {
	result, err := db.Write.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, explain(db.kind, err)
	}
	return result.RowsAffected()
}

// Update runs do in a transaction, which holds if neither do nor the commit fails.
func (db *DB) Update(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := db.Write.BeginTx(ctx, nil)
	if err != nil {
		return explain(db.kind, err)
	}
	defer func() { _ = tx.Rollback() }() // changes nothing after a commit
	if err := do(tx); err != nil {
		return explain(db.kind, err)
	}
	return explain(db.kind, tx.Commit())
}

// Migrate brings the tables of a part up to the newest of its migrations: files
// NUMBER_NAME.sql in the form of goose. part is a lower-case word and names the table
// in which the part's version is kept. Processes that start at once wait for each
// other. A database that a newer Parley wrote is refused and left as it is.
func (db *DB) Migrate(ctx context.Context, part string, migrations fs.FS) error {
	return db.Exclusively(ctx, func() error { return db.migrate(ctx, part, migrations) })
}

// Exclusively runs what changes the schema, such as a library's own migrations, while no
// other process does. It may not be called within itself.
func (db *DB) Exclusively(ctx context.Context, do func() error) (err error) {
	unlock, err := db.kind.lock(ctx)
	if err != nil {
		return explain(db.kind, err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return do()
}

func (db *DB) migrate(ctx context.Context, part string, migrations fs.FS) error {
	p, err := goose.NewProvider(db.kind.dialect(), db.Write, migrations,
		goose.WithTableName("goose_db_version_"+part), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("migrations of %s: %w", part, err)
	}
	have, newest, err := p.GetVersions(ctx)
	if err != nil {
		return explain(db.kind, fmt.Errorf("schema version of %s: %w", part, err))
	}
	if have > newest {
		return fmt.Errorf("a newer Parley wrote this database (%s is at version %d, this Parley knows %d): update Parley, or restore the backup made before the newer one ran", part, have, newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return explain(db.kind, fmt.Errorf("migrate %s: %w", part, err))
	}
	return nil
}

// Close waits for running statements and closes all connections.
func (db *DB) Close() error {
	err := db.Write.Close()
	if db.Read != db.Write {
		err = errors.Join(db.Read.Close(), err)
	}
	if db.Pool != nil {
		db.Pool.Close()
	}
	return err
}
