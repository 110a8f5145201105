package ingest

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/library"
	"parley/corpus/schedule"
)

// memory is what is kept of a feed or a page between two visits, beside what its row in the
// library has columns for. It is the State of a library.Feed.
type memory struct {
	// The schedule of the feed itself, see schedule.State.
	Due          time.Time      `json:"due,omitzero"`
	Every        time.Duration  `json:"every,omitzero"`
	FailingSince time.Time      `json:"failing_since,omitzero"`
	Changed      time.Time      `json:"changed,omitzero"`
	Hints        schedule.Hints `json:"hints,omitzero"`
	// Answered is when it last gave what it should.
	Answered time.Time `json:"answered,omitzero"`
	// Missing counts the answers "404" in a row, of a page.
	Missing int `json:"missing,omitempty"`
	// Entries are the items of the feed in its order, and then those that have left it.
	Entries []*entry `json:"entries,omitempty"`
}

// entry is what is known of an item of a feed. Moments are Unix seconds.
type entry struct {
	Key string `json:"key"`
	// Print tells whether the item is another than it was.
	Print string `json:"print"`
	// Page is the address of its page, empty where it is never asked for.
	Page string `json:"page,omitempty"`
	// Whole says that the feed has the text: the page is asked only whether it is still there.
	Whole bool `json:"whole,omitempty"`
	// Due is when to ask for the page; 0 is never again, unless the item becomes another.
	Due int64 `json:"due,omitempty"`
	// Since is from when its age is counted.
	Since int64 `json:"since,omitempty"`
	// Read says that the page has answered well before: with its text, if that is asked.
	Read         bool   `json:"read,omitempty"`
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"modified,omitempty"`
	// Failures counts those in a row, the first of them at Failing; Missing counts the
	// answers "404" in a row. Error is the last failure.
	Failures int    `json:"failures,omitempty"`
	Failing  int64  `json:"failing,omitempty"`
	Missing  int    `json:"missing,omitempty"`
	Error    string `json:"error,omitempty"`
	// Said is kept while the page is to be asked.
	Said *said `json:"said,omitempty"`
}

// said is what a feed says of an item, apart from its text.
type said struct {
	Title     string             `json:"title,omitempty"`
	Author    string             `json:"author,omitempty"`
	Published corpus.PartialDate `json:"published,omitzero"`
	Language  string             `json:"language,omitempty"`
	License   string             `json:"license,omitempty"`
	Source    string             `json:"source,omitempty"`
	Summary   string             `json:"summary,omitempty"`
}

// remember reads the memory of a feed. One that cannot be read, as after a downgrade, is
// begun anew: all that it knows is found out again.
func remember(f library.Feed) memory {
	var m memory
	if json.Unmarshal(f.State, &m) != nil {
		return memory{}
	}
	m.Entries = slices.DeleteFunc(m.Entries, func(e *entry) bool { return e == nil })
	return m
}

// maxMemory is less than what the library keeps of a feed (4 MB), in bytes.
const maxMemory = 3 << 20

// encode is the memory as JSON, and how many entries had to be left out, from the end, for
// it to be small enough.
func (m *memory) encode() (state json.RawMessage, left int, err error) {
	for {
		state, err = json.Marshal(m)
		if err != nil || len(state) <= maxMemory {
			return state, left, err
		}
		keep := len(m.Entries) * 3 / 4
		left += len(m.Entries) - keep
		m.Entries = m.Entries[:keep]
	}
}

// schedule is the feed's own, as schedule.Policy reads it.
func (m memory) schedule(f library.Feed) schedule.State {
	return schedule.State{
		Address: f.Address, ETag: f.ETag, LastModified: f.LastModified, Due: m.Due, Every: m.Every, Failures: f.Failures,
		FailingSince: m.FailingSince, LastError: f.LastError, Changed: m.Changed, Suspended: f.Suspended,
	}
}

// take puts a schedule into memory and row.
func (m *memory) take(s schedule.State, f *library.Feed) {
	if len(s.Address) <= library.MaxName {
		f.Address = s.Address
	}
	f.ETag, f.LastModified = validator(s.ETag), validator(s.LastModified)
	f.Failures, f.LastError, f.Suspended = s.Failures, clip(s.LastError), clip(s.Suspended)
	// To the second, as the row has it: else a visit that comes early would find nothing due.
	m.Due = s.Due.Truncate(time.Second)
	m.Every, m.FailingSince, m.Changed = s.Every, s.FailingSince, s.Changed
}

// nextDue is when there is something to do again for the feed or one of its articles.
func (m memory) nextDue() time.Time {
	next := m.Due
	for _, e := range m.Entries {
		if t := time.Unix(e.Due, 0); e.Due != 0 && t.Before(next) {
			next = t
		}
	}
	return next
}

// waits reports whether the text of an article is still to be read on its page.
func (e *entry) waits() bool { return e.Due != 0 && !e.Read && !e.Whole }

// dueBy are the entries whose pages are to be asked by then, those first that wait longest.
func (m memory) dueBy(t time.Time) []*entry {
	var due []*entry
	for _, e := range m.Entries {
		if e.Due != 0 && e.Due <= t.Unix() {
			due = append(due, e)
		}
	}
	slices.SortStableFunc(due, func(a, b *entry) int { return cmp.Compare(a.Due, b.Due) })
	return due
}

// keepDeparted is how many entries are known that have left the feed and of which nothing
// is to be done: a feed that is empty for once does not have all its pages read again.
const keepDeparted = 500

// keepLooking is how many texts that have left the feed are looked after: a feed may carry
// thousands in the month in which that is done.
const keepLooking = 2000

// arrange puts the entries that a feed has now before those that have left it.
func (m *memory) arrange(current []*entry) {
	has := make(map[*entry]bool, len(current))
	for _, e := range current {
		has[e] = true
	}
	settled, looking := 0, 0
	for _, e := range m.Entries {
		if has[e] {
			continue
		}
		if e.Whole && e.Due != 0 {
			if looking++; looking > keepLooking {
				e.settle()
			}
		}
		if e.Due == 0 {
			if settled++; settled > keepDeparted {
				continue
			}
		}
		current = append(current, e)
	}
	m.Entries = current
}

// maxWords is the longest title, name or reason that is kept in a memory, in bytes.
const maxWords = 1000

// clip shortens a text for people, and makes it one that the library can keep.
func clip(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "")
	if len(s) <= maxWords {
		return s
	}
	return strings.ToValidUTF8(s[:maxWords], "") + "…"
}

// short is a text if it is short, since what is quoted is not cut.
func short(s string, limit int) string {
	if len(s) > limit {
		return ""
	}
	return s
}

// validator is that of a response, if it can be kept.
func validator(s string) string {
	if len(s) > maxWords || !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return ""
	}
	return s
}

// backoff doubles with each failure in a row, from first to most.
func backoff(failures int, first, most time.Duration) time.Duration {
	if wait := float64(first) * math.Pow(2, float64(failures-1)); wait < float64(most) {
		return time.Duration(wait)
	}
	return most
}
