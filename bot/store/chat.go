package store

import (
	"context"
	"encoding/json"
	"strings"

	"parley/bot"
	"parley/corpus/database"
)

// chatSettings are bot.ChatSettings under the names that stand in the database. That one
// converts to the other is checked when compiling.
type chatSettings struct {
	Language string   `json:"language,omitempty"`
	Private  bool     `json:"private,omitempty"`
	Channels []string `json:"channels,omitempty"`
}

// ChatSettings returns what the managers of a chat decided, the zero value if nothing.
func (s *Store) ChatSettings(ctx context.Context, chat string) (bot.ChatSettings, error) {
	var content string
	var settings chatSettings
	ok, err := database.ReadRow(ctx, s.db.Read, []any{&content},
		`SELECT settings FROM chat_settings WHERE chat = $1`, chat)
	if err == nil && ok {
		err = json.Unmarshal([]byte(content), &settings)
	}
	return bot.ChatSettings(settings), database.Wrap(err, "settings of chat %s", chat)
}

// SetChatSettings keeps what the managers of a chat decided in place of what they had.
func (s *Store) SetChatSettings(ctx context.Context, chat string, settings bot.ChatSettings) error {
	content, err := json.Marshal(chatSettings(settings))
	if err == nil {
		_, err = s.db.Exec(ctx, `INSERT INTO chat_settings (chat, settings) VALUES ($1, $2)
			ON CONFLICT (chat) DO UPDATE SET settings = excluded.settings`, chat, string(content))
	}
	return database.Wrap(err, "set settings of chat %s", chat)
}

// MoveChat gives what is kept of a chat to the one that follows it, as when a Telegram
// group becomes a supergroup. Settings that the new chat has already win; a suspension
// ends with the old chat. It may be called again.
func (s *Store) MoveChat(ctx context.Context, from, to string) error {
	if from == to {
		return nil
	}
	_, err := s.change(ctx,
		change{`INSERT INTO chat_settings (chat, settings) SELECT $2, settings FROM chat_settings WHERE chat = $1
			ON CONFLICT (chat) DO NOTHING`, []any{from, to}},
		change{`DELETE FROM chat_settings WHERE chat = $1`, []any{from}},
		change{`UPDATE subscriptions SET chat = $2 WHERE chat = $1`, []any{from, to}},
		change{`DELETE FROM suspended_chats WHERE chat = $1`, []any{from}},
		change{`UPDATE slots SET chat = $2 WHERE chat = $1 AND state = $3`, []any{from, to, string(bot.SlotDue)}})
	return database.Wrap(err, "move chat %s to %s", from, to)
}

// Suspend stops posts to a chat, or to a place in it, named by Place.Key. One that is
// suspended already takes the new reason and keeps its time.
func (s *Store) Suspend(ctx context.Context, chat, reason string) error {
	_, err := s.db.Exec(ctx, `INSERT INTO suspended_chats (chat, reason, suspended_at) VALUES ($1, $2, $3)
		ON CONFLICT (chat) DO UPDATE SET reason = excluded.reason`, chat, database.Text(reason), s.now().Unix())
	return database.Wrap(err, "suspend chat %s", chat)
}

// within are the suspensions of a chat and of places in it.
const within = ` FROM suspended_chats WHERE chat = $1 OR substr(chat, 1, length($1) + 1) = $1 || '/'`

// Resume lifts the suspension of a chat and of all places in it. suspended is false where
// there was none.
func (s *Store) Resume(ctx context.Context, chat string) (suspended bool, err error) {
	var some int
	// Mostly there is none, and a look disturbs no writer.
	suspended, err = database.ReadRow(ctx, s.db.Read, []any{&some}, `SELECT 1`+within+` LIMIT 1`, chat)
	if err == nil && suspended {
		var rows int64
		rows, err = s.db.Exec(ctx, `DELETE`+within, chat)
		suspended = rows > 0
	}
	return suspended, database.Wrap(err, "resume chat %s", chat)
}

// Suspended returns the suspension of a chat, or of a place under its key; ok is false if
// there is none.
func (s *Store) Suspended(ctx context.Context, chat string) (why bot.Suspension, ok bool, err error) {
	ok, err = database.ReadRow(ctx, s.db.Read, []any{&why.Reason, database.Time{To: &why.Since}},
		`SELECT reason, suspended_at FROM suspended_chats WHERE chat = $1`, chat)
	if err != nil || !ok {
		return bot.Suspension{}, false, database.Wrap(err, "suspension of chat %s", chat)
	}
	why.Place.Chat = chat
	return why, true, nil
}

// SuspendedAt returns the suspension of a place or else of its chat.
func (s *Store) SuspendedAt(ctx context.Context, p bot.Place) (why bot.Suspension, ok bool, err error) {
	if why, ok, err = s.Suspended(ctx, p.Key()); err == nil && !ok && p.Channel != "" {
		why, ok, err = s.Suspended(ctx, p.Chat)
	}
	return why, ok, err
}

// Suspensions returns the suspensions of a chat and of places in it.
func (s *Store) Suspensions(ctx context.Context, chat string) ([]bot.Suspension, error) {
	all, err := database.ReadRows(ctx, s.db.Read, func(row database.Scanner) (one bot.Suspension, err error) {
		var key string
		err = row.Scan(&key, &one.Reason, database.Time{To: &one.Since})
		one.Place = bot.Place{Chat: chat, Channel: strings.TrimPrefix(strings.TrimPrefix(key, chat), "/")}
		return one, err
	}, `SELECT chat, reason, suspended_at`+within+` ORDER BY chat`, chat)
	return all, database.Wrap(err, "suspensions in chat %s", chat)
}
