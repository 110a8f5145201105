package library

import (
	"context"
	"iter"
	"strings"
	"time"

	"parley/corpus"
	"parley/corpus/database"
	"parley/corpus/library/fingerprint"
	"parley/corpus/weburl"
)

// The kinds of origins.
const (
	OriginFeed       = "feed"       // its name is the feed's id
	OriginPage       = "page"       // its name is the id of the feed of that kind
	OriginFile       = "file"       // its name is the path of the file that the operator has added
	OriginConfigured = "configured" // its name is the path of a file that the configuration names
	OriginBuiltIn    = "built-in"
)

// Origin is who gives a document. Only its own origin changes a document.
type Origin struct {
	Kind string `json:"kind"`
	Name string `json:"name,omitempty"`
}

// String is the origin in words: "feed https://example.org/rss", without secrets.
func (o Origin) String() string {
	switch {
	case o.Name == "":
		return o.Kind
	case o.Kind == OriginFeed, o.Kind == OriginPage:
		return o.Kind + " " + shown(o.Name)
	}
	return o.Kind + " " + o.Name
}

// shown is an address for messages: without name, password, query and fragment, which may
// be secrets.
func shown(address string) string {
	if !strings.ContainsAny(address, "@?#") {
		return address
	}
	return weburl.Redacted(address)
}

// identity is a hash of what an origin calls a document.
func identity(o Origin, key string) string { return fingerprint.Of(o.Kind, o.Name, key) }

// Who withdraws a document.
const (
	// BySource is its publisher: it is gone (410), or its file is. If its origin gives it
	// again, it comes back.
	BySource = "source"
	// ByOperator holds whatever its origin does, until the operator restores it.
	ByOperator = "operator"
)

