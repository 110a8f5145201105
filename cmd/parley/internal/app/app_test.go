package app

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/store"
	"parley/cmd/parley/internal/config"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

func TestTheDatabaseIsAFileInDataDir(t *testing.T) {
	c := config.Default()
	c.DataDir = filepath.Join(t.TempDir(), "made", "here")
	useDatabase(t, c)
	if _, err := os.Stat(filepath.Join(c.DataDir, "parley.db")); err != nil {
		t.Error(err)
	}
}

func TestTheDatabaseIsWhereItsAddressSays(t *testing.T) {
	c := config.Default()
	c.DataDir = filepath.Join(t.TempDir(), "none")
	c.Database.DSNFile = filepath.Join(t.TempDir(), "dsn")
	if err := os.WriteFile(c.Database.DSNFile, []byte(dbtest.Address(t)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	useDatabase(t, c)
	if _, err := os.Stat(c.DataDir); err == nil {
		t.Error("data_dir was made and is not needed")
	}
}

// useDatabase opens the database twice, and finds the second time what it kept.
func useDatabase(t *testing.T, c config.Config) {
	t.Helper()
	for _, want := range []string{"", "uk"} {
		db, err := New(Options{Config: c}).openDatabase(t.Context())
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

func TestEveryRecordHasItsOwnIndex(t *testing.T) {
	t.Chdir(t.TempDir())
	dirOf := func(briefs bool, paths ...string) string {
		a := &App{Options{Config: config.Default()}}
		a.Config.Corpus.Paths, a.Config.Corpus.Briefs = paths, briefs
		dir, err := a.filesIndexDir()
		if err != nil {
			t.Fatal(err)
		}
		return dir
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if dirOf(true, "a", "b") != dirOf(true, "b", "./a", filepath.Join(here, "a")) {
		t.Error("the same paths in another spelling have another index")
	}
	seen := map[string]bool{}
	for _, dir := range []string{dirOf(true), dirOf(false), dirOf(true, "a"), dirOf(false, "a"), dirOf(true, "a", "b")} {
		if seen[dir] {
			t.Errorf("%s is used twice", dir)
		}
		seen[dir] = true
	}
}
