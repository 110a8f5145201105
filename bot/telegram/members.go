package telegram

import (
	"context"
	"strconv"
	"time"

	"parley/bot/backoff"
	"parley/bot/telegram/api"
	"parley/bot/telegram/outbox"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	// adminsKept is how long it may take until a change of rights is noticed.
	adminsKept = time.Minute
	maxAdmins  = 10_000
)

// admins knows who may change the settings of a chat.
type admins struct {
	client *api.Client
	clock  backoff.Clock
	cache  *lru.Cache[memberID, knownMember]
}

type memberID struct{ chat, user int64 }

type knownMember struct {
	member
	at time.Time
}

func newAdmins(c *api.Client, clock backoff.Clock) *admins {
	cache, err := lru.New[memberID, knownMember](maxAdmins)
	if err != nil {
		panic(err) // only for a size below 1, and ours is a constant
	}
	return &admins{c, clock, cache}
}

// member is what a user is in a chat, as of a minute ago at most.
func (a *admins) member(ctx context.Context, chat, user int64) (member, error) {
	id := memberID{chat, user}
	if known, ok := a.cache.Get(id); ok && a.clock.Now().Sub(known.at) < adminsKept {
		return known.member, nil
	}
	m, err := a.look(ctx, id)
	if err == nil {
		a.cache.Add(id, knownMember{m, a.clock.Now()})
	}
	return m, err
}

// look asks Telegram what a user is in a chat.
func (a *admins) look(ctx context.Context, id memberID) (m member, err error) {
	err = a.client.Call(ctx, "getChatMember", api.Params{
		"chat_id": strconv.FormatInt(id.chat, 10), "user_id": strconv.FormatInt(id.user, 10),
	}, &m)
	return m, err
}

// manages says whether a user may change the settings of a chat. Who cannot be looked up
// may not.
func (t *Telegram) manages(ctx context.Context, c chat, user int64) bool {
	if c.private() {
		return true
	}
	who, err := t.admins.member(ctx, c.ID, user)
	if err != nil {
		t.log.WarnContext(ctx, "not known whether a user manages a chat", "chat", c.ID, "err", err)
	}
	return who.manages()
}

// onMember notes that the bot may write to a chat again, or not any more.
func (t *Telegram) onMember(ctx context.Context, c *memberChange) error {
	key := outbox.ChatKey(c.Chat.ID)
	if c.Chat.Type == "channel" && c.New.present() && !c.New.CanPost {
		return t.store.Suspend(ctx, key, "the bot may not post in the channel")
	}
	if !c.New.mayWrite() {
		return t.store.Suspend(ctx, key, "the bot's status in the chat is now: "+c.New.Status)
	}
	_, err := t.store.Resume(ctx, key)
	return err
}
