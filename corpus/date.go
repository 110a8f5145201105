package corpus

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Precision says how much of a date is known.
type Precision uint8

// From nothing known to a moment known.
const (
	NoDate Precision = iota
	Year
	Month
	Day
	Moment
)

// layouts are the written forms of a partial date, by precision.
var layouts = [...]string{Year: "2006", Month: "2006-01", Day: "2006-01-02", Moment: time.RFC3339}

// PartialDate is a date with the precision that its source gave it: a year, a
// month, a day or a moment. The zero value is an unknown date.
type PartialDate struct {
	start     time.Time
	precision Precision
}

// ParsePartialDate reads "2025", "2025-02", "2025-02-14" or RFC 3339. An empty
// string is an unknown date.
func ParsePartialDate(s string) (PartialDate, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return PartialDate{}, nil
	}
	for p := Year; p <= Moment; p++ {
		if t, err := time.Parse(layouts[p], s); err == nil && t.Year() >= 1 {
			return PartialDate{t, p}, nil
		}
	}
	return PartialDate{}, fmt.Errorf("date %q is none of 2025, 2025-02, 2025-02-14, 2025-02-14T09:30:00Z", s)
}

// DateOf is the partial date with the given precision that contains t.
func DateOf(t time.Time, p Precision) PartialDate {
	if p == NoDate {
		return PartialDate{}
	}
	if p < Moment {
		y, m, d := t.Date()
		if p < Day {
			d = 1
		}
		if p < Month {
			m = time.January
		}
		t = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return PartialDate{t, p}
}

// IsZero reports whether nothing is known of the date.
func (d PartialDate) IsZero() bool { return d.precision == NoDate }

// Precision says how much of the date is known.
func (d PartialDate) Precision() Precision { return d.precision }

// Start is the first moment that the date may mean; the zero time when unknown.
func (d PartialDate) Start() time.Time { return d.start }

// End is the first moment after all that the date may mean; the zero time when unknown.
func (d PartialDate) End() time.Time {
	switch d.precision {
	case Year:
		return d.start.AddDate(1, 0, 0)
	case Month:
		return d.start.AddDate(0, 1, 0)
	case Day:
		return d.start.AddDate(0, 0, 1)
	case Moment:
		return d.start.Add(time.Second)
	}
	return time.Time{}
}

// Compare orders dates by their start; of two that start together the vaguer is the earlier.
// An unknown date comes before all others.
func (d PartialDate) Compare(e PartialDate) int {
	return cmp.Or(d.start.Compare(e.start), cmp.Compare(d.precision, e.precision))
}

// String is the date as its source wrote it; empty when unknown.
func (d PartialDate) String() string {
	if d.IsZero() {
		return ""
	}
	return d.start.Format(layouts[d.precision])
}

// Long is the date in words, "14 February 2025" or "February 2025"; "undated" when unknown.
func (d PartialDate) Long() string {
	switch d.precision {
	case Year:
		return d.start.Format("2006")
	case Month:
		return d.start.Format("January 2006")
	case Day, Moment:
		return d.start.Format("2 January 2006")
	}
	return "undated"
}

// MarshalText writes String.
func (d PartialDate) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParsePartialDate reads.
func (d *PartialDate) UnmarshalText(b []byte) (err error) {
	*d, err = ParsePartialDate(string(b))
	return err
}
