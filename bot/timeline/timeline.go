// Package timeline draws who took which position when: actors as rows, time as the
// horizontal axis, a mark for every statement and event. The picture is a PNG for a
// chat, made to be read on a phone about 6 cm wide, in dark mode and in light mode.
//
// It draws what it is given, and adds the names of the kinds of marks, dates and counts
// in the chart's language. It knows no actor, topic or source, reads no clock, and draws
// the same chart to the same bytes.
//
// It draws with golang.org/x/image, of the Go project: anti-aliased shapes, and the Go
// fonts, which have Latin, Greek and Cyrillic letters. Nothing is shaped: Arabic and
// Hebrew would stand in the wrong order, Chinese as empty boxes.
package timeline

import (
	"fmt"
	"image/png"
	"io"
	"slices"
	"time"

	"parley/bot/wording"
)

// Limits of a chart. Within them a picture is at most 1200 by 8000 pixels: inside
// Telegram's limits for a photo (width and height together 10,000, one at most 20 times
// the other).
const (
	MaxRows  = 12
	MaxMarks = 5000 // in all rows together
)

// Chart is the data of a picture: rows of marks over a stretch of time.
type Chart struct {
	// Title and Subtitle stand above the picture, on two lines each at most; what is
	// longer is cut with an ellipsis. Both may be empty.
	Title, Subtitle string
	// From and To are the period of the time axis, without To. Where one is zero, the
	// marks decide.
	From, To time.Time
	Rows     []Row            // from top to bottom; a row without marks is drawn as such
	Language wording.Language // of what the chart says beside the names that it is given; zero: English
}

// Row is an actor with its marks, in any order.
type Row struct {
	Name  string
	Marks []Mark
}

// Mark is a dated statement or event. Days are those of UTC.
type Mark struct {
	// From and To are the time in which the date lies, without To: a day, or the month
	// or the year where no more is known of it. Where To is zero or equals From, it is
	// the day of From. More than a day is drawn as a line from first to last day.
	From, To time.Time
	Kind     Kind
}

// Kind is the kind of a mark: a stance, or an event.
type Kind uint8

// Kinds, in the order of the legend. The zero Kind is none.
const (
	Demands Kind = iota + 1
	Supports
	Opposes
	Offers
	Doubts
	Warns
	Says
	Event
)

var kindNames = [...]string{
	Demands: "demands", Supports: "supports", Opposes: "opposes", Offers: "offers",
	Doubts: "doubts", Warns: "warns", Says: "says", Event: "event",
}

// ParseKind reads what String writes.
func ParseKind(s string) (Kind, error) {
	if i := slices.Index(kindNames[1:], s); i >= 0 {
		return Kind(i + 1), nil
	}
	return 0, fmt.Errorf("timeline: no kind of mark is named %q", s)
}

// String is the word of the legend: "demands".
func (k Kind) String() string {
	if !k.valid() {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return kindNames[k]
}

func (k Kind) valid() bool { return k >= Demands && k <= Event }

// Validate says why a chart cannot be drawn: it has no marks, too many rows or marks, a
// row without a name, a mark without a kind or outside the period, or a period that ends
// before it begins.
func (c Chart) Validate() error {
	if len(c.Rows) > MaxRows {
		return fmt.Errorf("timeline: %d rows; at most %d can be drawn", len(c.Rows), MaxRows)
	}
	n := 0
	for _, r := range c.Rows {
		n += len(r.Marks)
	}
	if n == 0 || n > MaxMarks {
		return fmt.Errorf("timeline: %d marks; between 1 and %d can be drawn", n, MaxMarks)
	}
	for _, t := range []time.Time{c.From, c.To} {
		if err := checkYear(t); !t.IsZero() && err != nil {
			return fmt.Errorf("timeline: period: %w", err)
		}
	}
	for i, r := range c.Rows {
		if clean(r.Name) == "" {
			return fmt.Errorf("timeline: row %d has no name", i+1)
		}
		for _, m := range r.Marks {
			if err := m.check(); err != nil {
				return fmt.Errorf("timeline: row %q: %w", r.Name, err)
			}
		}
	}
	p := c.period()
	if p.end <= p.first {
		return fmt.Errorf("timeline: the period ends on %v, before it begins on %v", p.last(), p.first)
	}
	for _, r := range c.Rows {
		for _, m := range r.Marks {
			if s := m.span(); s.first >= p.end || s.end <= p.first {
				return fmt.Errorf("timeline: row %q: a mark on %v lies outside of the period, %v", r.Name, s, p)
			}
		}
	}
	return nil
}

func (m Mark) check() error {
	if !m.Kind.valid() {
		return fmt.Errorf("a mark has no kind: %v", m.Kind)
	}
	if err := checkYear(m.From); err != nil {
		return err
	}
	if m.To.IsZero() {
		return nil
	}
	if m.To.Before(m.From) {
		return fmt.Errorf("a mark ends at %v, before it begins at %v", m.To, m.From)
	}
	return checkYear(m.To)
}

func (c Chart) period() span {
	p := spanOfRows(c.Rows)
	if !c.From.IsZero() {
		p.first = dayOf(c.From)
	}
	if !c.To.IsZero() {
		p.end = dayAfter(c.To)
	}
	return p
}

// WritePNG draws the chart, or returns the error of Validate, or of w.
func (c Chart) WritePNG(w io.Writer) error {
	if err := c.Validate(); err != nil {
		return err
	}
	faces, err := newFaces()
	if err != nil {
		return err
	}
	// A palette takes half the bytes of full colours, and a third of the time.
	if err := png.Encode(w, paletted(paint(arrange(c, faces), faces))); err != nil {
		return fmt.Errorf("timeline: writing the picture: %w", err)
	}
	return nil
}
