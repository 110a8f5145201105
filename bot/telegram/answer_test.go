package telegram_test

import (
	"slices"
	"strings"
	"testing"

	"parley/bot"
	"parley/bot/bottest/telegramtest"
)

func TestAQuestionInPrivateIsAnsweredWithCitedQuotations(t *testing.T) {
	w := quick(t, overBriefs).starts()
	anna := w.tg.User("Anna", "en")
	answer := w.ask(anna, anna.Private(), "What does Russia say about NATO membership of Ukraine?")
	reply := realCore(w.log).Handle(t.Context(), bot.Request{User: "t", Text: "What does Russia say about NATO membership of Ukraine?"})
	var want []string
	for _, b := range reply.Blocks {
		if q, ok := b.(bot.Quote); ok {
			want = append(want, q.Text())
		}
	}
	quotes := answer.Marked("expandable_blockquote")
	if len(want) == 0 || len(quotes) != len(want) {
		t.Fatalf("%d quotations, want %d:\n%s", len(quotes), len(want), answer.Text)
	}
	for i, q := range quotes {
		if got := strings.Trim(q, "… “”"); got != strings.Trim(want[i], "… “”") {
			t.Errorf("quotation %d: %q, want %q", i+1, got, want[i])
		}
	}
	if len(answer.Links()) == 0 || len(answer.Marked("bold")) == 0 || answer.Preview == nil || !answer.Preview.Disabled {
		t.Errorf("links %q, bold %q, preview %+v", answer.Links(), answer.Marked("bold"), answer.Preview)
	}
	if _, ok := answer.Button("Source 1"); !ok {
		t.Errorf("no button for the first source: %+v", answer.Buttons())
	}
}

func TestFollowUpsAndNumbersReferToWhatWasShown(t *testing.T) {
	w := quick(t, overBriefs).starts()
	anna := w.tg.User("Anna", "")
	first := w.ask(anna, anna.Private(), "What does Russia say about territory?")
	second := w.ask(anna, anna.Private(), "and Ukraine?")
	if slices.Equal(first.Marked("expandable_blockquote"), second.Marked("expandable_blockquote")) || len(second.Marked("expandable_blockquote")) == 0 {
		t.Errorf("the follow-up shows the same as the question:\n%s", second.Text)
	}
	source := w.ask(anna, anna.Private(), "/source 1")
	if !strings.Contains(source.Text, "Document: ") {
		t.Errorf("source: %s", source.Text)
	}
}

func TestCommandsOfOtherBotsAreNotOurs(t *testing.T) {
	t.Parallel()
	core := echo()
	w := newWorld(t, telegramtest.Options{ReadsAll: true}, over(core)).starts()
	anna := w.tg.User("Anna", "")
	group := w.tg.Group("Talks", anna)
	anna.Say(group, "/ask@OtherBot who")
	anna.Say(group, "/weather")
	anna.Say(group, "nothing for the bot")
	w.quiet(group, 0)
	if got := w.ask(anna, group, "/ask@PARLEY_bot who"); got.Text != "ask<who>" || got.ReplyTo == nil {
		t.Errorf("answer %q to %+v", got.Text, got.ReplyTo)
	}
	if got := w.ask(anna, group, "/ask—who"); got.Text != "ask<—who>" {
		t.Errorf("a command that ends at a dash: %q", got.Text)
	}
}

func TestQuestionsInGroupsComeByMentionOrReply(t *testing.T) {
	core := echo()
	w := quick(t, over(core)).starts()
	anna := w.tg.User("Anna", "")
	group := w.tg.Supergroup("Talks", anna)
	answer := w.ask(anna, group, "😀😀 @Parley_Bot, who said it?")
	if answer.Text != "<😀😀 who said it?>" {
		t.Errorf("mention after emoji: %q", answer.Text)
	}
	if got := w.next(anna.Reply(answer, "and when?")); got.Text != "<and when?>" {
		t.Errorf("reply: %q", got.Text)
	}
	if got := w.next(anna.SendPhoto(group, "@parley_bot what is this?")); got.Text != "<what is this?>" {
		t.Errorf("caption: %q", got.Text)
	}
	if got := w.ask(anna, group, "@parley_bot"); got.Text != "help<>" {
		t.Errorf("nothing but the name: %q", got.Text)
	}
	for _, r := range core.requests() {
		if !strings.HasPrefix(r.Conversation, r.Chat+"/0/") || r.Chat == "" {
			t.Errorf("conversation %q of chat %q", r.Conversation, r.Chat)
		}
	}
}

