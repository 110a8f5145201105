package store

import (
	"context"
	"encoding/json"

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
