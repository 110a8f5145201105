package digest

import (
	"context"
	"fmt"
	"time"

	"parley/bot"
	"parley/bot/delivery"
	"parley/bot/delivery/ledger"
	"parley/bot/store"
	"parley/corpus/library"
)

// History tells what changed in the library, and the number of its last change.
type History interface {
	State(ctx context.Context) (library.State, error)
	Changes(ctx context.Context, after int64, limit int) ([]library.Change, error)
}

// ServiceOptions configure a Service; all are required.
type ServiceOptions struct {
	Store   *store.Store // of subscriptions
	Ledger  *ledger.Ledger
	History History
	Editor  *Editor
	Now     func() time.Time
}

// Service keeps subscriptions and previews digests, for "/digest".
type Service struct{ o ServiceOptions }

// NewService returns a Service.
func NewService(o ServiceOptions) *Service { return &Service{o} }

// Subscribe implements commands.Subscriptions. A new subscription begins where the library
// stands: it does not bring what was there before.
func (s *Service) Subscribe(ctx context.Context, sub bot.Subscription) (bot.Subscription, error) {
	if _, _, err := delivery.NextSlot(sub, s.o.Now()); err != nil {
		return bot.Subscription{}, fmt.Errorf("subscribe chat %s: %w", sub.Chat, err)
	}
	if sub.ID == "" {
		state, err := s.o.History.State(ctx)
		if err != nil {
			return bot.Subscription{}, err
		}
		return s.o.Store.AddSubscription(ctx, sub, state.Change)
	}
	ok, err := s.o.Store.ChangeSubscription(ctx, sub)
	if err == nil && !ok {
		err = fmt.Errorf("subscription %s is gone", sub.ID)
	}
	return sub, err
}

// Unsubscribe implements commands.Subscriptions.
func (s *Service) Unsubscribe(ctx context.Context, id string) (ok bool, err error) {
	return s.o.Store.RemoveSubscription(ctx, id)
}

// Subscriptions implements commands.Subscriptions.
func (s *Service) Subscriptions(ctx context.Context, chat string) ([]bot.Subscription, error) {
	return s.o.Store.Subscriptions(ctx, chat)
}

// Slots implements commands.Slots. For one that is paused or gone next is zero.
func (s *Service) Slots(ctx context.Context, id string, limit int) (last []bot.Slot, next time.Time, err error) {
	sub, _, ok, err := s.o.Store.Subscription(ctx, id)
	if err != nil {
		return nil, time.Time{}, err
	}
	if limit > 0 {
		if last, err = s.o.Ledger.Slots(ctx, id, limit); err != nil {
			return nil, time.Time{}, err
		}
	}
	if ok && !sub.Paused {
		_, next, err = delivery.NextSlot(sub, s.o.Now())
	}
	return last, next, err
}

// sampleTime is how much of the past is shown where there is nothing new.
const sampleTime = 24 * time.Hour

// Preview implements commands.Previewer. Where nothing is new since the last digest it also
// shows what there would have been of the last day.
func (s *Service) Preview(ctx context.Context, id string) (reply bot.Reply, ok bool, err error) {
	sub, cursor, ok, err := s.o.Store.Subscription(ctx, id)
	if err != nil || !ok {
		return bot.Reply{}, ok, err
	}
	editor, now := s.o.Editor, s.o.Now()
	shown := func(ctx context.Context, document string) (int, bool, error) {
		return s.o.Ledger.Shown(ctx, sub.ID, document)
	}
	due, err := editor.edit(ctx, sub, cursor, shown, now)
	if err != nil || !due.isQuiet() {
		return due.reply(editor.lexicon), true, err
	}
	yesterday, err := lastChangeBefore(ctx, s.o.History, now.Add(-sampleTime))
	if err != nil {
		return bot.Reply{}, true, err
	}
	nothingShown := func(context.Context, string) (int, bool, error) { return 0, false, nil }
	sample, err := editor.edit(ctx, sub, yesterday, nothingShown, now)
	if err != nil || sample.isQuiet() {
		return due.reply(editor.lexicon), true, err
	}
	return due.withSample(editor.lexicon, sample.content), true, nil
}

// lastChangeBefore is the number of the library's last change before a moment, 0 if there
// is none. Changes are in the order of time.
func lastChangeBefore(ctx context.Context, h History, at time.Time) (int64, error) {
	state, err := h.State(ctx)
	if err != nil {
		return 0, err
	}
	from, to := int64(0), state.Change // the one looked for is from or after it, and not behind to
	for from < to {
		middle := from + (to-from)/2
		changes, err := h.Changes(ctx, middle, 1)
		if err != nil {
			return 0, err
		}
		if len(changes) == 0 || !changes[0].At.Before(at) {
			to = middle
		} else {
			from = changes[0].Number
		}
	}
	return from, nil
}
