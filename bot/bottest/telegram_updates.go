package bottest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	tgPollMax  = 50 * time.Second // longer timeouts are cut
	tgBatchMax = 100
	// tgGrace is real time: how long the end of a connection that the client has
	// closed may take to be seen here. A client that restarts is no second poller.
	tgGrace = 250 * time.Millisecond
)

// tgUpdateKinds are the kinds that a bot gets without asking for them by name. Of the
// others the fake makes chat_member only.
var tgUpdateKinds = []string{
	"message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "inline_query",
	"chosen_inline_result", "my_chat_member",
}

type tgUpdates struct {
	queue     []tgUpdate // not confirmed yet
	confirmed []tgUpdate
	nextID    int64
	allowed   []string // stays between calls
	poller    *tgPoller
}

// tgUpdate is one update as it goes over the wire. A poison is not held against the
// contract: the test means it to be wrong.
type tgUpdate struct {
	id     int64
	raw    json.RawMessage
	poison bool
}

// tgPoller is a getUpdates call that waits.
type tgPoller struct {
	ended   string // why another took its place; "" while none has
	foreign bool   // it was a test that did, not the bot
}

func newTGUpdates() tgUpdates { return tgUpdates{nextID: 500000001, allowed: tgUpdateKinds} }

// push queues an update, if the bot wants its kind. The caller holds mu.
func (t *Telegram) push(kind string, payload any) {
	if !slices.Contains(t.updates.allowed, kind) {
		return
	}
	id := t.updates.nextID
	raw, err := json.Marshal(map[string]any{"update_id": id, kind: payload})
	if err != nil {
		panic(fmt.Sprintf("bottest: encode an update: %v", err))
	}
	t.checkUpdate(kind, raw)
	t.enqueue(tgUpdate{id: id, raw: raw})
}

func (t *Telegram) enqueue(u tgUpdate) {
	t.updates.queue = append(t.updates.queue, u)
	t.updates.nextID++
	t.notify()
}

// PushRaw queues whatever make returns for the next update id, such as an update with
// wrong types, "null", or one with a kind that does not exist yet. It must be JSON.
func (t *Telegram) PushRaw(make func(id int64) string) int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	id := t.updates.nextID
	raw := json.RawMessage(make(id))
	if !json.Valid(raw) {
		panic("bottest: an update that is not JSON would spoil the whole answer; use a fault for that")
	}
	t.enqueue(tgUpdate{id: id, raw: raw, poison: true})
	return id
}

// Redeliver queues the last n confirmed updates again, under their ids, as the server
// does where it has lost a confirmation.
func (t *Telegram) Redeliver(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	from := max(len(t.updates.confirmed)-n, 0)
	again := slices.Clone(t.updates.confirmed[from:])
	t.updates.confirmed = t.updates.confirmed[:from]
	t.updates.queue = append(again, t.updates.queue...)
	t.notify()
}

// Pending is how many updates wait to be confirmed.
func (t *Telegram) Pending() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.updates.queue)
}

// Drained waits until every update has been confirmed: the bot has handled all that
// it was told, so that what it has not said by then it will not say.
func (t *Telegram) Drained(ctx context.Context) error {
	return t.await(ctx, "all updates to be confirmed", func() bool { return len(t.updates.queue) == 0 })
}

// Polling waits until a getUpdates call is waiting for updates.
func (t *Telegram) Polling(ctx context.Context) error {
	return t.await(ctx, "a waiting getUpdates", func() bool { return t.updates.poller != nil })
}

// StealPoll ends a waiting getUpdates with 409, as though another instance of the
// bot polled; false where none waits. It is no violation of the bot's.
func (t *Telegram) StealPoll() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.updates.poller == nil {
		return false
	}
	t.updates.poller.foreign = true
	t.displace(tgOtherPoller)
	return true
}

const tgOtherPoller = "terminated by other getUpdates request; make sure that only one bot instance is running"

// displace ends the call that waits. The caller holds mu.
func (t *Telegram) displace(reason string) {
	if p := t.updates.poller; p != nil {
		p.ended = reason
		t.updates.poller = nil
		t.notify()
	}
}

