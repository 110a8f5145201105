package telegram_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/bottest/telegramtest"
	"parley/bot/wording"
)

// pages is a core whose every answer is one page with a button to the next and one to
// something else.
func pages() *fakeCore {
	core := echo()
	core.handle = func(_ context.Context, req bot.Request) bot.Reply {
		page, _ := strconv.Atoi(req.Args["page"])
		reply := says(req.Command + " page " + strconv.Itoa(page))
		reply.Private = req.Command == "settings"
		reply.Actions = []bot.Action{
			{Label: "Older", Command: "list", Args: bot.Args{"page": strconv.Itoa(page + 1)}},
			{Label: "Source", Command: "source"},
		}
		return reply
	}
	core.commands = append(core.commands, bot.Command{Name: "settings", About: wording.Phrase("Show the settings")})
	return core
}

// press presses a button and returns what the user is told.
func (w *world) press(u *telegramtest.User, m telegramtest.Message, label string) telegramtest.ClickAnswer {
	w.Helper()
	b, ok := m.Button(label)
	if !ok {
		w.Fatalf("no button %q below %q", label, m.Text)
	}
	return w.told(u.Click(m, b.Data))
}

func (w *world) told(c *telegramtest.Click) telegramtest.ClickAnswer {
	w.Helper()
	answer, err := c.Answer(w.soon())
	if err != nil {
		w.Fatal(err)
	}
	return answer
}

func TestTurningAPageEditsTheMessageAndOtherActionsAnswerBelow(t *testing.T) {
	w := quick(t, over(pages())).starts()
	anna := w.tg.User("Anna", "")
	first := w.ask(anna, anna.Private(), "one")
	w.press(anna, first, "Older")
	second, err := w.tg.Edited(w.soon(), first)
	if err != nil || second.Text != "list page 1" || len(second.Buttons()) != 2 {
		t.Fatalf("edited: %+v, %v", second, err)
	}
	w.press(anna, second, "Source")
	if got := w.next(second); got.Text != "source page 0" {
		t.Errorf("below: %q", got.Text)
	}
	w.quiet(anna.Private(), 2)
}

func TestButtonsSurviveARestart(t *testing.T) {
	w := quick(t, overBriefs).starts()
	anna := w.tg.User("Anna", "")
	answer := w.ask(anna, anna.Private(), "What does Russia say about territory?")
	w.stops()
	w.options.Core = realCore(w.log)
	w.starts()
	w.press(anna, answer, "Source 1")
	if got := w.next(answer); !strings.Contains(got.Text, "Document: ") {
		t.Errorf("source: %q", got.Text)
	}
}

func TestTheSamePageAgainIsNoError(t *testing.T) {
	w := quick(t, over(pages())).starts()
	anna := w.tg.User("Anna", "")
	first := w.ask(anna, anna.Private(), "one")
	b, _ := first.Button("Older")
	w.told(anna.Click(first, b.Data))
	w.told(anna.Click(first, b.Data)) // pressed twice: the second edit changes nothing
	w.quiet(anna.Private(), 1)
	if strings.Contains(w.tg.Logged(), "was not answered") {
		t.Error("that nothing was changed is told as an error")
	}
}

func TestStaleButtonsAreAnsweredPolitely(t *testing.T) {
	w := quick(t, over(pages())).starts()
	anna := w.tg.User("Анна", "uk")
	first := w.ask(anna, anna.Private(), "one")
	older, _ := first.Button("Older")
	for name, click := range map[string]*telegramtest.Click{
		"unknown key":     anna.Click(first, "e:#nothing"),
		"of another time": anna.Click(first, "old|format|of|data"),
		"no message":      anna.ClickWithoutMessage(older.Data),
	} {
		if got := w.told(click); !strings.Contains(got.Text, "застаріла") {
			t.Errorf("%s: %q", name, got.Text)
		}
	}
	w.quiet(anna.Private(), 1)
	if got := w.told(anna.ClickInaccessible(first, older.Data)); got.Text != "" {
		t.Errorf("inaccessible: %q", got.Text)
	}
	if got := w.next(first); got.Text != "list page 1" {
		t.Errorf("an inaccessible message is answered anew: %q", got.Text)
	}
}

func TestAMessageThatIsGoneIsSentAnew(t *testing.T) {
	w := quick(t, over(pages())).starts()
	anna := w.tg.User("Anna", "")
	first := w.ask(anna, anna.Private(), "one")
	anna.Delete(first)
	w.press(anna, first, "Older")
	said, err := anna.Private().AwaitSaid(w.soon(), 1)
	if err != nil || said[0].Text != "list page 1" {
		t.Errorf("messages %q, %v", texts(said), err)
	}
}

func TestAClickThatIsTooOldIsCarriedOut(t *testing.T) {
	clock := telegramtest.NewManualClock(today)
	passing(t, clock)
	w := newWorld(t, telegramtest.Options{Clock: clock}, over(pages())).starts()
	anna := w.tg.User("Anna", "")
	first := w.ask(anna, anna.Private(), "one")
	w.tg.Fail(telegramtest.Match{Method: "answerCallbackQuery"},
		telegramtest.FailRefused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"))
	b, _ := first.Button("Older")
	anna.Click(first, b.Data)
	if _, err := w.tg.Edited(w.soon(), first); err != nil {
		t.Error(err)
	}
}

func TestAnEditWithoutAnAnswerIsMadeAgain(t *testing.T) {
	w := quick(t, over(pages())).starts()
	anna := w.tg.User("Anna", "")
	first := w.ask(anna, anna.Private(), "one")
	w.tg.Fail(telegramtest.Match{Method: "editMessageText"}, telegramtest.FailHTML(502))
	w.press(anna, first, "Older")
	if _, err := w.tg.Edited(w.soon(), first); err != nil {
		t.Error(err)
	}
	w.quiet(anna.Private(), 1)
}

func TestButtonsOfAPrivateReplyAreTheCallersAlone(t *testing.T) {
	w := quick(t, over(pages())).starts()
	anna, boris := w.tg.User("Anna", ""), w.tg.User("Boris", "")
	group := w.tg.Group("Talks", anna, boris)
	public := w.ask(anna, group, "/ask one")
	if got := w.press(boris, public, "Source"); got.Text != "" {
		t.Errorf("a button for everybody: %q", got.Text)
	}
	w.quiet(group, 2)
	private := w.ask(anna, group, "/settings")
	if got := w.press(boris, private, "Source"); got.Text != wording.In("en").Say("platform.not_yours") {
		t.Errorf("a button of somebody else: %q", got.Text)
	}
	if got := w.press(anna, private, "Source"); got.Text != "" {
		t.Errorf("the caller's own button: %q", got.Text)
	}
}

func TestAClickIsAnsweredWhileItsChatWaits(t *testing.T) {
	clock := telegramtest.NewManualClock(today)
	w := newWorld(t, telegramtest.Options{Clock: clock}, over(pages())).starts()
	anna := w.tg.User("Anna", "")
	first := w.ask(anna, anna.Private(), "one")
	w.quiet(anna.Private(), 1)
	clock.Advance(time.Minute)
	w.tg.Fail(telegramtest.Match{Method: "sendMessage"}, telegramtest.FailRetryAfter(100))
	anna.Say(anna.Private(), "two")
	if err := w.tg.AwaitRequests(w.soon(), "sendMessage", 2); err != nil {
		t.Fatal(err)
	}
	w.press(anna, first, "Older")
	clock.Advance(100 * time.Second)
	if _, err := w.tg.Edited(w.soon(), first); err != nil {
		t.Error(err)
	}
}
