// Package store keeps in SQL what the bot must still know after a restart: the settings
// of chats and whether posting to them is suspended, the digests they subscribe to, which
// Telegram updates are done, the actions of buttons, files that a platform has already,
// and which commands were registered. Of a user it keeps nothing but who made a
// subscription, until ForgetUser. It knows the tables, not the platforms: chats, keys and
// file ids are texts that the adapters choose. All of it may be used from several
// goroutines and several processes.
package store

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"time"

	"parley/corpus/database"
)

//go:embed migrations/*.sql
var files embed.FS

// part names the store among those who keep tables in the database.
const part = "store"

// Store is the state of the bot in a database.
type Store struct {
	db   *database.DB
	now  func() time.Time
	keep Retention
}

// New brings the store's tables up to date and returns the store. now is the clock.
func New(ctx context.Context, db *database.DB, now func() time.Time) (*Store, error) {
	if err := db.Migrate(ctx, part, migrations()); err != nil {
		return nil, err
	}
	return (&Store{db: db, now: now}).Keeping(Retention{}), nil
}

func migrations() fs.FS {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // only for a path that is none
	}
	return sub
}

// change is a statement that changes something.
type change struct {
	statement string
	args      []any
}

// change carries out all of the changes or none, and returns how many rows they changed.
func (s *Store) change(ctx context.Context, changes ...change) (rows int64, err error) {
	err = s.db.Update(ctx, func(tx *sql.Tx) error {
		for _, c := range changes {
			result, err := tx.ExecContext(ctx, c.statement, c.args...)
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			if err != nil {
				return err
			}
			rows += n
		}
		return nil
	})
	return rows, err
}

// ago is the moment in Unix seconds that lies so far back.
func (s *Store) ago(d time.Duration) int64 { return s.now().Add(-d).Unix() }
