package delivery

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // subscriptions name zones that the machine need not know

	"parley/bot"
	"parley/corpus"
)

const (
	// overlap is how far a look for due slots goes back behind the last one: a subscription
	// may be written while it is made.
	overlap = 2 * time.Minute
	// lookBack is how far it goes back at most, after a long downtime.
	lookBack = 7 * 24 * time.Hour
	// lookedThrough is the ledger's mark of the time up to which due slots were opened.
	lookedThrough = "slots opened through"
	// queuedAtOnce is how many slots are queued in one go.
	queuedAtOnce = 500
	// requeueAfter is how long a slot may wait in the queue before it is queued again.
	requeueAfter = 10 * time.Minute
)

// openDue opens the slots that became due since it was last done, by whichever process,
// and closes those for which it is too late.
func (d *Deliverer) openDue(ctx context.Context) error {
	now := d.now()
	last, ok, err := d.ledger.Mark(ctx, lookedThrough)
	if err != nil {
		return err
	}
	if !ok {
		last = now // never before: nothing was missed
	}
	after := last.Add(-overlap)
	if earliest := now.Add(-lookBack); after.Before(earliest) {
		after = earliest
	}
	var slots []bot.Slot
	err = d.subscriptions.EachSubscription(ctx, func(s bot.Subscription) error {
		slots = append(slots, d.dueOf(ctx, s, after, now)...)
		return nil
	})
	if err != nil {
		return fmt.Errorf("subscriptions: %w", err)
	}
	opened, err := d.ledger.Open(ctx, slots)
	if err != nil {
		return err
	}
	if opened > 0 {
		d.log.InfoContext(ctx, "slots opened", "slots", opened)
	}
	return d.ledger.SetMark(ctx, lookedThrough, now)
}

// dueOf are the slots of a subscription that are due after one moment and not after
// another.
func (d *Deliverer) dueOf(ctx context.Context, s bot.Subscription, after, until time.Time) (slots []bot.Slot) {
	if s.Since.After(after) {
		after = s.Since
	}
	within, err := slotsWithin(s, after, until)
	if err != nil {
		d.log.ErrorContext(ctx, "a subscription has no slots", "subscription", s.ID, "err", err)
		return nil
	}
	for date, due := range within {
		slot := bot.Slot{Subscription: s.ID, Place: s.Place, Date: date, Due: due, State: bot.SlotDue}
		switch late := until.Sub(due); {
		case s.Paused:
			slot.State, slot.Why = bot.SlotSkipped, bot.Reason{Key: bot.ReasonPaused}
		case late > d.catchUp:
			slot.State, slot.Why = bot.SlotSkipped, d.tooLate(late)
		}
		slots = append(slots, slot)
	}
	return slots
}

// tooLate says why a slot was skipped.
func (d *Deliverer) tooLate(late time.Duration) bot.Reason {
	return bot.Reason{Key: bot.ReasonLate, Late: late, Most: d.catchUp}
}

// look opens the slots that are due and queues those that no worker is to see to yet.
func (d *Deliverer) look(ctx context.Context) error {
	err := d.openDue(ctx)
	if _, skipErr := d.ledger.Skip(ctx, d.now().Add(-d.catchUp), bot.Reason{Key: bot.ReasonNotRunning}); skipErr != nil {
		err = errors.Join(err, skipErr)
	}
	for platform := range d.senders { // also what was opened before, where nothing can be opened now
		err = errors.Join(err, d.enqueue(ctx, platform))
	}
	return err
}

func (d *Deliverer) enqueue(ctx context.Context, platform string) error {
	for {
		slots, err := d.ledger.Queue(ctx, platform, queuedAtOnce, requeueAfter)
		if err != nil || len(slots) == 0 {
			return err
		}
		if err := d.queue.add(ctx, platform, slots); err != nil {
			return fmt.Errorf("hand %d slots to the workers: %w", len(slots), err)
		}
	}
}

// NextSlot is the first slot of a subscription that is due after a moment: its local date
// and when it is due. It fails for a zone that is not known.
func NextSlot(s bot.Subscription, after time.Time) (date corpus.PartialDate, due time.Time, err error) {
	const week = 8 * 24 * time.Hour // from any moment on, a day longer for a day that clocks skip
	slots, err := slotsWithin(s, after, after.Add(week))
	if err != nil {
		return date, due, err
	}
	for date, due := range slots {
		return date, due, nil
	}
	return date, due, fmt.Errorf("subscription %s has no day of the week in %v", s.ID, s.Days)
}

// slotsWithin are the slots of a subscription that are due after one moment and not after
// another, in their order.
func slotsWithin(s bot.Subscription, after, until time.Time) (iter.Seq2[corpus.PartialDate, time.Time], error) {
	zone, err := location(s.Zone)
	if err != nil {
		return nil, fmt.Errorf("zone of subscription %s: %w", s.ID, err)
	}
	return func(yield func(corpus.PartialDate, time.Time) bool) {
		// The slot of a day that clocks skip is due on the day after it.
		day, last := midnight(after.In(zone).AddDate(0, 0, -1)), midnight(until.In(zone))
		for ; !day.After(last); day = day.AddDate(0, 0, 1) {
			if len(s.Days) > 0 && !slices.Contains(s.Days, day.Weekday()) {
				continue
			}
			due := onClock(day.Add(time.Duration(s.At)*time.Minute), zone)
			if due.After(after) && !due.After(until) && !yield(corpus.DateOf(day, corpus.Day), due) {
				return
			}
		}
	}, nil
}

// zones caches time zones by name, since loading one reads a file.
var zones sync.Map

func location(name string) (*time.Location, error) {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, zone)
	}
	return zone, err
}

// midnight is the beginning of a moment's date as a wall clock, which is a time in UTC.
func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// onClock is the first moment at which a zone's clocks show a time or a later one: where
// they show it twice the first, where they skip it the end of what they skip. time.Date
// leaves open which it takes.
func onClock(wall time.Time, zone *time.Location) time.Time {
	at := wall.Add(-36 * time.Hour).In(zone) // no zone's clocks are that much ahead
	for {
		_, offset := at.Zone()
		shown := wall.Add(-time.Duration(offset) * time.Second)
		_, change := at.ZoneBounds()
		if change.IsZero() || shown.Before(change) {
			if shown.Before(at) {
				return at // skipped by the change that at is
			}
			return shown.In(zone)
		}
		at = change
	}
}
