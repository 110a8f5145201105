package bottest

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"parley/bot"
	"parley/corpus/briefs"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/bleveindex"
)

// Today is the day on which the core of a test is asked, two days after the newest brief.
var Today = time.Date(2026, 5, 10, 9, 0, 0, 0, time.UTC)

// Core is the real core over an index of the built-in briefs, until the end of the test.
func Core(t testing.TB, log *slog.Logger) *bot.Bot {
	t.Helper()
	lex, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	docs, err := briefs.Documents()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "index")
	if err := bleveindex.Build(context.Background(), dir, docs, bleveindex.BuildOptions{Lexicon: lex, Now: Today}); err != nil {
		t.Fatal(err)
	}
	x, err := bleveindex.Open(context.Background(), dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	asker, err := index.NewAsker(x, lex)
	if err != nil {
		t.Fatal(err)
	}
	return bot.New(bot.Options{
		Index: asker, Lexicon: lex, Now: func() time.Time { return Today }, Log: log,
		ActorCommands: []bot.ActorCommand{{Name: "us", Actor: "united-states"}}, Commands: []bot.Command{new(Digests).Command(lex)},
	})
}
