package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/discord/rest"
	"parley/bot/wording"
)

// onMessage answers a question that is not a command of Discord's.
func (d *Discord) onMessage(ctx context.Context, m *messageEvent) error {
	self := d.self.user()
	if !m.isQuestion(self) {
		return nil
	}
	if taken, _ := d.taken.ContainsOrAdd(m.ID, struct{}{}); taken {
		return nil
	}
	if m.GuildID == "" {
		d.resumePrivate(ctx, m.ChannelID)
	}
	req := d.question(m, self)
	asked, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	done := make(chan renderedReply, 1)
	go func() { done <- d.handle(asked, req, m.Author.ID) }()
	timer := time.NewTimer(deferAfter)
	defer timer.Stop()
	select {
	case r := <-done:
		return d.reply(ctx, m, req, r.messages)
	case <-timer.C:
		typing := rest.Call{Method: http.MethodPost, URL: discordgo.EndpointChannelTyping(m.ChannelID)}
		if err := d.client.Do(ctx, typing); err != nil {
			d.log.DebugContext(ctx, "typing not shown", "err", err)
		}
		return d.reply(ctx, m, req, (<-done).messages)
	}
}

// question is the request that a message makes, without the mention of the bot.
func (d *Discord) question(m *messageEvent, self string) bot.Request {
	text := strings.NewReplacer("<@"+self+">", " ", "<@!"+self+">", " ").Replace(m.Content)
	replied := ""
	if m.Reference != nil {
		replied = m.Reference.MessageID
	}
	req := bot.Request{
		User: "discord/" + m.Author.ID, Conversation: d.conversation(m.ChannelID, m.Author.ID, replied),
		Chat: chatOf(m.GuildID), Channel: d.channel(m.ChannelID),
	}
	if m.GuildID == "" {
		req.Chat, req.Manager = chatOf(m.ChannelID), true
	}
	req.Command, req.Text = bot.SplitCommand(text)
	if req.Command == "" && req.Text == "" {
		req.Command = helpCommand
	}
	return req
}

// reply posts an answer below the message that asked. Its nonces come from that message's
// id, so that whatever is repeated is posted once.
func (d *Discord) reply(ctx context.Context, to *messageEvent, req bot.Request, messages []message) error {
	for i, m := range messages {
		m.Nonce, m.EnforceNonce = fmt.Sprintf("%s.%d", to.ID, i), true
		m.Reference = &reference{MessageID: to.ID}
		id, err := d.post(ctx, to.ChannelID, m)
		switch rest.CodeOf(err) {
		case discordgo.ErrCodeCannotReplyWithoutPermissionToReadMessageHistory: // the bot may write, but not reply
			m.Reference = nil
			id, err = d.post(ctx, to.ChannelID, m)
		case discordgo.ErrCodeMissingPermissions:
			plain := plainMessage(wording.In(req.Language).Say("platform.no_embeds"))
			plain.Nonce, plain.EnforceNonce = m.Nonce, true
			_, second := d.post(ctx, to.ChannelID, plain)
			return errors.Join(err, second)
		}
		if err != nil {
			return err
		}
		d.conversations.ContainsOrAdd(id, req.Conversation)
	}
	return nil
}

// post sends a message, which has a nonce, to a channel.
func (d *Discord) post(ctx context.Context, channel string, m message) (id string, err error) {
	return d.client.Create(ctx, rest.Call{
		Method: http.MethodPost, URL: discordgo.EndpointChannelMessages(channel), Body: m, Files: m.files, Repeatable: true,
	})
}
