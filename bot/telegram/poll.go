package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"parley/bot/backoff"
	"parley/bot/telegram/api"
)

const (
	pollTimeout = 50 * time.Second // the longest that Telegram allows
	pollLimit   = 100              // updates at once, the most that Telegram gives
	// conflictPatience is how long another poller may go on: while one instance
	// replaces another both may run for a moment.
	conflictPatience = time.Minute
	// While updates are under way Telegram gives them again with those that are new, at
	// once, so that there is a pause between polls.
	shortPause = 50 * time.Millisecond
	longPause  = time.Second
)

// poller receives updates by long polling.
type poller struct {
	t         *Telegram
	pending   *pendingUpdates
	committed int64
	failures  backoff.Backoff
	pause     backoff.Backoff
	conflict  time.Time // since when there has been another poller; zero if there is none
}

// poll receives updates until ctx is done, and hands them on to be dealt with under
// work.
func (t *Telegram) poll(ctx, work context.Context) (*poller, error) {
	offset, err := t.store.Offset(ctx, t.self.ID)
	if err != nil {
		return nil, fmt.Errorf("telegram: %w", err)
	}
	p := &poller{
		t: t, pending: newPendingUpdates(offset), committed: offset,
		failures: backoff.Backoff{First: time.Second, Most: 30 * time.Second},
		pause:    backoff.Backoff{First: shortPause, Most: longPause},
	}
	for ctx.Err() == nil {
		p.commit(ctx)
		batch, err := p.get(ctx)
		if err == nil {
			p.failures.Reset()
			p.conflict = time.Time{}
			err = p.hand(ctx, work, batch)
		} else {
			err = p.failed(ctx, err)
		}
		if err != nil && ctx.Err() == nil {
			return p, err
		}
	}
	return p, nil
}

// get asks for the updates that are not done, and waits for one if there is none.
func (p *poller) get(ctx context.Context) (batch []json.RawMessage, err error) {
	wait := pollTimeout
	if p.pending.waiting() > 0 {
		wait = 0
	}
	params := api.Params{
		"limit": strconv.Itoa(pollLimit), "timeout": strconv.Itoa(int(wait / time.Second)),
		"allowed_updates": api.JSON(updateKinds),
	}
	params.AddNonZero64("offset", p.pending.offset())
	err = p.t.client.Poll(ctx, "getUpdates", params, wait, &batch)
	return batch, err
}

// hand has the new updates of a batch dealt with. While updates are under way it waits until
// they are done, or for a pause that grows while nothing happens.
func (p *poller) hand(ctx, work context.Context, batch []json.RawMessage) error {
	offset, fresh := p.pending.offset(), 0
	last := offset - 1
	for _, raw := range batch {
		u, err := read(raw)
		if u.ID == 0 && last > 0 {
			u.ID = last + 1 // ids follow each other
		}
		if u.ID == 0 || !p.pending.take(u.ID) {
			last = max(last, u.ID)
			continue
		}
		last = u.ID
		fresh++
		done := func() { p.pending.done(u.ID) }
		if err != nil {
			p.t.log.WarnContext(ctx, "an update cannot be read and is passed over", "update", u.ID, "err", err)
			done()
			continue
		}
		if err := p.t.route(ctx, work, u, done); err != nil {
			return err
		}
	}
	if fresh == 0 && len(batch) >= pollLimit {
		id := p.pending.letGo()
		p.t.log.WarnContext(ctx, "an update has been under way for so long that it is not waited for", "update", id)
		return nil
	}
	progress := fresh > 0 || p.pending.offset() > offset
	if progress {
		p.pause.Reset()
	}
	if p.pending.waiting() == 0 && (progress || len(batch) == 0) {
		return nil
	}
	pause := time.NewTimer(p.pause.Next())
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-p.pending.idle:
	case <-ctx.Done():
	}
	return nil
}

// commit keeps how far the updates are done.
func (p *poller) commit(ctx context.Context) {
	offset := p.pending.offset()
	if offset <= p.committed {
		return
	}
	if err := p.t.store.Commit(ctx, p.t.self.ID, offset-1); err != nil {
		p.t.log.ErrorContext(ctx, "the offset was not kept; each update has its own mark as well", "err", err)
		return
	}
	p.committed = offset
}

// failed waits until a poll may succeed, or returns an error where it cannot.
func (p *poller) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	t := p.t
	wait := p.failures.Next()
	if r := api.RefusalIn(err); r != nil {
		switch {
		case isTokenRefused(r):
			return errToken(err)
		case r.Code == http.StatusConflict && r.Says("webhook"):
			if !t.o.DeleteWebhook {
				return errors.New("telegram: a webhook is set for this bot, so that its updates cannot be polled for; " +
					"set telegram.webhook_url to use it, or have it deleted")
			}
			t.log.InfoContext(ctx, "the webhook that is set is deleted")
			return t.client.Call(ctx, "deleteWebhook", nil, nil)
		case r.Code == http.StatusConflict:
			if p.conflict.IsZero() {
				p.conflict = t.clock.Now()
			}
			if t.clock.Now().Sub(p.conflict) >= conflictPatience {
				return fmt.Errorf("telegram: another program receives this bot's updates; "+
					"stop it, or give this one a token of its own: %w", err)
			}
		case r.After > 0:
			wait = r.After
		}
	}
	t.log.WarnContext(ctx, "no updates from Telegram, another try follows", "in", wait, "err", err)
	if err := backoff.SleepBy(ctx, t.clock, wait); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

func isTokenRefused(r *api.Refusal) bool {
	return r.Code == http.StatusUnauthorized || r.Code == http.StatusNotFound
}

func errToken(err error) error {
	return fmt.Errorf("telegram: Telegram does not know the token; take the current one from @BotFather, "+
		"and make sure that telegram.api_url is the API's: %w", err)
}
