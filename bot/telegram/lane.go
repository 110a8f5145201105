package telegram

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// lane is the way to one chat: one message after the other, in the order in which they
// asked for it, at the chat's pace.
type lane struct {
	turn chan struct{} // holds a token while somebody sends
	// Guarded by lanes.mu.
	users int // that hold or await the turn
	// Guarded by the turn.
	pace  []*window
	until time.Time // no sending before: the end of a retry_after
}

// lanes are the ways to all chats. Those not in use are forgotten when they are many.
type lanes struct {
	clock Clock

	mu      sync.Mutex
	byChat  map[int64]*lane
	sweepAt int // the number of lanes at which the next ones are forgotten

	all  *rate.Limiter // over all chats
	bulk *rate.Limiter // of those, what nobody waits for
}

const fewLanes = 1024

func newLanes(c Clock) *lanes {
	return &lanes{clock: c, byChat: map[int64]*lane{}, sweepAt: fewLanes,
		all: rate.NewLimiter(perBot, perBotBurst), bulk: rate.NewLimiter(perBotBulk, perBotBurst)}
}

// enter waits for the chat's turn. Who has it must leave.
func (l *lanes) enter(ctx context.Context, chat int64) (*lane, error) {
	l.mu.Lock()
	way := l.byChat[chat]
	if way == nil {
		l.sweep()
		way = newLane(chat)
		l.byChat[chat] = way
	}
	way.users++
	l.mu.Unlock()
	select {
	case way.turn <- struct{}{}: // the runtime serves who waits in order
		return way, nil
	case <-ctx.Done():
		l.mu.Lock()
		way.users--
		l.mu.Unlock()
		return nil, context.Cause(ctx)
	}
}

func newLane(chat int64) *lane {
	way := &lane{turn: make(chan struct{}, 1), pace: []*window{newWindow(perChat, perChatWindow)}}
	if chat < 0 { // groups and channels have negative ids
		way.pace = append(way.pace, newWindow(perGroup, perGroupWindow))
	}
	return way
}

func (l *lanes) leave(way *lane) {
	<-way.turn
	l.mu.Lock()
	way.users--
	l.mu.Unlock()
}

// sweep forgets what nobody uses and what no limit needs. The caller holds mu.
func (l *lanes) sweep() {
	if len(l.byChat) < l.sweepAt {
		return
	}
	now := l.clock.Now()
	for chat, way := range l.byChat {
		if way.users == 0 && way.idle(now) {
			delete(l.byChat, chat)
		}
	}
	l.sweepAt = max(fewLanes, 2*len(l.byChat))
}

func (w *lane) idle(now time.Time) bool {
	for _, p := range w.pace {
		if !p.idle(now) {
			return false
		}
	}
	return !w.until.After(now)
}

// await waits until a message may be sent in the lane: by the chat's pace, then by that
// of the bot. An edit has no pace of its own.
func (l *lanes) await(ctx context.Context, way *lane, edit bool) error {
	now := l.clock.Now()
	at := way.until
	if !edit {
		for _, p := range way.pace {
			at = later(at, p.reserve(now))
		}
	}
	if err := sleep(ctx, l.clock, at.Sub(now)); err != nil {
		return err
	}
	return l.within(ctx, l.all)
}

// awaitBulk waits until a message may be sent that nobody waits for.
func (l *lanes) awaitBulk(ctx context.Context) error { return l.within(ctx, l.bulk) }

func (l *lanes) within(ctx context.Context, limit *rate.Limiter) error {
	now := l.clock.Now()
	return sleep(ctx, l.clock, limit.ReserveN(now, 1).DelayFrom(now))
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// arrived notes that a message has been answered.
func (l *lanes) arrived(way *lane) {
	for _, p := range way.pace {
		p.sentAt(l.clock.Now())
	}
}

// hold keeps the lane still, as a 429 asks.
func (l *lanes) hold(way *lane, d time.Duration) { way.until = l.clock.Now().Add(d) }
