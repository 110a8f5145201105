package telegram

import (
	"context"

	"parley/bot"
	"parley/bot/telegram/api"
	"parley/bot/telegram/outbox"
	"parley/bot/wording"
)

// click is a press of a button that was understood.
type click struct {
	press
	command string
	args    bot.Args
	from    user
	message *message // the one with the button; where it is inaccessible, its id and chat alone
}

// onClick tells the user's app at once that the click has arrived, or what is wrong with it.
// It returns what is to be carried out, nil for nothing.
func (t *Telegram) onClick(ctx context.Context, q *callbackQuery) *click {
	c := &click{from: q.From, message: q.Message}
	problem := wording.Key("platform.expired")
	var err error
	if p, ok := readPress(q.Data); ok && q.Message != nil {
		c.press = p
		if c.command, c.args, ok, err = t.core.ActionOf(ctx, p.key); ok {
			problem = ""
		}
		if p.owner != 0 && p.owner != q.From.ID {
			problem = "platform.not_yours"
		}
	}
	if err != nil {
		t.log.ErrorContext(ctx, "the action of a button was not read", "err", err)
	}
	params := api.Params{"callback_query_id": q.ID}
	if problem != "" {
		params["text"], c = wording.In(q.From.Language).Say(problem), nil
	}
	// A click that is too old to be answered is carried out all the same.
	if err := t.client.Call(ctx, "answerCallbackQuery", params, nil); err != nil && !tooOld(err) {
		t.log.WarnContext(ctx, "a click was not answered", "err", err)
	}
	return c
}

func tooOld(err error) bool {
	r := api.RefusalIn(err)
	return r != nil && r.Says("query is too old", "query ID is invalid")
}

// carryOut shows what a click asks for: in place of the message where that is a text of the
// bot's own that it can still see, else below it.
func (t *Telegram) carryOut(ctx context.Context, id int64, c *click) error {
	if done, err := t.store.Handled(ctx, t.self.ID, id); err != nil || done {
		return err
	}
	m := c.message
	req := t.requestOf(c.from, m.Chat, m.topic())
	req.Command, req.Args = c.command, c.args
	req.Manager = t.manages(ctx, m.Chat, c.from.ID)
	p := &outbox.Parcel{To: outbox.Target{Chat: m.Chat.ID, Thread: m.topic()}}
	seen := m.Date != 0
	if seen && !m.Chat.private() {
		p.To.ReplyTo = m.ID
	}
	if c.edits && seen && m.Text != "" && m.From != nil && m.From.ID == t.self.ID {
		p.Edit = m.ID
	}
	return t.answer(ctx, id, req, p, c.from.ID)
}
