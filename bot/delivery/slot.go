package delivery

import (
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // subscriptions name zones that the machine need not know

	"parley/bot"
	"parley/corpus"
)

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
