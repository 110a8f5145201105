package library

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"parley/corpus"
	"parley/corpus/database"
	"parley/corpus/library/fingerprint"

	"golang.org/x/text/unicode/norm"
)

// ChangeKind tells whether a document was added, corrected, withdrawn or restored.
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
	changes, err := database.ReadRows(ctx, l.db.Read, func(r database.Scanner) (c Change, err error) {
		err = r.Scan(&c.Number, &c.ID, &c.Kind, &c.Revision, database.Time{To: &c.At}, &c.After.Documents, &c.After.Hash)
		c.After.Change = c.Number
		return c, err
	}, `SELECT c.number, d.id, c.kind, c.revision, c.at, c.documents, c.hash FROM changes c
		JOIN documents d ON d.number = c.document WHERE c.number > $1 ORDER BY c.number LIMIT $2`, after, limit)
	return changes, database.Wrap(err, "changes after %d", after)
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

// writer changes the record in one transaction. It is the only one that does: it holds the
// row of the library, so nobody else's change gets a number before its own are visible.
// A sequence of PostgreSQL would not do, since one that reads changes could see number 8
// before the transaction with number 7 ends, and would never ask for 7 again.
type writer struct {
	database.Prepared
	now  int64
	have standing
	then standing // when it began
}

// standing is the row of the library.
type standing struct {
	changes, numbers, documents int64
	hash                        fingerprint.Set
}

// write carries out changes of the record, all of them or none.
func (l *Library) write(ctx context.Context, do func(w *writer) error) error {
	return l.db.Update(ctx, func(tx *sql.Tx) error {
		w := &writer{Prepared: database.Prepare(tx)}
		var hash string
		// An UPDATE locks the row on PostgreSQL; on SQLite the transaction has the file.
		err := tx.QueryRowContext(ctx, `UPDATE library SET one = 1 RETURNING changes, numbers, documents, hash`).
			Scan(&w.have.changes, &w.have.numbers, &w.have.documents, &hash)
		if err != nil {
			return err
		}
		if w.have.hash, err = fingerprint.ParseSet(hash); err != nil {
			return err
		}
		w.then, w.now = w.have, l.options.Now().Unix() // behind the lock: in the order of changes
		if err := do(w); err != nil {
			return err
		}
		if w.have == w.then {
			return nil
		}
		return w.exec(ctx, `UPDATE library SET changes = $1, numbers = $2, documents = $3, hash = $4`,
			w.have.changes, w.have.numbers, w.have.documents, w.have.hash.String())
	})
}

func (w *writer) exec(ctx context.Context, statement string, args ...any) error {
	_, err := w.ExecContext(ctx, statement, args...)
	return err
}

// kept is the stored state of a document that a change needs.
type kept struct {
	number          int64
	id              string
	origin          Origin
	revision        int64
	wording, digest string
	withdrawn       int64
	withdrawnBy     string
}

const keptColumns = `number, id, origin_kind, origin_name, revision, wording, digest, withdrawn, withdrawn_by`

// values are where the columns go.
func (k *kept) values() []any {
	return []any{&k.number, &k.id, &k.origin.Kind, &k.origin.Name, &k.revision, &k.wording, &k.digest, &k.withdrawn, &k.withdrawnBy}
}

// find reads what is kept of a document. The error of one that is not there is ErrNotFound.
func (w *writer) find(ctx context.Context, id string) (k kept, err error) {
	ok, err := database.ReadRow(ctx, w, k.values(), `SELECT `+keptColumns+` FROM documents WHERE id = $1`, id)
	if err == nil && !ok {
		err = ErrNotFound
	}
	return k, err
}

// note numbers a change of a document.
func (w *writer) note(ctx context.Context, k kept, kind ChangeKind) error {
	w.have.changes++
	return w.exec(ctx, `INSERT INTO changes (number, document, revision, kind, at, documents, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		w.have.changes, k.number, k.revision, kind, w.now, w.have.documents, w.have.hash.String())
}

// metadata are the columns of what a document states, and placeholders for them.
const metadata = `title, title_folded, publisher, author, url, published, published_key, license, language,
	reported_by, based_on, actors, topics, kind, summary, location`

func metadataOf(d corpus.Document, location string) []any {
	return []any{d.Title, foldTitle(d.Title), d.Publisher, d.Author, d.URL, d.Published.String(), dateKey(d.Published), d.License, d.Language,
		database.List[string](d.ReportedBy), database.List[corpus.Reference](d.BasedOn), database.List[string](d.Actors), database.List[string](d.Topics), d.Kind, d.Summary, location}
}

// dateKey is a date as a number, in the order of PartialDate.Compare.
func dateKey(d corpus.PartialDate) int64 { return startKey(d.Start()) + int64(d.Precision()) }

// startKey is not more than the keys of dates that start at t or later.
func startKey(t time.Time) int64 { return t.Unix() << precisionBits }

// precisionBits hold a corpus.Precision.
const precisionBits = 3

// foldTitle is a title in the one spelling in which titles are searched: the LIKE of
// SQLite knows the case of ASCII alone.
func foldTitle(s string) string {
	return strings.ToLower(norm.NFC.String(strings.Join(strings.Fields(s), " ")))
}
