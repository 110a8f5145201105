package discord

import (
	"strings"
	"testing"

	"parley/bot/bottest/discordtest"
)

const typingRoute = "POST /channels/{channel_id}/typing"

func TestASlowAnswerToAMessageShowsTyping(t *testing.T) {
	w := begin(t, setup{})
	release := make(chan struct{})
	w.core.answer = slow(release, sentence("at last"))
	ann := w.fake.NewUser("ann")
	m := must2(ann.Say(w.fake.DM(ann), "q"))(t)
	if err := w.fake.AwaitRequests(within(t), typingRoute, 1); err != nil {
		t.Fatal(err)
	}
	close(release)
	if a := must2(ann.Await(within(t), m))(t); a.ReplyTo != m.ID || !strings.Contains(a.Text(), "at last") {
		t.Errorf("the answer is %+v", a)
	}
}

func TestWithoutTheHistoryTheAnswerIsNoReply(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	ch.Deny(ch.Guild, discordtest.ReadMessageHistory)
	if a := must2(ann.Ask(within(t), ch, w.fake.Bot().Mention()+" q"))(t); a.ReplyTo != 0 || len(a.Embeds) != 1 {
		t.Errorf("the answer is %+v", a)
	}
}

func TestWithoutEmbedsTheBotSaysWhatIsMissing(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	ch.Deny(ch.Guild, discordtest.EmbedLinks)
	if a := must2(ann.Ask(within(t), ch, w.fake.Bot().Mention()+" q"))(t); !strings.Contains(a.Content, "Embed Links") {
		t.Errorf("the answer is %+v", a)
	}
}

func TestWhereTheBotMayNotWriteItIsSilent(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	ch.Deny(w.fake.Bot(), discordtest.SendMessages)
	must2(ann.Say(ch, w.fake.Bot().Mention()+" q"))(t)
	w.until("the log", func() bool { return strings.Contains(w.logs.String(), "event not answered") })
	if n := len(w.fake.Requests(postRoute)); n != 2 { // the answer, and why there is none
		t.Errorf("%d attempts", n)
	}
}

func TestAThreadBelowAnAnswerGoesOnWithItsConversation(t *testing.T) {
	w := begin(t, setup{})
	w.bot.conversations.ContainsOrAdd("77", "discord/1/2")
	if c := w.bot.conversation("77", "3", ""); c != "discord/1/2" {
		t.Errorf("in the thread it is %q", c)
	}
	if c := w.bot.conversation("78", "3", "77"); c != "discord/1/2" {
		t.Errorf("in a reply it is %q", c)
	}
	if c := w.bot.conversation("78", "3", "79"); c != "discord/78/3" {
		t.Errorf("elsewhere it is %q", c)
	}
}

func TestAnAnswerToAMessageIsPostedOnce(t *testing.T) {
	w := begin(t, setup{})
	w.fake.Fail(discordtest.Fault{Route: postRoute, How: discordtest.FailStored(discordtest.FailHTML(502))})
	ann := w.fake.NewUser("ann")
	ch := w.fake.DM(ann)
	m := must2(ann.Ask(within(t), ch, "q"))(t)
	w.knows(m)
	if all := ann.Messages(ch); len(all) != 2 {
		t.Errorf("%d messages", len(all))
	}
}
