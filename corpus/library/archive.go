package library

import (
	"time"

	"parley/corpus"
)

// The lines of an export, each a JSON object: a line that says what it is, one for each
// feed and document, one at the end by which it is told that nothing is missing.
type line struct {
	Format   int       `json:"parley_library,omitempty"`
	Feed     *Feed     `json:"feed,omitempty"`
	Document *archived `json:"document,omitempty"`
	End      *ending   `json:"end,omitempty"`
}

// format is the version of the lines.
const format = 1

// ending is what an export must come to.
type ending struct {
	Feeds     int    `json:"feeds"`
	Documents int    `json:"documents"` // withdrawn ones too
	Hash      string `json:"hash"`      // State.Hash
}

// archived is a document with all that the library knows of it.
type archived struct {
	fileDocument
	Origin    Origin    `json:"origin"`
	Key       string    `json:"key"`
	FirstSeen time.Time `json:"first_seen"`
	Fetched   time.Time `json:"fetched"`
	Revised   time.Time `json:"revised"`
	// Earlier are the revisions before the current one, from the first on.
	Earlier   []earlier  `json:"earlier,omitempty"`
	Withdrawn *withdrawn `json:"withdrawn,omitempty"`
}

type earlier struct {
	Seen  time.Time `json:"seen"`
	Title string    `json:"title"`
	Text  string    `json:"text"`
}

type withdrawn struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
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

// archive is a document without its earlier revisions.
func archive(e Entry) archived {
	a := archived{
		fileDocument: fileForm(e.Document), Origin: e.Origin, Key: e.Key,
		FirstSeen: e.FirstSeen, Fetched: e.Fetched, Revised: e.Revised,
	}
	if e.Withdrawal != (Withdrawal{}) {
		a.Withdrawn = &withdrawn{e.Withdrawal.At, e.Withdrawal.By, e.Withdrawal.Reason}
	}
	return a
}

// entry is the reverse of archive.
func (a archived) entry() Entry {
	e := Entry{
		Document: a.document(), Origin: a.Origin, Key: a.Key, FirstSeen: a.FirstSeen, Fetched: a.Fetched,
		Revision: len(a.Earlier) + 1, Revised: a.Revised,
	}
	if w := a.Withdrawn; w != nil {
		e.Withdrawal = Withdrawal{w.At, w.By, w.Reason}
	}
	return e
}
