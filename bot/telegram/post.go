package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"parley/bot"
)

// errNoHistory says why nobody looks whether a message arrived.
var errNoHistory = errors.New("Telegram does not let bots read what they posted")

// storedPart is a part as it is kept until it is sent.
type storedPart struct {
	HTML    string         `json:"html,omitempty"`
	Plain   string         `json:"plain,omitempty"`
	Markup  string         `json:"markup,omitempty"`
	Picture *storedPicture `json:"picture,omitempty"`
}

type storedPicture struct {
	Name  string `json:"name"`
	Data  []byte `json:"data"`
	Photo bool   `json:"photo"`
}

func (p part) stored() storedPart {
	s := storedPart{HTML: p.html, Plain: p.plain, Markup: p.markup}
	if p.picture != nil {
		s.Picture = &storedPicture{p.picture.name, p.picture.data, p.picture.photo}
	}
	return s
}

func (s storedPart) part() part {
	p := part{text: text{html: s.HTML, plain: s.Plain}, markup: s.Markup}
	if s.Picture != nil {
		p.picture = &picture{s.Picture.Name, s.Picture.Data, s.Picture.Photo}
	}
	return p
}

// Render makes the messages of a reply of the bot's own accord, such as a digest. Posts on
// Telegram have no title.
func (t *Telegram) Render(ctx context.Context, to bot.Place, reply bot.Reply, _ string) ([]bot.Rendered, error) {
	if _, err := targetOf(to); err != nil {
		return nil, err
	}
	parts := t.compose(ctx, reply, 0)
	rendered := make([]bot.Rendered, len(parts))
	for i, p := range parts {
		content, err := json.Marshal(p.stored())
		if err != nil {
			return nil, fmt.Errorf("a message for %s: %w", to.Key(), err)
		}
		rendered[i] = bot.Rendered{Content: content, Blocks: len(reply.Blocks)}
		if i > 0 {
			rendered[i-1].Blocks = p.from
		}
	}
	return rendered, nil
}

// SendPart sends a part that Render made, behind what is said in answer to somebody, and
// returns the id of its message. An error is a *bot.SendError. Where the bot may not write
// any more, the chat or the topic is suspended.
func (t *Telegram) SendPart(ctx context.Context, p bot.Post) (id string, err error) {
	to, err := targetOf(p.Place)
	var content storedPart
	if err == nil {
		err = json.Unmarshal(p.Part, &content)
	}
	if err != nil {
		return "", &bot.SendError{Outcome: bot.Rejected, Err: fmt.Errorf("a message for %s: %w", p.Place.Key(), err)}
	}
	if err := t.outbox.lanes.awaitBulk(ctx); err != nil {
		return "", &bot.SendError{Outcome: bot.Retry, Err: err}
	}
	way := parcel{to: to, parts: []part{content.part()}, once: true,
		claim: func(ctx context.Context) (bool, error) { return true, p.Begin(ctx) }}
	if err := t.outbox.deliver(ctx, &way); err != nil {
		return "", err
	}
	return strconv.FormatInt(way.ids[0], 10), nil
}

// ResendPart sends nothing: whether the part was sent cannot be known.
func (t *Telegram) ResendPart(context.Context, bot.Post, time.Time) (id string, err error) {
	return "", &bot.SendError{Outcome: bot.Unknown, Err: errNoHistory}
}
