// Package database opens the one SQL database of Parley, a SQLite file or PostgreSQL,
// in the way that keeps what was acknowledged, and brings the schema of each part up to
// date. What its errors say is meant for the operator: what is wrong and what to do,
// never a password. It knows no table; the parts own theirs.
package database

import (
	"context"
	"database/sql"
	"errors"

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

// kind is what differs between SQLite and PostgreSQL.
type kind interface {
	dialect() goose.Dialect
	// lock keeps other processes from changing the schema until unlock is called.
	lock(ctx context.Context) (unlock func() error, err error)
	// explain adds what to do to an error whose cause is known; nil stays nil.
	explain(err error) error
}

// Exec runs one statement that changes something and returns how many rows it changed.
func (db *DB) Exec(ctx context.Context, query string, args ...any) (rows int64, err error) {
	result, err := db.Write.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, db.kind.explain(err)
	}
	return result.RowsAffected()
}

// Update runs do in a transaction, which holds if neither do nor the commit fails.
func (db *DB) Update(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := db.Write.BeginTx(ctx, nil)
	if err != nil {
		return db.kind.explain(err)
	}
	defer func() { _ = tx.Rollback() }() // changes nothing after a commit
	if err := do(tx); err != nil {
		return db.kind.explain(err)
	}
	return db.kind.explain(tx.Commit())
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
