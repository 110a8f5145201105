package library

import (
	"bufio"
	"context"
	"encoding/json"
	"io"

	"parley/corpus/database"
	"parley/corpus/library/fingerprint"
)

// Concealed is what Export has not written.
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
