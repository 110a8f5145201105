package digest

import (
	"context"
	"time"

	"parley/bot"
)

// Sender posts on a platform. Errors of SendPart and ResendPart are *bot.SendError.
type Sender interface {
	// Render makes the messages of a reply for a place; title is that of a post where the
	// place is a forum. The same bytes may be sent by another process, after a restart.
	Render(ctx context.Context, to bot.Place, r bot.Reply, title string) ([]bot.Rendered, error)
	// SendPart sends a part and returns the id of its message.
	SendPart(ctx context.Context, p bot.Post) (id string, err error)
	// ResendPart sends a part that was begun at a time and of which it is not known whether
	// it arrived, unless it did, and returns the id of its message either way. Retry says
	// that it is still not known, Unknown that it never will be.
	ResendPart(ctx context.Context, p bot.Post, begun time.Time) (id string, err error)
}
