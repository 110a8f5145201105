// Package button gives a button a short text from which the command behind it and its
// arguments are found again, also after a restart. It knows no platform's buttons.
package button

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/bot/argument"
)

// MaxKey is the longest key in bytes. Telegram allows 64; adapters need some for themselves.
const MaxKey = 48

const (
	storedPrefix   = "#" // of the key of an action that is kept in the store
	valueSeparator = "|" // between the command and the values of any other key
)

// Store keeps actions whose arguments do not fit into a key.
type Store interface {
	// PutAction keeps an action under a name; it may be put again.
	PutAction(ctx context.Context, name string, action []byte) error
	// Action returns what was put; ok is false if it is not kept, or not any more.
	Action(ctx context.Context, name string) (action []byte, ok bool, err error)
}

// Keys makes keys of actions and finds the actions again.
type Keys struct {
	Store Store
	Find  func(command string) (form argument.Form, ok bool) // what a command takes; ok is false for an unknown one
}

type action struct {
	Command string            `json:"command"`
	Args    map[string]string `json:"args"`
}

// Key is a text of at most MaxKey bytes for a command with its arguments: these as they
// are, in the order of the command's options, where that is short enough, else a key under
// which the store keeps them.
func (k Keys) Key(ctx context.Context, command string, args map[string]string) (string, error) {
	form, known := k.Find(command)
	values := []string{command}
	for _, o := range form.Options {
		values = append(values, args[o.Name])
		known = known && !strings.ContainsAny(args[o.Name], valueSeparator+"\n")
	}
	key := strings.TrimRight(strings.Join(values, valueSeparator), valueSeparator)
	if known && len(key) <= MaxKey && utf8.ValidString(key) {
		return key, nil
	}
	content, err := json.Marshal(action{command, args})
	if err != nil {
		return "", fmt.Errorf("action /%s: %w", command, err)
	}
	sum := sha256.Sum256(content)
	key = storedPrefix + base64.RawURLEncoding.EncodeToString(sum[:15])
	if err := k.Store.PutAction(ctx, storedName(key), seal(key, content)); err != nil {
		return "", fmt.Errorf("keep action /%s: %w", command, err)
	}
	return key, nil
}

// Action is the reverse of Key; ok is false for a key that nothing is kept under any more.
func (k Keys) Action(ctx context.Context, key string) (command string, args map[string]string, ok bool, err error) {
	if !strings.HasPrefix(key, storedPrefix) {
		values := strings.Split(key, valueSeparator)
		form, known := k.Find(values[0])
		if !known || len(values)-1 > len(form.Options) {
			return "", nil, false, nil
		}
		args = map[string]string{}
		for i, v := range values[1:] {
			args[form.Options[i].Name] = v
		}
		return form.Command, args, true, nil
	}
	sealed, ok, err := k.Store.Action(ctx, storedName(key))
	if err != nil || !ok {
		return "", nil, false, err
	}
	content, err := open(key, sealed)
	if err != nil {
		return "", nil, false, fmt.Errorf("action %s: %w", key, err)
	}
	var stored action
	if err := json.Unmarshal(content, &stored); err != nil {
		return "", nil, false, fmt.Errorf("action %s: %w", key, err)
	}
	return stored.Command, stored.Args, true, nil
}

// InMemory keeps the latest actions where there is no store, as on a console.
type InMemory struct{ cache *lru.Cache[string, []byte] }

// NewInMemory keeps at most size actions, at least 1.
func NewInMemory(size int) InMemory {
	cache, err := lru.New[string, []byte](size)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return InMemory{cache}
}

func (m InMemory) PutAction(_ context.Context, name string, action []byte) error {
	m.cache.Add(name, action)
	return nil
}

func (m InMemory) Action(_ context.Context, name string) ([]byte, bool, error) {
	action, ok := m.cache.Get(name)
	return action, ok, nil
}

// An action may hold a question, and no question is kept that somebody could read: what is
// kept is sealed with the key of the button, which stands in the chat alone, and found
// under a hash of that key.

// storedName is the name under which the action of a key is kept.
func storedName(key string) string {
	sum := sha256.Sum256([]byte("parley action name " + key))
	return storedPrefix + base64.RawURLEncoding.EncodeToString(sum[:15])
}

// seal is AES-256-GCM. A key is the hash of its content, so that it seals nothing else and
// the nonce may be the same for all.
func seal(key string, content []byte) []byte {
	aead := sealer(key)
	sealed := aead.Seal(nil, make([]byte, aead.NonceSize()), content, nil)
	return base64.RawStdEncoding.AppendEncode(nil, sealed)
}

var errSealed = errors.New("what is kept does not fit its key")

func open(key string, sealed []byte) ([]byte, error) {
	raw, err := base64.RawStdEncoding.AppendDecode(nil, sealed)
	if err != nil {
		return nil, errSealed
	}
	aead := sealer(key)
	content, err := aead.Open(nil, make([]byte, aead.NonceSize()), raw, nil)
	if err != nil {
		return nil, errSealed
	}
	return content, nil
}

func sealer(key string) cipher.AEAD {
	secret := sha256.Sum256([]byte("parley action key " + key))
	block, err := aes.NewCipher(secret[:])
	if err != nil {
		panic(err) // only for a key of another length
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // only for a cipher with another block size
	}
	return aead
}
