package feed

import (
	"fmt"
	"net/url"
	"strings"

	"parley/corpus/charset"
)

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
