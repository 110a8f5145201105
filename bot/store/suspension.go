package store

import (
	"context"
	"time"

	"parley/bot"
)

// Suspension says why nothing is sent to a chat of our own accord.
type Suspension struct {
	Reason string
	Since  time.Time // to the second
}

// Suspend stops posts to a chat, or to a place in one under the key of bot.Place. One that is suspended already takes the new reason and
// keeps its time.
func (s *Store) Suspend(ctx context.Context, chat, reason string) error {
	_, err := s.db.Exec(ctx, `INSERT INTO suspended_chats (chat, reason, suspended_at) VALUES ($1, $2, $3)
		ON CONFLICT (chat) DO UPDATE SET reason = excluded.reason`, chat, text(reason), s.now().Unix())
	return wrap(err, "suspend chat %s", chat)
}

// Resume lifts the suspension of a chat and of all places in it. suspended is false where
// there was none.
func (s *Store) Resume(ctx context.Context, chat string) (suspended bool, err error) {
	const those = ` FROM suspended_chats WHERE chat = $1 OR substr(chat, 1, length($1) + 1) = $1 || '/'`
	var some int
	// Mostly there is none, and a look disturbs no writer.
	if suspended, err = s.row(ctx, []any{&some}, `SELECT 1`+those+` LIMIT 1`, chat); err == nil && suspended {
		var rows int64
		rows, err = s.db.Exec(ctx, `DELETE`+those, chat)
		suspended = rows > 0
	}
	return suspended, wrap(err, "resume chat %s", chat)
}

// Suspended returns the suspension of a chat, or of a place under its key; ok is false if
// there is none.
func (s *Store) Suspended(ctx context.Context, chat string) (why Suspension, ok bool, err error) {
	var since int64
	ok, err = s.row(ctx, []any{&why.Reason, &since}, `SELECT reason, suspended_at FROM suspended_chats WHERE chat = $1`, chat)
	if err != nil || !ok {
		return Suspension{}, false, wrap(err, "suspension of chat %s", chat)
	}
	why.Since = time.Unix(since, 0).UTC()
	return why, true, nil
}

// SuspendedAt returns the suspension of a place or else of its chat.
func (s *Store) SuspendedAt(ctx context.Context, p bot.Place) (why Suspension, ok bool, err error) {
	if why, ok, err = s.Suspended(ctx, p.Key()); err == nil && !ok && p.Channel != "" {
		why, ok, err = s.Suspended(ctx, p.Chat)
	}
	return why, ok, err
}
