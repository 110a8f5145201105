package telegram

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	"parley/bot"
	"parley/bot/telegram/api"
	"parley/bot/telegram/outbox"
	"parley/bot/telegram/render"
)

// think runs f, which has the core handle a request, when there is room for it.
func (t *Telegram) think(ctx context.Context, f func()) error {
	select {
	case t.handling <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-t.handling }()
	f()
	return nil
}

// messages renders a reply, with its buttons below the last message. Telegram shows nothing
// to one member of a group alone: there a private reply without an aside is shown like
// others, but only its owner may press its buttons.
func (t *Telegram) messages(ctx context.Context, reply bot.Reply, owner int64) []render.Message {
	messages, err := render.Messages(reply.Blocks)
	if err != nil {
		t.log.ErrorContext(ctx, "a reply is shown without some of it", "err", err)
	}
	if len(messages) > 0 {
		if !reply.Private {
			owner = 0
		}
		inPlace := len(messages) == 1 && messages[0].Picture == nil
		messages[len(messages)-1].Markup = t.buttons(ctx, reply.Actions, inPlace, owner)
	}
	return messages
}

// answer has the core handle a request and sends what it says.
func (t *Telegram) answer(ctx context.Context, id int64, req bot.Request, p *outbox.Parcel, owner int64) error {
	var reply bot.Reply
	err := t.think(ctx, func() {
		reply = t.core.Handle(ctx, req)
		p.Messages = t.messages(ctx, reply, owner)
	})
	if err != nil {
		return err
	}
	if reply.Aside != nil && p.To.IsShared() {
		return t.takeAside(ctx, id, p, *reply.Aside, owner)
	}
	if p.Edit != 0 && (len(p.Messages) != 1 || p.Messages[0].Picture != nil) {
		p.Edit = 0 // only one text can take the place of one text
	}
	return t.deliver(ctx, id, p)
}

// takeAside sends the reply in a parcel to its user's private chat, and a line that says so
// to where the parcel was to go. The user is 0 for an administrator who stays anonymous and
// has no private chat that is known.
func (t *Telegram) takeAside(ctx context.Context, id int64, p *outbox.Parcel, aside bot.Aside, user int64) error {
	private := &outbox.Parcel{To: outbox.Target{Chat: user}, Messages: p.Messages, Uninvited: true}
	p.Edit = 0
	if user == 0 {
		var err error
		if p.Messages, err = t.closedAside(ctx, aside); err != nil {
			return err
		}
		return t.deliver(ctx, id, p)
	}
	err := t.deliver(ctx, id, private)
	switch {
	case outbox.IsClosed(err):
		if p.Messages, err = t.closedAside(ctx, aside); err != nil {
			return err
		}
	case err != nil:
		return err
	case len(private.IDs) == 0:
		return nil // another process has answered the update
	default:
		p.Messages = []render.Message{render.Sentence(aside.Sent)}
	}
	return t.outbox.Send(ctx, p) // the update is claimed already
}

// closedAside is the line for a user to whom the bot may not write before they have started
// it. It has a button that does so and shows the reply.
func (t *Telegram) closedAside(ctx context.Context, aside bot.Aside) ([]render.Message, error) {
	link, err := t.Link(ctx, aside.Show)
	if err != nil {
		return nil, err
	}
	p := render.Sentence(aside.Closed)
	p.Markup = api.JSON(keyboard{[][]button{{{Text: render.Label(aside.Show.Label, maxLabel), URL: link}}}})
	return []render.Message{p}, nil
}

// deliver sends a parcel in answer to an update. The update is marked as handled when the
// first message is about to be sent: if the bot ends before, the update comes again, and
// after that it is not answered twice.
func (t *Telegram) deliver(ctx context.Context, id int64, p *outbox.Parcel) error {
	p.Claim = func(ctx context.Context) (bool, error) { return t.store.MarkHandled(ctx, t.self.ID, id) }
	err := t.outbox.Send(ctx, p)
	if failed, ok := errors.AsType[*bot.SendError](err); ok && failed.Outcome == bot.Retry && p.Claim != nil {
		return fmt.Errorf("%w: %w", errLeft, err)
	}
	return err
}

// errLeft says that an update is not done and is to come again after a restart.
var errLeft = errors.New("not answered")

// Link is an address that opens the private chat with the bot and has it carry out an
// action: a source, a stance. It is known once Run has reached Telegram. An action's key
// has 48 bytes at most, of which base64 makes the 64 characters that a link may carry.
func (t *Telegram) Link(ctx context.Context, a bot.Action) (string, error) {
	key, err := t.core.ActionKey(ctx, a)
	if err != nil {
		return "", err
	}
	select {
	case <-t.known:
	default:
		return "", fmt.Errorf("link to /%s: the bot's name is not known yet", a.Command)
	}
	return "https://t.me/" + t.self.Username + "?start=" + base64.RawURLEncoding.EncodeToString([]byte(key)), nil
}

// started makes the request of a deep link; the start button asks for the help. Anybody can
// make a link, and so following one changes no settings.
func (t *Telegram) started(ctx context.Context, req bot.Request) (bot.Request, error) {
	if _, err := t.store.Resume(ctx, req.Chat); err != nil {
		return req, err
	}
	payload := req.Text
	req.Command, req.Text = helpCommand, ""
	key, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil || len(key) == 0 {
		return req, nil
	}
	command, args, ok, err := t.core.ActionOf(ctx, string(key))
	if err != nil {
		t.log.WarnContext(ctx, "the action of a link was not read", "err", err)
	}
	if ok {
		req.Command, req.Args = command, args
	}
	return req, nil
}

const (
	startCommand = "start" // what the start button and deep links send
	helpCommand  = "help"
)
