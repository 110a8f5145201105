package telegram_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/bot"
	"parley/bot/bottest/telegramtest"
)

func (w *world) inline(u *telegramtest.User, query, offset string) telegramtest.InlineAnswer {
	w.Helper()
	answer, err := u.Inline(w.soon(), query, offset)
	if err != nil {
		w.Fatal(err)
	}
	return answer
}

func TestInlineOffersAreCitedQuotations(t *testing.T) {
	w := quick(t, overBriefs).starts()
	anna, boris := w.tg.User("Anna", ""), w.tg.User("Boris", "")
	answer := w.inline(anna, "what does Moscow want", "")
	if n := len(answer.Results); n < 1 || n > 10 || !answer.Personal || answer.CacheTime == 0 {
		t.Fatalf("answer: %+v", answer)
	}
	for _, r := range answer.Results {
		if r.Type != "article" || len(r.Message.Marked("expandable_blockquote")) != 1 || len(r.Message.Links()) == 0 || !r.Message.Preview.Disabled {
			t.Errorf("offer %+v", r)
		}
		if r.Title == "" || r.Description == "" || len([]rune(r.Title)) > 100 || len([]rune(r.Description)) > 250 {
			t.Errorf("title %q, description %q", r.Title, r.Description)
		}
	}
	group := w.tg.Group("Talks", boris, anna)
	anna.Choose(group, answer.Results[0])
	w.quiet(group, 0) // the bot does not answer its own words
}

func TestAnEmptyInlineQueryOffersTheLatestPageByPage(t *testing.T) {
	w := quick(t, overBriefs).starts()
	anna := w.tg.User("Anna", "")
	first := w.inline(anna, "", "")
	if len(first.Results) == 0 || first.NextOffset == "" || len(first.NextOffset) > 64 {
		t.Fatalf("first page: %d offers, next %q", len(first.Results), first.NextOffset)
	}
	second := w.inline(anna, "", first.NextOffset)
	if len(second.Results) == 0 || second.Results[0].ID == first.Results[0].ID {
		t.Errorf("second page: %+v", second.Results)
	}
	if got := w.inline(anna, "", "#nothing"); len(got.Results) != 0 || got.NextOffset != "" {
		t.Errorf("an offset that stands for nothing: %+v", got)
	}
}

func TestInlinePagesAreFilledUpToTen(t *testing.T) {
	core := echo()
	core.handle = func(_ context.Context, req bot.Request) bot.Reply {
		page, _ := strconv.Atoi(req.Args["page"])
		page = max(page, 1)
		var reply bot.Reply
		for i := range 5 {
			reply.Blocks = append(reply.Blocks, bot.Quote{Number: i + 1, Segments: []bot.Segment{{Text: fmt.Sprint("words ", page, " ", i)}},
				Citation: bot.Citation{Publisher: strings.Repeat("P", 300), Title: "T", Date: "2025"}})
		}
		reply.Actions = []bot.Action{{Label: "Previous", Command: "ask", Args: bot.Args{"page": strconv.Itoa(page - 1)}}}
		if page < 3 {
			reply.Actions = append(reply.Actions, bot.Action{Label: "Next", Command: "ask", Args: bot.Args{"page": strconv.Itoa(page + 1)}})
		}
		return reply
	}
	w := quick(t, over(core)).starts()
	anna := w.tg.User("Anna", "")
	first := w.inline(anna, "words", "")
	second := w.inline(anna, "words", first.NextOffset)
	if len(first.Results) != 10 || first.NextOffset == "" || len(second.Results) != 5 || second.NextOffset != "" {
		t.Errorf("%d offers, then %d, next %q, %q", len(first.Results), len(second.Results), first.NextOffset, second.NextOffset)
	}
}

func TestAnInlineQueryWithoutAnAnswerLeadsToTheChat(t *testing.T) {
	w := quick(t, over(echo())).starts()
	anna := w.tg.User("Anna", "")
	answer := w.inline(anna, "nothing", "")
	if len(answer.Results) != 0 || answer.Button == "" {
		t.Fatalf("answer: %+v", answer)
	}
	if got := w.next(anna.Start(answer.StartParam)); got.Text != "help<>" {
		t.Errorf("started with %q: %q", answer.StartParam, got.Text)
	}
}

func TestOnlyTheLatestOfWhatIsTypedIsLookedUp(t *testing.T) {
	core, begun, goOn := heldBack()
	w := quick(t, over(core)).starts()
	anna := w.tg.User("Anna", "")
	typing := func(id int64, query string) string {
		return fmt.Sprintf(`{"update_id":%d,"inline_query":{"id":"%d","from":{"id":%d,"is_bot":false,"first_name":"Anna"},"query":%q,"offset":""}}`, id, id, anna.ID(), query)
	}
	w.tg.PushRaw(func(id int64) string { return typing(id, "w") })
	<-begun
	w.tg.PushRaw(func(id int64) string { return typing(id, "wh") })
	w.tg.PushRaw(func(id int64) string { return typing(id, "who") })
	w.tg.PushRaw(func(id int64) string { return fmt.Sprintf(`{"update_id":%d}`, id) })
	if err := w.tg.AwaitRequests(w.soon(), "getUpdates", len(w.tg.Requests("getUpdates"))+3); err != nil {
		t.Fatal(err)
	}
	goOn <- struct{}{}
	<-begun
	goOn <- struct{}{}
	if err := w.tg.Drained(w.soon()); err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, r := range core.requests() {
		asked = append(asked, r.Text)
	}
	if !slices.Equal(asked, []string{"w", "who"}) {
		t.Errorf("asked: %q", asked)
	}
}
