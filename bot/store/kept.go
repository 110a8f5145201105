package store

import (
	"bytes"
	"context"
	"errors"
	"time"
	"unicode/utf8"
)

const (
	// Kept is how long an action or a file id is found after it was last put.
	Kept = 30 * 24 * time.Hour
	// renewal is how old what is put again must be to be written again: most actions are
	// put with every answer, and a write costs a flush to the disk.
	renewal = 24 * time.Hour
	// slotsKept is how long it can be looked up what became of a digest, and shownKept how
	// long what it showed is neither shown again nor, when it changes, left uncorrected.
	slotsKept, shownKept = 90 * 24 * time.Hour, 365 * 24 * time.Hour
)

// The kinds of what is kept by a key.
const (
	kindAction     = "action"
	kindFile       = "file"
	kindRegistered = "registered" // kept for ever
)

// errNotText is returned for an action that is not UTF-8 or holds a zero byte.
var errNotText = errors.New("an action must be text, such as JSON")

// PutAction keeps an action, a text such as JSON, for 30 days under a key.
func (s *Store) PutAction(ctx context.Context, key string, action []byte) error {
	err := errNotText
	if utf8.Valid(action) && !bytes.ContainsRune(action, 0) {
		err = s.put(ctx, kindAction, key, string(action))
	}
	return wrap(err, "put action %s", key)
}

// Action returns what was put; ok is false if it is not kept, or not any more.
func (s *Store) Action(ctx context.Context, key string) (action []byte, ok bool, err error) {
	content, ok, err := s.get(ctx, kindAction, key)
	return []byte(content), ok, wrap(err, "action %s", key)
}

// SetFileID keeps for 30 days under which id a platform has a file already. The key says
// which file and which bot: an id is good for the bot that sent the file alone.
func (s *Store) SetFileID(ctx context.Context, key, id string) error {
	return wrap(s.put(ctx, kindFile, key, id), "set file id of %s", key)
}

// FileID returns the id of a file, empty if none is kept.
func (s *Store) FileID(ctx context.Context, key string) (string, error) {
	id, _, err := s.get(ctx, kindFile, key)
	return id, wrap(err, "file id of %s", key)
}

// SetRegistered keeps the hash of the commands that were registered with a platform.
func (s *Store) SetRegistered(ctx context.Context, key, hash string) error {
	return wrap(s.put(ctx, kindRegistered, key, hash), "set registered commands of %s", key)
}

// Registered returns the hash of the commands last registered, empty if none were.
func (s *Store) Registered(ctx context.Context, key string) (string, error) {
	hash, _, err := s.get(ctx, kindRegistered, key)
	return hash, wrap(err, "registered commands of %s", key)
}

// Prune removes what is past its time, and returns how many rows that were.
func (s *Store) Prune(ctx context.Context) (rows int64, err error) {
	rows, err = s.change(ctx,
		change{`DELETE FROM kept WHERE kind <> $1 AND put_at < $2`, []any{kindRegistered, s.ago(Kept + renewal)}},
		change{`DELETE FROM telegram_updates WHERE handled_at < $1`, []any{s.ago(updatesKept)}},
		change{`DELETE FROM slots WHERE done <> 0 AND done < $1`, []any{s.ago(slotsKept)}},
		change{`DELETE FROM shown WHERE shown_at < $1`, []any{s.ago(shownKept)}})
	return rows, wrap(err, "prune")
}

// put keeps content under a key, and writes only if it is new or was put a while ago.
func (s *Store) put(ctx context.Context, kind, key, content string) error {
	var fresh int
	ok, err := s.row(ctx, []any{&fresh}, `SELECT 1 FROM kept WHERE kind = $1 AND name = $2 AND content = $3 AND put_at > $4`,
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
	oldest := s.ago(Kept + renewal)
	if kind == kindRegistered {
		oldest = 0
	}
	ok, err = s.row(ctx, []any{&content}, `SELECT content FROM kept WHERE kind = $1 AND name = $2 AND put_at >= $3`,
		kind, key, oldest)
	return content, ok, err
}
