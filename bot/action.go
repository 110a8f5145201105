package bot

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Actions keeps actions whose arguments do not fit into a button.
type Actions interface {
	// PutAction keeps an action under a key; it may be put again.
	PutAction(ctx context.Context, key string, action []byte) error
	// Action returns what was put; ok is false if it is not kept, or not any more.
	Action(ctx context.Context, key string) (action []byte, ok bool, err error)
}

// MaxActionKey is the longest key of an action in bytes: Telegram's callback_data holds
// 64, of which adapters need some for themselves.
const MaxActionKey = 48

// keptPrefix marks the key of an action that is kept elsewhere.
const keptPrefix = "#"

// valueSeparator stands between the command and the values of a short key.
const valueSeparator = "|"

// ActionKey is a short text by which ActionOf finds the action again, also after a
// restart: the command and its values where these are short, else the key under which
// the action was put into the store.
func (b *Bot) ActionKey(ctx context.Context, a Action) (string, error) {
	if key, ok := b.shortKey(a); ok {
		return key, nil
	}
	content, err := json.Marshal(keptAction{a.Command, a.Args})
	if err != nil {
		return "", fmt.Errorf("action /%s: %w", a.Command, err)
	}
	sum := sha256.Sum256(content)
	key := keptPrefix + base64.RawURLEncoding.EncodeToString(sum[:15])
	if err := b.actions.PutAction(ctx, sealedName(key), seal(key, content)); err != nil {
		return "", fmt.Errorf("keep action /%s: %w", a.Command, err)
	}
	return key, nil
}

// keptAction is an action as the store keeps it.
type keptAction struct {
	Command string `json:"command"`
	Args    Args   `json:"args"`
}

// shortKey is the command and its values in the order of its options.
func (b *Bot) shortKey(a Action) (key string, ok bool) {
	c, known := b.command(a.Command)
	values := []string{a.Command}
	for _, o := range c.Options {
		v := a.Args[o.Name]
		if strings.ContainsAny(v, valueSeparator+"\n") {
			return "", false
		}
		values = append(values, v)
	}
	key = strings.TrimRight(strings.Join(values, valueSeparator), valueSeparator)
	return key, known && len(key) <= MaxActionKey && utf8.ValidString(key)
}

// ActionOf is the command and the arguments that a key stands for. ok is false for a key
// that nothing is kept under, or not any more.
func (b *Bot) ActionOf(ctx context.Context, key string) (command string, args Args, ok bool, err error) {
	if !strings.HasPrefix(key, keptPrefix) {
		values := strings.Split(key, valueSeparator)
		c, known := b.command(values[0])
		if !known || len(values)-1 > len(c.Options) {
			return "", nil, false, nil
		}
		args = Args{}
		for i, v := range values[1:] {
			args[c.Options[i].Name] = v
		}
		return c.Path(), args, true, nil
	}
	sealed, ok, err := b.actions.Action(ctx, sealedName(key))
	if err != nil || !ok {
		return "", nil, false, err
	}
	content, err := open(key, sealed)
	if err != nil {
		return "", nil, false, fmt.Errorf("action %s: %w", key, err)
	}
	var kept keptAction
	if err := json.Unmarshal(content, &kept); err != nil {
		return "", nil, false, fmt.Errorf("action %s: %w", key, err)
	}
	return kept.Command, kept.Args, true, nil
}

// actionsInMemory keeps the latest actions where there is no store, as on a console.
type actionsInMemory struct{ cache *lru.Cache[string, []byte] }

func newActionsInMemory() actionsInMemory {
	cache, err := lru.New[string, []byte](maxConversations)
	if err != nil {
		panic(err) // only for a size below 1, and ours is a constant
	}
	return actionsInMemory{cache}
}

func (m actionsInMemory) PutAction(_ context.Context, key string, action []byte) error {
	m.cache.Add(key, action)
	return nil
}

func (m actionsInMemory) Action(_ context.Context, key string) ([]byte, bool, error) {
	action, ok := m.cache.Get(key)
	return action, ok, nil
}
