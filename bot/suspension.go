package bot

import (
	"context"
	"time"
)

// Suspension says why nothing is posted to a place of the bot's own accord.
type Suspension struct {
	Place  Place // without a channel: the whole chat
	Reason string
	Since  time.Time // to the second
}

// Suspensions tells where nothing is posted.
type Suspensions interface {
	// Suspensions are those of a chat and of places in it.
	Suspensions(ctx context.Context, chat string) ([]Suspension, error)
}

// suspended says where in the chat no digests are posted, and why.
func (b *Bot) suspended(ctx context.Context, w words, req Request) (blocks []Block) {
	if b.suspensions == nil {
		return nil
	}
	all, err := b.suspensions.Suspensions(ctx, req.Chat)
	if err != nil {
		b.log.ErrorContext(ctx, "suspensions not read", "chat", req.Chat, "err", err)
		return nil
	}
	for _, s := range all {
		place := Run{Text: w.say(sayThisChat, nil)}
		if s.Place.Channel != "" {
			place.Text = s.Place.Channel
			if req.ChannelName != nil {
				place = req.ChannelName(s.Place.Channel)
			}
		}
		says := w.say(saySuspended, data{"Date": w.day(s.Since), "Reason": s.Reason})
		blocks = append(blocks, Text{Line{place, {Text: ": " + says}}})
	}
	return blocks
}
