package ingest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/feed"
	"parley/corpus/weburl"
)

// keyOf is what a feed calls an item, in a length that can be kept.
func keyOf(i feed.Item) string {
	if len(i.ID) <= maxWords {
		return i.ID
	}
	return "sha256:" + digest(i.ID)
}

// printOf changes whenever anything in an item does that a document is made of.
func printOf(i feed.Item) string {
	return digest(i.URL, i.Title, i.Published.String(), i.Updated.String(), i.Author, i.Language, i.License, i.Source, i.Summary, i.Text)
}

// digest is a hash of texts.
func digest(texts ...string) string {
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

// saidOf is what a feed says of an item.
func saidOf(i feed.Item) *said {
	return &said{
		Title: short(i.Title, maxWords), Author: short(i.Author, maxWords), Published: i.Published, Language: i.Language,
		License: short(i.License, maxWords), Source: short(i.Source, maxWords), Summary: short(i.Summary, maxSummary),
	}
}

// ownText is the text of an item in the feed itself, empty if its page has it.
func ownText(i feed.Item) string {
	switch {
	case i.Text != "" && (i.URL == "" || !isCut(i.Text) && len(i.Text) > len(i.Summary)):
		return i.Text
	case i.URL == "":
		return i.Summary
	}
	return ""
}

// teasers end what goes on somewhere else.
var teasers = []string{"…", "...", "read more", "continue reading", "читать далее", "читати далі", "подробнее", "детальніше"}

// isCut reports whether a text goes on somewhere else.
func isCut(s string) bool {
	end := strings.ToLower(strings.TrimRightFunc(s[max(0, len(s)-60):], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`[](){}→›»>.`, r)
	}))
	dots := strings.TrimRightFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("[](){}→›»>", r) })
	for _, t := range teasers {
		if strings.HasSuffix(end, t) || strings.HasSuffix(dots, t) {
			return true
		}
	}
	return false
}

// minSummary is the shortest summary that stands for a page that is closed, in characters:
// what is shorter says hardly more than the title.
const minSummary = 80

// isWhole reports whether a summary is of whole sentences, as far as its end tells.
func isWhole(s string) bool {
	s = strings.TrimRightFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"'”’»)`, r) })
	last, _ := utf8.DecodeLastRuneInString(s)
	return utf8.RuneCountInString(s) >= minSummary && strings.ContainsRune(".!?。", last) && !isCut(s)
}

// document is an item as a document with that text, at an address that may be empty.
func (s said) document(address, text, publisher string) corpus.Document {
	return corpus.Document{
		Source: corpus.Source{
			Title: s.Title, Publisher: cmp.Or(s.Source, publisher), Author: s.Author, URL: weburl.Citable(address),
			Published: s.Published, License: s.License, Language: s.Language,
		},
		Text: text, Summary: s.Summary,
	}
}

// complete is what a page says of its article, with what the feed says where the page says
// less.
func (s said) complete(page corpus.Document, publisher string) corpus.Document {
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
