package telegram_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/bottest/telegramtest"
	"parley/bot/telegram"
)

// drawing is a picture of one colour.
func drawing(width, height int) bot.Picture {
	return bot.Picture{Name: "drawing.png", Alt: "A drawing.", Draw: func(w io.Writer) error {
		return png.Encode(w, image.NewGray(image.Rect(0, 0, width, height)))
	}}
}

// shows is a core that answers everything with one reply.
func shows(reply bot.Reply) *fakeCore {
	core := echo()
	core.handle = func(context.Context, bot.Request) bot.Reply { return reply }
	return core
}

func TestRetryAfterIsHonouredOnMessagesAndUploads(t *testing.T) {
	for method, reply := range map[string]bot.Reply{
		"sendMessage": says("words"),
		"sendPhoto":   {Blocks: []bot.Block{drawing(30, 20)}},
	} {
		t.Run(method, func(t *testing.T) {
			clock := telegramtest.NewManualClock(today)
			w := newWorld(t, telegramtest.Options{Clock: clock}, over(shows(reply)))
			w.tg.Fail(telegramtest.Match{Method: method}, telegramtest.FailRetryAfter(7))
			w.starts()
			anna, boris, vera := w.tg.User("Anna", ""), w.tg.User("Boris", ""), w.tg.User("Vera", "")
			asked := anna.Say(anna.Private(), "one")
			if err := w.tg.AwaitRequests(w.soon(), method, 1); err != nil {
				t.Fatal(err)
			}
			w.ask(boris, boris.Private(), "another chat is not held up")
			if n := len(anna.Private().Said()); n != 0 {
				t.Fatalf("%d messages before the time", n)
			}
			clock.Advance(6 * time.Second)
			w.ask(vera, vera.Private(), "nor is one later")
			if n := len(anna.Private().Said()); n != 0 {
				t.Fatalf("%d messages before the time", n)
			}
			clock.Advance(time.Second)
			w.next(asked)
			w.quiet(anna.Private(), 1)
		})
	}
}

func TestAGroupThatBecameASupergroupIsFollowedOnce(t *testing.T) {
	core, begun, goOn := heldBack()
	w := quick(t, over(core)).starts()
	anna := w.tg.User("Anna", "")
	group := w.tg.Group("Talks", anna)
	anna.Say(group, "/ask one")
	<-begun
	super := group.Upgrade()
	close(goOn)
	if _, err := super.AwaitSaid(w.soon(), 1); err != nil {
		t.Fatal(err)
	}
	w.quiet(super, 1)
	from, to := "telegram/"+itoa(group.ID()), "telegram/"+itoa(super.ID())
	if got := w.store.moves()[from]; got != to {
		t.Errorf("chat %s moved to %q, want %q", from, got, to)
	}
	if n := len(w.tg.Requests("sendMessage")); n != 2 {
		t.Errorf("%d requests, want the refused one and another", n)
	}
}

func TestAChatThatIsClosedToTheBotIsSuspendedWithTheReason(t *testing.T) {
	w := quick(t, over(echo())).starts()
	anna, boris := w.tg.User("Anna", ""), w.tg.User("Boris", "")
	w.ask(anna, anna.Private(), "one")
	group := w.tg.Group("Talks", boris)
	for _, tc := range []struct {
		name   string
		shut   func()
		chat   int64
		reason string
	}{
		{"never begun", func() {}, boris.ID(), "can't initiate"},
		{"blocked", anna.Block, anna.ID(), "blocked"},
		{"kicked", group.KickBot, group.ID(), "kicked"},
		{"no such chat", func() {}, 424242, "chat not found"},
	} {
		tc.shut()
		ids, err := w.post(t.Context(), tc.chat, says("digest"))
		if failed := asSendError(err); failed == nil || failed.Outcome != bot.Rejected || len(ids) != 0 {
			t.Errorf("%s: ids %q, error %v", tc.name, ids, err)
		}
		if got := w.store.suspensions()["telegram/"+itoa(tc.chat)]; !strings.Contains(got, tc.reason) {
			t.Errorf("%s: suspended because %q", tc.name, got)
		}
	}
}

func TestABotThatIsLetInAgainResumes(t *testing.T) {
	w := quick(t, over(echo())).starts()
	anna := w.tg.User("Anna", "")
	w.ask(anna, anna.Private(), "one")
	group := w.tg.Group("Talks", anna)
	anna.Block()
	group.MuteBot()
	w.quiet(group, 0)
	if got := w.store.suspensions(); len(got) != 2 {
		t.Fatalf("suspended: %v", got)
	}
	anna.Unblock()
	group.AddBot()
	w.quiet(group, 0)
	if got := w.store.suspensions(); len(got) != 0 {
		t.Errorf("still suspended: %v", got)
	}
}

