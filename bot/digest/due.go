package digest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/bot"
	"parley/bot/store"
)

const (
	// overlap is how far a look for due slots goes back behind the last one: a subscription
	// may be written while it is made.
	overlap = 2 * time.Minute
	// lookBack is how far it goes back at most, after a long downtime.
	lookBack = 7 * 24 * time.Hour
	// lookedThrough is the mark of the moment up to which due slots were opened.
	lookedThrough = "slots opened through"
	// wakeAtOnce are handed to the queue at once.
	wakeAtOnce = 500
	// forgotten is how long a slot may wait in the queue before it is handed over again.
	forgotten = 10 * time.Minute
)

// paused is why a slot is skipped whose subscription was paused.
var paused = bot.Reason{Key: bot.ReasonPaused}

// openDue opens the slots that became due since it was last done, by whichever process,
// and closes those for which it is too late.
func (d *Deliverer) openDue(ctx context.Context) error {
	now := d.now()
	last, ok, err := d.store.Mark(ctx, lookedThrough)
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
	var slots []store.PlacedSlot
	err = d.subscriptions.EachSubscription(ctx, func(s bot.Subscription) error {
		slots = append(slots, d.dueOf(ctx, s, after, now)...)
		return nil
	})
	if err != nil {
		return fmt.Errorf("subscriptions: %w", err)
	}
	opened, err := d.store.OpenSlots(ctx, slots)
	if err != nil {
		return err
	}
	if opened > 0 {
		d.log.InfoContext(ctx, "slots opened", "slots", opened)
	}
	return d.store.SetMark(ctx, lookedThrough, now)
}

// dueOf are the slots of a subscription within a span of time.
func (d *Deliverer) dueOf(ctx context.Context, s bot.Subscription, after, until time.Time) (slots []store.PlacedSlot) {
	if s.Since.After(after) {
		after = s.Since
	}
	within, err := slotsWithin(s, after, until)
	if err != nil {
		d.log.ErrorContext(ctx, "a subscription has no slots", "subscription", s.ID, "err", err)
		return nil
	}
	for date, due := range within {
		slot := store.PlacedSlot{Slot: bot.Slot{Subscription: s.ID, Date: date, Due: due, State: bot.SlotDue}, Place: s.Place}
		switch late := until.Sub(due); {
		case s.Paused:
			slot.State, slot.Why = bot.SlotSkipped, paused
		case late > d.catchUp:
			slot.State, slot.Why = bot.SlotSkipped, d.tooLate(late)
		}
		slots = append(slots, slot)
	}
	return slots
}

// look opens what is due and hands to the workers what somebody is to see to.
func (d *Deliverer) look(ctx context.Context) error {
	err := d.openDue(ctx)
	if _, skipErr := d.store.SkipSlots(ctx, d.now().Add(-d.catchUp), bot.Reason{Key: bot.ReasonNotRunning}); skipErr != nil {
		err = errors.Join(err, skipErr)
	}
	for platform := range d.senders { // also what was opened before, where nothing can be opened now
		err = errors.Join(err, d.wake(ctx, platform))
	}
	return err
}

func (d *Deliverer) wake(ctx context.Context, platform string) error {
	for {
		woken, err := d.store.WakeSlots(ctx, platform, wakeAtOnce, forgotten)
		if err != nil || len(woken) == 0 {
			return err
		}
		if err := d.queue.add(ctx, platform, woken); err != nil {
			return fmt.Errorf("hand %d slots to the workers: %w", len(woken), err)
		}
	}
}
