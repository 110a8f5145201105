package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/bot/bottest/telegramtest/botapi"
)

const (
	pollMax  = 50 * time.Second // longer timeouts are cut
	batchMax = 100
	// pollGrace is real time: how long the end of a connection that the client has
	// closed may take to be seen here. A client that restarts is no second poller.
	pollGrace = 250 * time.Millisecond
)

// updateKinds are the kinds that a bot gets without asking for them by name. Of the
// others the fake makes chat_member only.
var updateKinds = []string{
	"message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "inline_query",
	"chosen_inline_result", "my_chat_member",
}

// push queues an update, if the bot wants its kind. The caller holds mu.
func (t *Server) push(kind string, payload any) {
	if !slices.Contains(t.updates.allowed, kind) {
		return
	}
	id := t.updates.nextID
	raw, err := json.Marshal(map[string]any{"update_id": id, kind: payload})
	if err != nil {
		panic(fmt.Sprintf("telegramtest: encode an update: %v", err))
	}
	for _, problem := range t.spec.CheckType("Update", raw) {
		t.violate("the fake's own update with %s: %s", kind, problem)
	}
	t.enqueue(queuedUpdate{id: id, raw: raw})
}

func (t *Server) enqueue(u queuedUpdate) {
	t.updates.queue = append(t.updates.queue, u)
	t.updates.nextID++
	t.notify()
}

// PushRaw queues whatever make returns for the next update id, such as an update with
// wrong types, "null", or one with a kind that does not exist yet. It must be JSON.
func (t *Server) PushRaw(make func(id int64) string) int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	id := t.updates.nextID
	raw := json.RawMessage(make(id))
	if !json.Valid(raw) {
		panic("telegramtest: an update that is not JSON would spoil the whole answer; use a fault for that")
	}
	t.enqueue(queuedUpdate{id: id, raw: raw, poison: true})
	return id
}

// Redeliver queues the last n confirmed updates again, under their ids, as the server
// does where it has lost a confirmation.
func (t *Server) Redeliver(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	from := max(len(t.updates.confirmed)-n, 0)
	again := slices.Clone(t.updates.confirmed[from:])
	t.updates.confirmed = t.updates.confirmed[:from]
	t.updates.queue = append(again, t.updates.queue...)
	t.notify()
}

// Drained waits until every update has been confirmed: the bot has handled all that
// it was told, so that what it has not said by then it will not say.
func (t *Server) Drained(ctx context.Context) error {
	return t.await(ctx, "all updates to be confirmed", func() bool { return len(t.updates.queue) == 0 })
}

// Polling waits until a getUpdates call is waiting for updates.
func (t *Server) Polling(ctx context.Context) error {
	return t.await(ctx, "a waiting getUpdates", func() bool { return t.updates.poller != nil })
}

// StealPoll ends a waiting getUpdates with 409, as though another instance of the
// bot polled; false where none waits. It is no violation of the bot's.
func (t *Server) StealPoll() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.updates.poller == nil {
		return false
	}
	t.updates.poller.foreign = true
	t.displace(otherPoller)
	return true
}

const otherPoller = "terminated by other getUpdates request; make sure that only one bot instance is running"

// displace ends the call that waits. The caller holds mu.
func (t *Server) displace(reason string) {
	if p := t.updates.poller; p != nil {
		p.ended = reason
		t.updates.poller = nil
		t.notify()
	}
}

