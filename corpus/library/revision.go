package library

import (
	"context"
	"time"

	"parley/corpus/database"
)

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
