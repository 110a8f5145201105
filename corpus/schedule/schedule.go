// Package schedule decides when a feed, or a page, is to be fetched next: from whether it
// changes, what its publisher asks for, and how it fails. It holds no clock and no timer.
package schedule

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Policy is how often feeds are fetched.
type Policy struct {
	// Min and Max bound the interval between two fetches, First is that of a new feed.
	Min, Max, First time.Duration
	// A feed is given up after at least MaxFailures in a row over at least MaxFailing.
	MaxFailures int
	MaxFailing  time.Duration
}

// DefaultPolicy asks a busy feed every quarter of an hour, a quiet one once a day, and
// gives up one that has failed for a fortnight.
func DefaultPolicy() Policy {
	return Policy{
		Min: 15 * time.Minute, Max: 24 * time.Hour, First: time.Hour,
		MaxFailures: 10, MaxFailing: 14 * 24 * time.Hour,
	}
}

// State is the schedule of a feed between two fetches. A feed that was never fetched has an
// Address alone.
type State struct {
	Address            string
	ETag, LastModified string // for the next conditional request
	// Due is when to fetch next, Every the interval that led to it before jitter.
	Due   time.Time
	Every time.Duration
	// Failures counts those in a row, the first of them at FailingSince; LastError is the
	// last one.
	Failures     int
	FailingSince time.Time
	LastError    string
	Changed      time.Time // when a fetch last found something new
	Suspended    string    // why the feed is no longer fetched; empty while it is
}

// Hints are a publisher's wishes on how often the feed is fetched. The zero
// value says nothing.
type Hints struct {
	// Every is how long the feed stays the same at the least.
	Every time.Duration `json:"every,omitempty"`
	// SkipHours, 0 to 23 in UTC, and SkipDays are when it does not change.
	SkipHours []int          `json:"skip_hours,omitempty"`
	SkipDays  []time.Weekday `json:"skip_days,omitempty"`
}

// Result is the outcome of a fetch, as far as the schedule needs it.
type Result uint8

// The results of a fetch.
const (
	Unchanged Result = iota // answered, with nothing new
	Changed                 // answered, with something new
	Failed                  // no answer, or one that is no feed
	Gone                    // withdrawn by its publisher (410)
)

// Outcome is what a fetch taught.
type Outcome struct {
	Result Result
	// Moved is where the feed has moved for good. It counts only if a feed was found there.
	Moved              string
	ETag, LastModified string
	Hints              Hints         // of Unchanged too, if they are known
	RetryAfter         time.Duration // that the server asks for
	Error              string        // of Failed and Gone
}

// jitter is the part of an interval by which it is made shorter or longer, so that feeds
// added together are not fetched together for ever.
const jitter = 0.1

// How an interval follows the feed. A feed that changes at a steady pace is fetched
// about four times a change: where 0.5^p × 1.25^(1−p) is 1.
const (
	faster = 0.5
	slower = 1.25
)

// Next gives the state after a fetch that ended now. r is the source of the jitter.
func (p Policy) Next(s State, o Outcome, now time.Time, r *rand.Rand) State {
	if o.Result == Unchanged || o.Result == Changed {
		s = p.answered(s, o, now)
		s.Due = afterSkipped(now.Add(max(jittered(s.Every, r), o.RetryAfter)), o.Hints)
		return s
	}
	if s.Failures == 0 {
		s.FailingSince = now
	}
	s.Failures++
	s.LastError = o.Error
	switch {
	case o.Result == Gone:
		s.Suspended, s.Due = "its publisher has withdrawn it (410)", time.Time{}
	case s.Failures >= p.MaxFailures && now.Sub(s.FailingSince) >= p.MaxFailing:
		s.Suspended = fmt.Sprintf("it has failed %d times in a row since %s, the last time with: %s",
			s.Failures, s.FailingSince.UTC().Format(time.DateOnly), o.Error)
		s.Due = time.Time{}
	default:
		wait := p.Min // doubles with each failure in a row
		for n := 1; n < s.Failures && wait < p.Max; n++ {
			wait *= 2
		}
		s.Due = now.Add(max(jittered(min(wait, p.Max), r), o.RetryAfter))
	}
	return s
}

func (p Policy) answered(s State, o Outcome, now time.Time) State {
	s.Failures, s.FailingSince, s.LastError = 0, time.Time{}, ""
	if o.Moved != "" {
		s.Address = o.Moved
	}
	s.ETag, s.LastModified = o.ETag, o.LastModified
	switch {
	case s.Every == 0:
		s.Every = p.First
	case o.Result == Changed:
		s.Every = time.Duration(float64(s.Every) * faster)
	default:
		s.Every = time.Duration(float64(s.Every) * slower)
	}
	if o.Result == Changed {
		s.Changed = now
	}
	// what the publisher asks for counts within our own bounds
	s.Every = min(max(s.Every, p.Min, o.Hints.Every), p.Max)
	return s
}

func jittered(d time.Duration, r *rand.Rand) time.Duration {
	return d + time.Duration((2*r.Float64()-1)*jitter*float64(d))
}

// afterSkipped gives t, or the first full hour behind it at which the publisher does not
// ask to be left alone. A feed skips at most six days and 23 hours of a week.
func afterSkipped(t time.Time, h Hints) time.Time {
	for range 7 * 24 {
		if u := t.UTC(); !slices.Contains(h.SkipHours, u.Hour()) && !slices.Contains(h.SkipDays, u.Weekday()) {
			return t
		}
		t = t.Truncate(time.Hour).Add(time.Hour)
	}
	return t
}
