package library

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"parley/corpus"
	"parley/corpus/library/fingerprint"
)

// Item is a document as its origin gives it.
type Item struct {
	// An empty ID is replaced by one made from the origin and the key. One that the
	// library has made or been given is kept for good.
	corpus.Document
	Origin Origin
	// Key is the origin's lasting name for the document: a guid, a canonical address.
	// Empty: the id.
	Key string
	// Gone says why the origin no longer has the document, which is then withdrawn by its
	// source: of the rest the origin and the key count. Empty while it has.
	Gone string
}

// checked is an item that can be kept.
type checked struct {
	Item
	identity, location string
	wording            string
}

// check completes an item, or says what is wrong with it.
func check(item Item) (checked, error) {
	item.Key = cmp.Or(item.Key, item.ID)
	if item.Key == "" {
		return checked{}, errors.New("a document has neither an id nor a key: its origin must call it something")
	}
	own := identity(item.Origin, item.Key)
	if item.ID == "" { // is made from what its origin calls it
		sum := sha256.Sum256([]byte(own))
		item.ID = strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10])) // 16 characters
	}
	if err := errors.Join(checkOrigin(item.Origin, item.Key), checkDocument(item.Document)); err != nil {
		return checked{}, fmt.Errorf("document %.100q: %w", item.ID, err)
	}
	return checked{
		Item:     item,
		identity: own,
		location: identity(item.Origin, item.URL),
		wording:  fingerprint.Wording(item.Title, item.Text),
	}, nil
}

func checkOrigin(o Origin, key string) error {
	switch o.Kind {
	case OriginFeed, OriginPage, OriginFile, OriginConfigured, OriginBuiltIn:
	default:
		return fmt.Errorf("the origin %.100q is none of feed, page, file, configured, built-in", o.Kind)
	}
	return errors.Join(checkName("the name of the origin", o.Name), checkName("the key", key))
}

func checkDocument(d corpus.Document) error {
	around := fileForm(d)
	around.Text = ""
	size, err := json.Marshal(around)
	if err != nil {
		return err
	}
	if len(size) > MaxAround {
		return fmt.Errorf("what it has besides its text is %d bytes, and the limit is %d; leave some of it out", len(size), MaxAround)
	}
	if len(d.Text) > MaxText {
		return fmt.Errorf("the text has %d bytes, and the limit is %d; split the document", len(d.Text), MaxText)
	}
	if strings.TrimSpace(d.Text) == "" {
		return errors.New("it has no text; add it or leave the document out")
	}
	return errors.Join(checkID(d.ID), checkName("the publisher", d.Publisher), checkTexts(around, d.Text))
}

// checkID refuses what would break the id of a passage ("ID#3") or a line of a log.
func checkID(id string) error {
	for _, r := range id {
		if r == '#' || unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return fmt.Errorf("the id has the character %q; an id has no '#', white space or control characters", r)
		}
	}
	return checkName("the id", id)
}

func checkTexts(d fileDocument, body string) error {
	err := checkText("the text", body)
	for what, s := range map[string]string{"title": d.Title, "author": d.Author, "url": d.URL, "license": d.License,
		"language": d.Language, "summary": d.Summary, "kind": d.Kind} {
		err = errors.Join(err, checkText("its "+what, s))
	}
	for what, list := range map[string][]string{"reported_by": d.ReportedBy, "actors": d.Actors, "topics": d.Topics} {
		for _, s := range list {
			err = errors.Join(err, checkText("its "+what, s))
		}
	}
	for _, s := range d.Sources {
		err = errors.Join(err, checkText("its sources", s.Title+s.Publisher+s.URL))
	}
	return err
}

// digest is a hash of all that a citation and an index read of a document with that
// wording. It and wording are kept in databases and in exports: if they are made in another
// way, every document is updated or revised when it is next given.
func digest(d corpus.Document, wording string) (string, error) {
	form := fileForm(d)
	form.Title, form.Text = "", wording
	content, err := json.Marshal(form)
	return fingerprint.Of(string(content)), err
}

// fileDocument is a document with the keys of a document file.
type fileDocument struct {
	ID         string             `json:"id"`
	Title      string             `json:"title,omitempty"`
	Publisher  string             `json:"publisher,omitempty"`
	Author     string             `json:"author,omitempty"`
	URL        string             `json:"url,omitempty"`
	Published  corpus.PartialDate `json:"published,omitzero"`
	Language   string             `json:"language,omitempty"`
	License    string             `json:"license,omitempty"`
	Summary    string             `json:"summary,omitempty"`
	Kind       string             `json:"kind,omitempty"`
	Actors     []string           `json:"actors,omitempty"`
	Topics     []string           `json:"topics,omitempty"`
	ReportedBy []string           `json:"reported_by,omitempty"`
	Sources    []corpus.Reference `json:"sources,omitempty"`
	Text       string             `json:"text"`
}

func fileForm(d corpus.Document) fileDocument {
	return fileDocument{
		ID: d.ID, Title: d.Title, Publisher: d.Publisher, Author: d.Author, URL: d.URL, Published: d.Published, Language: d.Language,
		License: d.License, Summary: d.Summary, Kind: d.Kind, Actors: d.Actors, Topics: d.Topics, ReportedBy: d.ReportedBy,
		Sources: d.BasedOn, Text: d.Text,
	}
}

func (f fileDocument) document() corpus.Document {
	return corpus.Document{
		Source: corpus.Source{
			ID: f.ID, Title: f.Title, Publisher: f.Publisher, Author: f.Author, URL: f.URL, Published: f.Published, Language: f.Language,
			License: f.License, ReportedBy: f.ReportedBy, BasedOn: f.Sources,
		},
		Text: f.Text, Summary: f.Summary, Actors: f.Actors, Topics: f.Topics, Kind: f.Kind,
	}
}
