package discord

import (
	"context"

	"github.com/bwmarrin/discordgo"
)

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

// learn remembers the channel of a thread: messages in the thread do not name it, but the
// settings of a chat do. Of a channel it remembers whether it is an announcement channel.
func (d *Discord) learn(e channelEvent) {
	switch e.Type {
	case discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread,
		discordgo.ChannelTypeGuildPrivateThread:
		d.parents.ContainsOrAdd(e.ID, e.Parent)
	default:
		d.poster.SetAnnouncement(e.ID, e.Type == discordgo.ChannelTypeGuildNews)
	}
}

// channel is the channel itself, or that of a thread.
func (d *Discord) channel(id string) string {
	if parent, ok := d.parents.Get(id); ok {
		return parent
	}
	return id
}

// conversation is that of the answer with the id message, or of the answer below which
// channel is a thread (it then has that answer's id), or else the user's own in the channel.
func (d *Discord) conversation(channel, user, message string) string {
	if c, ok := d.conversations.Get(message); ok && message != "" {
		return c
	}
	if c, ok := d.conversations.Get(channel); ok {
		return c
	}
	return "discord/" + channel + "/" + user
}
