package telegram

import (
	"fmt"
	"time"
)

// Outcome is what became of something that could not simply be sent.
type Outcome uint8

const (
	// Rejected was refused for good: sending it again gives the same.
	Rejected Outcome = iota + 1
	// Retry was certainly not sent, and may be sent later.
	Retry
	// Unknown may have been sent or not. Telegram cannot be asked, so it is not to be
	// sent again.
	Unknown
)

func (o Outcome) String() string {
	return [...]string{"none", "rejected", "retry", "unknown"}[min(o, Unknown)]
}

// SendError says that a message, or the rest of one, was not sent or may not have been.
type SendError struct {
	Outcome Outcome
	After   time.Duration // of Retry: not before; 0 if Telegram named no time
	Err     error
}

func (e *SendError) Error() string { return fmt.Sprintf("%s: %v", e.Outcome, e.Err) }

func (e *SendError) Unwrap() error { return e.Err }
