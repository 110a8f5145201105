package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/bottest/discordtest"
	"parley/bot/bottest/telegramtest"
	"parley/bot/delivery/ledger"
	"parley/bot/store"
	"parley/corpus"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

// household is a place where parley runs, with a channel on Discord and a group on Telegram
// that subscribe to digests.
type household struct {
	t        *testing.T
	args     []string
	kept     *store.Store
	ledger   *ledger.Ledger
	discord  *discordtest.Server
	anna     *discordtest.User
	channel  *discordtest.Channel
	telegram *telegramtest.Server
	group    *telegramtest.Chat
	subs     map[string]bot.Subscription // by platform
}

func newHousehold(t *testing.T, dsn string) *household {
	h := &household{
		t: t, discord: discordtest.New(discordtest.Options{Token: "a-token-of-discord", IdentifyEvery: -1}),
		telegram: telegramtest.New(telegramtest.Options{}), subs: map[string]bot.Subscription{},
	}
	t.Cleanup(h.discord.Close)
	t.Cleanup(h.telegram.Close)
	h.anna = h.discord.NewUser("anna")
	h.channel = h.discord.NewGuild("Talks", h.anna).Text("digests")
	h.anna.Say(h.channel, "hello")
	h.group = h.telegram.Group("Talks", h.telegram.User("Olena", "uk"))
	h.moveIn(dsn)
	for platform, place := range map[string]bot.Place{
		"discord":  {Chat: fmt.Sprint("discord/", h.channel.Guild.ID), Channel: h.channel.ID.String()},
		"telegram": {Chat: fmt.Sprint("telegram/", h.group.ID())},
	} {
		// Behind change 0, so that all that the record holds is new, and not due for most of
		// a day but for the slot that a test opens.
		earlier := time.Now().UTC().Add(-time.Hour)
		s := bot.Subscription{Place: place, Zone: "UTC", At: earlier.Hour()*60 + earlier.Minute(), Since: time.Now(), QuietDays: true}
		h.subs[platform] = value(h.kept.AddSubscription(t.Context(), s, 0))(t)
	}
	return h
}

// moveIn writes the configuration and opens the database.
func (h *household) moveIn(dsn string) {
	h.t.Helper()
	dir := h.t.TempDir()
	config := filepath.Join(dir, "parley.toml")
	write(h.t, config, fmt.Sprintf("[bot]\nrequests_per_minute = 6000\nburst = 1000\n[database]\ndsn = %q\n[discord]\ntoken = %q\napi_url = %q\n[telegram]\ntoken = %q\napi_url = %q\n",
		dsn, h.discord.Token(), h.discord.URL(), h.telegram.Token(), h.telegram.URL()))
	h.args = []string{"--config", config, "--data-dir", dir}
	open := func() (*database.DB, error) {
		return database.OpenSQLite(h.t.Context(), filepath.Join(dir, "parley.db"))
	}
	if dsn != "" {
		open = func() (*database.DB, error) { return database.OpenPostgres(h.t.Context(), dsn) }
	}
	db := value(open())(h.t)
	h.t.Cleanup(func() {
		if err := db.Close(); err != nil {
			h.t.Error(err)
		}
	})
	h.kept = value(store.New(h.t.Context(), db, time.Now))(h.t)
	h.ledger = ledger.New(db, time.Now)
}

func value[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// due makes every subscription due now.
func (h *household) due() {
	h.t.Helper()
	for _, s := range h.subs {
		slot := bot.Slot{Subscription: s.ID, Place: s.Place, Date: corpus.DateOf(time.Now().UTC(), corpus.Day), Due: time.Now(), State: bot.SlotDue}
		if _, err := h.ledger.Open(h.t.Context(), []bot.Slot{slot}); err != nil {
			h.t.Fatal(err)
		}
	}
}

// serves runs "parley serve" in another process until it is killed.
func (h *household) serves() (kill func()) {
	h.t.Helper()
	cmd := exec.CommandContext(h.t.Context(), os.Args[0], append(h.args, "serve")...)
	cmd.Env = append(os.Environ(), childEnv+"=1")
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	return func() {
		h.t.Helper()
		err := cmd.Process.Kill()
		waited := cmd.Wait()
		var exit *exec.ExitError
		if err != nil || !errors.As(waited, &exit) || exit.Exited() {
			h.t.Errorf("it ended by itself: %v, %v", waited, err)
		}
		h.t.Logf("parley serve: %s", said.String())
	}
}

// slots are the only slots of the platforms, once none is due.
func (h *household) slots(ctx context.Context) map[string]bot.Slot {
	h.t.Helper()
	for {
		done := map[string]bot.Slot{}
		for platform, s := range h.subs {
			slots := value(h.ledger.Slots(h.t.Context(), s.ID, 2))(h.t)
			if len(slots) == 1 && slots[0].State != bot.SlotDue {
				done[platform] = slots[0]
			}
		}
		if len(done) == len(h.subs) {
			return done
		}
		if ctx.Err() != nil {
			h.t.Fatalf("of %d digests %d are done", len(h.subs), len(done))
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// own are the messages of the bot in the channel.
func (h *household) own() (texts []string) {
	for _, m := range h.anna.Messages(h.channel) {
		if m.Author.Bot {
			texts = append(texts, m.Text())
		}
	}
	return texts
}

// TestAKilledServeGoesOnWithItsDigests kills the program when the first message of a digest
// has reached each platform and no answer has come back.
func TestAKilledServeGoesOnWithItsDigests(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits until what the killed process held is free")
	}
	t.Parallel()
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": dbtest.Address} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
			defer cancel()
			h := newHousehold(t, dsn(t))
			h.due()
			h.discord.Fail(discordtest.Fault{Route: "POST /channels/{channel_id}/messages", How: discordtest.FailStored(discordtest.FailHang())})
			h.telegram.Fail(telegramtest.Match{Chat: h.group.ID()}, telegramtest.FailHang().AfterStoring())
			kill := h.serves()
			if _, err := h.group.AwaitSaid(ctx, 1); err != nil {
				t.Fatal(err)
			}
			for len(h.own()) == 0 && ctx.Err() == nil {
				time.Sleep(10 * time.Millisecond)
			}
			kill()
			kill = h.serves()
			defer kill()
			slots := h.slots(ctx)
			for platform, posts := range map[string]int{"discord": len(h.own()), "telegram": len(h.group.Said())} {
				t.Logf("%s: %+v, %d messages", platform, slots[platform], posts)
				if posts == 0 || posts != slots[platform].Parts {
					t.Errorf("%s: %d messages of %d", platform, posts, slots[platform].Parts)
				}
			}
			if s := slots["discord"]; s.State != bot.SlotPosted {
				t.Errorf("Discord: %+v", s)
			}
			if s := slots["telegram"]; s.State != bot.SlotUnknown || s.Sent != s.Parts-1 {
				t.Errorf("Telegram: %+v", s)
			}
		})
	}
}

