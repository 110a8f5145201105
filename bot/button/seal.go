package button

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"errors"
)

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

// open is the reverse of seal.
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
