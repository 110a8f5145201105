package telegram

import "time"

// Telegram's limits on sending (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
const (
	perChat        = 1
	perChatWindow  = time.Second
	perGroup       = 20
	perGroupWindow = time.Minute
	// perBot is a second's messages to all chats. Of the 30 that are allowed some are left
	// for what the network brings closer together; they go out evenly for the same reason.
	perBot      = 27
	perBotBurst = 3
	// perBotBulk is how many of them may be digests, so that answers go out at once while
	// thousands of those are due.
	perBotBulk = 20
)

// window lets through so many messages in any span of time of its length. A token
// bucket would let through twice as many in the first one.
type window struct {
	span  time.Duration
	times []time.Time // of the latest messages, a ring
	next  int         // the oldest of them
}

func newWindow(most int, span time.Duration) *window {
	return &window{span: span, times: make([]time.Time, most)}
}

// reserve takes the next place and returns when it is due, now or later.
func (w *window) reserve(now time.Time) time.Time {
	at := later(now, w.times[w.next].Add(w.span))
	w.times[w.next] = at
	w.next = (w.next + 1) % len(w.times)
	return at
}

// sentAt corrects the latest place to when the message had certainly arrived: what the
// network delays must not bring two messages closer together.
func (w *window) sentAt(now time.Time) {
	w.times[(w.next+len(w.times)-1)%len(w.times)] = now
}

// idle says that nothing of the past matters any more.
func (w *window) idle(now time.Time) bool {
	latest := w.times[(w.next+len(w.times)-1)%len(w.times)]
	return !latest.Add(w.span).After(now)
}
