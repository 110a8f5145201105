package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/bottest/discordtest"
	"parley/bot/bottest/telegramtest"
	"parley/bot/delivery/ledger"
	"parley/corpus/database/dbtest"
)

var digests = flag.Int("digests", 0, "how many digests are due in the same minute, half of them on each platform; 0: the test is left out")

// TestManyDigestsAreDueAtOnce runs "parley serve" while so many digests are due in the same
// minute, against fakes that keep the platforms' limits, and asks questions meanwhile. How
// long that takes is told and not judged.
func TestManyDigestsAreDueAtOnce(t *testing.T) {
	if *digests == 0 {
		t.Skip("only with -digests")
	}
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": dbtest.Address} {
		t.Run(name, func(t *testing.T) { newRush(t, dsn(t), *digests/2).run() })
	}
}

// rush is a household with many neighbours.
type rush struct {
	*household
	each     int // digests on each platform
	channels []*discordtest.Channel
	groups   []*telegramtest.Chat
	due      time.Time
}

func newRush(t *testing.T, dsn string, each int) *rush {
	// The fakes keep the platforms' limits; the API's description is held against requests
	// elsewhere, here it would take the processor from the program.
	r := &rush{household: &household{
		t: t, discord: discordtest.New(discordtest.Options{Token: "a-token-of-discord", IdentifyEvery: -1, Limits: true, Unchecked: true}),
		telegram: telegramtest.New(telegramtest.Options{Limits: true}), subs: map[string]bot.Subscription{},
	}, each: each}
	t.Cleanup(r.discord.Close)
	t.Cleanup(r.telegram.Close)
	r.moveIn(dsn)
	r.anna = r.discord.NewUser("anna")
	var places []bot.Place
	const perGuild = 10
	for n := 0; n < each; {
		guild := r.discord.NewGuild(fmt.Sprint("guild", n), r.anna)
		for range perGuild {
			ch := guild.Text(fmt.Sprint("digests", n))
			r.channels = append(r.channels, ch)
			places = append(places, bot.Place{Chat: fmt.Sprint("discord/", guild.ID), Channel: ch.ID.String()})
			n++
		}
	}
	for n := range each {
		group := r.telegram.Group(fmt.Sprint("group", n), r.telegram.User(fmt.Sprint("user", n), ""))
		r.groups = append(r.groups, group)
		places = append(places, bot.Place{Chat: fmt.Sprint("telegram/", group.ID())})
	}
	r.subscribe(places)
	return r
}

// subscribe has all places get a digest in the same minute, a while from now.
func (r *rush) subscribe(places []bot.Place) {
	begun := time.Now()
	for i, p := range places {
		s := bot.Subscription{Place: p, Zone: "UTC", Since: begun, QuietDays: true}
		if i == 0 {
			// Time enough to keep them all and to start.
			r.due = begun.Add(time.Duration(len(places))*10*time.Millisecond + time.Minute).UTC().Truncate(time.Minute).Add(time.Minute)
		}
		s.At = r.due.Hour()*60 + r.due.Minute()
		value(r.kept.AddSubscription(r.t.Context(), s, 0))(r.t)
	}
	r.t.Logf("%d subscriptions kept in %v", len(places), time.Since(begun).Round(time.Second))
}

func (r *rush) run() {
	t := r.t
	cmd := exec.CommandContext(t.Context(), os.Args[0], append(r.args, "serve")...)
	cmd.Env = append(os.Environ(), childEnv+"=1")
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithDeadline(t.Context(), r.due.Add(time.Duration(r.each)*200*time.Millisecond+5*time.Minute))
	defer cancel()
	if err := r.discord.AwaitReady(ctx, 1); err != nil {
		t.Fatal(err, said.String())
	}
	if err := r.telegram.Drained(ctx); err != nil {
		t.Fatal(err)
	}
	watch := r.watch(ctx, cmd.Process.Pid)
	calm := r.ask(ctx, time.Until(r.due))
	busy, finish := context.WithCancel(ctx)
	var rushed latencies
	var asking sync.WaitGroup
	asking.Go(func() { rushed = r.ask(busy, time.Hour) })
	r.awaitAll(ctx)
	took := time.Since(r.due)
	finish()
	asking.Wait()
	memory := watch()
	_ = cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, said.String())
	}
	t.Logf("%d digests on each platform, all posted %v after their minute began; the limits ask for %v", r.each, took.Round(time.Second),
		(time.Duration(r.each) * time.Second / 20).Round(time.Second))
	t.Logf("questions before: %v", calm)
	t.Logf("questions meanwhile: %v", rushed)
	t.Logf("memory (VmRSS, MB, every 10 s): %v", memory)
	for _, v := range append(r.discord.Violations(), r.telegram.Violations()...) {
		t.Error("violation:", v)
	}
	r.wantOneEach()
}