func TestEditedMessagesChannelPostsAndOtherBotsAreNotAnswered(t *testing.T) {
	w := quick(t, over(echo())).starts()
	anna := w.tg.User("Anna", "")
	private := anna.Private()
	answer := w.ask(anna, private, "one")
	anna.Edit(telegramtest.Message{ID: answer.ID - 1, Chat: answer.Chat}, "two")
	channel := w.tg.Channel("News", anna)
	anna.Say(channel, "/ask three")
	w.tg.PushRaw(func(id int64) string {
		return strings.NewReplacer("ID", itoa(id), "CHAT", itoa(anna.ID())).Replace(`{"update_id":ID,"message":{"message_id":900,"date":1,
			"chat":{"id":CHAT,"type":"private"},"from":{"id":55,"is_bot":true,"first_name":"Other"},"text":"/ask four"}}`)
	})
	w.tg.PushRaw(func(id int64) string {
		return strings.NewReplacer("ID", itoa(id), "CHAT", itoa(anna.ID())).Replace(`{"update_id":ID,"edited_message":{"message_id":1,"date":1,
			"chat":{"id":CHAT,"type":"private"},"from":{"id":CHAT,"is_bot":false,"first_name":"Anna"},"text":"/ask five"}}`)
	})
	w.quiet(private, 1)
	w.quiet(channel, 0)
}

func TestACommandWithoutItsArgumentAsksForIt(t *testing.T) {
	w := quick(t, over(echo())).starts()
	anna := w.tg.User("Anna", "")
	prompt := w.ask(anna, anna.Private(), "/ask")
	if prompt.ForceReply == nil || !prompt.ForceReply.ForceReply || !strings.HasPrefix(prompt.Text, "/ask question\n") {
		t.Fatalf("prompt %q, %+v", prompt.Text, prompt.ForceReply)
	}
	w.stops()
	w.starts() // the prompt is understood after a restart as well
	if got := w.next(anna.Reply(prompt, "what about Crimea?")); got.Text != "ask<what about Crimea?>" {
		t.Errorf("answer: %q", got.Text)
	}
	group := w.tg.Group("Talks", anna)
	if got := w.ask(anna, group, "/ask"); got.ForceReply != nil {
		t.Error("a prompt in a group")
	}
}

func TestDeepLinksOpenASourceOrAStance(t *testing.T) {
	w := quick(t, overBriefs).starts()
	anna := w.tg.User("Anna", "")
	if start := w.next(anna.Start("")); !strings.Contains(start.Text, "/ask") {
		t.Errorf("start: %q", start.Text)
	}
	link, err := w.bot.Link(t.Context(), bot.Action{Command: "stance", Args: bot.Args{"actor": "russia", "topic": "territory"}})
	if err != nil {
		t.Fatal(err)
	}
	payload, ok := strings.CutPrefix(link, "https://t.me/parley_bot?start=")
	if !ok || len(payload) > 64 {
		t.Fatalf("link %q", link)
	}
	if got := w.next(anna.Start(payload)); !strings.Contains(got.Text, "Russia on Territory") {
		t.Errorf("stance: %q", got.Text)
	}
	if got := w.next(anna.Start("no_such_thing")); !strings.Contains(got.Text, "/ask") {
		t.Errorf("a link that stands for nothing: %q", got.Text)
	}
}

func TestTheTimelineIsAPictureWithItsWords(t *testing.T) {
	w := quick(t, overBriefs).starts()
	anna := w.tg.User("Anna", "")
	picture := w.ask(anna, anna.Private(), "/timeline territory")
	if len(picture.Photo) != 1 || !strings.HasPrefix(picture.Caption, "Timeline: Territory") {
		t.Fatalf("picture %+v: %q", picture.Photo, picture.Caption)
	}
	text := w.next(picture)
	if len(text.Marked("expandable_blockquote")) == 0 || len(text.Buttons()) == 0 {
		t.Errorf("text: %q", text.Text)
	}
	again := w.ask(anna, anna.Private(), "/timeline territory")
	if again.Photo[0].FileID != picture.Photo[0].FileID {
		t.Error("the same picture was uploaded twice")
	}
	if got := w.tg.Requests("sendPhoto"); len(got) != 2 || len(got[0].Files) != 1 || len(got[1].Files) != 0 {
		t.Errorf("requests: %+v", got)
	}
}
