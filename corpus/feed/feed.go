// Package feed reads RSS 0.9x to 2.0, RDF, Atom and JSON feeds, as they are found in the
// wild, into items of plain text. It fetches and stores nothing; when to fetch a feed again
// is decided by package schedule.
//
// A feed is foreign: whatever its bytes are, Parse returns a feed or an error that says what
// is wrong, in time linear in their number. No markup leaves the package.
package feed

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"parley/corpus"
	"parley/corpus/charset"
	"parley/corpus/feed/xmlrepair"
	"parley/corpus/schedule"
)

// Limits of what is read. A larger feed is refused, and one with more items is cut.
const (
	MaxBytes = 10 << 20
	MaxItems = 5000
)

// Errors that a caller tells apart.
var (
	ErrNotFeed  = errors.New("this is not a feed")
	ErrTooLarge = errors.New("the feed is too large")
	ErrHostile  = xmlrepair.ErrHostile
)

// Feed is a publisher's feed. All texts are plain.
type Feed struct {
	Format      string `json:"format"` // "rss 2.0", "rss" if it states no version, "rdf", "atom 1.0", "json 1.1"
	Title       string `json:"title"`
	Description string `json:"description"`
	URL         string `json:"url"`  // of the site, absolute
	Self        string `json:"self"` // where the feed says that it stands, absolute
	Language    string `json:"language"`
	License     string `json:"license,omitempty"` // as stated: a name, an address or a notice of rights
	// Updated is when the publisher last changed the feed.
	Updated corpus.PartialDate `json:"updated"`
	Hints   schedule.Hints     `json:"hints"`
	Items   []Item             `json:"items"`
	// Duplicates counts the items left out because an earlier one has the same ID.
	Duplicates int `json:"duplicates"`
	// Damage says what could not be read and is left out; empty for a sound feed.
	Damage string `json:"damage,omitempty"`
}

// Item is one entry of a feed. All texts are plain; all but the ID may be empty.
type Item struct {
	// ID tells the item from the others of its feed, never empty: the publisher's own
	// (guid, id, rdf:about), else the URL, else a digest of the item.
	ID    string `json:"id"`
	URL   string `json:"url"` // canonical; empty if the item links to no page
	Title string `json:"title"`
	// Published falls back to the date of the last update where there is no other.
	Published  corpus.PartialDate `json:"published"`
	Updated    corpus.PartialDate `json:"updated"`
	Author     string             `json:"author"` // several are parted by commas
	Categories []string           `json:"categories"`
	Language   string             `json:"language"`
	License    string             `json:"license,omitempty"` // of the item, else of the feed
	Summary    string             `json:"summary"`
	// Text is the full content where the feed carries it apart from the summary; paragraphs
	// are parted by an empty line.
	Text string `json:"text"`
	// Source is the title of the feed that the item was taken over from.
	Source string `json:"source"`
}

// Parse reads a feed. contentType is the header of that name and address where the feed
// was fetched from, against which relative links are resolved; both may be empty.
func Parse(data []byte, contentType, address string) (Feed, error) {
	if len(data) > MaxBytes {
		return Feed{}, fmt.Errorf("%w: %d bytes, at most %d are read", ErrTooLarge, len(data), MaxBytes)
	}
	base, err := url.Parse(address)
	if err != nil {
		return Feed{}, fmt.Errorf("address of the feed: %w", err)
	}
	text := strings.TrimLeft(charset.Feed(data, contentType), "\ufeff \t\r\n")
	var f Feed
	var author string
	switch {
	case text == "":
		return Feed{}, fmt.Errorf("%w: it is empty", ErrNotFeed)
	case text[0] == '{':
		f, author, err = parseJSON(text, base)
	case strings.Contains(text, "<"):
		f, author, err = parseXML(text, base)
	default:
		err = fmt.Errorf("%w: it begins with %.20q, neither XML nor JSON", ErrNotFeed, text)
	}
	if err != nil {
		return Feed{}, err
	}
	f.finish(author)
	return f, nil
}