// Withdrawal says that a document is no longer quoted.
type Withdrawal struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`     // BySource or ByOperator
	Reason string    `json:"reason"` // for people
}

// Entry is a document of the library with what the library knows of it. Moments are in UTC.
type Entry struct {
	corpus.Document
	Origin Origin
	// Key is the origin's name for it: a guid, an address, an id.
	Key string
	// FirstSeen is when it came into the library, Fetched when its origin last gave it.
	FirstSeen, Fetched time.Time
	// Revision is the number of the text, from 1, and Revised when it was first seen.
	Revision int
	Revised  time.Time
	// Withdrawal says why it is no longer quoted; zero if it is.
	Withdrawal Withdrawal
}

// Cited is the document with what a citation of this text needs besides.
func (e Entry) Cited() corpus.Document {
	doc := e.Document
	if e.Revision > 1 {
		doc.Revision, doc.Corrected = e.Revision, corpus.DateOf(e.Revised, corpus.Day)
	}
	return doc
}

// entryColumns are the columns in the order of scanEntry, of documents as d.
const entryColumns = `d.id, d.title, d.publisher, d.author, d.url, d.published, d.license, d.language, d.reported_by, d.based_on,
	d.actors, d.topics, d.kind, d.summary, d.origin_kind, d.origin_name, d.origin_key, d.first_seen, d.fetched, d.revision, d.revised,
	d.withdrawn, d.withdrawn_by, d.reason`

// scanEntry reads an entry without its text, and then what else a row has.
func scanEntry(r database.Scanner, more ...any) (e Entry, err error) {
	err = r.Scan(append([]any{&e.ID, &e.Title, &e.Publisher, &e.Author, &e.URL, database.Date{To: &e.Published}, &e.License, &e.Language,
		(*database.List[string])(&e.ReportedBy), (*database.List[corpus.Reference])(&e.BasedOn), (*database.List[string])(&e.Actors), (*database.List[string])(&e.Topics),
		&e.Kind, &e.Summary, &e.Origin.Kind, &e.Origin.Name, &e.Key, database.Time{To: &e.FirstSeen}, database.Time{To: &e.Fetched}, &e.Revision, database.Time{To: &e.Revised},
		database.Time{To: &e.Withdrawal.At}, &e.Withdrawal.By, &e.Withdrawal.Reason}, more...)...)
	return e, err
}

// selectEntries reads entries with their current texts, which come after entryColumns.
const selectEntries = `SELECT ` + entryColumns + `, r.text FROM documents d JOIN revisions r ON r.document = d.number AND r.revision = d.revision `

// Get returns a document, be it current or withdrawn. The error of one that is not there
// is ErrNotFound.
func (l *Library) Get(ctx context.Context, id string) (Entry, error) {
	e, err := l.entry(ctx, `WHERE d.id = $1`, id)
	return e, database.Wrap(err, "document %s", id)
}

// Find returns the document that an origin calls by that key.
func (l *Library) Find(ctx context.Context, origin Origin, key string) (Entry, error) {
	e, err := l.entry(ctx, `WHERE d.identity = $1`, identity(origin, key))
	return e, database.Wrap(err, "document %s of %v", key, origin)
}

func (l *Library) entry(ctx context.Context, where, arg string) (Entry, error) {
	e, err := scanText(l.db.Read.QueryRowContext(ctx, selectEntries+where, arg))
	return e, notFound(err)
}

// scanText reads an entry with its text.
func scanText(r database.Scanner) (Entry, error) {
	var text string
	e, err := scanEntry(r, &text)
	e.Text = text
	return e, err
}

// All yields the current documents in the order of their ids, read as they stand at the
// start. An error is the last that it yields.
func (l *Library) All(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		rows, err := l.db.Read.QueryContext(ctx, selectEntries+`WHERE d.withdrawn = 0 ORDER BY d.id`)
		if err != nil {
			yield(Entry{}, database.Wrap(err, "all documents"))
			return
		}
		defer func() { _ = rows.Close() }() // rows.Err tells what failed
		for rows.Next() {
			e, err := scanText(rows)
			if !yield(e, database.Wrap(err, "all documents")) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Entry{}, database.Wrap(err, "all documents"))
		}
	}
}

// Revision is a text that a document has or had.
type Revision struct {
	Number int
	Title  string
	Text   string
	// Seen is when it was first seen, Replaced when another took its place; zero for the
	// current one.
	Seen, Replaced time.Time
}

// selectRevisions reads revisions, of documents as d, from the first on.
const selectRevisions = `SELECT r.revision, r.title, r.text, r.seen, coalesce(next.seen, 0)
	FROM documents d JOIN revisions r ON r.document = d.number
	LEFT JOIN revisions next ON next.document = r.document AND next.revision = r.revision + 1 WHERE d.id = $1 `

func scanRevision(r database.Scanner) (v Revision, err error) {
	err = r.Scan(&v.Number, &v.Title, &v.Text, database.Time{To: &v.Seen}, database.Time{To: &v.Replaced})
	return v, err
}

// Revision returns a document with the title and the text that it had in a revision, from 1,
// for a citation of it. What else is stated of the document is that of today.
func (l *Library) Revision(ctx context.Context, id string, number int) (Entry, Revision, error) {
	e, err := l.Get(ctx, id)
	if err != nil {
		return Entry{}, Revision{}, err
	}
	v, err := scanRevision(l.db.Read.QueryRowContext(ctx, selectRevisions+`AND r.revision = $2`, id, number))
	if err != nil {
		return Entry{}, Revision{}, database.Wrap(notFound(err), "revision %d of document %s", number, id)
	}
	e.Title, e.Text = v.Title, v.Text
	return e, v, nil
}

// Revisions returns all texts of a document, the oldest first.
func (l *Library) Revisions(ctx context.Context, id string) ([]Revision, error) {
	all, err := database.ReadRows(ctx, l.db.Read, scanRevision, selectRevisions+`ORDER BY r.revision`, id)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	return all, database.Wrap(err, "revisions of document %s", id)
}
