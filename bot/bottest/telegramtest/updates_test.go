package telegramtest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// poll starts a getUpdates call; the channel gets its outcome.
func poll(bot *tgbotapi.BotAPI, params tgbotapi.Params) <-chan pollOutcome {
	outcome := make(chan pollOutcome, 1)
	go func() {
		answer, err := bot.MakeRequest("getUpdates", params)
		var batch []json.RawMessage
		if err == nil {
			err = json.Unmarshal(answer.Result, &batch)
		}
		outcome <- pollOutcome{batch, err}
	}()
	return outcome
}

type pollOutcome struct {
	batch []json.RawMessage
	err   error
}

func TestPollWaits(t *testing.T) {
	clock := NewManualClock(time.Unix(1_700_000_000, 0))
	tg := start(t, Options{Clock: clock})
	anna := tg.User("Anna", "en")
	bot := client(t, tg)

	waiting := poll(bot, tgbotapi.Params{"timeout": "30"})
	if err := tg.Polling(soon(t)); err != nil {
		t.Fatal(err)
	}
	anna.Start("")
	if got := <-waiting; got.err != nil || len(got.batch) != 1 {
		t.Fatalf("woken by an update: %+v", got)
	}
	next := strconv.FormatInt(tg.updates.queue[0].id+1, 10)
	waiting = poll(bot, tgbotapi.Params{"timeout": "3600", "offset": next})
	if err := errors.Join(tg.Drained(soon(t)), tg.Polling(soon(t))); err != nil {
		t.Fatal(err)
	}
	clock.Advance(49 * time.Second)
	select {
	case got := <-waiting:
		t.Fatalf("ended after 49 s: %+v", got)
	default:
	}
	clock.Advance(time.Second) // the most that the server waits
	if got := <-waiting; got.err != nil || len(got.batch) != 0 {
		t.Errorf("after 50 s: %+v", got)
	}
}

func TestPollConfirms(t *testing.T) {
	tg := start(t, Options{})
	anna := tg.User("Anna", "en")
	bot := client(t, tg)
	for _, text := range []string{"a", "b", "c", "d"} {
		anna.Say(anna.Private(), text)
	}
	get := func(params tgbotapi.Params) (said []string, last int) {
		var batch []tgbotapi.Update
		do(t, bot, "getUpdates", params, &batch)
		if n := len(batch); n > 0 {
			last = batch[n-1].UpdateID
		}
		return texts(batch), last
	}
	said, last := get(tgbotapi.Params{"limit": "2"})
	if again, _ := get(tgbotapi.Params{"limit": "2"}); !slices.Equal(said, []string{"a", "b"}) || !slices.Equal(again, said) {
		t.Errorf("without confirmation: %q, then %q", said, again)
	}
	if said, _ = get(tgbotapi.Params{"offset": strconv.Itoa(last + 1)}); !slices.Equal(said, []string{"c", "d"}) {
		t.Errorf("after confirmation: %q", said)
	}
	if said, last = get(tgbotapi.Params{"offset": "-1"}); !slices.Equal(said, []string{"d"}) {
		t.Errorf("the newest: %q", said)
	}
	if said, _ = get(tgbotapi.Params{"offset": strconv.Itoa(last + 1)}); len(said) != 0 || len(tg.updates.queue) != 0 {
		t.Errorf("all confirmed, but %q", said)
	}
	tg.Redeliver(2)
	if said, _ = get(nil); !slices.Equal(said, []string{"c", "d"}) {
		t.Errorf("redelivered: %q", said)
	}
}

func TestAllowedUpdatesStay(t *testing.T) {
	tg := start(t, Options{})
	anna, boris := tg.User("Anna", "en"), tg.User("Boris", "en")
	group := tg.Group("Group", anna)
	bot := client(t, tg)
	updates(t, bot)
	do(t, bot, "getUpdates", tgbotapi.Params{"allowed_updates": `["chat_member"]`}, nil)
	group.change(boris.person, statusMember)
	if batch := updates(t, bot); len(batch) != 1 || batch[0].ChatMember == nil {
		t.Errorf("asked for chat_member alone: %+v", batch)
	}
	do(t, bot, "getUpdates", tgbotapi.Params{"allowed_updates": `[]`}, nil)
	anna.Say(group, "/ask")
	if got := texts(updates(t, bot)); len(got) != 1 {
		t.Errorf("the default again: %q", got)
	}
}

func TestTwoPollers(t *testing.T) {
	tg := start(t, Options{}, "getUpdates: a second call while one was waiting")
	bot := client(t, tg)
	first := poll(bot, tgbotapi.Params{"timeout": "50"})
	if err := tg.Polling(soon(t)); err != nil {
		t.Fatal(err)
	}
	second := poll(bot, tgbotapi.Params{"timeout": "50"})
	conflict := func(got pollOutcome, want string) {
		t.Helper()
		e, ok := errors.AsType[*tgbotapi.Error](got.err)
		if !ok || e.Code != http.StatusConflict || !strings.Contains(e.Message, want) {
			t.Errorf("%v, want 409 %s", got.err, want)
		}
	}
	conflict(<-first, "terminated by other getUpdates request")
	if err := tg.Polling(soon(t)); err != nil {
		t.Fatal(err)
	}
	if !tg.StealPoll() {
		t.Fatal("nobody polls")
	}
	conflict(<-second, "terminated by other getUpdates request")

	third := poll(bot, tgbotapi.Params{"timeout": "50"})
	if err := tg.Polling(soon(t)); err != nil {
		t.Fatal(err)
	}
	do(t, bot, "setWebhook", tgbotapi.Params{"url": "https://bot.example/hook"}, nil)
	conflict(<-third, "terminated by setWebhook request")
	refused(t, bot, "getUpdates", nil, "can't use getUpdates method while webhook is active")
	do(t, bot, "deleteWebhook", nil, nil)
	do(t, bot, "getUpdates", nil, nil)
}

