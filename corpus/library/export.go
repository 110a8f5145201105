package library

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"time"

	"parley/corpus/database"
	"parley/corpus/library/fingerprint"
)

// Concealed tells what Export left out because it holds a secret.
type Concealed struct {
	Feeds     []string // left out: their addresses for messages, in the order of their ids
	Documents int      // written without what their origin is and calls them
}

// Export writes the library as JSON Lines that Import reads: feeds, and documents with
// their revisions, in the order of their ids. What derives from them and the numbers of
// changes are left out. It holds one document at a time in memory.
//
// With secret it writes for others, without the addresses of feeds and pages of which
// secret reports that they hold a secret; nil is for none. Such a feed is left out. Its
// documents are there, with the address without its query as the name of their origin and
// their id as their key, so that Import reads them back, but the feed does not know them
// again. What a feed itself has told is written as it is.
func (l *Library) Export(ctx context.Context, to io.Writer, secret func(address string) bool) (Concealed, error) {
	if secret == nil {
		secret = func(string) bool { return false }
	}
	buffered := bufio.NewWriter(to)
	e := exporter{Encoder: json.NewEncoder(buffered), secret: secret, hidden: map[string]bool{}}
	e.SetEscapeHTML(false)
	err := e.Encode(line{Format: format})
	if err == nil {
		err = e.feeds(ctx, l)
	}
	if err == nil {
		err = e.documents(ctx, l)
	}
	if err == nil {
		err = e.Encode(line{End: &e.end})
	}
	if err == nil {
		err = buffered.Flush()
	}
	return e.concealed, database.Wrap(err, "export the library")
}

// exporter writes lines and counts them.
type exporter struct {
	*json.Encoder
	end       ending
	sum       fingerprint.Set
	doc       *archived // that is being read
	secret    func(address string) bool
	hidden    map[string]bool // ids of feeds that are left out
	concealed Concealed
}

func (e *exporter) feeds(ctx context.Context, l *Library) error {
	feeds, err := l.Feeds(ctx)
	for _, f := range feeds {
		if e.secret(f.ID) || e.secret(f.Address) {
			e.hidden[f.ID] = true
			e.concealed.Feeds = append(e.concealed.Feeds, shown(f.ID))
			continue
		}
		e.end.Feeds++
		if err := e.Encode(line{Feed: &f}); err != nil {
			return err
		}
	}
	return err
}

// conceal takes out of a document what tells of a feed or a page that is secret.
func (e *exporter) conceal(doc *archived) {
	name := doc.Origin.Name
	if doc.Origin.Kind != OriginFeed && doc.Origin.Kind != OriginPage || !e.hidden[name] && !e.secret(name) {
		return
	}
	doc.Origin.Name, doc.Key = shown(name), doc.ID
	e.concealed.Documents++
}

// selectArchive reads documents with all their revisions, one a row, documents from the
// first id and revisions from the first on. One statement sees one state of the library.
const selectArchive = `SELECT ` + entryColumns + `, d.digest, r.revision, r.seen, r.title, r.text
	FROM documents d JOIN revisions r ON r.document = d.number `

func (e *exporter) documents(ctx context.Context, l *Library) error {
	rows, err := l.db.Read.QueryContext(ctx, selectArchive+`ORDER BY d.id, r.revision`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what failed
	for rows.Next() {
		if err := e.row(rows); err != nil {
			return err
		}
	}
	e.end.Hash = e.sum.String()
	return rows.Err()
}

// row reads a revision, and writes the document if it is the last one.
func (e *exporter) row(r database.Scanner) error {
	doc, digest, last, err := scanArchive(r, e.doc)
	if e.doc = doc; err != nil || !last {
		return err
	}
	if doc.Withdrawn == nil {
		if err := e.sum.Toggle(digest); err != nil {
			return err
		}
	}
	e.end.Documents++
	e.doc = nil
	e.conceal(doc)
	return e.Encode(line{Document: doc})
}

// scanArchive adds a revision to the document that is being read, nil before its first.
func scanArchive(r database.Scanner, doc *archived) (_ *archived, digest string, last bool, err error) {
	var number int
	var v earlier
	e, err := scanEntry(r, &digest, &number, database.Time{To: &v.Seen}, &v.Title, &v.Text)
	if err != nil {
		return doc, "", false, err
	}
	if doc == nil {
		a := archive(e)
		doc = &a
	}
	if last = number == e.Revision; last {
		doc.Text = v.Text
	} else {
		doc.Earlier = append(doc.Earlier, v)
	}
	return doc, digest, last, nil
}

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

// ending is the last line of an export, by which a cut one is told.
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
	Earlier   []earlier   `json:"earlier,omitempty"`
	Withdrawn *Withdrawal `json:"withdrawn,omitempty"`
}

type earlier struct {
	Seen  time.Time `json:"seen"`
	Title string    `json:"title"`
	Text  string    `json:"text"`
}

// archive is a document without its earlier revisions.
func archive(e Entry) archived {
	a := archived{
		fileDocument: fileForm(e.Document), Origin: e.Origin, Key: e.Key,
		FirstSeen: e.FirstSeen, Fetched: e.Fetched, Revised: e.Revised,
	}
	if e.Withdrawal != (Withdrawal{}) {
		a.Withdrawn = &e.Withdrawal
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
		e.Withdrawal = *w
	}
	return e
}
