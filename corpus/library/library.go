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
	"fmt"
	"io/fs"
	"strings"
	"time"
	"unicode/utf8"

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

// Options configure a library.
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

// What is larger is refused, never cut.
const (
	// MaxText is the most bytes of a text.
	MaxText = 16 << 20
	// MaxName is the most bytes of an id, a key, a publisher or the name of an origin, and
	// what an index of PostgreSQL takes.
	MaxName = 2000
	// MaxAround is the most bytes of all that a document has besides its text, as JSON.
	MaxAround = 1 << 20
)

// notFound is ErrNotFound for a row that is not there.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// someRow is the error of a statement that should have changed a row.
func someRow(rows int64, err, none error) error {
	if err == nil && rows == 0 {
		return none
	}
	return err
}

func checkName(what, s string) error {
	if len(s) > MaxName {
		return fmt.Errorf("%s has %d bytes, and the limit is %d; shorten it", what, len(s), MaxName)
	}
	return checkText(what, s)
}

// checkText refuses what PostgreSQL cannot keep.
func checkText(what, s string) error {
	if i := strings.IndexByte(s, 0); i >= 0 {
		return fmt.Errorf("%s has a NUL at byte %d; remove it", what, i)
	}
	if !utf8.ValidString(s) {
		i := strings.IndexRune(strings.ToValidUTF8(s, "\x00"), 0)
		return fmt.Errorf("%s is not UTF-8 at byte %d; convert it", what, i)
	}
	return nil
}

// Note returns what SetNote has kept under a name, empty if there is nothing.
func (l *Library) Note(ctx context.Context, name string) (content string, err error) {
	_, err = database.ReadRow(ctx, l.db.Read, []any{&content}, `SELECT content FROM notes WHERE name = $1`, name)
	return content, database.Wrap(err, "note %s", name)
}

// SetNote keeps what whoever fills the library wants to know the next time, in the place of
// what is there under that name. It is no part of the record, and no export has it.
func (l *Library) SetNote(ctx context.Context, name, content string) error {
	err := errors.Join(checkName("the name", name), checkText("the content", content))
	if err == nil {
		_, err = l.db.Exec(ctx, `INSERT INTO notes (name, content) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET content = excluded.content`, name, content)
	}
	return database.Wrap(err, "set note %s", name)
}
