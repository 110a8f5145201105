package discord

import (
	"context"
	"time"

	"parley/bot"
	"parley/bot/discord/posting"
)

// Render makes the messages of a reply that nobody asked for. title is that of the thread
// where the place is a forum, cut to 100 characters.
func (d *Discord) Render(ctx context.Context, to bot.Place, reply bot.Reply, title string) ([]bot.Rendered, error) {
	var messages []posting.Message
	for _, m := range d.messages(ctx, reply, bot.Request{}, "") {
		messages = append(messages, posting.Message{Body: m, Files: m.files, From: m.from})
	}
	return posting.Encode(to, title, messages, len(reply.Blocks))
}

// SendPart sends a message that Render made (see posting.Poster.Send).
func (d *Discord) SendPart(ctx context.Context, p bot.Post) (id string, err error) {
	return d.poster.Send(ctx, p)
}

// ResendPart sends a message of which it is not known whether it arrived, unless it did (see
// posting.Poster.Resend).
func (d *Discord) ResendPart(ctx context.Context, p bot.Post, begun time.Time) (id string, err error) {
	return d.poster.Resend(ctx, p, begun)
}
