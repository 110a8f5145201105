package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/bot/bottest/discordtest"
	"parley/bot/bottest/telegramtest"
)

// serving runs "parley serve" until the returned function stops it and gives its result.
func serving(t *testing.T, args ...string) (stop func() result) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan result, 1)
	go func() {
		var stdout, stderr bytes.Buffer
		code := run(ctx, append([]string{"serve"}, args...), strings.NewReader(""), &stdout, &stderr)
		done <- result{code, stdout.String(), stderr.String()}
	}()
	return func() result {
		cancel()
		select {
		case r := <-done:
			return r
		case <-time.After(time.Minute):
			t.Fatal("serve does not stop")
			return result{}
		}
	}
}

func TestServeAnswersOnTelegramAndRemembersOverARestart(t *testing.T) {
	talks(t)
	fake := telegramtest.New(telegramtest.Options{})
	defer fake.Close()
	write(t, "parley.toml", "[corpus]\nbriefs = false\npaths = [\"talks\"]\n[telegram]\ntoken = \""+fake.Token()+"\"\napi_url = \""+fake.URL()+"\"\n")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	olena := fake.User("Olena", "uk")
	for _, step := range []struct{ say, want string }{
		{question, "12,000 prisoners would be exchanged before the winter."},
		{"/settings language:en", "English"},
		{"/settings", "English"},
	} {
		stop := serving(t)
		got, err := olena.Ask(ctx, olena.Private(), step.say)
		if err != nil {
			t.Fatalf("%s: %v; the bot: %+v", step.say, err, stop())
		}
		if !strings.Contains(got.Plain(), step.want) {
			t.Errorf("%s: got %q", step.say, got.Plain())
		}
		if err := fake.Drained(ctx); err != nil {
			t.Error(err)
		}
		if r := stop(); r.code != exitOK {
			t.Errorf("exit code %d: %s", r.code, r.stderr)
		}
	}
	if v := fake.Violations(); len(v) > 0 {
		t.Errorf("violations: %v", v)
	}
}

