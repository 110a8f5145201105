package discord

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/bottest"
	"parley/bot/bottest/discordtest"
	"parley/bot/wording"
)

const commandsRoute = "PUT /applications/{application_id}/commands"

func TestCommandsAreRegisteredWhenTheyChanged(t *testing.T) {
	w := begin(t, setup{})
	if n := len(w.fake.Requests(commandsRoute)); n != 1 {
		t.Fatalf("registered %d times", n)
	}
	w.stop()
	for _, tc := range []struct {
		what string
		core Core
		want int
	}{
		{"as they were", w.core, 1},
		{"changed", &fakeCore{commands: someCommands()[:1]}, 2},
		{"as they are now", &fakeCore{commands: someCommands()[:1]}, 2},
	} {
		o := w.bot.opts
		o.Core = tc.core
		d := must2(New(o))(t)
		if err := d.identify(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := d.register(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.idle()
		if n := len(w.fake.Requests(commandsRoute)); n != tc.want {
			t.Errorf("%s: registered %d times", tc.what, n)
		}
	}
}

func TestCommandsAreDescribedInTheLanguagesOfTheCore(t *testing.T) {
	for _, c := range translate(bottest.Core(t, noLog).Commands(), wording.Languages()) {
		if c.Type == discordgo.MessageApplicationCommand {
			continue
		}
		if c.DescriptionLocalizations == nil || (*c.DescriptionLocalizations)["uk"] == "" {
			t.Errorf("/%s is not described in Ukrainian", c.Name)
		}
		for _, o := range c.Options {
			if o.DescriptionLocalizations["uk"] == "" {
				t.Errorf("/%s %s is not described in Ukrainian", c.Name, o.Name)
			}
		}
	}
}

func TestRegisteredCommands(t *testing.T) {
	w := begin(t, setup{})
	all := w.fake.Commands()
	if len(all) != 4 {
		t.Fatalf("registered %v", all)
	}
	stance, settings, find := all[1], all[2], all[3]
	if o := stance.Options[0]; !o.Autocomplete || !o.Required || o.Type != 3 || *o.MaxLength != 200 {
		t.Errorf("the actor is %+v", o)
	}
	if o := stance.Options[1]; o.Type != 4 || o.Required {
		t.Errorf("the page is %+v", o)
	}
	if !slices.Equal(stance.Contexts, []int{0, 1, 2}) || !slices.Equal(stance.IntegrationTypes, []int{0, 1}) ||
		!slices.Equal(settings.Contexts, []int{0, 1}) || !slices.Equal(settings.IntegrationTypes, []int{0}) {
		t.Errorf("placed %v %v, %v %v", stance.Contexts, stance.IntegrationTypes, settings.Contexts, settings.IntegrationTypes)
	}
	if find.Type != 3 || find.Name != "Find in the record" {
		t.Errorf("the message command is %+v", find)
	}
}

func TestNoPrivilegedIntentIsAsked(t *testing.T) {
	w := begin(t, setup{})
	if got := w.fake.Connections()[0].Intents; got != 1|512|4096 {
		t.Errorf("intents are %d", got)
	}
}

func TestWhatIsWrongAtTheStartIsOneClearLine(t *testing.T) {
	t.Parallel()
	for what, tc := range map[string]struct {
		tweak func(*Options)
		fault *discordtest.Fault
		want  string
	}{
		"bad token":         {tweak: func(o *Options) { o.Token = "bad-token" }, want: "token is not accepted"},
		"no application id": {fault: &discordtest.Fault{Route: "GET /applications/@me", Count: -1, How: withBody(`{"name":"x"}`)}, want: "application_id"},
		"refused API":       {fault: &discordtest.Fault{Count: -1, How: discordtest.FailStatus(403)}, want: "403"},
		"refused gateway":   {fault: &discordtest.Fault{Route: "GET /gateway", Count: -1, How: discordtest.FailStatus(403)}, want: "api_url"},
		"commands refused": {tweak: func(o *Options) {
			o.Core = &fakeCore{commands: []bot.Command{{Name: "NO", About: wording.Phrase("x")}}}
		}, want: "register commands"},
	} {
		t.Run(what, func(t *testing.T) {
			w := begin(t, setup{idle: true, tweak: tc.tweak, fake: discordtest.Options{Unchecked: true}})
			if tc.fault != nil {
				w.fake.Fail(*tc.fault)
			}
			w.tolerate = what == "commands refused"
			w.run()
			err := w.wait()
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), w.bot.opts.Token) {
				t.Errorf("ended with %v", err)
			}
			if n := w.fake.Identifies(); n != 0 {
				t.Errorf("identified %d times", n)
			}
		})
	}
}

