package telegramtest

import (
	"errors"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// said are the bot's messages in the user's private chat.
func said(u *User) []string {
	var texts []string
	for _, m := range u.Private().Said() {
		texts = append(texts, m.Text)
	}
	return texts
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  Fault
		stored bool
		check  func(error) bool
	}{
		{"502 page", FailHTML(502), false, func(err error) bool { return strings.Contains(err.Error(), "invalid character '<'") }},
		{"502 page after storing", FailHTML(502).AfterStoring(), true, func(err error) bool { return err != nil }},
		{"truncated", FailTruncated(), true, func(err error) bool { return strings.Contains(err.Error(), "unexpected EOF") }},
		{"empty", FailEmpty(), false, func(err error) bool { return strings.Contains(err.Error(), "EOF") }},
		{"empty after storing", FailEmpty().AfterStoring(), true, func(err error) bool { return strings.Contains(err.Error(), "EOF") }},
		{"reset", FailReset(), false, func(err error) bool { return strings.Contains(err.Error(), "EOF") }},
		{"reset after storing", FailReset().AfterStoring(), true, func(err error) bool { return strings.Contains(err.Error(), "EOF") }},
		{"hang", FailHang(), false, func(err error) bool {
			timeout, ok := errors.AsType[net.Error](err)
			return ok && timeout.Timeout()
		}},
		{"refusal", FailRefused(403, "Forbidden: user is deactivated"), false, func(err error) bool {
			return strings.Contains(err.Error(), "user is deactivated")
		}},
		{"500", FailRefused(500, "Internal Server Error"), false, func(err error) bool {
			e, ok := errors.AsType[*tgbotapi.Error](err)
			return ok && e.Code == 500
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tg := start(t, Options{})
			anna := tg.User("Anna", "en")
			anna.Start("")
			bot := client(t, tg)
			bot.Client = &http.Client{Timeout: 300 * time.Millisecond, Transport: &http.Transport{DisableKeepAlives: true}}
			tg.Fail(Match{Method: "sendMessage", Nth: 2}, c.fault)
			send := func(text string) error {
				_, err := bot.MakeRequest("sendMessage", tgbotapi.Params{"chat_id": chatOf(anna.Private()), "text": text})
				return err
			}
			if err := send("first"); err != nil {
				t.Fatal(err)
			}
			if err := send("second"); err == nil || !c.check(err) {
				t.Errorf("the fault comes as %v", err)
			}
			if err := send("third"); err != nil {
				t.Errorf("after the fault: %v", err)
			}
			want := []string{"first", "second", "third"}
			if !c.stored {
				want = []string{"first", "third"}
			}
			if got := said(anna); !slices.Equal(got, want) {
				t.Errorf("said: %q, want %q", got, want)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	clock := NewManualClock(time.Unix(1_700_000_000, 0))
	tg := start(t, Options{Clock: clock}, "2s before the end of a retry_after")
	anna, boris := tg.User("Anna", "en"), tg.User("Boris", "en")
	anna.Start("")
	boris.Start("")
	bot := client(t, tg)
	send := func(u *User) error {
		_, err := bot.MakeRequest("sendMessage", tgbotapi.Params{"chat_id": chatOf(u.Private()), "text": "x"})
		return err
	}
	wait := func(err error) int {
		e, ok := errors.AsType[*tgbotapi.Error](err)
		if !ok {
			return 0
		}
		return e.RetryAfter
	}
	tg.Fail(Match{Method: "sendMessage", Chat: anna.ID()}, FailRetryAfter(3))
	if got := wait(send(anna)); got != 3 {
		t.Errorf("retry_after %d", got)
	}
	if err := send(boris); err != nil {
		t.Errorf("another chat: %v", err)
	}
	clock.Advance(time.Second)
	if got := wait(send(anna)); got != 2 {
		t.Errorf("too early: retry_after %d", got)
	}
	clock.Advance(2 * time.Second)
	if err := send(anna); err != nil {
		t.Errorf("in time: %v", err)
	}
	tg.Fail(Match{Method: "sendPhoto"}, FailRetryAfter(7))
	_, err := bot.Send(tgbotapi.NewPhoto(anna.ID(), tgbotapi.FileBytes{Name: "a.png", Bytes: picture(t, 3, 3)}))
	if got := wait(err); got != 7 {
		t.Errorf("of an upload: retry_after %d, %v", got, err)
	}
}

func TestLimits(t *testing.T) {
	clock := NewManualClock(time.Unix(1_700_000_000, 0))
	tg := start(t, Options{Clock: clock, Limits: true})
	anna := tg.User("Anna", "en")
	anna.Start("")
	group := tg.Group("Group", anna)
	bot := client(t, tg)
	send := func(chat int64) int {
		t.Helper()
		_, err := bot.MakeRequest("sendMessage", tgbotapi.Params{"chat_id": strconv.FormatInt(chat, 10), "text": "x"})
		e, ok := errors.AsType[*tgbotapi.Error](err)
		if err != nil && !ok {
			t.Fatal(err)
		}
		if ok {
			clock.Advance(time.Duration(e.RetryAfter) * time.Second)
			return e.RetryAfter
		}
		return 0
	}
	if first, second, third := send(anna.ID()), send(anna.ID()), send(anna.ID()); first != 0 || second != 1 || third != 0 {
		t.Errorf("a chat: %d, %d, %d", first, second, third)
	}
	for i := range 20 {
		clock.Advance(time.Second)
		if got := send(group.ID()); got != 0 {
			t.Fatalf("message %d to the group: retry_after %d", i+1, got)
		}
	}
	clock.Advance(time.Second)
	if got := send(group.ID()); got != 40 {
		t.Errorf("the 21st in a minute: retry_after %d", got)
	}
	clock.Advance(time.Minute)
	var people []*User
	for range 31 {
		user := tg.User("User", "en")
		user.Start("")
		people = append(people, user)
	}
	for i, user := range people {
		if got := send(user.ID()); (got != 0) != (i == 30) {
			t.Errorf("message %d to all: retry_after %d", i+1, got)
		}
	}
}
