package digest

import (
	"context"
	"time"

	"parley/bot"
)

// Composed is a digest ready to be posted.
type Composed struct {
	Reply bot.Reply
	Title string // of a forum post
	// Shown are the documents that it shows, so that none is shown again and corrections
	// of them can be told.
	Shown []Shown
	// Through is the number of the library's last change that it looked at: the next one
	// begins behind it.
	Through int64
	Quiet   bool // nothing new
}

// Shown is a revision of a document that a digest shows.
type Shown struct {
	Document string
	Revision int // 0: it says that the document is withdrawn
	// Blocks is how many blocks of the reply, from the first, have to be posted for it to be
	// shown; 0: all.
	Blocks int
}

// Composer makes digests.
type Composer interface {
	// Compose makes the digest of what changed in the library after a change; shown tells
	// which revision of a document the subscription was shown last, as Shows has it. It
	// changes nothing.
	Compose(ctx context.Context, s bot.Subscription, after int64,
		shown func(ctx context.Context, doc string) (revision int, ok bool, err error), at time.Time) (Composed, error)
}
