package telegram_test

import (
	"bytes"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/bot/bottest/telegramtest"
	"parley/bot/telegram"
)

// byWebhook makes the bot of a world receive by a webhook and returns its address.
func (w *world) byWebhook() string {
	w.Helper()
	free := must(net.Listen("tcp", "127.0.0.1:0"))
	address := free.Addr().String()
	must(0, free.Close())
	w.options.Webhook = telegram.Webhook{URL: "http://" + address + "/telegram/hook", Listen: address}
	return w.options.Webhook.URL
}

func TestTheWebhookIsServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, telegramtest.Options{WebhookRetry: 10 * time.Millisecond}, over(echo()))
	w.byWebhook()
	w.starts()
	anna := w.tg.User("Anna", "")
	if got := w.ask(anna, anna.Private(), "one"); got.Text != "<one>" {
		t.Errorf("answer: %q", got.Text)
	}
	w.tg.PushRaw(func(id int64) string { return `{"update_id":` + itoa(id) + `,"message":5}` })
	w.tg.PushRaw(func(int64) string { return `"nonsense"` })
	w.ask(anna, anna.Private(), "two")
	w.tg.Redeliver(1) // as after an answer that was lost
	w.quiet(anna.Private(), 2)
	for _, d := range w.tg.Deliveries() {
		if d.Err != nil {
			t.Errorf("delivery of %d: %v", d.UpdateID, d.Err)
		}
	}
}

func TestTheWebhookTakesNothingFromStrangers(t *testing.T) {
	t.Parallel()
	w := quick(t, over(echo()))
	address := w.byWebhook()
	w.starts()
	if err := w.tg.AwaitRequests(w.soon(), "setWebhook", 1); err != nil {
		t.Fatal(err)
	}
	secret := w.tg.Requests("setWebhook")[0].Params["secret_token"]
	post := func(method, address, secret string, size int) int {
		r := must(http.NewRequest(method, address, bytes.NewReader(bytes.Repeat([]byte(" "), size))))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		answer := must(http.DefaultClient.Do(r))
		must(0, answer.Body.Close())
		return answer.StatusCode
	}
	for _, tc := range []struct {
		what, method, address, secret string
		size, want                    int
	}{
		{"no secret", "POST", address, "", 2, 401},
		{"wrong secret", "POST", address, secret[1:], 2, 401},
		{"wrong path", "POST", address + "/more", secret, 2, 404},
		{"wrong method", "GET", address, secret, 2, 405},
		{"too large", "POST", address, secret, 1<<20 + 1, 413},
		{"unreadable", "POST", address, secret, 2, 200},
	} {
		if got := post(tc.method, tc.address, tc.secret, tc.size); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.what, got, tc.want)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	if strings.Contains(secret, "AAF4k3") {
		t.Error("the secret holds the token")
	}
}

func TestWhatTheWebhookTookIsAnsweredBeforeTheEnd(t *testing.T) {
	core, begun, goOn := heldBack()
	w := quick(t, over(core))
	w.byWebhook()
	w.starts()
	anna := w.tg.User("Anna", "")
	anna.Say(anna.Private(), "one")
	<-begun
	w.quiet(anna.Private(), 0)
	w.stop()
	close(goOn)
	if err := w.ended(); err != nil {
		t.Error(err)
	}
	w.quiet(anna.Private(), 1)
}
