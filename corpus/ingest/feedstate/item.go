package feedstate

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"

	"parley/corpus"
	"parley/corpus/feed"
	"parley/corpus/weburl"
)

// Metadata is what a feed says of an item, apart from its text.
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
