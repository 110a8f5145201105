package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strconv"
	"sync"

	"github.com/bwmarrin/discordgo"
)

// identity is who the bot is, and where, as the gateway tells.
type identity struct {
	mu     sync.Mutex
	userID string
	guilds map[string]bool // those it was in when a session began
}

func (i *identity) user() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.userID
}

// onEvent takes an event of the gateway and has it handled elsewhere: whoever reads the
// connection must not wait. The event is decoded here once more because discordgo's types
// fail as a whole where Discord has added something.
func (d *Discord) onEvent(shard int, e *discordgo.Event) {
	var handle func(context.Context, json.RawMessage) error
	switch e.Type {
	case "INTERACTION_CREATE":
		handle = handling(d.onInteraction)
	case "MESSAGE_CREATE":
		handle = handling(d.onMessage)
	case "THREAD_CREATE":
		handle = handling(func(_ context.Context, e *threadEvent) error { d.placed(*e); return nil })
	case "READY":
		// In order with what follows: messages are told from the bot's own by it.
		d.inOrder(shard, e, handling(d.onReady))
		return
	case "GUILD_CREATE": // servers come and go seldom, and in an order that matters
		d.inOrder(shard, e, handling(d.onGuild))
		return
	case "GUILD_DELETE":
		d.inOrder(shard, e, handling(d.onGuildGone))
		return
	default:
		return
	}
	taken := d.work.do(func(ctx context.Context) {
		defer d.recovered(e.Type)
		if err := handle(ctx, e.RawData); err != nil {
			d.log.WarnContext(ctx, "event not answered", "event", e.Type, "shard", shard, "err", err)
		}
	})
	if !taken {
		d.log.Warn("event dropped: too many are being answered, or the end has begun", "event", e.Type, "shard", shard)
	}
}

// inOrder handles an event before the next one is read.
func (d *Discord) inOrder(shard int, e *discordgo.Event, handle func(context.Context, json.RawMessage) error) {
	defer d.recovered(e.Type)
	ctx, cancel := context.WithTimeout(context.Background(), ackTime)
	defer cancel()
	if err := handle(ctx, e.RawData); err != nil {
		d.log.Error("event not handled", "event", e.Type, "shard", shard, "err", err)
	}
}

// handling decodes an event for its handler.
func handling[E any](handle func(context.Context, *E) error) func(context.Context, json.RawMessage) error {
	return func(ctx context.Context, raw json.RawMessage) error {
		e := new(E)
		if err := json.Unmarshal(raw, e); err != nil {
			return fmt.Errorf("decode: %w", err)
		}
		return handle(ctx, e)
	}
}

func (d *Discord) recovered(what string) {
	if v := recover(); v != nil {
		d.log.Error("panic", "in", what, "value", redact(fmt.Sprint(v)), "stack", string(debug.Stack()))
	}
}

// user is a person or a bot.
type user struct {
	ID  string `json:"id"`
	Bot bool   `json:"bot"`
}

type readyEvent struct {
	User   user `json:"user"`
	Guilds []struct {
		ID string `json:"id"`
	} `json:"guilds"`
}

func (d *Discord) onReady(_ context.Context, e *readyEvent) error {
	d.self.mu.Lock()
	defer d.self.mu.Unlock()
	d.self.userID = e.User.ID
	if d.self.guilds == nil {
		d.self.guilds = map[string]bool{}
	}
	for _, g := range e.Guilds {
		d.self.guilds[g.ID] = true
	}
	return nil
}

type guildEvent struct {
	ID          string        `json:"id"`
	Unavailable bool          `json:"unavailable"`
	Threads     []threadEvent `json:"threads"`
}

// threadEvent is a channel, of which only threads matter here.
type threadEvent struct {
	ID     string `json:"id"`
	Type   int    `json:"type"`
	Parent string `json:"parent_id"` // of other channels it is the category
}

// Types of threads.
const (
	announcementThread = 10
	publicThread       = 11
	privateThread      = 12
)

// placed remembers in which channel a thread is: messages in it do not tell, and the
// settings of a chat name channels.
func (d *Discord) placed(e threadEvent) {
	switch e.Type {
	case announcementThread, publicThread, privateThread:
		d.parent.add(e.ID, e.Parent)
	}
}

// channel is the channel itself, or that of a thread.
func (d *Discord) channel(id string) string {
	if parent, ok := d.parent.get(id); ok {
		return parent
	}
	return id
}

// onGuild tells the subscriptions of a server that the bot has come to; those that it was
// in when the session began are announced in the same way.
func (d *Discord) onGuild(ctx context.Context, e *guildEvent) error {
	for _, t := range e.Threads {
		d.placed(t)
	}
	d.self.mu.Lock()
	known := d.self.guilds[e.ID]
	if d.self.guilds != nil {
		d.self.guilds[e.ID] = true
	}
	d.self.mu.Unlock()
	if known || e.Unavailable || d.opts.Subscriptions == nil {
		return nil
	}
	_, err := d.opts.Subscriptions.Resume(ctx, chatOf(e.ID))
	return err
}

// onGuildGone tells the subscriptions of a server that the bot was removed from it. With
// Unavailable it is only out of reach.
func (d *Discord) onGuildGone(ctx context.Context, e *guildEvent) error {
	if e.Unavailable {
		return nil
	}
	d.self.mu.Lock()
	delete(d.self.guilds, e.ID)
	d.self.mu.Unlock()
	return d.suspend(ctx, e.ID, "the bot was removed from the server")
}

func (d *Discord) suspend(ctx context.Context, id, reason string) error {
	if d.opts.Subscriptions == nil {
		return nil
	}
	return d.opts.Subscriptions.Suspend(ctx, chatOf(id), reason)
}

// chatOf is the core's name of a server or channel.
func chatOf(id string) string { return "discord/" + id }

// permissions is a set of permissions, which Discord writes as a string.
type permissions uint64

func (p *permissions) UnmarshalText(b []byte) error {
	n, err := strconv.ParseUint(string(b), 10, 64)
	*p = permissions(n)
	return err
}

func (p permissions) has(bits permissions) bool { return p&bits == bits }

// The permissions that mean something here.
const (
	administrator         permissions = 1 << 3
	manageGuild           permissions = 1 << 5
	viewChannel           permissions = 1 << 10
	sendMessages          permissions = 1 << 11
	embedLinks            permissions = 1 << 14
	attachFiles           permissions = 1 << 15
	readMessageHistory    permissions = 1 << 16
	sendMessagesInThreads permissions = 1 << 38
)
