package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/index"
)

// chat asks as a member of a chat with channels.
type chat struct {
	*fixture
	req Request
}

func newChat() *chat {
	return &chat{newFixture(answered(hit())), Request{
		User: "u", Conversation: "c", Chat: "discord/1", Channel: "general", Manager: true,
		ChannelName: func(c string) Run { return Run{"#" + c, "https://chat.example/" + c} },
	}}
}

func (c *chat) ask(line string) Reply {
	req := c.req
	req.Command, req.Text = SplitCommand(line)
	return c.Handle(context.Background(), req)
}

func TestSettingsShowWhatHolds(t *testing.T) {
	c := newChat()
	c.req.Manager = false
	reply := c.ask("/settings")
	want := "Settings of this chat\nLanguage: each user’s own\nAnswers: shown to everyone\nChannels: all\n" + en("managers_only")
	if diff := cmp.Diff(want, text(reply)); diff != "" || !reply.Private {
		t.Errorf("private %t: %s", reply.Private, diff)
	}
}

func TestOnlyManagersChangeSettings(t *testing.T) {
	c := newChat()
	c.req.Manager = false
	for _, line := range []string{"/settings language:uk", "/settings private:true", "/settings here:true"} {
		if got := text(c.ask(line)); got != en("managers_only") {
			t.Errorf("%s: %s", line, got)
		}
	}
	if got := text(c.ask("/settings")); !strings.Contains(got, "each user’s own\nAnswers: shown to everyone\nChannels: all") {
		t.Errorf("something changed: %s", got)
	}
}

func TestTheLanguageOfAChatHoldsForAll(t *testing.T) {
	c := newChat()
	if got := text(c.ask("/settings language:Українська")); !strings.HasPrefix(got, "Налаштування цього чату\nМова: Українська") {
		t.Errorf("changing: %s", got)
	}
	c.req.Language = "en-GB"
	if got := text(c.ask("borders?")); !strings.Contains(got, "повідомляє RTW News") {
		t.Errorf("answer: %s", got)
	}
	if got := text(c.ask("/nonsense")); !strings.HasPrefix(got, "Команди /nonsense немає.") {
		t.Errorf("refusal: %s", got)
	}
	if got := c.Complete(context.Background(), Request{Chat: c.req.Chat, Command: "stance"}, "actor", "krem"); got[0].Name != "Росія (Kremlin)" {
		t.Errorf("completion: %v", got)
	}
	if got := text(c.ask("/settings language user")); !strings.HasPrefix(got, "Налаштування цього чату\nМова: у кожного своя") {
		t.Errorf("changing back: %s", got)
	}
	if got := text(c.ask("borders?")); !strings.Contains(got, "reported by RTW News") {
		t.Errorf("answer: %s", got)
	}
}

func TestAnswersAreAsPrivateAsTheChatWants(t *testing.T) {
	c := newChat()
	for _, step := range []struct {
		change string
		want   bool
	}{{"/settings", false}, {"/settings private on", true}, {"/settings language:en", true}, {"/settings private:ні", false}} {
		c.ask(step.change)
		if got := c.ask("borders?").Private; got != step.want {
			t.Errorf("after %s: private %t", step.change, got)
		}
	}
}

func TestTheBotAnswersInTheChannelsNamed(t *testing.T) {
	c := newChat()
	c.ask("/settings here:true")
	c.req.Channel = "talks"
	c.ask("/settings here:true")
	c.ask("/settings here:true")
	if s, _ := c.settings.ChatSettings(context.Background(), "discord/1"); !cmp.Equal(s.Channels, []string{"general", "talks"}) {
		t.Fatalf("channels %v", s.Channels)
	}
	c.req.Channel = "memes"
	for _, line := range []string{"borders?", "/stance russia", "/help"} {
		reply := c.ask(line)
		if want := "The bot does not answer in this channel, but in: #general, #talks."; text(reply) != want || !reply.Private {
			t.Errorf("%s: private %t, %s", line, reply.Private, text(reply))
		}
		if line := reply.Blocks[0].(Text).Line; line[1].URL != "https://chat.example/general" {
			t.Errorf("%s: %v", line, line)
		}
	}
	if len(c.record.asked) > 0 {
		t.Error("the record was asked")
	}
	if got := text(c.ask("/settings")); !strings.Contains(got, "Channels: #general, #talks") {
		t.Errorf("/settings: %s", got)
	}
	if got := text(c.ask("/doctor")); !strings.HasPrefix(got, "The record") {
		t.Errorf("/doctor: %s", got)
	}
	for _, channel := range []string{"talks", ""} { // the last one: a private chat
		c.req.Channel = channel
		if got := text(c.ask("borders?")); !strings.Contains(got, "RTW News") {
			t.Errorf("channel %q: %s", channel, got)
		}
	}
}

func TestChannelsAreTakenFromTheList(t *testing.T) {
	c := newChat()
	if got := text(c.ask("/settings here:false")); got != en("channels_unnamed") {
		t.Errorf("all channels: %s", got)
	}
	c.ask("/settings here:true")
	if got := text(c.ask("/settings here:false")); !strings.Contains(got, "Channels: all") || !strings.Contains(got, en("channels_all_again")) {
		t.Errorf("the last channel: %s", got)
	}
	c.req.Channel = ""
	if got := text(c.ask("/settings here:true")); got != en("no_channel") {
		t.Errorf("no channel: %s", got)
	}
	c.req.Chat = ""
	if got := text(c.ask("/settings private:true")); got != en("no_settings") {
		t.Errorf("no chat: %s", got)
	}
}

