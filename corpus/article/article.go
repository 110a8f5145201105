// Package article
package article

import (
	"errors"
	"fmt"
	"net/url"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"

	"parley/corpus"
)

// MaxBytes is the size of the largest page that is read.
const MaxBytes = 10 << 20

var (
	// ErrTooLarge is the error of a page of more than MaxBytes.
	ErrTooLarge = errors.New("page too large")
	// ErrNotText is the error of what is no page and no plain text.
	ErrNotText = errors.New("not a page of text")
	// ErrNoText is the error of a page without readable text.
	ErrNoText = errors.New("page has no readable text")
)

// Extract reads a page.
func Extract(page []byte, contentType, address string) (corpus.Document, error) {
	at, err := url.Parse(address)
	if err != nil {
		return corpus.Document{}, fmt.Errorf("address of page: %w", err)
	}
	source, err := decode(page, contentType)
	if err != nil {
		return corpus.Document{}, fmt.Errorf("read %s: %w", address, err)
	}
	if source.plain {
		return plainDocument(source.text, at)
	}
	d, err := extract(source.text, at)
	if err != nil {
		return corpus.Document{}, fmt.Errorf("read %s: %w", address, err)
	}
	return d, nil
}

func extract(source string, at *url.URL) (corpus.Document, error) {
	root, err := parse(source)
	if err != nil {
		return corpus.Document{}, err
	}
	h := readHead(root)
	d := corpus.Document{Source: h.source(at), Summary: h.summary()}
	k := known{append(h.titles(), d.Title), d.Author, d.Summary}
	clean(root, at)
	if d.Text, err = body(root, k, at); err != nil {
		return corpus.Document{}, err
	}
	if utf8.RuneCountInString(d.Text) < fewRunes {
		if d.Text, err = unclean(source, d.Text, k, at); err != nil {
			return corpus.Document{}, err
		}
	}
	if stated := h.articleBody(); utf8.RuneCountInString(stated) > 2*utf8.RuneCountInString(d.Text) {
		d.Text = stated // a page that scripts would fill
	}
	if d.Text == "" {
		return corpus.Document{}, ErrNoText
	}
	return d, nil
}

// fewRunes is the length below which a text may be what clean left of a longer one.
const fewRunes = 250

// unclean is the text of the page read without clean when that is much longer than got, else got.
func unclean(source, got string, k known, at *url.URL) (string, error) {
	root, err := parse(source)
	if err != nil {
		return "", err
	}
	all, err := body(root, k, at)
	if err != nil {
		return "", err
	}
	if len(all) > 2*len(got) {
		return all, nil
	}
	return got, nil
}

// body is the text of the article.
func body(root *html.Node, k known, at *url.URL) (string, error) {
	article, all := root, readBlocks(root, siteOf(at))
	if effort(root, 0) <= maxEffort {
		var err error
		if article, err = readable(root, at); article == nil || err != nil {
			return "", err
		}
	}
	return text(trim(fill(readBlocks(article, siteOf(at)), all), k)), nil
}

// maxEffort bounds the work that readability is given, in bytes of text times elements
// around them: it counts the text of an element again for each element around it. Pages of
// newspapers are at 10^6; of a page beyond the bound all that clean leaves is read.
const maxEffort = 100_000_000

func effort(n *html.Node, depth int) int {
	if n.Type == html.TextNode {
		return len(n.Data) * depth
	}
	sum := 0
	for c := range n.ChildNodes() {
		sum += effort(c, depth+1)
	}
	return sum
}

// readable is the part of the page that readability takes for the article; nil when there
// is none. A panic of the library is an error: pages are foreign bytes.
func readable(root *html.Node, at *url.URL) (article *html.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("readability: %v", r)
		}
	}()
	p := readability.NewParser()
	p.DisableJSONLD = true // head.go reads it
	a, err := p.ParseAndMutate(root, at)
	if err != nil {
		return nil, fmt.Errorf("readability: %w", err)
	}
	return a.Node, nil
}
