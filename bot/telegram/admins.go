package telegram

import (
	"context"
	"strconv"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/bot/backoff"
	"parley/bot/telegram/api"
)

const (
	// adminsKept is how long it may take until a change of rights is noticed.
	adminsKept = time.Minute
	maxAdmins  = 10_000
)

// admins looks up what users are in chats, such as administrators.
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

// member returns what a user is in a chat, or was a minute ago at most.
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
