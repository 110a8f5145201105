// Package library keeps the record in SQL: documents with all their revisions, which of
// them carry the same text, and the feeds that they come from. An index is derived from it,
// can be built from it at any time, and follows it through one numbered sequence of changes.
//
// It keeps what it is given: it fetches nothing, reads no files and schedules no feeds.
// A document belongs to its origin, and no other origin changes it. Nothing is deleted: a
// withdrawn document is no longer quoted, but a citation of it can still be resolved, and
// so can a citation of a text that has been corrected since.
//
// A Library may be used by several goroutines, and its database by several processes. What a
// call has acknowledged outlives a crash; a call that fails has changed nothing.
package library

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
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
	return l, database.Wrap(l.renewDuplicates(ctx), "compare all documents anew")
}

func migrations() fs.FS {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // only for a path that is none
	}
	return sub
}

// notFound is ErrNotFound for a row that is not there.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
