package library

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
)

// Export writes the library as JSON Lines that Import reads: feeds, and documents with
// their revisions, in the order of their ids. What derives from them and the numbers of
// changes are left out. It holds one document at a time in memory.
func (l *Library) Export(ctx context.Context, to io.Writer) error {
	buffered := bufio.NewWriter(to)
	e := exporter{Encoder: json.NewEncoder(buffered)}
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
	return wrap(err, "export the library")
}

// exporter writes lines and counts them.
type exporter struct {
	*json.Encoder
	end ending
	sum digestSum
	doc *archived // that is being read
}

func (e *exporter) feeds(ctx context.Context, l *Library) error {
	feeds, err := l.Feeds(ctx)
	for _, f := range feeds {
		if err := e.Encode(line{Feed: &f}); err != nil {
			return err
		}
	}
	e.end.Feeds = len(feeds)
	return err
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
func (e *exporter) row(r scanner) error {
	doc, digest, last, err := scanArchive(r, e.doc)
	if e.doc = doc; err != nil || !last {
		return err
	}
	if doc.Withdrawn == nil {
		if err := e.sum.toggle(digest); err != nil {
			return err
		}
	}
	e.end.Documents++
	e.doc = nil
	return e.Encode(line{Document: doc})
}

// scanArchive adds a revision to the document that is being read, nil before its first.
func scanArchive(r scanner, doc *archived) (_ *archived, digest string, last bool, err error) {
	var number int
	var v earlier
	e, err := scanEntry(r, &digest, &number, moment{&v.Seen}, &v.Title, &v.Text)
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
