// Package feedstate holds the state of a feed or a page between two visits, beside what its
// row in the library has columns for: the schedule, and what is known of each of its items.
package feedstate

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/feed"
	"parley/corpus/library"
	"parley/corpus/schedule"
	"parley/corpus/weburl"
)

// State is the State of a library.Feed, which keeps it as JSON.
type State struct {
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
	Entries []*Entry `json:"entries,omitempty"`
}

// Entry is the state of an item of a feed. Moments are Unix seconds.
type Entry struct {
	Key string `json:"key"`
	// Print is a hash of the item, to tell whether it has changed.
	Print string `json:"print"`
	// Page is the address of its page; empty if it is never asked for.
	Page string `json:"page,omitempty"`
	// TextInFeed: the feed carries the text, and the page is asked only whether it still exists.
	TextInFeed bool `json:"whole,omitempty"`
	// Due is when to ask for the page; 0 is never, unless the item changes.
	Due int64 `json:"due,omitempty"`
	// Since is when its age began.
	Since int64 `json:"since,omitempty"`
	// Read says that the page has answered before; with its text, unless TextInFeed.
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
	Said *Metadata `json:"said,omitempty"`
}

// Metadata gives what the feed says of the item; it is empty once the page is asked no more.
func (e *Entry) Metadata() Metadata {
	if e.Said == nil {
		return Metadata{}
	}
	return *e.Said
}

// Settle has the page asked no more, and forgets what was kept for that.
func (e *Entry) Settle() { e.Due, e.Said, e.ETag, e.LastModified = 0, nil, "", "" }

// Load reads the state of a feed. One that cannot be read, as after a downgrade, is begun
// anew: all that it knew is found out again.
func Load(f library.Feed) State {
	var s State
	if json.Unmarshal(f.State, &s) != nil {
		return State{}
	}
	s.Entries = slices.DeleteFunc(s.Entries, func(e *Entry) bool { return e == nil })
	return s
}

// maxState is less than what the library keeps of a feed (4 MB), in bytes.
const maxState = 3 << 20

// Encode gives the state as JSON. Entries are left out, from the end, until it is small enough;
// left counts them.
func (s *State) Encode() (state json.RawMessage, left int, err error) {
	for {
		state, err = json.Marshal(s)
		if err != nil || len(state) <= maxState {
			return state, left, err
		}
		keep := len(s.Entries) * 3 / 4
		left += len(s.Entries) - keep
		s.Entries = s.Entries[:keep]
	}
}

// Schedule gives the schedule of the feed, of which a part stands in its row.
func (s State) Schedule(f library.Feed) schedule.State {
	return schedule.State{
		Address: f.Address, ETag: f.ETag, LastModified: f.LastModified, Due: s.Due, Every: s.Every, Failures: f.Failures,
		FailingSince: s.FailingSince, LastError: f.LastError, Changed: s.Changed, Suspended: f.Suspended,
	}
}

// SetSchedule keeps a schedule in the state and in the row.
func (s *State) SetSchedule(next schedule.State, f *library.Feed) {
	if len(next.Address) <= library.MaxName {
		f.Address = next.Address
	}
	f.ETag, f.LastModified = Validator(next.ETag), Validator(next.LastModified)
	f.Failures, f.LastError, f.Suspended = next.Failures, Clip(next.LastError), Clip(next.Suspended)
	// To the second, as the row has it: else a visit that comes early would find nothing due.
	s.Due = next.Due.Truncate(time.Second)
	s.Every, s.FailingSince, s.Changed = next.Every, next.FailingSince, next.Changed
}

// NextDue is when the feed or one of its articles is to be asked again.
func (s State) NextDue() time.Time {
	next := s.Due
	for _, e := range s.Entries {
		if t := time.Unix(e.Due, 0); e.Due != 0 && t.Before(next) {
			next = t
		}
	}
	return next
}

// Waits reports whether the text of the item is still to be read on its page.
func (e *Entry) Waits() bool { return e.Due != 0 && !e.Read && !e.TextInFeed }

// DueBy gives the entries whose pages are to be asked by then, in the order in which they are due.
func (s State) DueBy(t time.Time) []*Entry {
	var due []*Entry
	for _, e := range s.Entries {
		if e.Due != 0 && e.Due <= t.Unix() {
			due = append(due, e)
		}
	}
	slices.SortStableFunc(due, func(a, b *Entry) int { return cmp.Compare(a.Due, b.Due) })
	return due
}

