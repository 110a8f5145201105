package bot

import (
	"context"
	"fmt"
	"time"
)

// Rendered is a message of a reply as the platform's adapter sends it.
type Rendered struct {
	Content []byte
	// Blocks is how many blocks of the reply, from the first, are wholly shown once this
	// message and those before it are posted.
	Blocks int
}

// Post is a part of a reply on its way to a place, as the platform's adapter rendered it.
type Post struct {
	Place
	// Part is the message as the adapter sends it.
	Part []byte
	// Nonce names the part among all that were ever posted, in 1 to 25 ASCII characters.
	Nonce string
	// First is the id of the reply's first message; empty while there is none.
	First string
	// Owned reports whether a message of the chat is known to be another part. It is asked
	// where it is looked for what became of this one; nil: none is known to be.
	Owned func(ctx context.Context, message string) (bool, error)
	// Begin is called when nothing is left to wait for before the part goes out. Where it
	// fails nothing is sent.
	Begin func(ctx context.Context) error
}

// Outcome says whether a message that failed to be sent may have arrived.
type Outcome uint8

// The outcomes of a send that is an error.
const (
	// Rejected: it was not sent, and sending it again is no use.
	Rejected Outcome = iota + 1
	// Retry: it was certainly not sent, and may be later.
	Retry
	// Unknown: it may have been sent or not.
	Unknown
)

func (o Outcome) String() string {
	return [...]string{"none", "rejected", "retry", "unknown"}[min(o, Unknown)]
}

// SendError says that a message, or the rest of one, was not sent or may not have been.
type SendError struct {
	Outcome Outcome
	After   time.Duration // of Retry: not before; 0 if the platform named no time
	Err     error
}

func (e *SendError) Error() string { return fmt.Sprintf("%v: %v", e.Outcome, e.Err) }
func (e *SendError) Unwrap() error { return e.Err }
