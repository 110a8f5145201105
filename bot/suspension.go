package bot

import (
	"context"
	"time"

	"parley/bot/wording"
)

// Suspension says why nothing is posted to a place of the bot's own accord.
type Suspension struct {
	Place  Place // without a channel: the whole chat
	Reason string
	Since  time.Time // to the second
}

// Suspensions tells where nothing is posted.
type Suspensions interface {
	// Suspensions returns the suspensions of a chat and of places in it.
	Suspensions(ctx context.Context, chat string) ([]Suspension, error)
}

// suspended says where in the chat no digests are posted, and why.
func (b *Bot) suspended(ctx context.Context, p Presenter, req Request) (blocks []Block) {
	if b.suspensions == nil {
		return nil
	}
	all, err := b.suspensions.Suspensions(ctx, req.Chat)
	if err != nil {
		b.log.ErrorContext(ctx, "suspensions not read", "chat", req.Chat, "err", err)
		return nil
	}
	for _, s := range all {
		place := Run{Text: p.Say("this_chat")}
		if s.Place.Channel != "" {
			place.Text = s.Place.Channel
			if req.ChannelName != nil {
				place = req.ChannelName(s.Place.Channel)
			}
		}
		says := p.Fill("suspended", wording.Data{"Date": p.Day(s.Since), "Reason": s.Reason})
		blocks = append(blocks, Text{Line{place, {Text: ": " + says}}})
	}
	return blocks
}
