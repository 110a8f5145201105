package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/bot/bottest/telegramtest"
)

func TestWhatIsAddedWhileServingIsAnsweredWithinSeconds(t *testing.T) {
	talks(t)
	fake := telegramtest.New(telegramtest.Options{})
	defer fake.Close()
	write(t, "parley.toml", "[corpus]\nbriefs = false\npaths = [\"talks\"]\n[telegram]\ntoken = \""+fake.Token()+"\"\napi_url = \""+fake.URL()+"\"\n")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	olena := fake.User("Olena", "en")
	const about = "Who opened the lighthouse of Ruritania?"
	ask := func() string {
		t.Helper()
		got, err := olena.Ask(ctx, olena.Private(), about)
		if err != nil {
			t.Fatal(err)
		}
		return got.Plain()
	}
	stop := serving(t)
	if got := ask(); strings.Contains(got, "Sapt") {
		t.Fatalf("answered before it was told: %s", got)
	}
	write(t, "lighthouse.md", "---\nid: light\ntitle: A lighthouse\npublisher: Harbour News\npublished: 2025-04-01\n---\nColonel Sapt opened the lighthouse of Ruritania on Tuesday, in heavy rain.\n")
	parley(t, "", "corpus", "add", "lighthouse.md").want(t, exitOK, []string{"1 added"})
	begin := time.Now()
	for !strings.Contains(ask(), "Colonel Sapt opened the lighthouse") {
		if ctx.Err() != nil {
			t.Fatal("never answered")
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Logf("answered %v after it was added", time.Since(begin).Round(time.Millisecond))
	parley(t, "", "corpus", "remove", "light").want(t, exitOK, []string{"1 withdrawn"})
	for strings.Contains(ask(), "Colonel Sapt opened the lighthouse") {
		time.Sleep(200 * time.Millisecond)
	}
	if r := stop(); r.code != exitOK {
		t.Errorf("exit code %d: %s", r.code, r.stderr)
	}
	parley(t, "", "index", "status").want(t, exitOK, []string{"current"})
}
