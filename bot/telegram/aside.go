package telegram

import (
	"context"

	"parley/bot"
)

// takeAside sends the reply of a parcel to its user's private chat, and a line that says so
// where the parcel was to go. A user of 0 is an administrator who stays anonymous, of whom
// no private chat is known.
func (t *Telegram) takeAside(ctx context.Context, id int64, p *parcel, aside bot.Aside, user int64) error {
	private := &parcel{to: target{chat: user}, parts: p.parts, uninvited: true}
	p.edit = 0
	if user == 0 {
		var err error
		if p.parts, err = t.closedAside(ctx, aside); err != nil {
			return err
		}
		return t.deliver(ctx, id, p)
	}
	err := t.deliver(ctx, id, private)
	r := refused(err)
	switch {
	case r != nil && r.closed():
		if p.parts, err = t.closedAside(ctx, aside); err != nil {
			return err
		}
	case err != nil:
		return err
	case len(private.ids) == 0:
		return nil // another process has answered the update
	default:
		p.parts = []part{sentence(aside.Sent)}
	}
	return t.outbox.deliver(ctx, p) // of an update that is claimed already
}

// closedAside is the line for a user to whom the bot may not write before he or she has
// started it: with a button that does so and shows the reply.
func (t *Telegram) closedAside(ctx context.Context, aside bot.Aside) ([]part, error) {
	link, err := t.Link(ctx, aside.Show)
	if err != nil {
		return nil, err
	}
	p := sentence(aside.Closed)
	p.markup = encode(keyboard{[][]button{{{Text: cutText(clean(aside.Show.Label), maxLabel), URL: link}}}})
	return []part{p}, nil
}
