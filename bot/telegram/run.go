package telegram

import (
	"context"
	"sync"
	"time"

	"parley/bot/backoff"
	"parley/bot/telegram/api"
)

// Run receives and answers until ctx is done, then waits for the answers under way,
// for Options.Grace at most, and returns nil. An error says what to do. It can be run
// once.
func (t *Telegram) Run(ctx context.Context) error {
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	defer t.o.HTTP.CloseIdleConnections()
	if err := t.introduce(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	work, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	var beside sync.WaitGroup
	beside.Go(func() { t.register(ctx) })
	defer beside.Wait()
	defer leave()
	if t.o.Webhook.URL != "" {
		return t.listen(ctx, work, stop)
	}
	p, err := t.poll(ctx, work)
	t.finish(stop)
	if p != nil {
		p.commit(context.WithoutCancel(ctx))
	}
	return err
}

// introduce asks Telegram who the bot is, until it answers.
func (t *Telegram) introduce(ctx context.Context) error {
	tries := backoff.Backoff{First: time.Second, Most: time.Minute}
	for ctx.Err() == nil {
		err := t.client.Call(ctx, "getMe", nil, &t.self)
		if err == nil {
			close(t.known)
			t.log.InfoContext(ctx, "on Telegram", "bot", "@"+t.self.Username)
			return nil
		}
		wait := tries.Next()
		if r := api.RefusalIn(err); r != nil && isTokenRefused(r) {
			return errToken(err)
		} else if r != nil && r.After > 0 {
			wait = r.After
		}
		if ctx.Err() != nil {
			return nil
		}
		t.log.WarnContext(ctx, "Telegram does not answer, another try follows", "in", wait, "err", err)
		if err := backoff.SleepBy(ctx, t.clock, wait); err != nil {
			return nil
		}
	}
	return nil
}
