package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
)

// maxSecret is the longest secret in bytes; what is longer is some other file.
const maxSecret = 4 << 10

// masked stands for a secret wherever it would be printed.
const masked = "***"

// Secret is a token or a password. However it is printed, logged or encoded, it shows as
// ***; only Reveal tells it. The pointer keeps it from fmt also where fmt cannot call
// Format, in an unexported field.
type Secret struct{ text *string }

func newSecret(text string) Secret { return Secret{&text} }

// Reveal is the secret itself, empty if there is none.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

func (s Secret) Format(f fmt.State, _ rune)   { _, _ = io.WriteString(f, masked) }
func (s Secret) String() string               { return masked }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(masked) }
func (s Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// Equal says whether two secrets are the same.
func (s Secret) Equal(other Secret) bool { return s.Reveal() == other.Reveal() }

// UnmarshalText takes the secret from a configuration.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = newSecret(string(text))
	return nil
}

// secretSource names the places of a secret. Its errors never say what stands there.
type secretSource struct {
	key      string // in the configuration: inline under it, a file under key_file
	inline   Secret
	file     string
	variable string // of the environment
}

// secret reads the secret from the one place that is set; empty if none is.
func (s secretSource) secret() (Secret, error) {
	fromEnvironment := os.Getenv(s.variable)
	set := 0
	for _, place := range []string{s.inline.Reveal(), s.file, fromEnvironment} {
		if place != "" {
			set++
		}
	}
	switch {
	case set > 1:
		return Secret{}, fmt.Errorf("only one of %s, %s_file and the environment's %s may be set", s.key, s.key, s.variable)
	case s.file != "":
		return s.read()
	case fromEnvironment != "":
		return newSecret(fromEnvironment), nil
	}
	return s.inline, nil
}

// read takes the secret from its file, one line.
func (s secretSource) read() (Secret, error) {
	f, err := os.Open(s.file)
	if err != nil {
		return Secret{}, fmt.Errorf("%s_file: %w", s.key, err)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return Secret{}, fmt.Errorf("%s_file: %w", s.key, err)
	}
	if text = bytes.TrimSpace(text); len(text) == 0 || len(text) > maxSecret || bytes.ContainsAny(text, "\r\n") {
		return Secret{}, fmt.Errorf("%s_file: %s must hold one line of at most %d bytes", s.key, s.file, maxSecret)
	}
	return newSecret(string(text)), nil
}
