// Package briefs holds the default record that is built into Parley: short texts
// in the project's own words on the talks to end the Russia-Ukraine war, each
// with the pages that it is based on. It does not read other records, and does
// not check the pages.
package briefs

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"parley/corpus"
)

//go:generate go run ./gen ../../../shared/facts/facts.jsonl briefs.jsonl

//go:embed briefs.jsonl
var file []byte

// Brief is one line of the embedded file, in the keys of a document file.
type Brief struct {
	ID        string             `json:"id"`
	Title     string             `json:"title"`
	Publisher string             `json:"publisher"`
	Published corpus.PartialDate `json:"published"`
	Language  string             `json:"language"`
	License   string             `json:"license"`
	Kind      string             `json:"kind"`
	Actors    []string           `json:"actors"`
	Topics    []string           `json:"topics"`
	Text      string             `json:"text"`
	Sources   []corpus.Reference `json:"sources"`
}

// Documents are the embedded briefs in the order of their file.
func Documents() ([]corpus.Document, error) {
	var out []corpus.Document
	d := json.NewDecoder(bytes.NewReader(file))
	d.DisallowUnknownFields()
	for {
		var b Brief
		switch err := d.Decode(&b); {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, fmt.Errorf("briefs: brief %d: %w", len(out)+1, err)
		}
		out = append(out, b.document())
	}
}

// Hash identifies the embedded briefs.
func Hash() string {
	sum := sha256.Sum256(file)
	return hex.EncodeToString(sum[:])
}

func (b Brief) document() corpus.Document {
	return corpus.Document{
		Source: corpus.Source{
			ID: b.ID, Title: b.Title, Publisher: b.Publisher, Published: b.Published, License: b.License,
			Language: b.Language, BasedOn: b.Sources,
		},
		Text: b.Text, Actors: b.Actors, Topics: b.Topics, Kind: b.Kind,
	}
}
