package bot

import (
	"context"
	"sync"
)

// ChatSettings are what the managers of a chat decided. The zero value holds where
// nobody decided anything.
type ChatSettings struct {
	// Language of the interface, a tag of Languages; empty: the user's own where the
	// platform tells it, else English.
	Language string
	// Private shows answers to the caller alone where a platform can do so.
	Private bool
	// Channels are those in which the bot answers; empty: all.
	Channels []string
}

// Settings keeps the settings of chats.
type Settings interface {
	// ChatSettings returns the zero value for a chat that has none.
	ChatSettings(ctx context.Context, chat string) (ChatSettings, error)
	SetChatSettings(ctx context.Context, chat string, s ChatSettings) error
}

// settingsInMemory keeps settings where there is no store, as on a console.
type settingsInMemory struct {
	mu    sync.Mutex
	chats map[string]ChatSettings
}

func newSettingsInMemory() *settingsInMemory {
	return &settingsInMemory{chats: map[string]ChatSettings{}}
}

func (m *settingsInMemory) ChatSettings(_ context.Context, chat string) (ChatSettings, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.chats[chat], nil
}

func (m *settingsInMemory) SetChatSettings(_ context.Context, chat string, s ChatSettings) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.chats[chat] = s
	return nil
}
