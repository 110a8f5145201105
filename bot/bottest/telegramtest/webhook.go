package telegramtest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"parley/bot/bottest/telegramtest/botapi"
)

const (
	secretHeader    = "X-Telegram-Bot-Api-Secret-Token"
	webhookRetryMax = time.Minute
	webhookPatience = 30 * time.Second // real time, for one delivery
)

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// Deliveries are all attempts to deliver to webhooks, in order.
func (t *Server) Deliveries() []Delivery {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.webhook.deliveries)
}

func (t *Server) setWebhook(call *botapi.Call) (any, error) {
	if call.Text("url") == "" {
		return t.deleteWebhook(call)
	}
	if !webhookAddress(call.Text("url")) {
		return nil, botapi.BadRequest("bad webhook: An HTTPS URL must be provided for webhook")
	}
	secret := call.Text("secret_token")
	if secret != "" && !secretForm.MatchString(secret) {
		return nil, botapi.BadRequest("secret token contains unallowed characters")
	}
	if err := t.allow(call); err != nil {
		return nil, err
	}
	t.dropPending(call)
	t.stopWebhook()
	t.displace("terminated by setWebhook request")
	ctx, stop := context.WithCancel(context.Background())
	t.webhook.url, t.webhook.secret, t.webhook.stop = call.Text("url"), secret, stop
	address := t.webhook.url
	t.running.Go(func() { t.deliverUpdates(ctx, address, secret) })
	return describedResult{true, "Webhook was set"}, nil
}

// webhookAddress says whether an address can be a webhook's: HTTPS, or, as a local
// Bot API server takes it too, HTTP on this machine.
func webhookAddress(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

func (t *Server) deleteWebhook(call *botapi.Call) (any, error) {
	t.dropPending(call)
	if t.webhook.url == "" {
		return describedResult{true, "Webhook is already deleted"}, nil
	}
	t.stopWebhook()
	t.webhook.url, t.webhook.secret = "", ""
	return describedResult{true, "Webhook was deleted"}, nil
}

func (t *Server) dropPending(call *botapi.Call) {
	if call.Flag("drop_pending_updates") {
		t.confirm(t.updates.nextID)
	}
}

// stopWebhook ends deliveries; Close waits for them. The caller holds mu.
func (t *Server) stopWebhook() {
	if t.webhook.stop != nil {
		t.webhook.stop()
		t.webhook.stop = nil
	}
}

// deliverUpdates posts the oldest update until it is taken, then the next. The real
// server delivers several at once where they concern different chats.
func (t *Server) deliverUpdates(ctx context.Context, address, secret string) {
	client := &http.Client{Timeout: webhookPatience, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	wait := t.options.WebhookRetry
	for {
		update, err := t.nextDelivery(ctx)
		if err != nil {
			return
		}
		if t.delivered(ctx, update, t.postUpdate(ctx, client, address, secret, update)) {
			wait = t.options.WebhookRetry
			continue
		}
		select {
		case <-t.clock.After(wait):
			wait = min(2*wait, webhookRetryMax)
		case <-ctx.Done():
			return
		}
	}
}

func (t *Server) nextDelivery(ctx context.Context) (update queuedUpdate, err error) {
	err = t.await(ctx, "an update to deliver", func() bool {
		if len(t.updates.queue) == 0 {
			return false
		}
		update = t.updates.queue[0]
		return true
	})
	return update, err
}

func (t *Server) postUpdate(
	ctx context.Context, client *http.Client, address, secret string, update queuedUpdate,
) Delivery {
	delivery := Delivery{UpdateID: update.id, At: t.clock.Now()}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(update.raw))
	if err != nil {
		delivery.Err = err
		return delivery
	}
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set(secretHeader, secret)
	}
	answer, err := client.Do(r)
	if err != nil {
		delivery.Err = err
		return delivery
	}
	defer answer.Body.Close()
	delivery.Status = answer.StatusCode
	if answer.StatusCode/100 != 2 {
		delivery.Err = fmt.Errorf("wrong response from the webhook: %s", answer.Status)
		return delivery
	}
	return delivery
}

// delivered keeps the record and confirms an update that was taken. Of an attempt that
// was cut off by the end of the webhook nobody knows the outcome: it is due again.
func (t *Server) delivered(ctx context.Context, update queuedUpdate, delivery Delivery) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if ctx.Err() != nil {
		return false
	}
	t.webhook.deliveries = append(t.webhook.deliveries, delivery)
	if delivery.Err != nil {
		t.notify()
		return false
	}
	t.confirm(update.id + 1)
	return true
}
