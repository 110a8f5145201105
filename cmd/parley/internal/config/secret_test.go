package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// word is the secret of these tests.
const word = "correct-horse"

func TestASecretDoesNotShow(t *testing.T) {
	type holder struct {
		Shown  Secret
		hidden Secret
		Many   []Secret
		Named  map[string]*Secret
	}
	s := newSecret(word)
	h := holder{s, s, []Secret{s}, map[string]*Secret{"a": &s}}
	var printed []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10.3s", "%w"} {
		for _, value := range []any{s, &s, h, &h, []any{s}, errors.New("x"), fmt.Errorf("cause: %v", s)} {
			printed = append(printed, fmt.Sprintf(verb, value))
		}
	}
	for _, value := range []any{s, h} {
		asJSON, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		printed = append(printed, string(asJSON))
	}
	asTOML, err := toml.Marshal(struct{ Token Secret }{s})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("start", "token", s, "holder", h, "pointer", &h, slog.Group("g", "token", &s))
	}
	printed = append(printed, string(asTOML), log.String(), fmt.Sprintln(s, h), s.String())
	for _, text := range printed {
		if strings.Contains(text, word) || strings.Contains(text, fmt.Sprintf("%x", word)) || strings.Contains(text, fmt.Sprintf("%X", word)) {
			t.Errorf("the secret shows: %s", text)
		}
	}
	for what, text := range map[string]string{
		"%v": fmt.Sprint(s), "%+v": fmt.Sprintf("%+v", s), "%q": fmt.Sprintf("%q", s), "String": s.String(),
	} {
		if text != masked {
			t.Errorf("%s: %s; want %s", what, text, masked)
		}
	}
	if s.Reveal() != word || (Secret{}).Reveal() != "" {
		t.Error("Reveal does not")
	}
	if h.hidden.Reveal() != word {
		t.Error("the test hides nothing")
	}
}

func TestASecretStandsInOnePlace(t *testing.T) {
	const variable = "PARLEY_TEST_SECRET"
	dir := t.TempDir()
	file := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		write(t, path, text)
		return path
	}
	good, other := file("good", " "+word+"\r\n"), file("other", "two\nlines")
	for name, tc := range map[string]struct {
		inline, file, env string
		want, problem     string
	}{
		"nowhere":     {},
		"inline":      {inline: word, want: word},
		"file":        {file: good, want: word},
		"environment": {env: word, want: word},
		"two places":  {inline: word, env: word, problem: "only one of bot.token, bot.token_file and the environment's " + variable + " may be set"},
		"also two":    {inline: word, file: good, problem: "only one of"},
		"all":         {inline: word, file: good, env: word, problem: "only one of"},
		"no file":     {file: filepath.Join(dir, "none"), problem: "bot.token_file: open "},
		"folder":      {file: dir, problem: "bot.token_file: read "},
		"empty":       {file: file("empty", "\n"), problem: "must hold one line"},
		"two lines":   {file: other, problem: "must hold one line"},
		"long":        {file: file("long", strings.Repeat("x", maxSecret+1)), problem: "must hold one line of at most 4096 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(variable, tc.env)
			s, err := secretSource{"bot.token", newSecret(tc.inline), tc.file, variable}.secret()
			if tc.problem == "" && err != nil || tc.problem != "" && (err == nil || !strings.Contains(err.Error(), tc.problem)) {
				t.Errorf("error %v; want %q", err, tc.problem)
			}
			if s.Reveal() != tc.want {
				t.Errorf("secret %q; want %q", s.Reveal(), tc.want)
			}
			if err != nil && strings.Contains(err.Error(), word) {
				t.Errorf("the error tells the secret: %v", err)
			}
		})
	}
}
