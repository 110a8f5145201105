package library

import (
	"context"
	"time"

	"parley/corpus/database"
	"parley/corpus/library/fingerprint"
)

// ChangeKind is what happened to a document.
type ChangeKind string

// What happens to documents.
const (
	ChangeAdded     ChangeKind = "added"
	ChangeRevised   ChangeKind = "revised" // title or text
	ChangeUpdated   ChangeKind = "updated" // what is known about it
	ChangeWithdrawn ChangeKind = "withdrawn"
	ChangeRestored  ChangeKind = "restored"
)

// Change is one thing that happened to a document. Changes are numbered from 1 without
// gaps, and one becomes visible only after all before it: who has read up to a number has
// missed nothing.
type Change struct {
	Number   int64
	ID       string // of the document
	Kind     ChangeKind
	Revision int // that was the current one then
	At       time.Time
	After    State // where the record stood after it
}

// Changes returns the changes behind a number, in their order and at most limit. Later ones
// may have made a change void: read the document to know how it is now.
func (l *Library) Changes(ctx context.Context, after int64, limit int) ([]Change, error) {
	changes, err := database.ReadRows(ctx, l.db.Read, scanChange, `SELECT c.number, d.id, c.kind, c.revision, c.at, c.documents, c.hash
		FROM changes c JOIN documents d ON d.number = c.document WHERE c.number > $1 ORDER BY c.number LIMIT $2`, after, limit)
	return changes, database.Wrap(err, "changes after %d", after)
}

func scanChange(r database.Scanner) (c Change, err error) {
	err = r.Scan(&c.Number, &c.ID, &c.Kind, &c.Revision, database.Time{To: &c.At}, &c.After.Documents, &c.After.Hash)
	c.After.Change = c.Number
	return c, err
}

// State is where the record stands. Two libraries with the same current documents have the
// same number of documents and the same hash.
type State struct {
	Change    int64  `json:"change"`    // the last
	Documents int    `json:"documents"` // that are current
	Hash      string `json:"hash"`      // of all that is stated in them
}

// State returns where the record stands. It reads one row.
func (l *Library) State(ctx context.Context) (s State, err error) {
	_, err = database.ReadRow(ctx, l.db.Read, []any{&s.Change, &s.Documents, &s.Hash}, `SELECT changes, documents, hash FROM library`)
	return s, database.Wrap(err, "state of the library")
}

// WasIn reports whether the record once stood there, so that what was derived from it then
// is brought up to date by the changes behind s.Change. Otherwise it was derived from
// another record, or this one was restored from a backup.
func (l *Library) WasIn(ctx context.Context, s State) (bool, error) {
	if s.Change == 0 {
		return s == State{Hash: fingerprint.Set{}.String()}, nil
	}
	var one int
	ok, err := database.ReadRow(ctx, l.db.Read, []any{&one}, `SELECT 1 FROM changes WHERE number = $1 AND documents = $2 AND hash = $3`, s.Change, s.Documents, s.Hash)
	return ok, database.Wrap(err, "change %d", s.Change)
}