func TestABotThatStartsBeforeDiscordCanBeReachedWaitsForIt(t *testing.T) {
	w := begin(t, setup{idle: true, fake: discordtest.Options{Unchecked: true}})
	w.fake.Fail(discordtest.Fault{Count: 6, How: discordtest.FailReset()})
	w.run()
	if err := w.fake.AwaitReady(within(t), 1); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(w.logs.String(), "Discord does not answer, another try follows") {
		t.Errorf("log: %s", w.logs.String())
	}
}

// withBody answers 200 with a body.
func withBody(body string) discordtest.Failure { return discordtest.FailBody(http.StatusOK, body) }

func TestOptionsAreChecked(t *testing.T) {
	good := Options{Token: "t", Log: noLog, Core: &fakeCore{}, Commands: &store{}}
	for what, spoil := range map[string]func(*Options){
		"no token":            func(o *Options) { o.Token = "" },
		"token with a space":  func(o *Options) { o.Token = "Bot x" },
		"relative address":    func(o *Options) { o.APIURL = "localhost:80" },
		"ws address":          func(o *Options) { o.APIURL = "ws://localhost" },
		"negative count":      func(o *Options) { o.ShardCount = -1 },
		"range without sense": func(o *Options) { o.Shards = "a-b" },
		"range backwards":     func(o *Options) { o.Shards = "3-1" },
		"range beyond":        func(o *Options) { o.ShardCount, o.Shards = 4, "2-4" },
	} {
		o := good
		spoil(&o)
		if _, err := New(o); err == nil || strings.Contains(err.Error(), "Bot x") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := New(good); err != nil {
		t.Error(err)
	}
}

func TestShardsStartAtTheirPace(t *testing.T) {
	w := begin(t, setup{idle: true, fake: discordtest.Options{Shards: 3, MaxConcurrency: 2, IdentifyEvery: 5 * time.Second}})
	w.run()
	if err := w.fake.AwaitReady(within(t), 3); err != nil {
		t.Fatal(err, w.logs)
	}
	ann := w.fake.NewUser("ann")
	for range 3 { // ids follow one another, so these are on three shards
		ch := w.fake.NewGuild("talks", ann).Text("general")
		must2(ann.Slash(within(t), ch, "ask", discordtest.Args{"question": "q"}))(t)
	}
	must2(ann.Ask(within(t), w.fake.DM(ann), "q"))(t)
}

func TestAProcessRunsItsShardsOnly(t *testing.T) {
	w := begin(t, setup{idle: true, tweak: func(o *Options) { o.ShardCount, o.Shards = 6, "2-3" }, fake: discordtest.Options{MaxConcurrency: 6, IdentifyEvery: -1}})
	w.run()
	if err := w.fake.AwaitReady(within(t), 2); err != nil {
		t.Fatal(err, w.logs)
	}
	var ids []int
	for _, c := range w.fake.Connections() {
		ids = append(ids, c.Shard)
		if c.Shards != 6 {
			t.Errorf("of %d shards", c.Shards)
		}
	}
	slices.Sort(ids)
	if !slices.Equal(ids, []int{2, 3}) {
		t.Errorf("shards %v", ids)
	}
}

func TestTheDaysSessionsAreNotExceeded(t *testing.T) {
	w := begin(t, setup{fake: discordtest.Options{IdentifyLimit: 1}})
	if err := w.fake.Shard(0).Invalidate(false); err != nil {
		t.Fatal(err)
	}
	w.until("the bot to wait", func() bool { return strings.Contains(w.logs.String(), "no gateway session may be started") })
	if n := w.fake.Identifies(); n != 1 {
		t.Errorf("identified %d times", n)
	}
}

func TestServersThatComeAndGo(t *testing.T) {
	w := begin(t, setup{idle: true})
	old := w.fake.NewGuild("old")
	w.run()
	if err := w.fake.AwaitReady(within(t), 1); err != nil {
		t.Fatal(err)
	}
	old.RemoveBot()
	if err := w.fake.Shard(0).Dispatch("GUILD_CREATE", map[string]any{"id": "5"}); err != nil {
		t.Fatal(err)
	}
	w.until("both to be told", func() bool {
		w.store.mu.Lock()
		defer w.store.mu.Unlock()
		return len(w.store.suspended) == 1 && slices.Equal(w.store.resumed, []string{chatOf(old.ID.String()), "discord/5"})
	})
}

func TestRunningAnswersFinishWhenTheEndComes(t *testing.T) {
	w := begin(t, setup{})
	release := make(chan struct{})
	w.core.answer = slow(release, sentence("finished"))
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	i := must2(ann.SendSlash(ch, "ask", discordtest.Args{"question": "q"}))(t)
	w.until("the question", func() bool { return len(w.core.requests()) == 1 })
	w.cancel()
	w.until("the end to begin", func() bool { return len(w.fake.Connections()) == 1 && !w.fake.Connections()[0].Open })
	close(release)
	if err := w.wait(); err != nil {
		t.Error(err)
	}
	if r := i.Now(); r.Message == nil || !strings.Contains(r.Message.Text(), "finished") {
		t.Errorf("the answer is %+v", r)
	}
}
