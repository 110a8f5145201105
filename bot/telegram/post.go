package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"parley/bot"
	"parley/bot/telegram/outbox"
	"parley/bot/telegram/render"
)

// Render makes the messages of a reply of the bot's own accord, such as a digest. Posts on
// Telegram have no title.
func (t *Telegram) Render(ctx context.Context, to bot.Place, reply bot.Reply, _ string) ([]bot.Rendered, error) {
	if _, err := outbox.TargetOf(to); err != nil {
		return nil, err
	}
	messages := t.messages(ctx, reply, 0)
	rendered := make([]bot.Rendered, len(messages))
	for i, m := range messages {
		content, err := json.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("a message for %s: %w", to.Key(), err)
		}
		rendered[i] = bot.Rendered{Content: content, Blocks: len(reply.Blocks)}
		if i > 0 {
			rendered[i-1].Blocks = m.From
		}
	}
	return rendered, nil
}

// SendPart sends a message that Render made, after what is said in answer to somebody, and
// returns its id. An error is a *bot.SendError. Where the bot may not write any more, the
// chat or the topic is suspended.
func (t *Telegram) SendPart(ctx context.Context, p bot.Post) (id string, err error) {
	to, err := outbox.TargetOf(p.Place)
	var message render.Message
	if err == nil {
		err = json.Unmarshal(p.Part, &message)
	}
	if err != nil {
		return "", &bot.SendError{Outcome: bot.Rejected, Err: fmt.Errorf("a message for %s: %w", p.Place.Key(), err)}
	}
	if err := t.outbox.AwaitPost(ctx); err != nil {
		return "", &bot.SendError{Outcome: bot.Retry, Err: err}
	}
	parcel := outbox.Parcel{
		To: to, Messages: []render.Message{message}, IsPost: true,
		Claim: func(ctx context.Context) (bool, error) { return true, p.Begin(ctx) },
	}
	if err := t.outbox.Send(ctx, &parcel); err != nil {
		return "", err
	}
	return strconv.FormatInt(parcel.IDs[0], 10), nil
}

// errNoHistory says why nobody looks whether a message arrived.
var errNoHistory = errors.New("Telegram does not let bots read what they posted")

// ResendPart sends nothing: nobody can know whether the message was sent.
func (t *Telegram) ResendPart(context.Context, bot.Post, time.Time) (id string, err error) {
	return "", &bot.SendError{Outcome: bot.Unknown, Err: errNoHistory}
}