// getUpdates is called with mu held, and lets go of it while it waits.
func (t *Telegram) getUpdates(call *tgCall) (any, error) {
	if t.webhook.url != "" {
		return nil, tgConflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if err := t.allow(call); err != nil {
		return nil, err
	}
	t.confirm(call.integer("offset"))
	t.displace(tgOtherPoller)
	me := &tgPoller{}
	t.updates.poller = me
	defer func() {
		if t.updates.poller == me {
			t.updates.poller = nil
		}
	}()
	timeout := min(time.Duration(max(call.integer("timeout"), 0))*time.Second, tgPollMax)
	deadline := t.clock.After(timeout)
	t.notify()
	for waiting := timeout > 0; ; {
		if me.ended != "" {
			return nil, t.conflict(call, me)
		}
		batch := t.batch(int(call.integer("limit")))
		if len(batch) > 0 || !waiting {
			return batch, nil
		}
		waiting = t.pollWait(call, deadline)
	}
}

// pollWait lets go of mu until something has changed; false says that the time is up,
// or the client gone.
func (t *Telegram) pollWait(call *tgCall, deadline <-chan time.Time) bool {
	changed := t.changed
	t.mu.Unlock()
	defer t.mu.Lock()
	select {
	case <-changed:
		return true
	case <-deadline:
	case <-call.ctx.Done():
	case <-t.done:
	}
	return false
}

// conflict is the answer to a call that was displaced. That its client still listens
// means that two poll at once; a client that has gone away may just not be seen yet,
// so mu is let go for a moment.
func (t *Telegram) conflict(call *tgCall, me *tgPoller) error {
	if me.foreign || me.ended != tgOtherPoller {
		return tgConflict(me.ended)
	}
	grace := time.NewTimer(tgGrace)
	defer grace.Stop()
	t.mu.Unlock()
	defer t.mu.Lock()
	select {
	case <-call.ctx.Done():
	case <-t.done:
	case <-grace.C:
		t.mu.Lock()
		t.violate("getUpdates: a second call while one was waiting")
		t.mu.Unlock()
	}
	return tgConflict(me.ended)
}

// allow reads allowed_updates, which stay until they are named again.
func (t *Telegram) allow(call *tgCall) error {
	if !call.has("allowed_updates") {
		return nil
	}
	var kinds []string
	if err := call.decode("allowed_updates", "allowed updates JSON array", &kinds); err != nil {
		return err
	}
	if len(kinds) == 0 {
		kinds = tgUpdateKinds
	}
	t.updates.allowed = kinds
	return nil
}

// confirm drops what the client has seen. A negative offset keeps that many of the
// newest and forgets the rest.
func (t *Telegram) confirm(offset int64) {
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

func (t *Telegram) batch(limit int) []json.RawMessage {
	if limit <= 0 || limit > tgBatchMax {
		limit = tgBatchMax
	}
	batch := []json.RawMessage{}
	for _, u := range t.updates.queue[:min(limit, len(t.updates.queue))] {
		batch = append(batch, u.raw)
	}
	return batch
}

// deliver tells the bot of a message, if it can see it. The caller holds mu.
func (t *Telegram) deliver(chat *TelegramChat, m *TelegramMessage) {
	kind := "message"
	if chat.peer.Type == "channel" {
		kind = "channel_post"
	}
	t.deliverAs(kind, chat, m)
}

func (t *Telegram) deliverAs(kind string, chat *TelegramChat, m *TelegramMessage) {
	if t.sees(chat, m) {
		t.push(kind, m)
	}
}

// sees holds privacy mode: in groups a bot that is no administrator sees service
// messages, commands, mentions of itself, replies to itself and what came through it.
func (t *Telegram) sees(chat *TelegramChat, m *TelegramMessage) bool {
	status := chat.status(t.bot.ID)
	switch {
	case chat.peer.Type == "private":
		return true
	case !tgPresent(status):
		return false
	case chat.peer.Type == "channel", status == tgAdmin, t.options.ReadsAll:
		return true
	case m.Text == "" && m.Photo == nil && m.Document == nil:
		return true
	case m.ReplyTo != nil && m.ReplyTo.authored, m.ViaBot != nil:
		return true
	}
	return t.addressed(*m)
}

func (t *Telegram) addressed(m TelegramMessage) bool {
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
	return slices.ContainsFunc(m.Marks(), func(e TelegramEntity) bool { return e.User != nil && e.User.ID == t.bot.ID })
}