// How many entries are kept that have left the feed.
const (
	keepSettled  = 500  // so that a feed that is empty for once does not have all its pages read again
	keepWatching = 2000 // whose pages are still asked: a feed may carry thousands in a month
)

// Arrange puts the entries that a feed has now before those that have left it.
func (s *State) Arrange(current []*Entry) {
	has := make(map[*Entry]bool, len(current))
	for _, e := range current {
		has[e] = true
	}
	settled, watched := 0, 0
	for _, e := range s.Entries {
		if has[e] {
			continue
		}
		if e.TextInFeed && e.Due != 0 {
			if watched++; watched > keepWatching {
				e.Settle()
			}
		}
		if e.Due == 0 {
			if settled++; settled > keepSettled {
				continue
			}
		}
		current = append(current, e)
	}
	s.Entries = current
}

// maxLine is the longest title, name or reason that is kept, in bytes.
const maxLine = 1000

// Clip shortens a text for people to 1,000 bytes, and makes it one that the library can keep.
func Clip(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "")
	if len(s) <= maxLine {
		return s
	}
	return strings.ToValidUTF8(s[:maxLine], "") + "…"
}

// short drops a text that is too long, since what is quoted is not cut.
func short(s string, limit int) string {
	if len(s) > limit {
		return ""
	}
	return s
}

// Validator gives an ETag or a time of change as it was sent, or nothing if it cannot be kept.
func Validator(s string) string {
	if len(s) > maxLine || !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return ""
	}
	return s
}

// Metadata is an item's entry in a feed without its text.
type Metadata struct {
	Title     string             `json:"title,omitempty"`
	Author    string             `json:"author,omitempty"`
	Published corpus.PartialDate `json:"published,omitzero"`
	Language  string             `json:"language,omitempty"`
	License   string             `json:"license,omitempty"`
	Source    string             `json:"source,omitempty"`
	Summary   string             `json:"summary,omitempty"`
}

// Key is the ID of an item, or a hash of it if it is too long to be kept.
func Key(i feed.Item) string {
	if len(i.ID) <= maxLine {
		return i.ID
	}
	return "sha256:" + Digest(i.ID)
}

// Print is a hash of all in an item of which a document is made.
func Print(i feed.Item) string {
	return Digest(i.URL, i.Title, i.Published.String(), i.Updated.String(), i.Author, i.Language, i.License, i.Source,
		i.Summary, i.Text)
}

// Digest is a hash of texts.
func Digest(texts ...string) string {
	h := sha256.New()
	for _, s := range texts {
		_, _ = h.Write([]byte(s)) // a hash takes everything
		_, _ = h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// maxSummary is the longest summary that is kept for an article that waits for its page, in
// bytes; what is longer was meant to be the text, and is there when the page is closed.
const maxSummary = 16 << 10

// MetadataOf gives what a feed says of an item.
func MetadataOf(i feed.Item) *Metadata {
	return &Metadata{
		Title: short(i.Title, maxLine), Author: short(i.Author, maxLine), Published: i.Published, Language: i.Language,
		License: short(i.License, maxLine), Source: short(i.Source, maxLine), Summary: short(i.Summary, maxSummary),
	}
}

// Document makes a document of an item and its text. The address may be empty.
func (s Metadata) Document(address, text, publisher string) corpus.Document {
	return corpus.Document{
		Source: corpus.Source{
			Title: s.Title, Publisher: cmp.Or(s.Source, publisher), Author: s.Author, URL: weburl.Citable(address),
			Published: s.Published, License: s.License, Language: s.Language,
		},
		Text: text, Summary: s.Summary,
	}
}

// Complete fills the gaps in what a page says of its article.
func (s Metadata) Complete(page corpus.Document, publisher string) corpus.Document {
	page.Title = cmp.Or(page.Title, s.Title)
	page.Publisher = cmp.Or(page.Publisher, s.Source, publisher)
	page.Author = cmp.Or(page.Author, s.Author)
	page.License = cmp.Or(page.License, s.License)
	page.Language = cmp.Or(page.Language, s.Language)
	page.Summary = cmp.Or(page.Summary, s.Summary)
	if s.Published.Precision() > page.Published.Precision() {
		page.Published = s.Published
	}
	page.URL = weburl.Citable(page.URL)
	return page
}
