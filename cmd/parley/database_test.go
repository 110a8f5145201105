package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/store"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		main() // ends the process
	}
	os.Setenv("LC_ALL", "C") // whatever the developer speaks
	os.Exit(dbtest.Main(m))
}

func TestTheDatabaseIsAFileInDataDir(t *testing.T) {
	c := defaults()
	c.DataDir = filepath.Join(t.TempDir(), "made", "here")
	useDatabase(t, c)
	if _, err := os.Stat(filepath.Join(c.DataDir, "parley.db")); err != nil {
		t.Error(err)
	}
}

func TestTheDatabaseIsWhereItsAddressSays(t *testing.T) {
	c := defaults()
	c.DataDir = filepath.Join(t.TempDir(), "none")
	c.Database.DSNFile = filepath.Join(t.TempDir(), "dsn")
	write(t, c.Database.DSNFile, dbtest.Address(t)+"\n")
	useDatabase(t, c)
	if _, err := os.Stat(c.DataDir); err == nil {
		t.Error("data_dir was made and is not needed")
	}
}

// useDatabase opens the database twice, and finds the second time what it kept.
func useDatabase(t *testing.T, c Config) {
	t.Helper()
	for _, want := range []string{"", "uk"} {
		db, err := c.openDatabase(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if have := language(t, db); have != want {
			t.Errorf("language %q; want %q", have, want)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// language is that of a chat until now, which is set to Ukrainian.
func language(t *testing.T, db *database.DB) string {
	t.Helper()
	s, err := store.New(t.Context(), db, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	before, err := s.ChatSettings(t.Context(), "chat")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetChatSettings(t.Context(), "chat", bot.ChatSettings{Language: "uk"}); err != nil {
		t.Fatal(err)
	}
	return before.Language
}

func TestConfigCheckReadsTheAddressAndDoesNotTellIt(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, want := range map[string]string{
		"[database]\ndsn = \"postgres://u:" + word + "@localhost/parley\"\n":                    "",
		"[database]\ndsn = \"mysql://u:" + word + "@localhost/parley\"\n":                       "parley: database.dsn: the address of the database cannot be read; it must look like",
		"[database]\ndsn = \"postgres://u:" + word + "@localhost\"\ndsn_file = \"none\"\n":      "parley: only one of database.dsn, database.dsn_file and the environment's PARLEY_DATABASE_DSN may be set",
		"[database]\ndsn_file = \"none\"\n":                                                     "parley: database.dsn_file: open none: ",
		"[database]\ndsn = \"postgres://u:" + word + "@localhost\nport = 1\n":                   "parley: parley.toml:2: ",
		"[database]\ndsn = [\"postgres://u:" + word + "@localhost\"]\n":                         "parley: parley.toml:2: database.dsn",
		"[database]\npassword = \"" + word + "\"\n":                                             "parley: parley.toml:2: unknown key database.password",
		"[database]\ndsn = \"postgres://u:" + word + "@localhost\" # \x01 and what is not TOML": "parley: parley.toml:2: ",
	} {
		write(t, "parley.toml", text)
		var out, problems bytes.Buffer
		code := run(t.Context(), []string{"config", "check"}, strings.NewReader(""), &out, &problems)
		if (code == exitOK) != (want == "") || !strings.HasPrefix(problems.String(), want) {
			t.Errorf("%s\nexit %d: %s\nwant %s", text, code, &problems, want)
		}
		if strings.Contains(problems.String()+out.String(), word) {
			t.Errorf("the password shows: %s", &problems)
		}
	}
}
