package telegram

import (
	"context"

	"parley/bot"
	"parley/bot/telegram/api"
	"parley/bot/telegram/outbox"
	"parley/bot/telegram/render"
)

// takeAside sends the reply of a parcel to its user's private chat, and a line that says so
// where the parcel was to go. A user of 0 is an administrator who stays anonymous, of whom
// no private chat is known.
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

// closedAside is the line for a user to whom the bot may not write before he or she has
// started it: with a button that does so and shows the reply.
func (t *Telegram) closedAside(ctx context.Context, aside bot.Aside) ([]render.Message, error) {
	link, err := t.Link(ctx, aside.Show)
	if err != nil {
		return nil, err
	}
	p := render.Sentence(aside.Closed)
	p.Markup = api.JSON(keyboard{[][]button{{{Text: render.Label(aside.Show.Label, maxLabel), URL: link}}}})
	return []render.Message{p}, nil
}
