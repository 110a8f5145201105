package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/bwmarrin/discordgo"
)

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

func (d *Discord) onReady(ctx context.Context, e *readyEvent) error {
	d.log.InfoContext(ctx, "on Discord", "bot", e.User.Name, "servers", len(e.Guilds), "shard", e.Shard)
	d.self.mu.Lock()
	defer d.self.mu.Unlock()
	d.self.userID = e.User.ID
	return nil
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
