package telegram

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"parley/bot/backoff"
	"parley/bot/telegram/api"
)

const (
	secretHeader   = "X-Telegram-Bot-Api-Secret-Token"
	maxUpdate      = 1 << 20 // bytes
	deliveryWait   = 20 * time.Second
	maxConnections = "40"
)

// listen serves the webhook until ctx is done, then waits for the answers under way. The
// webhook stays set: until the next start Telegram keeps what comes.
func (t *Telegram) listen(ctx, work context.Context, stop context.CancelCauseFunc) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", t.o.Webhook.Listen)
	if err != nil {
		return fmt.Errorf("telegram: webhook: %w", err)
	}
	u, _ := url.Parse(t.o.Webhook.URL) // checked by New
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+max(u.EscapedPath(), "/"), func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(t.delivered(work, w, r))
	})
	server := &http.Server{
		Handler: mux, ReadTimeout: deliveryWait, WriteTimeout: 2 * deliveryWait, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(t.log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }() // ends with Shutdown, and is waited for
	if err = t.setWebhook(ctx); err == nil {
		select {
		case <-ctx.Done():
		case err = <-served:
			served <- err
		}
	}
	t.tasks.Close() // from here on what comes is to come again
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.o.Grace)
	defer cancel()
	closed := server.Shutdown(closing)
	if fault := <-served; !errors.Is(fault, http.ErrServerClosed) {
		err = errors.Join(err, fmt.Errorf("telegram: webhook: %w", fault))
	}
	t.finish(stop)
	if closed != nil {
		t.log.WarnContext(ctx, "webhook connections were cut", "err", errors.Join(closed, server.Close()))
	}
	return err
}

// setWebhook tells Telegram where to deliver to, until it has heard.
func (t *Telegram) setWebhook(ctx context.Context) error {
	params := api.Params{
		"url": t.o.Webhook.URL, "secret_token": t.o.Webhook.Secret,
		"allowed_updates": api.JSON(updateKinds), "max_connections": maxConnections,
	}
	tries := backoff.Backoff{First: time.Second, Most: time.Minute}
	for {
		err := t.client.Call(ctx, "setWebhook", params, nil)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		wait := tries.Next()
		if r := api.RefusalIn(err); r != nil && r.After > 0 {
			wait = r.After
		} else if r != nil && r.Code < 500 {
			return fmt.Errorf("telegram: Telegram does not take the webhook %s: %w", t.o.Webhook.URL, err)
		}
		t.log.WarnContext(ctx, "the webhook is not set, another try follows", "in", wait, "err", err)
		if backoff.SleepBy(ctx, t.clock, wait) != nil {
			return nil
		}
	}
}

// delivered takes an update on and returns the status for its delivery. An update that is not
// taken on, since too many wait, comes again.
func (t *Telegram) delivered(work context.Context, w http.ResponseWriter, r *http.Request) int {
	if subtle.ConstantTimeCompare([]byte(r.Header.Get(secretHeader)), []byte(t.o.Webhook.Secret)) != 1 {
		return http.StatusUnauthorized
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return http.StatusRequestEntityTooLarge
	}
	if err != nil {
		return http.StatusBadRequest
	}
	u, err := read(raw)
	if err != nil {
		t.log.WarnContext(work, "an update cannot be read and is passed over", "update", u.ID, "err", err)
		return http.StatusOK // it would come again for ever
	}
	ctx, cancel := context.WithTimeout(r.Context(), deliveryWait)
	defer cancel()
	if err := t.route(ctx, work, u, func() {}); err != nil {
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}
