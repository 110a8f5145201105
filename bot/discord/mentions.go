package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/wording"
)

// Types of messages that somebody wrote.
const (
	plainMessage = 0
	replyMessage = 19
)

// messageEvent is a message that somebody wrote, as far as it matters here.
type messageEvent struct {
	ID        string `json:"id"`
	ChannelID string `json:"channel_id"`
	GuildID   string `json:"guild_id"`
	Type      int    `json:"type"`
	Content   string `json:"content"`
	Author    user   `json:"author"`
	WebhookID string `json:"webhook_id"`
	Mentions  []user `json:"mentions"`
	Reference *struct {
		MessageID string `json:"message_id"`
	} `json:"message_reference"`
}

// targetMessage is the message on which a command was used.
type targetMessage struct {
	Content string `json:"content"`
	Embeds  []struct {
		Title       string `json:"title"`
		Description string `json:"description"`
	} `json:"embeds"`
}

// text is what the message says: its content, or that of its embeds where it has none.
func (m targetMessage) text() string {
	if strings.TrimSpace(m.Content) != "" {
		return m.Content
	}
	var lines []string
	for _, e := range m.Embeds {
		lines = append(lines, e.Title, e.Description)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// isQuestion reports whether a message is meant for the bot: it is a person's, in private
// or with a mention, which a reply to the bot usually has, too. Discord withholds the
// content of all others.
func (m *messageEvent) isQuestion(self string) bool {
	if m.ID == "" || m.ChannelID == "" || m.Author.ID == "" || m.Author.Bot || m.WebhookID != "" || m.Author.ID == self || m.Type != plainMessage && m.Type != replyMessage {
		return false
	}
	mentioned := slices.ContainsFunc(m.Mentions, func(u user) bool { return u.ID == self })
	return (m.GuildID == "" || mentioned) && self != ""
}

// onMessage answers a question that is not a command of Discord's.
func (d *Discord) onMessage(ctx context.Context, m *messageEvent) error {
	self := d.self.user()
	if !m.isQuestion(self) || !d.seen.add(m.ID, struct{}{}) {
		return nil
	}
	if m.GuildID == "" {
		d.written(ctx, m.ChannelID)
	}
	req := d.question(m, self)
	asked, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	done := make(chan ready, 1)
	go func() { done <- d.handle(asked, req, m.Author.ID) }()
	timer := time.NewTimer(deferAfter)
	defer timer.Stop()
	select {
	case r := <-done:
		return d.reply(ctx, m, req, r.messages)
	case <-timer.C:
		d.typing(ctx, m.ChannelID)
		return d.reply(ctx, m, req, (<-done).messages)
	}
}

// question is what a message asks, without the mention of the bot.
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

// typing shows that an answer is coming. Whether that works does not matter.
func (d *Discord) typing(ctx context.Context, channel string) {
	err := d.api.do(ctx, call{method: http.MethodPost, url: discordgo.EndpointChannelTyping(channel)})
	if err != nil {
		d.log.DebugContext(ctx, "typing not shown", "err", err)
	}
}

// reply posts an answer below the message that asked. Its nonces come from that message's
// id, so that whatever is repeated is posted once.
func (d *Discord) reply(ctx context.Context, to *messageEvent, req bot.Request, messages []message) error {
	for part, m := range messages {
		m.Reference = &reference{MessageID: to.ID}
		m.Nonce, m.EnforceNonce = fmt.Sprintf("%s.%d", to.ID, part), true
		id, err := d.post(ctx, to.ChannelID, m)
		switch codeOf(err) {
		case codeNoHistory: // it may write, and not reply
			m.Reference = nil
			id, err = d.post(ctx, to.ChannelID, m)
		case codeNoPermission:
			plain := say(wording.In(req.Language).Say("platform.no_embeds"))
			plain.Nonce, plain.EnforceNonce = m.Nonce, true
			_, second := d.post(ctx, to.ChannelID, plain)
			return errors.Join(err, second)
		}
		if err != nil {
			return err
		}
		d.spoken.add(id, req.Conversation)
	}
	return nil
}

// post sends a message with a nonce to a channel.
func (d *Discord) post(ctx context.Context, channel string, m message) (id string, err error) {
	return d.create(ctx, call{
		method: http.MethodPost, url: discordgo.EndpointChannelMessages(channel), body: m, files: m.files,
		again: m.Nonce != "" && m.EnforceNonce,
	})
}