// getUpdates is called with mu held, and lets go of it while it waits.
func (t *Server) getUpdates(call *botapi.Call) (any, error) {
	if t.webhook.url != "" {
		return nil, botapi.Conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if err := t.allow(call); err != nil {
		return nil, err
	}
	t.confirm(call.Integer("offset"))
	t.displace(otherPoller)
	me := &pendingPoll{}
	t.updates.poller = me
	defer func() {
		if t.updates.poller == me {
			t.updates.poller = nil
		}
	}()
	timeout := min(time.Duration(max(call.Integer("timeout"), 0))*time.Second, pollMax)
	deadline := t.clock.After(timeout)
	t.notify()
	for waiting := timeout > 0; ; {
		if me.ended != "" {
			return nil, t.conflict(call, me)
		}
		batch := t.batch(int(call.Integer("limit")))
		if len(batch) > 0 || !waiting {
			return batch, nil
		}
		waiting = t.pollWait(call, deadline)
	}
}

// pollWait lets go of mu until something has changed; false says that the time is up,
// or the client gone.
func (t *Server) pollWait(call *botapi.Call, deadline <-chan time.Time) bool {
	changed := t.changed
	t.mu.Unlock()
	defer t.mu.Lock()
	select {
	case <-changed:
		return true
	case <-deadline:
	case <-call.Ctx.Done():
	case <-t.done:
	}
	return false
}

// conflict is the answer to a call that was displaced. That its client still listens
// means that two poll at once; a client that has gone away may just not be seen yet,
// so mu is let go for a moment.
func (t *Server) conflict(call *botapi.Call, me *pendingPoll) error {
	if me.foreign || me.ended != otherPoller {
		return botapi.Conflict(me.ended)
	}
	grace := time.NewTimer(pollGrace)
	defer grace.Stop()
	t.mu.Unlock()
	defer t.mu.Lock()
	select {
	case <-call.Ctx.Done():
	case <-t.done:
	case <-grace.C:
		t.mu.Lock()
		t.violate("getUpdates: a second call while one was waiting")
		t.mu.Unlock()
	}
	return botapi.Conflict(me.ended)
}

// allow reads allowed_updates, which stay until they are named again.
func (t *Server) allow(call *botapi.Call) error {
	if !call.Has("allowed_updates") {
		return nil
	}
	var kinds []string
	if err := call.Decode("allowed_updates", "allowed updates JSON array", &kinds); err != nil {
		return err
	}
	if len(kinds) == 0 {
		kinds = updateKinds
	}
	t.updates.allowed = kinds
	return nil
}

// confirm drops what the client has seen. A negative offset keeps that many of the
// newest and forgets the rest.
func (t *Server) confirm(offset int64) {
	n := 0
	switch {
	case offset > 0:
		for n < len(t.updates.queue) && t.updates.queue[n].id < offset {
			n++
		}
	case offset < 0:
		n = max(len(t.updates.queue)+int(offset), 0)
	}
	if n > 0 {
		t.updates.confirmed = append(t.updates.confirmed, t.updates.queue[:n]...)
		t.updates.queue = slices.Clone(t.updates.queue[n:])
		t.notify()
	}
}

func (t *Server) batch(limit int) []json.RawMessage {
	if limit <= 0 || limit > batchMax {
		limit = batchMax
	}
	batch := []json.RawMessage{}
	for _, u := range t.updates.queue[:min(limit, len(t.updates.queue))] {
		batch = append(batch, u.raw)
	}
	return batch
}

// deliver tells the bot of a message, if it can see it. The caller holds mu.
func (t *Server) deliver(chat *Chat, m *Message) {
	kind := "message"
	if chat.peer.Type == "channel" {
		kind = "channel_post"
	}
	t.deliverAs(kind, chat, m)
}

func (t *Server) deliverAs(kind string, chat *Chat, m *Message) {
	if t.sees(chat, m) {
		t.push(kind, m)
	}
}

// sees holds privacy mode: in groups a bot that is no administrator sees service
// messages, commands, mentions of itself, replies to itself and what came through it.
func (t *Server) sees(chat *Chat, m *Message) bool {
	status := chat.status(t.bot.ID)
	switch {
	case chat.peer.Type == "private":
		return true
	case !present(status):
		return false
	case chat.peer.Type == "channel", status == statusAdmin, t.options.ReadsAll:
		return true
	case m.Text == "" && m.Photo == nil && m.Document == nil:
		return true
	case m.ReplyTo != nil && m.ReplyTo.authored, m.ViaBot != nil:
		return true
	}
	return t.addressed(*m)
}

func (t *Server) addressed(m Message) bool {
	handle := "@" + t.bot.Username
	for _, mention := range m.Marked("mention") {
		if strings.EqualFold(mention, handle) {
			return true
		}
	}
	for i, command := range m.Marked("bot_command") {
		_, to, named := strings.Cut(command, "@")
		if named && strings.EqualFold("@"+to, handle) {
			return true
		}
		if !named && i == 0 && strings.HasPrefix(m.Plain(), command) {
			return true
		}
	}
	return false
}
