package when

import (
	"time"

	"parley/corpus"
)

// Period bounds dates of publication. A zero bound is open; Until is exclusive.
type Period struct{ Since, Until time.Time }

// IsZero reports whether the period is unbounded.
func (p Period) IsZero() bool { return p.Since.IsZero() && p.Until.IsZero() }

// MayHold reports whether a date may lie in the period: one of which only the month or the
// year is known may if a part of it does. An unknown date may not.
func (p Period) MayHold(d corpus.PartialDate) bool {
	return !d.IsZero() &&
		(p.Since.IsZero() || d.End().After(p.Since)) && (p.Until.IsZero() || d.Start().Before(p.Until))
}

// span is the period from a day on that is so many months and days long.
func span(year int, month time.Month, day, months, days int) Period {
	since := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return Period{since, since.AddDate(0, months, days)}
}
