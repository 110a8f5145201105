package discord

import (
	"strings"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/bottest/discordtest"
)

func TestASlashCommandIsAnsweredWithAnEmbed(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	ann.Locale = "uk"
	r := must2(ann.Slash(within(t), ch, "stance", discordtest.Args{"actor": "Київ", "page": 2}))(t)
	if r.Deferred || r.Message.Ephemeral() || len(r.Message.Embeds) != 1 {
		t.Errorf("the answer is %+v", r)
	}
	got := w.core.requests()[0]
	want := bot.Request{
		User: "discord/" + ann.ID.String(), Conversation: "discord/" + ch.ID.String() + "/" + ann.ID.String(),
		Chat: "discord/" + ch.Guild.ID.String(), Channel: ch.ID.String(), Language: "uk", Command: "stance",
	}
	if got.User != want.User || got.Conversation != want.Conversation || got.Chat != want.Chat || got.Channel != want.Channel ||
		got.Manager || got.Language != "uk" || got.Command != "stance" || got.Args["actor"] != "Київ" || got.Args["page"] != "2" {
		t.Errorf("the request is %+v, not %+v", got, want)
	}
}

func must2[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T { t.Helper(); return must(t, v, err) }
}

func TestMentionsRepliesAndDirectMessagesAreQuestions(t *testing.T) {
	w := begin(t, setup{})
	ann, bob := w.fake.NewUser("ann"), w.fake.NewUser("bob")
	ch := w.fake.NewGuild("talks", ann, bob).Text("general")
	asked := must2(ann.Ask(within(t), ch, w.fake.Bot().Mention()+" what about Crimea?"))(t)
	if !strings.Contains(asked.Text(), "what about Crimea?") || strings.Contains(asked.Text(), "@") {
		t.Errorf("the answer is %q", asked.Text())
	}
	w.knows(asked)
	must2(bob.SayTo(asked, "and Donbas?", true))(t)
	must2(bob.Await(within(t), asked))(t)
	thread := ch.Thread(ann, "Crimea")
	must2(bob.Ask(within(t), thread, "/stance "+w.fake.Bot().Mention()+" russia"))(t)
	must2(ann.Ask(within(t), w.fake.DM(ann), "in private"))(t)
	all := w.core.requests()
	if len(all) != 4 {
		t.Fatalf("asked %+v", all)
	}
	if all[0].Conversation != all[1].Conversation || all[1].Text != "and Donbas?" {
		t.Errorf("the reply is of another conversation: %+v", all[1])
	}
	if all[2].Command != "stance" || all[2].Text != "russia" || all[2].Conversation == all[0].Conversation {
		t.Errorf("the typed command is %+v", all[2])
	}
	if all[3].Text != "in private" || !all[3].Manager || all[3].Chat != "discord/"+w.fake.DM(ann).ID.String() {
		t.Errorf("the direct message is %+v", all[3])
	}
}

func TestOwnAndOthersMessagesAreIgnored(t *testing.T) {
	w := begin(t, setup{})
	ann, bob := w.fake.NewUser("ann"), w.fake.NewUser("bob")
	bob.Bot = true
	ch := w.fake.NewGuild("talks", ann, bob).Text("general")
	must2(ann.Say(ch, "nothing for the bot"))(t)
	must2(bob.Say(ch, w.fake.Bot().Mention()+" from a bot"))(t)
	must2(ann.Ask(within(t), ch, w.fake.Bot().Mention()))(t)
	if all := w.core.requests(); len(all) != 1 || all[0].Command != "help" {
		t.Errorf("asked %+v", all)
	}
}

func TestASlowAnswerIsPromisedAndComes(t *testing.T) {
	w := begin(t, setup{})
	release := make(chan struct{})
	w.core.answer = slow(release, sentence("at last"))
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	i := must2(ann.SendSlash(ch, "ask", discordtest.Args{"question": "q"}))(t)
	if err := i.Acknowledged(within(t)); err != nil {
		t.Fatal(err)
	}
	close(release)
	r := must2(i.Reply(within(t)))(t)
	if !r.Deferred || r.After > 3*time.Second || !strings.Contains(r.Message.Text(), "at last") {
		t.Errorf("the answer is %+v", r)
	}
}
