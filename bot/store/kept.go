package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"parley/corpus/database"
)

// Retention is how long what is kept can be found. The zero value of a field is a default.
type Retention struct {
	// Actions is for actions and file ids after they were last put; 30 days.
	Actions time.Duration
	// Slots is for what became of a digest; 90 days.
	Slots time.Duration
	// Shown is for what a digest has shown: so long it is not shown again and, when it
	// changes, the correction is told; a year.
	Shown time.Duration
}

// Keeping is the store with another retention.
func (s *Store) Keeping(r Retention) *Store {
	const day = 24 * time.Hour
	r = Retention{cmp.Or(r.Actions, 30*day), cmp.Or(r.Slots, 90*day), cmp.Or(r.Shown, 365*day)}
	return &Store{s.db, s.now, r}
}

// renewal is how old what is put again must be to be written again: most actions are put
// with every answer, and a write costs a flush to the disk.
const renewal = 24 * time.Hour

// The kinds of what is kept by a key.
const (
	kindAction     = "action"
	kindFile       = "file"
	kindRegistered = "registered" // kept for ever
)

// PutAction keeps an action, a text such as JSON, under a key, as long as Retention says.
func (s *Store) PutAction(ctx context.Context, key string, action []byte) error {
	err := errors.New("an action must be text, such as JSON")
	if utf8.Valid(action) && !bytes.ContainsRune(action, 0) {
		err = s.put(ctx, kindAction, key, string(action))
	}
	return database.Wrap(err, "put action %s", key)
}

// Action returns what was put; ok is false if it is not kept, or not any more.
func (s *Store) Action(ctx context.Context, key string) (action []byte, ok bool, err error) {
	content, ok, err := s.get(ctx, kindAction, key)
	return []byte(content), ok, database.Wrap(err, "action %s", key)
}

// SetFileID keeps, as long as an action, under which id a platform has a file already. The
// key says which file and which bot: an id is good for the bot that sent the file alone.
func (s *Store) SetFileID(ctx context.Context, key, id string) error {
	return database.Wrap(s.put(ctx, kindFile, key, id), "set file id of %s", key)
}

// FileID returns the id of a file, empty if none is kept.
func (s *Store) FileID(ctx context.Context, key string) (string, error) {
	id, _, err := s.get(ctx, kindFile, key)
	return id, database.Wrap(err, "file id of %s", key)
}

// SetRegistered keeps the hash of the commands that were registered with a platform.
func (s *Store) SetRegistered(ctx context.Context, key, hash string) error {
	return database.Wrap(s.put(ctx, kindRegistered, key, hash), "set registered commands of %s", key)
}

// Registered returns the hash of the commands last registered, empty if none were.
func (s *Store) Registered(ctx context.Context, key string) (string, error) {
	hash, _, err := s.get(ctx, kindRegistered, key)
	return hash, database.Wrap(err, "registered commands of %s", key)
}

// Prune removes what is past its time, and returns how many rows that were.
func (s *Store) Prune(ctx context.Context) (rows int64, err error) {
	rows, err = s.change(ctx,
		change{`DELETE FROM kept WHERE kind <> $1 AND put_at < $2`, []any{kindRegistered, s.ago(s.keep.Actions + renewal)}},
		change{`DELETE FROM telegram_updates WHERE handled_at < $1`, []any{s.ago(updatesKept)}},
		change{`DELETE FROM slots WHERE done <> 0 AND done < $1`, []any{s.ago(s.keep.Slots)}},
		change{`DELETE FROM shown WHERE shown_at < $1`, []any{s.ago(s.keep.Shown)}})
	return rows, database.Wrap(err, "prune")
}

// put keeps content under a key, and writes only if it is new or was put a while ago.
func (s *Store) put(ctx context.Context, kind, key, content string) error {
	var fresh int
	ok, err := database.ReadRow(ctx, s.db.Read, []any{&fresh},
		`SELECT 1 FROM kept WHERE kind = $1 AND name = $2 AND content = $3 AND put_at > $4`,
		kind, key, content, s.ago(renewal))
	if err != nil || ok {
		return err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO kept (kind, name, content, put_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, name) DO UPDATE SET content = excluded.content, put_at = excluded.put_at`,
		kind, key, content, s.now().Unix())
	return err
}

// get returns what is kept under a key and not past its time.
func (s *Store) get(ctx context.Context, kind, key string) (content string, ok bool, err error) {
	oldest := s.ago(s.keep.Actions + renewal)
	if kind == kindRegistered {
		oldest = 0
	}
	ok, err = database.ReadRow(ctx, s.db.Read, []any{&content},
		`SELECT content FROM kept WHERE kind = $1 AND name = $2 AND put_at >= $3`, kind, key, oldest)
	return content, ok, err
}
