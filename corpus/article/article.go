// Package article reads web pages: the text of the article on a page, and its title,
// author, date, publisher and language. It fetches nothing and keeps nothing.
//
// The text is found in three steps. clean takes away what is not shown and what the page
// itself names as a menu, a byline or a caption; readability (codeberg.org/readeck) finds
// the article in the rest; trim takes away the blocks that repeat the head, lead to other
// pages or speak of the publisher. The text is then written from the tree, so that every
// line of it is on the page; only white space is folded, and nothing that is shown is
// taken out of a sentence.
//
// What the page says of itself is read by package metadata. What was measured stands in
// docs/measurements.md.
package article

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/article/dom"
	"parley/corpus/article/metadata"
	"parley/corpus/dates"
)

// MaxBytes is the size of the largest page that is read.
const MaxBytes = 10 << 20

var (
	// ErrTooLarge is the error of a page of more than MaxBytes, or of more tags than are read.
	ErrTooLarge = errors.New("page too large")
	// ErrNotText is the error of what is neither a page nor plain text.
	ErrNotText = errors.New("neither a page nor plain text")
	// ErrNoText is the error of a page on which there is nothing to read.
	ErrNoText = errors.New("page has no readable text")
)

// Extract reads a page: HTML, or plain text, of which only the text is known. contentType
// is that of the response, and address where the page was found; either may be empty.
//
// The document has no ID. Its URL is the page's own address for itself where that is of
// the same site, else address. Authors are separated by ", ". Title, author, publisher
// and summary are single lines, and may be empty. The text is paragraphs separated by
// blank lines, with list items and table rows on lines of their own; it is never empty
// and never cut.
//
// The errors are ErrTooLarge, ErrNotText, ErrNoText and faults of the address, the
// encoding and the libraries. They do not name the address, which may hold secrets.
func Extract(page []byte, contentType, address string) (corpus.Document, error) {
	at, err := url.Parse(address)
	if err != nil {
		return corpus.Document{}, errors.New("the address of the page cannot be read")
	}
	d, err := read(page, contentType, at)
	if err != nil {
		return corpus.Document{}, fmt.Errorf("read page: %w", err)
	}
	return d, nil
}

func read(page []byte, contentType string, at *url.URL) (d corpus.Document, err error) {
	source, err := decode(page, contentType)
	if err != nil {
		return d, err
	}
	if source.plain {
		d.URL, d.Published = at.String(), dates.InPath(at)
		d.Text = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(source.text))
	} else if d, err = readHTML(source.text, at); err != nil {
		return d, err
	}
	if d.Text == "" {
		return d, ErrNoText
	}
	return d, nil
}

func readHTML(source string, at *url.URL) (d corpus.Document, err error) {
	root, err := parse(source)
	if err != nil {
		return d, err
	}
	h := metadata.Read(root)
	d = corpus.Document{Source: h.Source(at), Summary: h.Summary()}
	r := bodyReader{at: at, site: dom.SiteOf(at), known: known{append(h.Titles(), d.Title), d.Author, d.Summary}}
	if d.Text, err = r.read(root, source); err != nil {
		return d, err
	}
	if stated := h.ArticleBody(); utf8.RuneCountInString(stated) > 2*utf8.RuneCountInString(d.Text) {
		d.Text = stated // a page that scripts would fill
	}
	return d, nil
}

// protect calls a library: a panic of it is an error, for pages are foreign bytes.
func protect(library string, call func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: panic: %v", library, r)
		}
	}()
	if err := call(); err != nil {
		return fmt.Errorf("%s: %w", library, err)
	}
	return nil
}
