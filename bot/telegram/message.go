package telegram

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"parley/bot"
)

const (
	startCommand = "start" // what the start button and deep links send
	helpCommand  = "help"
)

// onMessage answers a message that is meant for the bot.
func (t *Telegram) onMessage(ctx context.Context, id int64, m *message) error {
	if m.MigrateTo != 0 {
		return t.store.MoveChat(ctx, chatKey(m.Chat.ID), chatKey(m.MigrateTo))
	}
	if m.TopicReopened != nil {
		_, err := t.store.Resume(ctx, target{chat: m.Chat.ID, thread: m.topic()}.place().Key())
		return err
	}
	o, ok := t.orderOf(m)
	if !ok {
		return nil
	}
	if done, err := t.store.Handled(ctx, t.self.ID, id); err != nil || done {
		return err
	}
	to := target{chat: m.Chat.ID, thread: m.topic()}
	if !m.Chat.private() {
		to.replyTo = m.ID // in a group people must see who is answered
	}
	if c, asked := t.asksFor(m, o); asked {
		return t.deliver(ctx, id, &parcel{to: to, parts: []part{t.prompt(c, m.From.Language)}})
	}
	req, err := t.request(ctx, m, o)
	if err != nil {
		return err
	}
	owner := m.From.ID
	if m.byAnonymousAdmin() {
		owner = 0 // nobody could press the buttons of one who is not known
	}
	return t.answer(ctx, id, req, &parcel{to: to}, owner)
}

// answer has the core handle a request and sends what it says.
func (t *Telegram) answer(ctx context.Context, id int64, req bot.Request, p *parcel, owner int64) error {
	var reply bot.Reply
	err := t.desk.think(ctx, func() {
		reply = t.core.Handle(ctx, req)
		p.parts = t.compose(ctx, reply, owner)
	})
	if err != nil {
		return err
	}
	if reply.Aside != nil && p.to.shared() {
		return t.takeAside(ctx, id, p, *reply.Aside, owner)
	}
	if p.edit != 0 && (len(p.parts) != 1 || p.parts[0].picture != nil) {
		p.edit = 0 // only one text can take the place of one text
	}
	return t.deliver(ctx, id, p)
}

// compose makes the messages of a reply, the buttons below the last. Telegram shows
// nothing to one member of a group alone: a private reply without an aside is shown there
// like others, but its buttons are the owner's.
func (t *Telegram) compose(ctx context.Context, reply bot.Reply, owner int64) []part {
	parts, err := compose(reply.Blocks)
	if err != nil {
		t.log.ErrorContext(ctx, "a reply is shown without some of it", "err", err)
	}
	if len(parts) > 0 {
		if !reply.Private {
			owner = 0
		}
		inPlace := len(parts) == 1 && parts[0].picture == nil
		parts[len(parts)-1].markup = t.buttons(ctx, reply.Actions, inPlace, owner)
	}
	return parts
}

// deliver sends a parcel in answer to an update. The update is marked as handled when
// the first message is about to be sent: where the bot ends before, it comes again;
// after that it is not answered twice.
func (t *Telegram) deliver(ctx context.Context, id int64, p *parcel) error {
	p.claim = func(ctx context.Context) (bool, error) { return t.store.MarkHandled(ctx, t.self.ID, id) }
	err := t.outbox.deliver(ctx, p)
	if failed, ok := errors.AsType[*bot.SendError](err); ok && failed.Outcome == bot.Retry && p.claim != nil {
		return fmt.Errorf("%w: %w", errLeft, err)
	}
	return err
}

// errLeft says that an update is not done: it is to come again after a restart.
var errLeft = errors.New("not answered")

// request is what the core is asked for a message.
func (t *Telegram) request(ctx context.Context, m *message, o order) (bot.Request, error) {
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

// requestOf is a request without what is asked.
func (t *Telegram) requestOf(from user, c chat, topic int64) bot.Request {
	req := bot.Request{
		User:     platform + strconv.FormatInt(from.ID, 10),
		Chat:     chatKey(c.ID),
		Language: from.Language,
		Diagnose: func(ctx context.Context) ([]bot.Finding, error) { return t.diagnose(ctx, c) },
	}
	req.Conversation = req.Chat
	if !c.private() {
		req.Conversation = fmt.Sprintf("%s/%d/%d", req.Chat, topic, from.ID)
	}
	if c.IsForum || topic != 0 {
		req.Channel = strconv.FormatInt(max(topic, generalTopic), 10)
	}
	return req
}

// generalTopic is the id of the topic that every forum has. It is never sent.
const generalTopic = 1

// asksFor says that a command needs an argument that a message lacks, and can be asked
// for it: in a private chat a question back disturbs nobody.
func (t *Telegram) asksFor(m *message, o order) (bot.Command, bool) {
	c, ok := t.command(o.command)
	if !ok || !m.Chat.private() || o.text != "" || len(c.Options) == 0 {
		return c, false
	}
	return c, c.Options[0].Required
}

// prompt asks for the first argument of a command. Its first line is the command's usage,
// by which the reply to it is understood, also after a restart.
func (t *Telegram) prompt(c bot.Command, language string) part {
	question := c.Options[0].Describe(language)
	p := sentence(c.Usage() + "\n" + question)
	p.markup = encode(forceReply{Force: true, Placeholder: cutText(question, maxPlaceholder)})
	return p
}

// sentence is a message of a text of the interface, which is not empty.
func sentence(plain string) part {
	return part{text: text{html: section{}.add(pieces(plain, plainly))[0].html(), plain: plain}}
}

const maxPlaceholder = 64 // UTF-16 units

// prompted is the command whose prompt a message replies to.
func (t *Telegram) prompted(m *message, o order) (command string, ok bool) {
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
