package telegram_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/bottest/telegramtest"
	"parley/bot/telegram"
)

func TestAHundredChatsAtOnceAreAnsweredInOrder(t *testing.T) {
	t.Parallel()
	const chats, questions = 100, 3
	w := newWorld(t, telegramtest.Options{Limits: true}, over(echo())).starts()
	users := make([]*telegramtest.User, chats)
	for i := range users {
		users[i] = w.tg.User(fmt.Sprint("User", i), "")
	}
	var asking sync.WaitGroup
	for _, u := range users {
		asking.Go(func() {
			for q := range questions {
				u.Say(u.Private(), fmt.Sprint("question ", q))
			}
		})
	}
	asking.Wait()
	want := []string{"<question 0>", "<question 1>", "<question 2>"}
	begun := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, u := range users {
		said, err := u.Private().AwaitSaid(ctx, questions)
		if err != nil {
			t.Fatal(err)
		}
		if got := texts(said); !slices.Equal(got, want) {
			t.Errorf("answers %q", got)
		}
	}
	first := map[int64]time.Duration{}
	for _, r := range w.tg.Requests("sendMessage") {
		if _, ok := first[r.Chat]; !ok {
			first[r.Chat] = r.At.Sub(begun)
		}
	}
	waits := slices.Sorted(maps.Values(first))
	t.Logf("first message of %d chats after %s (half) to %s (p99); the pace of 30 a second for all asks for %s", chats,
		waits[len(waits)/2].Round(time.Millisecond), waits[len(waits)*99/100].Round(time.Millisecond), chats*time.Second/30)
}

// TestAGroupsPaceIsKept sends more than a group takes in a minute.
func TestAGroupsPaceIsKept(t *testing.T) {
	clock := telegramtest.NewManualClock(today)
	passing(t, clock)
	w := newWorld(t, telegramtest.Options{Clock: clock, Limits: true}, over(echo())).starts()
	anna := w.tg.User("Anna", "")
	group := w.tg.Group("Talks", anna)
	const messages = 45
	for i := range messages {
		if _, err := w.post(t.Context(), group.ID(), says(fmt.Sprint("news ", i))); err != nil {
			t.Fatal(err)
		}
	}
	if took := clock.Now().Sub(today); took < 2*time.Minute {
		t.Errorf("%d messages in %s", messages, took)
	}
	if n := len(w.tg.Requests("sendMessage")); n != messages {
		t.Errorf("%d requests for %d messages: some came too soon", n, messages)
	}
}

func TestARestartInTheMiddleLosesAndRepeatsNothing(t *testing.T) {
	const chats, questions = 30, 2
	w := quick(t, over(echo()))
	w.options.Grace = time.Millisecond // what is not being sent is left
	w.starts()
	var users []*telegramtest.User
	for i := range chats {
		u := w.tg.User(fmt.Sprint("User", i), "")
		users = append(users, u)
		for q := range questions {
			u.Say(u.Private(), fmt.Sprint("question ", q))
		}
	}
	for sent := 10; sent < chats*questions; sent += 10 {
		if err := w.tg.AwaitRequests(w.soon(), "sendMessage", sent); err != nil {
			t.Fatal(err)
		}
		w.stops()
		w.starts()
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := w.tg.Drained(ctx); err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if got := texts(u.Private().Said()); !slices.Equal(got, []string{"<question 0>", "<question 1>"}) {
			t.Errorf("answers %q", got)
		}
	}
}

func TestASlowChatHoldsUpNobodyEvenInAFullWindow(t *testing.T) {
	clock := telegramtest.NewManualClock(today)
	w := newWorld(t, telegramtest.Options{Clock: clock}, over(echo()))
	slow := w.tg.User("Slow", "")
	w.tg.Fail(telegramtest.Match{Method: "sendMessage", Chat: slow.ID()}, telegramtest.FailRetryAfter(240))
	w.starts()
	slow.Say(slow.Private(), "one")
	if err := w.tg.AwaitRequests(w.soon(), "sendMessage", 1); err != nil {
		t.Fatal(err)
	}
	group := w.tg.Supergroup("Talks", slow) // of whose messages none is for the bot
	group.PromoteBot()
	for i := range 250 {
		slow.Say(group, fmt.Sprint("chatter ", i))
	}
	other := w.tg.User("Other", "")
	w.ask(other, other.Private(), "not held up")
	clock.Advance(240 * time.Second)
	if _, err := slow.Private().AwaitSaid(w.soon(), 1); err != nil { // it was not waited for, but not lost
		t.Fatal(err)
	}
	w.quiet(slow.Private(), 1)
}

func TestAnswersUnderWayAreFinishedBeforeTheEnd(t *testing.T) {
	core, begun, goOn := heldBack()
	w := quick(t, over(core)).starts()
	anna := w.tg.User("Anna", "")
	anna.Say(anna.Private(), "one")
	<-begun
	w.stop()
	close(goOn)
	if err := w.ended(); err != nil {
		t.Error(err)
	}
	if got := texts(anna.Private().Said()); len(got) != 1 {
		t.Errorf("answers: %q", got)
	}
	if w.store.offset == 0 {
		t.Error("the offset was not kept")
	}
}

func TestHandlersInFlightAreCapped(t *testing.T) {
	core := echo()
	var mu sync.Mutex
	now, most := 0, 0
	core.handle = func(context.Context, bot.Request) bot.Reply {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
		return says("words")
	}
	w := quick(t, over(core))
	w.options.Handlers = 3
	w.starts()
	for i := range 20 {
		u := w.tg.User(fmt.Sprint("User", i), "")
		u.Say(u.Private(), "one")
	}
	if err := w.tg.Drained(w.soon()); err != nil {
		t.Fatal(err)
	}
	if most > 3 {
		t.Errorf("%d at once", most)
	}
}

func TestTheTokenIsNowhere(t *testing.T) {
	w := quick(t, over(echo())).starts()
	anna := w.tg.User("Anna", "")
	for _, fault := range []telegramtest.Fault{telegramtest.FailReset(), telegramtest.FailEmpty(), telegramtest.FailHTML(502)} {
		w.tg.Fail(telegramtest.Match{Method: "sendMessage"}, fault)
		_, err := w.post(t.Context(), anna.ID(), says("words"))
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "AAF4k3") {
			t.Errorf("error: %v", err)
		}
	}
	w.stops()
	w.tg.Close() // nobody listens any more
	_, err := w.post(timeless(t), anna.ID(), says("words"))
	if failed := asSendError(err); failed == nil || failed.Outcome != bot.Retry || strings.Contains(fmt.Sprintf("%v %+v", err, err), "AAF4k3") {
		t.Errorf("error: %v", err)
	}
	o := w.options
	o.HTTP = nil
	o.APIURL = "http://127.0.0.1:1"
	nobody := must(telegram.New(o))
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if err := nobody.Run(ctx); err != nil {
		t.Errorf("Run: %v", err)
	}
	if !strings.Contains(w.tg.Logged(), "Telegram does not answer") {
		t.Errorf("log: %s", w.tg.Logged())
	}
}

// timeless is a context that ends soon, for what would be tried for long.
func timeless(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}