// A client that goes away while it polls, and comes back, is not a second poller.
func TestRestartIsNoSecondPoller(t *testing.T) {
	tg := start(t, Options{})
	anna := tg.User("Anna", "en")
	for range 5 {
		transport := &http.Transport{}
		bot, err := tgbotapi.NewBotAPIWithClient(tg.Token(), tg.endpoint(), &http.Client{Transport: transport, Timeout: 50 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		if got := <-poll(bot, tgbotapi.Params{"timeout": "50"}); got.err == nil {
			t.Fatalf("the poll did not end by its deadline: %+v", got)
		}
		transport.CloseIdleConnections()
	}
	anna.Start("")
	if got := texts(updates(t, client(t, tg))); len(got) != 1 {
		t.Errorf("updates: %q", got)
	}
}

func TestPoison(t *testing.T) {
	tg := start(t, Options{})
	anna := tg.User("Anna", "en")
	bot := client(t, tg)
	anna.Say(anna.Private(), "before")
	tg.PushRaw(func(id int64) string {
		return `{"update_id":` + strconv.FormatInt(id, 10) + `,"message":{"message_id":"many"}}`
	})
	tg.PushRaw(func(int64) string { return "null" })
	anna.Say(anna.Private(), "after")
	got := <-poll(bot, nil)
	if got.err != nil || len(got.batch) != 4 || string(got.batch[2]) != "null" {
		t.Fatalf("batch: %+v", got)
	}
	var update tgbotapi.Update
	if err := json.Unmarshal(got.batch[1], &update); err == nil {
		t.Error("the poison can be decoded")
	}
}

// hook is a webhook that fails as often as it is told.
type hook struct {
	mu      sync.Mutex
	failing int
	secrets []string
	bodies  []string
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failing > 0 || err != nil {
		h.failing--
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	h.secrets = append(h.secrets, r.Header.Get("X-Telegram-Bot-Api-Secret-Token"))
	h.bodies = append(h.bodies, string(body))
}

func TestWebhook(t *testing.T) {
	tg := start(t, Options{WebhookRetry: time.Millisecond})
	anna := tg.User("Anna", "en")
	bot := client(t, tg)
	target := &hook{failing: 2}
	server := httptest.NewServer(target)
	defer server.Close()
	refused(t, bot, "setWebhook", tgbotapi.Params{"url": "http://bot.example/"}, "An HTTPS URL must be provided")
	do(t, bot, "setWebhook", tgbotapi.Params{"url": server.URL, "secret_token": "s3cret_-"}, nil)
	anna.Say(anna.Private(), "one")
	anna.Say(anna.Private(), "two")
	if err := tg.Drained(soon(t)); err != nil {
		t.Fatal(err)
	}
	target.mu.Lock()
	defer target.mu.Unlock()
	if len(target.bodies) != 2 || !strings.Contains(target.bodies[0], `"one"`) || !strings.Contains(target.bodies[1], `"two"`) {
		t.Errorf("delivered: %q", target.bodies)
	}
	if !slices.Equal(target.secrets, []string{"s3cret_-", "s3cret_-"}) {
		t.Errorf("secrets: %q", target.secrets)
	}
	attempts := tg.Deliveries()
	if len(attempts) != 4 || attempts[0].Status != 503 || attempts[0].UpdateID != attempts[2].UpdateID || attempts[3].Err != nil {
		t.Errorf("attempts: %+v", attempts)
	}
	do(t, bot, "deleteWebhook", nil, nil)
	anna.Say(anna.Private(), "three")
	if got := texts(updates(t, bot)); !slices.Equal(got, []string{"three"}) {
		t.Errorf("by polling again: %q", got)
	}
}

// echo is a bot that answers every message with its text, all at once.
func echo(ctx context.Context, bot *tgbotapi.BotAPI) error {
	var sending sync.WaitGroup
	defer sending.Wait()
	offset := 0
	for ctx.Err() == nil {
		answer, err := bot.MakeRequest("getUpdates", tgbotapi.Params{"timeout": "1", "offset": strconv.Itoa(offset)})
		if err != nil {
			return err
		}
		var batch []tgbotapi.Update
		if err := json.Unmarshal(answer.Result, &batch); err != nil {
			return err
		}
		for _, u := range batch {
			offset = u.UpdateID + 1
			sending.Go(func() {
				_, _ = bot.MakeRequest("sendMessage", tgbotapi.Params{ // a loss is seen by who waits for it
					"chat_id": strconv.FormatInt(u.Message.Chat.ID, 10), "text": u.Message.Text,
				})
			})
		}
	}
	return nil
}

func TestManyAtOnce(t *testing.T) {
	tg := start(t, Options{})
	bot := client(t, tg)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	running.Go(func() {
		if err := echo(ctx, bot); err != nil {
			t.Error(err)
		}
	})
	var asking sync.WaitGroup
	for i := range 100 {
		asking.Go(func() {
			user := tg.User("User", "en")
			text := strconv.Itoa(i)
			if answer, err := user.Ask(soon(t), user.Private(), text); err != nil || answer.Text != text {
				t.Errorf("asked %s: %q, %v", text, answer.Text, err)
			}
		})
	}
	asking.Wait()
	if err := tg.Drained(soon(t)); err != nil {
		t.Error(err)
	}
}