// TestServeSaysThatItIsConnected reads its log as a program does, as far as it needs to.
func TestServeSaysThatItIsConnected(t *testing.T) {
	talks(t)
	telegram := telegramtest.New(telegramtest.Options{})
	defer telegram.Close()
	discord := discordtest.New(discordtest.Options{Token: "a-token-of-discord", IdentifyEvery: -1})
	defer discord.Close()
	discord.NewGuild("Talks", discord.NewUser("anna"))
	gazette := httptest.NewServer(http.NotFoundHandler())
	defer gazette.Close()
	write(t, "parley.toml", "[log]\nformat = \"json\"\n[corpus]\nbriefs = false\npaths = [\"talks\"]\n"+
		"[sync]\nfeeds = [\""+gazette.URL+"/feed\"]\nallow_private = [\"127.0.0.0/8\"]\n"+
		"[discord]\ntoken = \""+discord.Token()+"\"\napi_url = \""+discord.URL()+"\"\n[telegram]\ntoken = \""+telegram.Token()+"\"\napi_url = \""+telegram.URL()+"\"\n")
	want := map[string]map[string]any{ // by message
		"the record is open": {"level": "INFO", "documents": 3.0, "newest": "2025-03"},
		"feeds are followed": {"level": "INFO", "feeds": 1.0, "due": 1.0},
		"digests are posted": {"level": "INFO", "subscriptions": 0.0},
		"on Telegram":        {"level": "INFO", "bot": "@" + telegramtest.DefaultUsername},
		"on Discord":         {"level": "INFO", "servers": 1.0},
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	reader, stderr := io.Pipe()
	go func() { // ends with the pipe, of which all is read
		code := run(ctx, []string{"serve"}, strings.NewReader(""), io.Discard, stderr)
		_ = stderr.CloseWithError(fmt.Errorf("exit code %d", code)) // it never fails
	}()
	for log := json.NewDecoder(reader); ; {
		var line map[string]any
		if err := log.Decode(&line); err != nil {
			if len(want) > 0 || err.Error() != "exit code 0" {
				t.Errorf("%v without the lines %v", err, want)
			}
			return
		}
		for key, value := range want[line["msg"].(string)] {
			if line[key] != value {
				t.Errorf("%s is %v; want %v: %v", key, line[key], value, line)
			}
		}
		delete(want, line["msg"].(string))
		if text := fmt.Sprint(line); strings.Contains(text, telegram.Token()) || strings.Contains(text, discord.Token()) {
			t.Errorf("a token is logged: %s", text)
		}
		if len(want) == 0 {
			stop()
		}
	}
}

func TestServeAnswersOnDiscordAndTelegramAtOnce(t *testing.T) {
	talks(t)
	telegram := telegramtest.New(telegramtest.Options{})
	defer telegram.Close()
	discord := discordtest.New(discordtest.Options{Token: "a-token-of-discord", IdentifyEvery: -1})
	defer discord.Close()
	write(t, "parley.toml", "[corpus]\nbriefs = false\npaths = [\"talks\"]\n[discord]\ntoken = \""+discord.Token()+"\"\napi_url = \""+discord.URL()+"\"\n"+
		"[telegram]\ntoken = \""+telegram.Token()+"\"\napi_url = \""+telegram.URL()+"\"\n")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	anna := discord.NewUser("anna")
	channel := discord.NewGuild("Talks", anna).Text("general")
	olena := telegram.User("Olena", "en")
	stop := serving(t)
	if err := discord.AwaitReady(ctx, 1); err != nil {
		t.Fatalf("%v; the bot: %+v", err, stop())
	}
	const want = "12,000 prisoners would be exchanged before the winter."
	reply, err := anna.Slash(ctx, channel, "ask", discordtest.Args{"question": question})
	if err != nil {
		t.Fatalf("%v; the bot: %+v", err, stop())
	}
	if !strings.Contains(reply.Message.Text(), want) {
		t.Errorf("Discord: %q", reply.Message.Text())
	}
	if got, err := olena.Ask(ctx, olena.Private(), question); err != nil || !strings.Contains(got.Plain(), want) {
		t.Errorf("Telegram: %q, %v", got.Plain(), err)
	}
	if r := stop(); r.code != exitOK {
		t.Errorf("exit code %d: %s", r.code, r.stderr)
	}
	if v := append(discord.Violations(), telegram.Violations()...); len(v) > 0 {
		t.Errorf("violations: %v", v)
	}
}

func TestServeSaysWhatIsWrongWithAToken(t *testing.T) {
	talks(t)
	fake := telegramtest.New(telegramtest.Options{})
	defer fake.Close()
	parley(t, "", with("serve")...).want(t, exitError, nil, "no platform has a token: set discord.token or telegram.token")
	write(t, "parley.toml", "[telegram]\ntoken = \"123456:wrongwrongwrongwrongwrongwrongwrongwro\"\napi_url = \""+fake.URL()+"\"\n")
	r := parley(t, "", with("serve", "--log-level", "warn")...)
	r.want(t, exitError, nil, "telegram")
	if strings.Contains(r.stderr, "wrongwrong") {
		t.Errorf("the token shows: %s", r.stderr)
	}
	discord := discordtest.New(discordtest.Options{})
	defer discord.Close()
	write(t, "parley.toml", "[discord]\ntoken = \"wrongwrong\"\napi_url = \""+discord.URL()+"\"\n")
	r = parley(t, "", with("serve", "--log-level", "warn")...)
	r.want(t, exitError, nil, "discord", "token")
	if strings.Contains(r.stderr, "wrongwrong") {
		t.Errorf("the token shows: %s", r.stderr)
	}
	t.Logf("stderr: %s", r.stderr)
	write(t, "parley.toml", "[discord]\nshard_count = \"many\"\n[telegram]\ntoken = \"1:3\"\n")
	parley(t, "", "config", "check").want(t, exitError, nil, `discord.shard_count is "many"; it must be "auto" or a number from 1 to 16384`)
	write(t, "parley.toml", "[telegram]\ntoken = \"1:3\"\n")
	t.Setenv("PARLEY_TELEGRAM_TOKEN", "1:2")
	parley(t, "", "config", "check").want(t, exitError, nil, "only one of telegram.token, telegram.token_file and the environment's PARLEY_TELEGRAM_TOKEN may be set")
}