// broken is a store whose disk is full.
type broken struct{ readable bool }

func (b broken) ChatSettings(context.Context, string) (ChatSettings, error) {
	if b.readable {
		return ChatSettings{}, nil
	}
	return ChatSettings{}, errors.New("disk full")
}

func (broken) SetChatSettings(context.Context, string, ChatSettings) error {
	return errors.New("disk full")
}

func TestAStoreThatFailsCostsNoAnswer(t *testing.T) {
	for _, store := range []broken{{readable: false}, {readable: true}} {
		c := newChat()
		c.settings = store
		if got := text(c.ask("borders?")); !strings.Contains(got, "reported by RTW News") {
			t.Errorf("answer: %s", got)
		}
		if got := text(c.ask("/settings language:uk")); got != en("not_kept") {
			t.Errorf("change: %s", got)
		}
		if !strings.Contains(c.log.String(), "disk full") {
			t.Errorf("log: %s", c.log)
		}
	}
}

func TestTheDoctorSaysWhatIsMissing(t *testing.T) {
	c := newChat()
	c.req.Diagnose = func(context.Context) ([]Finding, error) {
		return []Finding{{Need: "Send Messages"}, {Need: "Embed Links", Missing: true, Why: "why.embed"}}, nil
	}
	settings := "\nSettings of this chat\nLanguage: each user’s own\nAnswers: shown to everyone\nChannels: all"
	record := "The record\nDocuments: 3,273\nNewest day: 8 May 2026"
	want := record + settings + "\nWhat the bot needs here\nSend Messages: there\nEmbed Links: missing. Answers come as plain text.\n" + en("ask_managers")
	reply := c.ask("/doctor")
	if diff := cmp.Diff(want, text(reply)); diff != "" || !reply.Private {
		t.Errorf("private %t: %s", reply.Private, diff)
	}
	c.req.Diagnose = func(context.Context) ([]Finding, error) { return []Finding{{Need: "Send Messages"}}, nil }
	if got := text(c.ask("/doctor")); !strings.HasSuffix(got, "Send Messages: there\n"+en("all_well")) {
		t.Errorf("all well: %s", got)
	}
	c.req.Diagnose = nil
	if got := text(c.ask("/doctor")); got != record+settings {
		t.Errorf("nothing to look at: %s", got)
	}
}

// closed is a list of suspensions.
type closed []Suspension

func (c closed) Suspensions(context.Context, string) ([]Suspension, error) { return c, nil }

func TestTheDoctorSaysWhereDigestsAreNotPosted(t *testing.T) {
	c := newChat()
	since := time.Date(2026, 5, 8, 7, 30, 0, 0, time.UTC)
	c.suspensions = closed{
		{Place: Place{Chat: c.req.Chat}, Reason: "the bot was removed", Since: since},
		{Place: Place{Chat: c.req.Chat, Channel: "general"}, Reason: "the channel is locked", Since: since},
	}
	got := text(c.ask("/doctor"))
	for _, want := range []string{
		"This chat: no digests are posted since 8 May 2026: the bot was removed.",
		"#general: no digests are posted since 8 May 2026: the channel is locked. They go on when the bot may post again.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
}

func TestTheDoctorDoesNotFallIll(t *testing.T) {
	c := newChat()
	c.record.err, c.settings = errors.New("index gone"), broken{}
	c.req.Diagnose = func(context.Context) ([]Finding, error) { return nil, errors.New("gateway down") }
	got := text(c.ask("/doctor"))
	for _, want := range []string{"Documents: " + en("record_unreadable"), "Channels: all", en("not_looked_at")} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	for _, want := range []string{"index gone", "disk full", "gateway down"} {
		if !strings.Contains(c.log.String(), want) {
			t.Errorf("the log lacks %q", want)
		}
	}
}

func TestTheWelcomeListsTheCommands(t *testing.T) {
	f := newFixture(index.Answer{})
	f.record.err = errors.New("index gone") // a greeting needs no record
	got := text(f.welcome("uk"))
	for _, c := range f.Commands() {
		if !strings.Contains(got, c.Usage()+": "+c.Describe("uk")) {
			t.Errorf("no /%s in %s", c.Name, got)
		}
	}
}

func TestWithoutDigestsThereIsNoSuchCommand(t *testing.T) {
	if got := text(newChat().ask("/digest list")); !strings.HasPrefix(got, "There is no command /digest.") {
		t.Errorf("got %s", got)
	}
}

func TestAUserIsForgotten(t *testing.T) {
	c := newChat()
	var forgotten []string
	c.forget = func(_ context.Context, user string) error { forgotten = append(forgotten, user); return nil }
	c.ask("borders?")
	for _, line := range []string{"/forgetme", "/forget-me", "/Forget_Me"} {
		if reply := c.ask(line); text(reply) != en("forgotten") || !reply.Private {
			t.Errorf("%s: %s", line, text(reply))
		}
	}
	if !slices.Equal(forgotten, []string{"u", "u", "u"}) {
		t.Errorf("forgotten %v", forgotten)
	}
	if got := text(c.ask("/source 1")); got != en("nothing_shown") {
		t.Errorf("the conversation goes on: %s", got)
	}
	c.forget = func(context.Context, string) error { return errors.New("disk full") }
	if got := text(c.ask("/forgetme")); got != en("not_kept") {
		t.Errorf("a failure: %s", got)
	}
}
