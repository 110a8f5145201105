package telegram_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/bottest/telegramtest"
)

// aPart is a rendered part on its way to a chat.
func (w *world) aPart(to bot.Place, text string) bot.Post {
	w.Helper()
	parts, err := w.bot.Render(w.Context(), to, says(text), "")
	if err != nil || len(parts) != 1 {
		w.Fatalf("%d parts, %v", len(parts), err)
	}
	return bot.Post{Place: to, Part: parts[0].Content, Nonce: "n", Begin: func(context.Context) error { return nil }}
}

func TestWhatIsNotBegunIsNotSent(t *testing.T) {
	w := fast(t, echo())
	anna := w.tg.User("Anna", "")
	anna.Start("")
	no := errors.New("the disk is full")
	p := w.aPart(bot.Place{Chat: "telegram/" + itoa(anna.ID())}, "digest")
	p.Begin = func(context.Context) error { return no }
	_, err := w.bot.SendPart(t.Context(), p)
	if failed := asSendError(err); failed == nil || failed.Outcome != bot.Retry || !errors.Is(err, no) {
		t.Errorf("error %v", err)
	}
	if n := len(w.tg.Requests("sendMessage")); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// TestAPartIsSentOnce holds that whoever sends a digest is told what happened at once, and
// decides itself whether to send it again.
func TestAPartIsSentOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		fault telegramtest.Fault
		want  bot.Outcome
		after time.Duration
	}{
		"429":                 {telegramtest.FailRetryAfter(7), bot.Retry, 7 * time.Second},
		"500":                 {telegramtest.FailRefused(500, "Internal Server Error"), bot.Unknown, 0},
		"reset after storing": {telegramtest.FailReset().AfterStoring(), bot.Unknown, 0},
		"502 after storing":   {telegramtest.FailHTML(502).AfterStoring(), bot.Unknown, 0},
		"400":                 {telegramtest.FailRefused(400, "Bad Request: no"), bot.Rejected, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := fast(t, echo())
			anna := w.tg.User("Anna", "")
			anna.Start("")
			w.tg.Fail(telegramtest.Match{Method: "sendMessage"}, tc.fault)
			p := w.aPart(bot.Place{Chat: "telegram/" + itoa(anna.ID())}, "digest")
			_, err := w.bot.SendPart(t.Context(), p)
			if failed := asSendError(err); failed == nil || failed.Outcome != tc.want || failed.After != tc.after {
				t.Errorf("error %v", err)
			}
			if n := len(w.tg.Requests("sendMessage")); n != 1 {
				t.Errorf("%d requests", n)
			}
			_, err = w.bot.ResendPart(t.Context(), p, today)
			if failed := asSendError(err); failed == nil || failed.Outcome != bot.Unknown {
				t.Errorf("sent again: %v", err)
			}
		})
	}
}

func TestATopicThatIsClosedOrGoneIsSuspended(t *testing.T) {
	w := quick(t, over(echo())).starts()
	anna := w.tg.User("Anna", "")
	forum := w.tg.Forum("Talks", anna)
	topic, gone := forum.Topic("Territory"), forum.Topic("Sanctions")
	to := bot.Place{Chat: "telegram/" + itoa(forum.ID()), Channel: itoa(int64(topic.ID()))}
	if _, err := w.postAt(t.Context(), to, says("one")); err != nil {
		t.Fatal(err)
	}
	topic.Close()
	gone.Delete()
	lost := bot.Place{Chat: to.Chat, Channel: itoa(int64(gone.ID()))}
	for place, reason := range map[bot.Place]string{to: "TOPIC_CLOSED", lost: "message thread not found"} {
		_, err := w.postAt(t.Context(), place, says("two"))
		if failed := asSendError(err); failed == nil || failed.Outcome != bot.Rejected {
			t.Errorf("%s: %v", reason, err)
		}
		if got := w.store.suspensions()[place.Key()]; !strings.Contains(got, reason) {
			t.Errorf("%s: suspended because %q", reason, got)
		}
	}
	if said := forum.Said(); len(said) != 1 || said[0].Thread != topic.ID() {
		t.Errorf("messages %+v", said)
	}
	topic.Reopen()
	w.quiet(forum, 1)
	if got := w.store.suspensions(); len(got) != 1 || got[lost.Key()] == "" {
		t.Errorf("still suspended: %v", got)
	}
}
