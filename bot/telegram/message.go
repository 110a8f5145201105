package telegram

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"parley/bot"
	"parley/bot/telegram/api"
	"parley/bot/telegram/outbox"
	"parley/bot/telegram/render"
)

// onMessage answers a message that is meant for the bot.
func (t *Telegram) onMessage(ctx context.Context, id int64, m *message) error {
	if m.MigrateTo != 0 {
		return t.store.MoveChat(ctx, outbox.ChatKey(m.Chat.ID), outbox.ChatKey(m.MigrateTo))
	}
	if m.TopicReopened != nil {
		_, err := t.store.Resume(ctx, outbox.Target{Chat: m.Chat.ID, Thread: m.topic()}.Place().Key())
		return err
	}
	o, ok := t.intentOf(m)
	if !ok {
		return nil
	}
	if done, err := t.store.Handled(ctx, t.self.ID, id); err != nil || done {
		return err
	}
	to := outbox.Target{Chat: m.Chat.ID, Thread: m.topic()}
	if !m.Chat.private() {
		to.ReplyTo = m.ID // in a group people must see who is answered
	}
	c, known := t.command(o.command)
	if known && m.Chat.private() && o.text == "" && len(c.Options) > 0 && c.Options[0].Required {
		// The command lacks its argument. In a private chat a question back disturbs nobody.
		return t.deliver(ctx, id, &outbox.Parcel{To: to, Messages: []render.Message{t.prompt(c, m.From.Language)}})
	}
	req, err := t.request(ctx, m, o)
	if err != nil {
		return err
	}
	owner := m.From.ID
	if m.byAnonymousAdmin() {
		owner = 0 // nobody could press the buttons of one who is not known
	}
	return t.answer(ctx, id, req, &outbox.Parcel{To: to}, owner)
}

// request is the request that a message makes.
func (t *Telegram) request(ctx context.Context, m *message, o intent) (bot.Request, error) {
	req := t.requestOf(*m.From, m.Chat, m.topic())
	req.Command, req.Text = o.command, o.text
	if req.Command == "" && req.Text == "" {
		req.Command = helpCommand // nothing but the bot's name
	}
	if prompted, ok := t.prompted(m, o); ok {
		req.Command, req.Text = prompted, o.text
	}
	if req.Command == startCommand {
		return t.started(ctx, req)
	}
	if req.Command == "" {
		return req, nil // who manages the chat matters for commands alone
	}
	req.Manager = m.byAnonymousAdmin() || t.manages(ctx, m.Chat, m.From.ID)
	return req, nil
}

// requestOf is a request of a user in a chat, without what is asked for.
func (t *Telegram) requestOf(from user, c chat, topic int64) bot.Request {
	req := bot.Request{
		User:     outbox.ChatKey(from.ID),
		Chat:     outbox.ChatKey(c.ID),
		Language: from.Language,
		Diagnose: func(ctx context.Context) ([]bot.Finding, error) { return t.diagnose(ctx, c) },
	}
	req.Conversation = req.Chat
	if !c.private() {
		req.Conversation = fmt.Sprintf("%s/%d/%d", req.Chat, topic, from.ID)
	}
	if c.IsForum || topic != 0 {
		req.Channel = strconv.FormatInt(max(topic, outbox.GeneralTopic), 10)
	}
	return req
}

// prompt asks for the first argument of a command. Its first line is the command's usage:
// by that the reply to it is understood, also after a restart.
func (t *Telegram) prompt(c bot.Command, language string) render.Message {
	question := c.Options[0].Describe(language)
	p := render.Sentence(c.Usage() + "\n" + question)
	p.Markup = api.JSON(forceReply{Force: true, Placeholder: render.Label(question, maxPlaceholder)})
	return p
}

const maxPlaceholder = 64 // UTF-16 units

// prompted returns the command whose prompt a message replies to.
func (t *Telegram) prompted(m *message, o intent) (command string, ok bool) {
	if o.command != "" || m.ReplyTo == nil || m.ReplyTo.From == nil || m.ReplyTo.From.ID != t.self.ID {
		return "", false
	}
	usage, _, _ := strings.Cut(m.ReplyTo.Text, "\n")
	for _, c := range t.core.Commands() {
		if c.Usage() == usage {
			return c.Name, true
		}
	}
	return "", false
}
