package telegram_test

import (
	"errors"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/bottest/telegramtest"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func asSendError(err error) *bot.SendError {
	failed, _ := errors.AsType[*bot.SendError](err)
	return failed
}

// passing lets the clock go a thousand times as fast as a real one until the test ends.
func passing(t *testing.T, clock *telegramtest.ManualClock) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				clock.Advance(time.Second)
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-stopped })
}

// eventually waits until something holds.
func (w *world) eventually(what string, holds func() bool) {
	w.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			w.Fatalf("waiting for %s", what)
		}
	}
}

var discard = slog.New(slog.DiscardHandler)
