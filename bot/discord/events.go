package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"

	"github.com/bwmarrin/discordgo"

	"parley/bot/discord/posting"
	"parley/bot/discord/rest"
)

// identity is who the bot is, and in which servers, as the gateway tells.
type identity struct {
	mu     sync.Mutex
	userID string
	listed map[string]bool // servers of which the gateway has told all channels
}

func (i *identity) user() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.userID
}

// isListed reports whether the gateway has told of all channels of a server.
func (i *identity) isListed(guild string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.listed[guild]
}

// onEvent takes an event of the gateway and has it handled in a goroutine of its own, since
// whoever reads the connection must not wait. It decodes the event once more because
// discordgo's types fail as a whole where Discord has added something.
func (d *Discord) onEvent(shard int, e *discordgo.Event) {
	var handle func(context.Context, json.RawMessage) error
	switch e.Type {
	case "INTERACTION_CREATE":
		handle = handling(d.onInteraction)
	case "MESSAGE_CREATE":
		handle = handling(d.onMessage)
	case "THREAD_CREATE":
		handle = handling(func(_ context.Context, e *channelEvent) error { d.learn(*e); return nil })
	case "CHANNEL_CREATE", "CHANNEL_UPDATE", "THREAD_UPDATE", "GUILD_ROLE_UPDATE", "GUILD_MEMBER_UPDATE":
		handle = handling(d.onRights)
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
		d.log.Warn("event dropped: too many are being answered, or the end has begun",
			"event", e.Type, "shard", shard)
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
		d.log.Error("panic", "in", what, "value", rest.Redact(fmt.Sprint(v)), "stack", string(debug.Stack()))
	}
}

// user is a person or a bot.
type user struct {
	ID   string `json:"id"`
	Name string `json:"username"`
	Bot  bool   `json:"bot"`
}

type readyEvent struct {
	User   user         `json:"user"`
	Guilds []guildEvent `json:"guilds"`
	Shard  []int        `json:"shard"` // which of how many
}

func (d *Discord) onReady(ctx context.Context, e *readyEvent) error {
	d.log.InfoContext(ctx, "on Discord", "bot", e.User.Name, "servers", len(e.Guilds), "shard", e.Shard)
	d.self.mu.Lock()
	defer d.self.mu.Unlock()
	d.self.userID = e.User.ID
	return nil
}

type guildEvent struct {
	ID          string         `json:"id"`
	Unavailable bool           `json:"unavailable"`
	Channels    []channelEvent `json:"channels"`
	Threads     []channelEvent `json:"threads"`
}

// channelEvent is a channel or a thread.
type channelEvent struct {
	ID     string `json:"id"`
	Type   int    `json:"type"`
	Parent string `json:"parent_id"` // of other channels it is the category
	Guild  string `json:"guild_id"`
}

// Types of channels and threads.
const (
	announcementChannel = 5
	announcementThread  = 10
	publicThread        = 11
	privateThread       = 12
)

// learn remembers the channel of a thread: messages in the thread do not name it, but the
// settings of a chat do. Of a channel it remembers whether it is an announcement channel.
func (d *Discord) learn(e channelEvent) {
	switch e.Type {
	case announcementThread, publicThread, privateThread:
		d.parents.add(e.ID, e.Parent)
	default:
		d.poster.SetAnnouncement(e.ID, e.Type == announcementChannel)
	}
}

// channel is the channel itself, or that of a thread.
func (d *Discord) channel(id string) string {
	if parent, ok := d.parents.get(id); ok {
		return parent
	}
	return id
}

// onGuild tells the subscriptions of a server that the bot is in it. That is so when the bot
// comes to it, and whenever a session begins: of what happened before, nobody told.
func (d *Discord) onGuild(ctx context.Context, e *guildEvent) error {
	if e.Unavailable {
		return nil
	}
	for _, c := range slices.Concat(e.Channels, e.Threads) {
		d.learn(c)
	}
	d.self.mu.Lock()
	if d.self.listed == nil {
		d.self.listed = map[string]bool{}
	}
	d.self.listed[e.ID] = true
	d.self.mu.Unlock()
	return d.resume(ctx, e.ID)
}

// onRights tells the subscriptions of a server that the bot may now be allowed what it was
// not before. Whether it is, the next post finds out.
func (d *Discord) onRights(ctx context.Context, e *channelEvent) error {
	if e.ID != "" {
		d.learn(*e)
	}
	return d.resume(ctx, e.Guild)
}

// onGuildGone tells the subscriptions of a server that the bot was removed from it. With
// Unavailable it is only out of reach.
func (d *Discord) onGuildGone(ctx context.Context, e *guildEvent) error {
	if e.Unavailable {
		return nil
	}
	d.self.mu.Lock()
	delete(d.self.listed, e.ID)
	d.self.mu.Unlock()
	return d.suspend(ctx, chatOf(e.ID), "the bot was removed from the server")
}

func (d *Discord) suspend(ctx context.Context, key, reason string) error {
	if d.opts.Subscriptions == nil {
		return nil
	}
	return d.opts.Subscriptions.Suspend(ctx, key, reason)
}

// resume lifts the suspensions of a server or of a private channel.
func (d *Discord) resume(ctx context.Context, id string) error {
	if d.opts.Subscriptions == nil || id == "" {
		return nil
	}
	_, err := d.opts.Subscriptions.Resume(ctx, chatOf(id))
	return err
}

// resumePrivate lifts the suspension of a private channel, since its user has written to
// the bot.
func (d *Discord) resumePrivate(ctx context.Context, channel string) {
	if err := d.resume(ctx, channel); err != nil {
		d.log.WarnContext(ctx, "a private channel was not resumed", "channel", channel, "err", err)
	}
}

// chatOf is the core's name of a server or channel.
func chatOf(id string) string { return posting.Platform + "/" + id }

// permissions is a set of permissions, which Discord writes as a number in a string.
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
