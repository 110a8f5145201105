package store

import (
	"context"
	"database/sql"
	"time"

	"parley/corpus/database"
)

const (
	// offsetKept is how long the ids of updates go on in sequence: after a week without
	// updates Telegram goes on with a random one, which may be lower
	// (https://core.telegram.org/bots/api#update). A day is taken off for safety.
	offsetKept = 6 * 24 * time.Hour
	// updatesKept is for how long an update may come again: Telegram keeps it for a day
	// (https://core.telegram.org/bots/api#getting-updates), and clocks differ.
	updatesKept = 48 * time.Hour
	// updatesMost are remembered of a bot.
	updatesMost = 10_000
)

// Offset is the offset to call getUpdates with: one more than the last update committed,
// or 0, which asks for all that Telegram still has, if there is none or it is too old to
// say anything about the ids to come.
func (s *Store) Offset(ctx context.Context, telegramBot int64) (int64, error) {
	var last int64
	ok, err := database.ReadRow(ctx, s.db.Read, []any{&last},
		`SELECT update_id FROM telegram_offsets WHERE bot = $1 AND committed_at >= $2`, telegramBot, s.ago(offsetKept))
	if err != nil || !ok {
		return 0, database.Wrap(err, "offset of Telegram bot %d", telegramBot)
	}
	return last + 1, nil
}

// Commit says that this update and all before it are done. A lower one than the last
// changes nothing, unless the last is too old.
func (s *Store) Commit(ctx context.Context, telegramBot, update int64) error {
	_, err := s.db.Exec(ctx, `INSERT INTO telegram_offsets (bot, update_id, committed_at) VALUES ($1, $2, $3)
		ON CONFLICT (bot) DO UPDATE SET update_id = excluded.update_id, committed_at = excluded.committed_at
		WHERE excluded.update_id > telegram_offsets.update_id OR telegram_offsets.committed_at < $4`,
		telegramBot, update, s.now().Unix(), s.ago(offsetKept))
	return database.Wrap(err, "commit update %d of Telegram bot %d", update, telegramBot)
}

// MarkHandled marks an update as handled. first is true for one caller alone, whatever
// the number of processes that ask; the mark holds for the latest 10,000 updates of a
// bot, for two days at least if so many do not come.
func (s *Store) MarkHandled(ctx context.Context, telegramBot, update int64) (first bool, err error) {
	err = s.db.Update(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO telegram_updates (bot, update_id, handled_at) VALUES ($1, $2, $3)
			ON CONFLICT (bot, update_id) DO NOTHING`, telegramBot, update, s.now().Unix())
		if err != nil {
			return err
		}
		rows, err := result.RowsAffected()
		if first = rows > 0; err != nil || !first {
			return err
		}
		_, err = tx.ExecContext(ctx,
			`DELETE FROM telegram_updates WHERE bot = $1 AND update_id <= $2`, telegramBot, update-updatesMost)
		return err
	})
	return first && err == nil, database.Wrap(err, "mark update %d of Telegram bot %d", update, telegramBot)
}

// Handled says whether an update was marked as handled.
func (s *Store) Handled(ctx context.Context, telegramBot, update int64) (bool, error) {
	var one int
	ok, err := database.ReadRow(ctx, s.db.Read, []any{&one},
		`SELECT 1 FROM telegram_updates WHERE bot = $1 AND update_id = $2`, telegramBot, update)
	return ok, database.Wrap(err, "update %d of Telegram bot %d", update, telegramBot)
}