// awaitAll waits until every digest is posted.
func (r *rush) awaitAll(ctx context.Context) {
	r.t.Helper()
	for {
		posted := value(r.ledger.Find(ctx, ledger.Query{State: bot.SlotPosted, Limit: 2*r.each + 1}))(r.t)
		if len(posted) == 2*r.each {
			return
		}
		if ctx.Err() != nil {
			r.t.Fatalf("%d of %d are posted", len(posted), 2*r.each)
		}
		time.Sleep(2 * time.Second)
	}
}

// wantOneEach holds that every place has one digest, besides the answers to questions.
func (r *rush) wantOneEach() {
	r.t.Helper()
	slots := value(r.ledger.Find(r.t.Context(), ledger.Query{Limit: 3 * r.each}))(r.t)
	parts := 0
	for _, s := range slots {
		parts += s.Parts
	}
	posts := 0
	for _, ch := range r.channels[1:] {
		posts += len(r.anna.Messages(ch))
	}
	posts += len(r.anna.Messages(r.channels[0])) - r.asked()
	for _, g := range r.groups {
		posts += len(g.Said())
	}
	if len(slots) != 2*r.each || posts != parts {
		r.t.Errorf("%d slots, %d messages of %d", len(slots), posts, parts)
	}
}

// asked is how many messages of a channel are answers to questions.
func (r *rush) asked() (n int) {
	for _, m := range r.anna.Messages(r.channels[0]) {
		if strings.Contains(m.Text(), "prisoner") && m.Type == 20 { // an answer to a command
			n++
		}
	}
	return n
}

// latencies are how long answers took.
type latencies []time.Duration

func (l latencies) String() string {
	if len(l) == 0 {
		return "none"
	}
	slices.Sort(l)
	at := func(share float64) time.Duration { return l[int(share*float64(len(l)-1))].Round(time.Millisecond) }
	return fmt.Sprintf("%d, half within %v, 95%% within %v, all within %v", len(l), at(.5), at(.95), at(1))
}

// ask asks a question on both platforms every second for a while.
func (r *rush) ask(ctx context.Context, for_ time.Duration) (took latencies) {
	const question = "how many prisoners were exchanged?"
	olena := r.telegram.User("Olena", "en")
	end := time.Now().Add(for_)
	for time.Now().Before(end) && ctx.Err() == nil {
		begun := time.Now()
		if _, err := r.anna.Slash(context.WithoutCancel(ctx), r.channels[0], "ask", discordtest.Args{"question": question}); err != nil {
			r.t.Error(err)
		}
		took = append(took, time.Since(begun))
		begun = time.Now()
		if _, err := olena.Ask(context.WithoutCancel(ctx), olena.Private(), question); err != nil {
			r.t.Error(err)
		}
		took = append(took, time.Since(begun))
		time.Sleep(time.Second)
	}
	return took
}

// watch reads the memory of a process until the returned function is called.
func (r *rush) watch(ctx context.Context, pid int) (stop func() []int) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan []int, 1)
	go func() {
		var megabytes []int
		every := time.NewTicker(10 * time.Second)
		defer every.Stop()
		for {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			if _, rest, ok := strings.Cut(string(status), "VmRSS:"); ok && err == nil {
				if kb, err := strconv.Atoi(strings.Fields(rest)[0]); err == nil {
					megabytes = append(megabytes, kb>>10)
				}
			}
			select {
			case <-every.C:
			case <-ctx.Done():
				done <- megabytes
				return
			}
		}
	}()
	return func() []int { cancel(); return <-done }
}
