// Package library keeps the record in SQL: documents with all their revisions, which of
// them carry the same text, and the feeds that they come from. It is the truth, from which
// an index can be built at any time, and follows what changes in one sequence.
//
// It keeps what it is given: it fetches nothing, reads no files and schedules no feeds.
// A document belongs to its origin, and no other origin changes it. Nothing is deleted: a
// document that is withdrawn is no longer quoted, but a citation of it can be resolved, and
// so can one of a text that has been corrected since.
//
// All of it may be used from several goroutines and several processes. What a call has
// acknowledged outlives a crash; a call that fails has changed nothing.
package library

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"parley/corpus"
	"parley/corpus/database"
)

//go:embed migrations/*.sql
var files embed.FS

// part names the library among those who keep tables in the database.
const part = "library"

// ErrNotFound is that of a document, a revision or a feed that the library does not have.
var ErrNotFound = errors.New("the library does not have it")

// Library is the record in a database.
type Library struct {
	db      *database.DB
	options Options
}

// Options are what the library needs to know.
type Options struct {
	// Now is the clock. Moments are kept to the second.
	Now func() time.Time
	// Own reports whether the publisher is an actor who publishes its own words. Of several
	// documents with the same text, those are shown first. May be nil.
	Own func(corpus.Source) bool
}

// New brings the library's tables up to date and returns the library.
func New(ctx context.Context, db *database.DB, options Options) (*Library, error) {
	if err := db.Migrate(ctx, part, migrations()); err != nil {
		return nil, err
	}
	if options.Own == nil {
		options.Own = func(corpus.Source) bool { return false }
	}
	l := &Library{db, options}
	return l, wrap(l.renewDuplicates(ctx), "compare all documents anew")
}

func migrations() fs.FS {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // only for a path that is none
	}
	return sub
}

// reader is a pool of connections or a transaction.
type reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// row reads one row into values. ok is false if there is none.
func row(ctx context.Context, r reader, values []any, query string, args ...any) (ok bool, err error) {
	err = r.QueryRowContext(ctx, query, args...).Scan(values...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// each calls do for every row until it fails.
func each(ctx context.Context, r reader, do func(rows *sql.Rows) error, query string, args ...any) (err error) {
	rows, err := r.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// collect reads all rows.
func collect[T any](ctx context.Context, r reader, scan func(scanner) (T, error), query string, args ...any) (all []T, err error) {
	err = each(ctx, r, func(rows *sql.Rows) error {
		v, err := scan(rows)
		all = append(all, v)
		return err
	}, query, args...)
	return all, err
}

// notFound is ErrNotFound for a row that is not there.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// parameters are the names of n parameters of a statement from number first on: "$3, $4".
func parameters(first, n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(names, ", ")
}

// wrap names what failed and on what; nil stays nil.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), err)
}