func TestOperatorsListPreviewAndPostDigests(t *testing.T) {
	h := newHousehold(t, "")
	run := func(args ...string) result { return parley(t, "", append(h.args, args...)...) }
	id := h.subs["telegram"].ID
	if err := h.kept.Suspend(t.Context(), h.subs["discord"].Place.Key(), "the channel is locked"); err != nil {
		t.Fatal(err)
	}
	run("digest", "list").want(t, exitOK, []string{id, "UTC", "next ", "suspended: the channel is locked"})
	for line := range strings.Lines(run("digest", "list", "--json").stdout) {
		var l subscriptionLine
		if err := json.NewDecoder(strings.NewReader(line)).Decode(&l); err != nil || l.ID == "" || l.Next.Before(time.Now()) {
			t.Errorf("%s: %v", line, err)
		}
	}
	run("digest", "preview", id).want(t, exitOK, []string{"Parley’s summary, "})
	if n := len(h.group.Said()); n != 0 {
		t.Errorf("a preview was posted: %d messages", n)
	}
	run("digest", "ledger").want(t, exitOK, nil, "parley: no digest has been due yet")
	run("digest", "ledger", "--json").want(t, exitOK, nil)
	for range 2 {
		r := run("digest", "run-slot", id, "--json")
		r.want(t, exitOK, []string{`"state":"posted"`})
		var l slotLine
		if err := json.NewDecoder(strings.NewReader(r.stdout)).Decode(&l); err != nil || l.Sent == 0 || l.Sent != l.Parts || len(h.group.Said()) != l.Parts {
			t.Errorf("%s: %v; %d messages", r.stdout, err, len(h.group.Said()))
		}
	}
	run("digest", "run-slot", h.subs["discord"].ID).want(t, exitOK, []string{"skipped", "posting here is suspended: the channel is locked"})
	run("digest", "ledger", "--state", "posted").want(t, exitOK, []string{id, "posted"})
	r := run("digest", "ledger", "--json", "--limit", "1", "--subscription", id)
	if d := json.NewDecoder(strings.NewReader(r.stdout)); d.Decode(new(slotLine)) != nil || !errors.Is(d.Decode(new(slotLine)), io.EOF) {
		t.Errorf("not one line: %s", r.stdout)
	}
	run("digest", "preview", "nobody").want(t, exitError, nil, "there is no subscription nobody")
	run("digest", "preview", "--no-briefs", id).want(t, exitUsage, nil, "digests are made of the library")
	run("digest", "ledger", "--limit", "0").want(t, exitUsage, nil, "--limit is 0")
	run("digest", "ledger", "--state", "failed").want(t, exitOK, nil, "parley: no such digest has been due yet")
	run("digest", "ledger", "--state", "lost").want(t, exitUsage, nil, `--state must be one of "due","posted","quiet","skipped","failed","unknown" but got "lost"`)
}

func TestThatThereIsNoSubscriptionIsSaid(t *testing.T) {
	t.Chdir(t.TempDir())
	parley(t, "", "digest", "list").want(t, exitOK, nil, "parley: no chat has a subscription")
	if r := parley(t, "", "digest", "list", "--json"); r.stdout+r.stderr != "" {
		t.Errorf("as JSON: %q, %q", r.stdout, r.stderr)
	}
}

func TestTheConfigurationOfDigestsIsChecked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "parley.toml")
	write(t, file, "[digest]\ntime = \"25:00\"\ntimezone = \"Nowhere\"\ncatch_up = \"2d\"\n")
	r := parley(t, "", "--config", file, "config", "check")
	r.want(t, exitError, nil, `digest.time is "25:00"`, `digest.catch_up is "2d"`)
	write(t, file, "[digest]\ntimezone = \"Nowhere\"\n")
	parley(t, "", "--config", file, "config", "check").want(t, exitError, nil, `digest.timezone is "Nowhere"`)
}
