package outbox

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parley/bot/backoff"
)

// Telegram's limits on sending
// (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
const (
	perChat        = 1
	perChatWindow  = time.Second
	perGroup       = 20
	perGroupWindow = time.Minute
	// PerBot is how many messages go out in a second to all chats. Telegram allows 30; some
	// are left for what the network brings closer together, and they go out evenly for the
	// same reason.
	PerBot      = 27
	perBotBurst = 3
	// perBotPosts is how many of them may be digests, so that answers go out at once while
	// thousands of those are due.
	perBotPosts = 20
)

// fewQueues is how many queues are kept before those not in use are forgotten.
const fewQueues = 1024

// chatQueues are the queues of all chats.
type chatQueues struct {
	clock backoff.Clock

	mu      sync.Mutex
	byChat  map[int64]*chatQueue
	sweepAt int // the number of queues at which those not in use are forgotten

	all   *rate.Limiter // over all chats
	posts *rate.Limiter // of those, what nobody waits for
}

// chatQueue lets messages to one chat out one after the other, in the order in which they
// asked for it, at the chat's pace.
type chatQueue struct {
	turn chan struct{} // holds a token while somebody sends
	// Guarded by chatQueues.mu.
	users int // that send or wait
	// Guarded by the turn.
	limits []*window
	until  time.Time // no sending before: the end of a retry_after
}

func newChatQueues(c backoff.Clock) *chatQueues {
	return &chatQueues{
		clock: c, byChat: map[int64]*chatQueue{}, sweepAt: fewQueues,
		all: rate.NewLimiter(PerBot, perBotBurst), posts: rate.NewLimiter(perBotPosts, perBotBurst),
	}
}

// enter blocks until it is the caller's turn to send to a chat. The caller must call leave.
func (q *chatQueues) enter(ctx context.Context, chat int64) (*chatQueue, error) {
	q.mu.Lock()
	queue := q.byChat[chat]
	if queue == nil {
		q.sweep()
		queue = &chatQueue{turn: make(chan struct{}, 1), limits: []*window{newWindow(perChat, perChatWindow)}}
		if chat < 0 { // groups and channels have negative ids
			queue.limits = append(queue.limits, newWindow(perGroup, perGroupWindow))
		}
		q.byChat[chat] = queue
	}
	queue.users++
	q.mu.Unlock()
	select {
	case queue.turn <- struct{}{}: // the runtime serves those who wait in order
		return queue, nil
	case <-ctx.Done():
		q.mu.Lock()
		queue.users--
		q.mu.Unlock()
		return nil, context.Cause(ctx)
	}
}

func (q *chatQueues) leave(queue *chatQueue) {
	<-queue.turn
	q.mu.Lock()
	queue.users--
	q.mu.Unlock()
}

// sweep forgets the queues that nobody uses and whose limits are over. The caller holds mu.
func (q *chatQueues) sweep() {
	if len(q.byChat) < q.sweepAt {
		return
	}
	now := q.clock.Now()
	for chat, queue := range q.byChat {
		if queue.users == 0 && queue.isIdle(now) {
			delete(q.byChat, chat)
		}
	}
	q.sweepAt = max(fewQueues, 2*len(q.byChat))
}

func (q *chatQueue) isIdle(now time.Time) bool {
	for _, w := range q.limits {
		if w.latest().Add(w.span).After(now) {
			return false
		}
	}
	return !q.until.After(now)
}

// await waits until a message may be sent, by the chat's pace and then by that of the bot.
// An edit has no pace of its own.
func (q *chatQueues) await(ctx context.Context, queue *chatQueue, edit bool) error {
	now := q.clock.Now()
	at := queue.until
	if !edit {
		for _, w := range queue.limits {
			if due := w.reserve(now); due.After(at) {
				at = due
			}
		}
	}
	if err := backoff.SleepBy(ctx, q.clock, at.Sub(now)); err != nil {
		return err
	}
	return q.awaitLimit(ctx, q.all)
}

func (q *chatQueues) awaitLimit(ctx context.Context, limit *rate.Limiter) error {
	now := q.clock.Now()
	return backoff.SleepBy(ctx, q.clock, limit.ReserveN(now, 1).DelayFrom(now))
}

// arrived notes that a message has been answered.
func (q *chatQueues) arrived(queue *chatQueue) {
	for _, w := range queue.limits {
		w.correct(q.clock.Now())
	}
}

// hold lets nothing out for a time, as a 429 asks.
func (q *chatQueues) hold(queue *chatQueue, d time.Duration) { queue.until = q.clock.Now().Add(d) }

// window lets so many messages through in any span of time of its length. A token bucket
// would let twice as many through in the first one.
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
	at := w.times[w.next].Add(w.span)
	if at.Before(now) {
		at = now
	}
	w.times[w.next] = at
	w.next = (w.next + 1) % len(w.times)
	return at
}

// correct sets the latest place to when the message had certainly arrived: what the network
// delays must not bring two messages closer together.
func (w *window) correct(now time.Time) { w.times[(w.next+len(w.times)-1)%len(w.times)] = now }

func (w *window) latest() time.Time { return w.times[(w.next+len(w.times)-1)%len(w.times)] }