func TestATopicThatIsGoneIsAnsweredInGeneral(t *testing.T) {
	core, begun, goOn := heldBack()
	w := quick(t, over(core)).starts()
	anna := w.tg.User("Anna", "")
	forum := w.tg.Forum("Talks", anna)
	topic := forum.Topic("Territory")
	anna.Say(topic, "/ask one")
	<-begun
	topic.Delete()
	close(goOn)
	said, err := forum.AwaitSaid(w.soon(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if said[0].InTopic {
		t.Errorf("message: %+v", said[0])
	}
}

func TestAnswersStayInTheirTopicAndGeneralHasNone(t *testing.T) {
	w := quick(t, over(echo())).starts()
	anna := w.tg.User("Anna", "")
	forum := w.tg.Forum("Talks", anna)
	topic := forum.Topic("Territory")
	if got := w.ask(anna, topic, "/ask one"); got.Thread != topic.ID() {
		t.Errorf("thread %d, want %d", got.Thread, topic.ID())
	}
	if got := w.ask(anna, forum.General(), "/ask two"); got.InTopic {
		t.Errorf("in a topic: %+v", got)
	}
	super := w.tg.Supergroup("No topics", anna)
	first := w.ask(anna, super, "/ask three")
	w.next(anna.Reply(first, "a thread of replies is no topic"))
}

func TestAPoisonUpdateIsPassedOver(t *testing.T) {
	w := quick(t, over(echo()))
	anna := w.tg.User("Anna", "")
	first := anna.Say(anna.Private(), "one")
	w.tg.PushRaw(func(id int64) string { return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":"x"}}`, id) })
	w.tg.PushRaw(func(int64) string { return `null` })
	w.tg.PushRaw(func(id int64) string { return fmt.Sprintf(`{"update_id":"%d"}`, id) })
	w.tg.PushRaw(func(id int64) string { return fmt.Sprintf(`{"update_id":%d,"of_a_new_kind":{}}`, id) })
	anna.Say(anna.Private(), "two")
	w.starts()
	w.next(w.next(first))
	w.quiet(anna.Private(), 2)
	w.tg.PushRaw(func(int64) string { return `[]` }) // alone, it does not hold up what follows either
	if err := w.tg.Drained(w.soon()); err != nil {
		t.Fatal(err)
	}
	w.ask(anna, anna.Private(), "three")
}

func TestAPanicInTheCoreIsSurvived(t *testing.T) {
	core := echo()
	answer := core.handle
	core.handle = func(ctx context.Context, req bot.Request) bot.Reply {
		if req.Text == "one" {
			panic("with the token " + telegramtest.DefaultToken)
		}
		return answer(ctx, req)
	}
	w := quick(t, over(core)).starts()
	anna := w.tg.User("Anna", "")
	anna.Say(anna.Private(), "one")
	if got := w.ask(anna, anna.Private(), "two"); got.Text != "<two>" {
		t.Errorf("answer %q", got.Text)
	}
	w.quiet(anna.Private(), 1)
	if !strings.Contains(w.tg.Logged(), "a task panicked") {
		t.Error("the log does not tell of it")
	}
}

func TestACrashBeforeConfirmingRepeatsNothing(t *testing.T) {
	core := echo()
	w := quick(t, over(core)).starts()
	anna := w.tg.User("Anna", "")
	w.ask(anna, anna.Private(), "one")
	w.ask(anna, anna.Private(), "two")
	w.quiet(anna.Private(), 2)
	w.stops()
	w.store.locked(func() { w.store.offset = 0 }) // as though the crash came before the commit
	w.tg.Redeliver(2)
	w.starts()
	w.quiet(anna.Private(), 2)
	if n := len(core.requests()); n != 2 {
		t.Errorf("the core was asked %d times", n)
	}
}

func TestWhatAnotherProcessHasAnsweredIsNotAnswered(t *testing.T) {
	core, begun, goOn := heldBack()
	w := quick(t, over(core)).starts()
	anna := w.tg.User("Anna", "")
	anna.Say(anna.Private(), "one")
	<-begun
	w.store.locked(func() {
		for id := range int64(10) { // the other one is faster
			w.store.handled[500000001+id] = true
		}
	})
	goOn <- struct{}{}
	w.quiet(anna.Private(), 0)
}

func TestASecondPollerIsWaitedForAndThenNamed(t *testing.T) {
	clock := telegramtest.NewManualClock(today)
	passing(t, clock)
	w := newWorld(t, telegramtest.Options{Clock: clock}, over(echo())).starts()
	anna := w.tg.User("Anna", "")
	if err := w.tg.Polling(w.soon()); err != nil {
		t.Fatal(err)
	}
	w.tg.StealPoll()
	w.ask(anna, anna.Private(), "the other has gone")
	w.tg.Fail(telegramtest.Match{Method: "getUpdates", Times: -1},
		telegramtest.FailRefused(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"))
	if err := w.ended(); err == nil || !strings.Contains(err.Error(), "another program receives") {
		t.Errorf("Run: %v", err)
	}
}

func TestAWebhookThatIsSetIsExplainedOrDeleted(t *testing.T) {
	w := quick(t, over(echo()))
	w.tg.Fail(telegramtest.Match{Method: "getUpdates"}, telegramtest.FailRefused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"))
	w.starts()
	if err := w.ended(); err == nil || !strings.Contains(err.Error(), "telegram.webhook_url") {
		t.Errorf("Run: %v", err)
	}
	w.tg.Fail(telegramtest.Match{Method: "getUpdates"}, telegramtest.FailRefused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"))
	w.options.DeleteWebhook = true
	w.starts()
	anna := w.tg.User("Anna", "")
	w.ask(anna, anna.Private(), "one")
	if n := len(w.tg.Requests("deleteWebhook")); n != 1 {
		t.Errorf("%d webhooks deleted", n)
	}
}

func TestAWrongTokenIsExplained(t *testing.T) {
	w := quick(t, over(echo()))
	w.tg.RevokeToken()
	w.starts()
	if err := w.ended(); err == nil || !strings.Contains(err.Error(), "@BotFather") || strings.Contains(err.Error(), "AAF4k3") {
		t.Errorf("Run: %v", err)
	}
	if _, err := telegram.New(telegram.Options{Token: "nonsense"}); err == nil || strings.Contains(err.Error(), "nonsense") {
		t.Errorf("New: %v", err)
	}
}

func TestAnAnswerOfUnknownOutcomeIsNotSentAgain(t *testing.T) {
	for name, fault := range map[string]telegramtest.Fault{
		"502 after storing":   telegramtest.FailHTML(502).AfterStoring(),
		"truncated":           telegramtest.FailTruncated(),
		"empty":               telegramtest.FailEmpty().AfterStoring(),
		"reset after storing": telegramtest.FailReset().AfterStoring(),
		"500 after storing":   telegramtest.FailRefused(500, "Internal Server Error").AfterStoring(),
	} {
		t.Run(name, func(t *testing.T) {
			w := quick(t, over(echo()))
			w.tg.Fail(telegramtest.Match{Method: "sendMessage"}, fault)
			w.starts()
			anna := w.tg.User("Anna", "")
			w.ask(anna, anna.Private(), "one")
			w.quiet(anna.Private(), 1)
			if n := len(w.tg.Requests("sendMessage")); n != 1 {
				t.Errorf("%d requests", n)
			}
			_, err := w.post(t.Context(), anna.ID(), says("two"))
			if err != nil {
				t.Errorf("Send afterwards: %v", err)
			}
			if !strings.Contains(w.tg.Logged(), "an update was not answered") {
				t.Error("the log does not tell of it")
			}
		})
	}
}

func TestFilesThatAreNoPhotosAreSentAsDocuments(t *testing.T) {
	wide := bot.Reply{Blocks: []bot.Block{drawing(2100, 100)}}
	w := quick(t, over(shows(wide))).starts()
	anna := w.tg.User("Anna", "")
	got := w.ask(anna, anna.Private(), "one")
	if got.Document == nil || got.Caption != "A drawing." {
		t.Errorf("message: %+v", got)
	}
	if data, ok := w.tg.FileData(got.Document.FileID); !ok || !bytes.HasPrefix(data, []byte("\x89PNG")) {
		t.Error("the document is not the picture")
	}
}

func TestAPictureThatCannotBeDrawnIsToldInWords(t *testing.T) {
	broken := drawing(30, 20)
	broken.Draw = func(io.Writer) error { return io.ErrUnexpectedEOF }
	w := quick(t, over(shows(bot.Reply{Blocks: []bot.Block{broken}}))).starts()
	anna := w.tg.User("Anna", "")
	if got := w.ask(anna, anna.Private(), "one"); got.Text != "A drawing." {
		t.Errorf("message: %+v", got)
	}
}
