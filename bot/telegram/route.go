package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"parley/bot/telegram/api"
	"parley/bot/telegram/outbox"
	"parley/bot/telegram/taskqueue"
)

// route hands an update to whoever deals with it, in the order of its chat. It calls done
// once, when the update is dealt with, but not if the update should come again. An error
// says that it was not taken on.
func (t *Telegram) route(ctx, work context.Context, u update, done func()) error {
	switch {
	case u.Callback != nil:
		return t.tasks.Add(ctx, "click/"+u.Callback.ID, func() { t.clicked(work, u, done) })
	case u.message() != nil:
		m := u.message()
		key := outbox.ChatKey(m.Chat.ID)
		return t.task(ctx, work, key, u.ID, done, func() error { return t.onMessage(work, u.ID, m) })
	case u.Inline != nil:
		t.typed.Add(u.Inline.From.ID, u.Inline.ID)
		key := "inline/" + strconv.FormatInt(u.Inline.From.ID, 10)
		return t.task(ctx, work, key, u.ID, done, func() error { return t.onInline(work, u.Inline) })
	case u.MyMember != nil:
		key := outbox.ChatKey(u.MyMember.Chat.ID)
		return t.task(ctx, work, key, u.ID, done, func() error { return t.onMember(work, u.MyMember) })
	}
	done() // of a kind that nobody asked for
	return nil
}

// clicked answers a click before what waits in its chat, and then has it carried out
// after that.
func (t *Telegram) clicked(work context.Context, u update, done func()) {
	c := t.onClick(work, u.Callback)
	if c == nil {
		done()
		return
	}
	f := t.settled(work, u.ID, done, func() error { return t.carryOut(work, u.ID, c) })
	if err := t.tasks.AddFrom(outbox.ChatKey(c.message.Chat.ID), f); err != nil {
		t.settle(work, u.ID, err, done)
	}
}

// task takes on what is to be done for an update.
func (t *Telegram) task(ctx, work context.Context, key string, id int64, done func(), f func() error) error {
	err := t.tasks.Add(ctx, key, t.settled(work, id, done, f))
	if errors.Is(err, taskqueue.ErrBusy) {
		t.settle(work, id, err, done)
		return nil
	}
	return err
}

// settled makes a task that does something for an update and notes what came of it.
func (t *Telegram) settled(work context.Context, id int64, done func(), f func() error) func() {
	return func() {
		finished := false
		defer func() {
			if !finished { // it panics, and would again
				done()
			}
		}()
		err := f()
		finished = true
		t.settle(work, id, err, done)
	}
}

// settle notes what came of an update. One that was left undone because the adapter
// stops is to come again; others would fail again.
func (t *Telegram) settle(work context.Context, id int64, err error, done func()) {
	if err == nil {
		done()
		return
	}
	again := errors.Is(err, taskqueue.ErrClosed) ||
		work.Err() != nil && (errors.Is(err, errLeft) || errors.Is(err, context.Cause(work)))
	t.log.WarnContext(work, "an update was not answered",
		"update", id, "again", again, "err", api.Redact(err.Error(), t.o.Token))
	if !again {
		done()
	}
}

// read decodes one update. Of one that cannot be read it returns the id alone, 0 where not
// even that is found.
func read(raw json.RawMessage) (u update, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("decode an update: %v", fault)
		}
	}()
	if err = json.Unmarshal(raw, &u); err == nil && u.ID <= 0 {
		err = errors.New("decode an update: it has no id")
	}
	if err != nil {
		u = update{}
		if id := updateID.FindSubmatch(raw); id != nil {
			u.ID, _ = strconv.ParseInt(string(id[1]), 10, 64) // eighteen digits at most
		}
	}
	return u, err
}

var updateID = regexp.MustCompile(`"update_id"\s*:\s*"?([0-9]{1,18})\b`)

// finish waits for the answers under way.
func (t *Telegram) finish(stop context.CancelCauseFunc) {
	t.tasks.Close()
	idle := make(chan struct{})
	go func() { // ends with the last task
		t.tasks.Wait()
		close(idle)
	}()
	grace := time.NewTimer(max(t.o.Grace-outbox.Linger, 0))
	defer grace.Stop()
	select {
	case <-idle:
		return
	case <-grace.C:
		t.log.Warn("answers that wait to be sent are left for the next start")
	}
	stop(errStopping)
	<-idle
}

// errStopping ends what is still under way when the time to stop is over.
var errStopping = errors.New("the adapter has stopped")
