package discord

import (
	"strings"
	"testing"

	"parley/bot/bottest"
	"parley/bot/bottest/discordtest"
)

// TestTheRecordOnDiscord goes through all commands, their buttons and the questions in
// chats, with the real core over the real record.
func TestTheRecordOnDiscord(t *testing.T) {
	w := begin(t, setup{core: bottest.Core(t, noLog), alone: true})
	ann, bob := w.fake.NewUser("ann"), w.fake.NewUser("bob")
	ch := w.fake.NewGuild("talks", ann, bob).Text("general")
	ctx := within(t)
	for path, args := range map[string]discordtest.Args{
		"ask":      {"question": "What did Putin say about territory?"},
		"stance":   {"actor": "росія", "topic": "territory"},
		"compare":  {"topic": "nato"},
		"timeline": {"topic": "territory"},
		"check":    {"text": "Russia demands that Ukraine leaves Donbas. Ukraine refuses to cede territory."},
		"sources":  {},
		"source":   {"passage": "1"},
		"us":       {"topic": "security"},
		"help":     {},
	} {
		r := must2(ann.Slash(ctx, ch, path, args))(t)
		if r.Message == nil || len(r.Message.Text()) < 40 {
			t.Errorf("/%s answered %+v", path, r)
		}
	}
	answer := must2(ann.Slash(ctx, ch, "ask", discordtest.Args{"question": "What did Ukraine say about NATO?"}))(t).Message
	if !strings.Contains(answer.Text(), "\n> ") || !strings.Contains(answer.Text(), "**") || answer.Embeds[len(answer.Embeds)-1].Footer == nil {
		t.Errorf("the answer is %s", answer.Text())
	}
	for _, c := range answer.Controls() {
		if c.URL == "" {
			r := must2(bob.Click(ctx, *answer, c.CustomID))(t)
			if r.Message == nil || !r.Message.Ephemeral() {
				t.Errorf("%s leads to %+v", c.Label, r)
			}
		}
	}
	picture := must2(ann.Slash(ctx, ch, "timeline", discordtest.Args{"topic": "nato"}))(t).Message
	if len(picture.Attachments) != 1 || picture.Attachments[0].Description == "" || !strings.HasPrefix(string(picture.Attachments[0].Data), "\x89PNG") {
		t.Errorf("the picture is %+v", picture.Attachments)
	}
	if got := must2(ann.Autocomplete(ctx, ch, "stance", "actor", "Зеленс", nil))(t); len(got) == 0 {
		t.Error("nothing proposed for a name in Cyrillic")
	}
}

func TestAFollowUpKeepsItsContext(t *testing.T) {
	w := begin(t, setup{core: bottest.Core(t, noLog)})
	ann, bob := w.fake.NewUser("ann"), w.fake.NewUser("bob")
	ch := w.fake.NewGuild("talks", ann, bob).Text("general")
	ctx := within(t)
	first := must2(ann.Ask(ctx, ch, w.fake.Bot().Mention()+" What did Ukraine say about territory?"))(t)
	w.knows(first)
	reply := must2(bob.SayTo(first, "and Russia?", true))(t)
	second := must2(bob.Await(ctx, reply))(t)
	if second.ReplyTo != reply.ID || !strings.Contains(second.Text(), "Russia") || strings.Contains(second.Text(), "nothing that answers") {
		t.Errorf("the follow-up was answered %s", second.Text())
	}
}
