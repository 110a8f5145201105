package bot

import (
	"fmt"
	"time"
)

// Outcome is what became of a message that was not certainly sent.
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
