package store

import (
	"context"
	"database/sql"
	"strings"

	"parley/bot"
)

// Suspend stops posts to a chat, or to a place in one under the key of bot.Place. One that is suspended already takes the new reason and
// keeps its time.
func (s *Store) Suspend(ctx context.Context, chat, reason string) error {
	_, err := s.db.Exec(ctx, `INSERT INTO suspended_chats (chat, reason, suspended_at) VALUES ($1, $2, $3)
		ON CONFLICT (chat) DO UPDATE SET reason = excluded.reason`, chat, text(reason), s.now().Unix())
	return wrap(err, "suspend chat %s", chat)
}

// within are the suspensions of a chat and of places in it.
const within = ` FROM suspended_chats WHERE chat = $1 OR substr(chat, 1, length($1) + 1) = $1 || '/'`

// Resume lifts the suspension of a chat and of all places in it. suspended is false where
// there was none.
func (s *Store) Resume(ctx context.Context, chat string) (suspended bool, err error) {
	var some int
	// Mostly there is none, and a look disturbs no writer.
	if suspended, err = s.row(ctx, []any{&some}, `SELECT 1`+within+` LIMIT 1`, chat); err == nil && suspended {
		var rows int64
		rows, err = s.db.Exec(ctx, `DELETE`+within, chat)
		suspended = rows > 0
	}
	return suspended, wrap(err, "resume chat %s", chat)
}

// Suspended returns the suspension of a chat, or of a place under its key; ok is false if
// there is none.
func (s *Store) Suspended(ctx context.Context, chat string) (why bot.Suspension, ok bool, err error) {
	var since int64
	ok, err = s.row(ctx, []any{&why.Reason, &since}, `SELECT reason, suspended_at FROM suspended_chats WHERE chat = $1`, chat)
	if err != nil || !ok {
		return bot.Suspension{}, false, wrap(err, "suspension of chat %s", chat)
	}
	why.Place.Chat, why.Since = chat, moment(since)
	return why, true, nil
}

// SuspendedAt returns the suspension of a place or else of its chat.
func (s *Store) SuspendedAt(ctx context.Context, p bot.Place) (why bot.Suspension, ok bool, err error) {
	if why, ok, err = s.Suspended(ctx, p.Key()); err == nil && !ok && p.Channel != "" {
		why, ok, err = s.Suspended(ctx, p.Chat)
	}
	return why, ok, err
}

// Suspensions are those of a chat and of places in it.
func (s *Store) Suspensions(ctx context.Context, chat string) ([]bot.Suspension, error) {
	rows, err := s.db.Read.QueryContext(ctx, `SELECT chat, reason, suspended_at`+within+` ORDER BY chat`, chat)
	all, err := collect(rows, err, func(row *sql.Rows) (one bot.Suspension, err error) {
		var key string
		var since int64
		err = row.Scan(&key, &one.Reason, &since)
		one.Place = bot.Place{Chat: chat, Channel: strings.TrimPrefix(strings.TrimPrefix(key, chat), "/")}
		one.Since = moment(since)
		return one, err
	})
	return all, wrap(err, "suspensions in chat %s", chat)
}
