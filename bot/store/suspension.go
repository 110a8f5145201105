package store

import (
	"context"
	"time"
)

// Suspension says why nothing is sent to a chat of our own accord.
type Suspension struct {
	Reason string
	Since  time.Time // to the second
}

// Suspend stops posts to a chat. One that is suspended already takes the new reason and
// keeps its time.
func (s *Store) Suspend(ctx context.Context, chat, reason string) error {
	_, err := s.db.Exec(ctx, `INSERT INTO suspended_chats (chat, reason, suspended_at) VALUES ($1, $2, $3)
		ON CONFLICT (chat) DO UPDATE SET reason = excluded.reason`, chat, text(reason), s.now().Unix())
	return wrap(err, "suspend chat %s", chat)
}

// Resume lifts a suspension. suspended is false where there was none.
func (s *Store) Resume(ctx context.Context, chat string) (suspended bool, err error) {
	rows, err := s.db.Exec(ctx, `DELETE FROM suspended_chats WHERE chat = $1`, chat)
	return rows > 0, wrap(err, "resume chat %s", chat)
}

// Suspended returns the suspension of a chat; ok is false if there is none.
func (s *Store) Suspended(ctx context.Context, chat string) (why Suspension, ok bool, err error) {
	var since int64
	ok, err = s.row(ctx, []any{&why.Reason, &since}, `SELECT reason, suspended_at FROM suspended_chats WHERE chat = $1`, chat)
	if err != nil || !ok {
		return Suspension{}, false, wrap(err, "suspension of chat %s", chat)
	}
	why.Since = time.Unix(since, 0).UTC()
	return why, true, nil
}
