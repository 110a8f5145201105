package library

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"parley/corpus"
	"parley/corpus/database"
)

// Status is the result for an item: new, changed, the same, gone or refused.
type Status string

// What becomes of an item.
const (
	Added     Status = "added"
	Revised   Status = "revised"   // another text or title: a new revision
	Updated   Status = "updated"   // only what is known about it is new
	Restored  Status = "restored"  // its origin had withdrawn it
	Unchanged Status = "unchanged" // but for trifles
	Withdrawn Status = "withdrawn" // it is gone, as its origin says
	Withheld  Status = "withheld"  // the operator has removed it: nothing of it was kept
	Refused   Status = "refused"   // Outcome.Err says why
)

// Outcome is the result of putting an item.
type Outcome struct {
	ID       string // of the document
	Status   Status
	Revision int // that is now the current one
	Err      error
}

// Put keeps items, all in one transaction, and says of each what became of it. An item
// that cannot be kept, because it is broken or because its id is that of another origin's
// document, is refused by itself. When Put fails, none is kept.
//
// A document is known again by what its origin calls it or, if that is another now, by its
// address and its text. To give an item again changes nothing, so whoever does not
// know whether it was kept gives it again.
//
// A transaction waits for the disk once: batches of 100 to 500 are fast, and hold up
// others for less than a second.
func (l *Library) Put(ctx context.Context, items []Item) ([]Outcome, error) {
	var outcomes []Outcome
	err := l.write(ctx, func(w *writer) (err error) {
		outcomes, err = w.put(ctx, items)
		return err
	})
	if err != nil {
		return nil, database.Wrap(err, "put %d documents", len(items))
	}
	return outcomes, nil
}

func (w *writer) put(ctx context.Context, items []Item) ([]Outcome, error) {
	outcomes := make([]Outcome, len(items))
	given := map[string]bool{}
	for i, item := range items {
		outcome, err := w.putOne(ctx, item, given)
		if err != nil {
			return nil, fmt.Errorf("document %s: %w", item.ID, err)
		}
		outcomes[i] = outcome
	}
	return outcomes, nil
}

// putOne keeps an item. given has the identities of those before it: if an origin calls two
// things the same, one would replace the other for ever.
func (w *writer) putOne(ctx context.Context, item Item, given map[string]bool) (Outcome, error) {
	if item.Gone != "" {
		return w.putGone(ctx, item)
	}
	c, err := check(item)
	if err != nil {
		return Outcome{ID: item.ID, Status: Refused, Err: err}, nil
	}
	if given[c.identity] {
		return refused(c.ID, "document %s: %v calls two documents of this batch %s; the first was kept", c.ID, c.Origin, c.Key), nil
	}
	given[c.identity] = true
	k, known, err := w.recognize(ctx, c)
	switch {
	case err != nil:
		return Outcome{}, err
	case known == not:
		return w.add(ctx, c)
	case known == byID:
		return refused(c.ID, "the id %s is that of another document, of %v; give this one an id of its own", c.ID, k.origin), nil
	case known == byAddress:
		if err := w.exec(ctx, `UPDATE documents SET origin_key = $1, identity = $2 WHERE number = $3`, c.Key, c.identity, k.number); err != nil {
			return Outcome{}, err
		}
	}
	return w.again(ctx, k, c)
}

// putGone withdraws what its origin no longer has. What the library does not have, or has
// withdrawn already, is left as it is.
func (w *writer) putGone(ctx context.Context, item Item) (Outcome, error) {
	key := cmp.Or(item.Key, item.ID)
	if err := errors.Join(checkOrigin(item.Origin, key), checkName("the reason", item.Gone)); err != nil {
		return Outcome{ID: item.ID, Status: Refused, Err: err}, nil
	}
	var k kept
	known, err := database.ReadRow(ctx, w, k.values(), `SELECT `+keptColumns+` FROM documents WHERE identity = $1`, identity(item.Origin, key))
	if err != nil || !known || k.withdrawn != 0 {
		return Outcome{ID: cmp.Or(k.id, item.ID), Status: Unchanged, Revision: int(k.revision)}, err
	}
	return Outcome{ID: k.id, Status: Withdrawn, Revision: int(k.revision)}, w.withdraw(ctx, k, BySource, item.Gone)
}

func refused(id, format string, args ...any) Outcome {
	return Outcome{ID: id, Status: Refused, Err: fmt.Errorf(format, args...)}
}

// recognition is by what the document of an item is known, the surest first.
type recognition int

const (
	not       recognition = iota
	byKey                 // what its origin calls it
	byAddress             // with its text; its origin calls it otherwise now
	byID                  // alone: it is another origin's, or this one gives the id twice
)

// recognize finds the document of an item. With OR in place of the union, PostgreSQL reads
// the whole table for as long as it remembers that the table was small.
func (w *writer) recognize(ctx context.Context, c checked) (k kept, by recognition, err error) {
	const from = `SELECT ` + keptColumns + `, %d AS known FROM documents WHERE `
	_, err = database.ReadRow(ctx, w, append(k.values(), &by), fmt.Sprintf(from+`identity = $1
		UNION ALL `+from+`location = $2 AND wording = $3 AND url <> ''
		UNION ALL `+from+`id = $4
		ORDER BY known, number LIMIT 1`, byKey, byAddress, byID), c.identity, c.location, c.wording, c.ID)
	return k, by, err
}

// add keeps a new document.
func (w *writer) add(ctx context.Context, c checked) (Outcome, error) {
	when := time.Unix(w.now, 0)
	k, err := w.insert(ctx, c, Entry{FirstSeen: when, Fetched: when, Revision: 1, Revised: when})
	if err == nil {
		err = w.insertRevision(ctx, k.number, 1, w.now, c.Title, c.Text)
	}
	if err == nil {
		err = w.enter(ctx, k, ChangeAdded, c.Document)
	}
	return Outcome{ID: c.ID, Status: Added, Revision: 1}, err
}

// enter counts a document among the current ones, numbers the change and finds its duplicates.
func (w *writer) enter(ctx context.Context, k kept, kind ChangeKind, doc corpus.Document) error {
	w.have.documents++
	if err := w.have.hash.Toggle(k.digest); err != nil {
		return err
	}
	if err := w.note(ctx, k, kind); err != nil {
		return err
	}
	return w.link(ctx, k.number, doc)
}

// leave is the reverse of enter; the change that follows is the caller's to number.
func (w *writer) leave(ctx context.Context, k kept) error {
	w.have.documents--
	if err := w.have.hash.Toggle(k.digest); err != nil {
		return err
	}
	return w.unlink(ctx, k.number)
}

// insert makes the row of a document, of which e has what the library knows.
func (w *writer) insert(ctx context.Context, c checked, e Entry) (k kept, err error) {
	w.have.numbers++
	k = kept{number: w.have.numbers, id: c.ID, revision: int64(e.Revision), wording: c.wording, withdrawn: database.Seconds(e.Withdrawal.At)}
	if k.digest, err = digest(c.Document, c.wording); err != nil {
		return k, err
	}
	args := append(metadataOf(c.Document, c.location), k.number, k.id, c.Origin.Kind, c.Origin.Name, c.Key, c.identity,
		database.Seconds(e.FirstSeen), database.Seconds(e.Fetched), k.revision, database.Seconds(e.Revised), k.wording, k.digest,
		k.withdrawn, e.Withdrawal.By, e.Withdrawal.Reason)
	return k, w.exec(ctx, `INSERT INTO documents (`+metadata+`, number, id, origin_kind, origin_name, origin_key, identity,
		first_seen, fetched, revision, revised, wording, digest, withdrawn, withdrawn_by, reason)
		VALUES (`+database.Parameters(1, len(args))+`)`, args...)
}

func (w *writer) insertRevision(ctx context.Context, document, revision, seen int64, title, text string) error {
	return w.exec(ctx, `INSERT INTO revisions (document, revision, seen, title, text) VALUES ($1, $2, $3, $4, $5)`,
		document, revision, seen, title, text)
}

// again keeps what is new in a document that the library has.
func (w *writer) again(ctx context.Context, k kept, c checked) (Outcome, error) {
	outcome := Outcome{ID: k.id, Revision: int(k.revision)}
	if k.withdrawn != 0 && k.withdrawnBy == ByOperator {
		outcome.Status = Withheld
		return outcome, nil
	}
	c.ID = k.id
	digest, err := digest(c.Document, c.wording)
	if err != nil {
		return outcome, err
	}
	if err := w.exec(ctx, `UPDATE documents SET fetched = $1 WHERE number = $2`, w.now, k.number); err != nil {
		return outcome, err
	}
	var change ChangeKind
	switch {
	case k.withdrawn != 0:
		outcome.Status, change = Restored, ChangeRestored
	case k.wording != c.wording:
		outcome.Status, change = Revised, ChangeRevised
	case k.digest != digest:
		outcome.Status, change = Updated, ChangeUpdated
	default:
		outcome.Status = Unchanged
		return outcome, nil
	}
	outcome.Revision, err = w.replace(ctx, k, c, digest, change)
	return outcome, err
}

// replace puts what an item states in the place of what is kept of its document, which
// then is current, and returns the number of its revision.
func (w *writer) replace(ctx context.Context, k kept, c checked, digest string, change ChangeKind) (int, error) {
	if k.withdrawn == 0 {
		if err := w.leave(ctx, k); err != nil {
			return int(k.revision), err
		}
	}
	doc, err := w.revise(ctx, k, c)
	if err != nil {
		return int(k.revision), err
	}
	if k.wording != c.wording {
		k.revision++
	}
	k.digest = digest
	args := append(metadataOf(doc, c.location), k.number, c.wording, k.digest)
	err = w.exec(ctx, `UPDATE documents SET (`+metadata+`) = (`+database.Parameters(1, len(args)-3)+`),
		wording = $18, digest = $19, withdrawn = 0, withdrawn_by = '', reason = '' WHERE number = $17`, args...)
	if err == nil {
		err = w.enter(ctx, k, change, doc)
	}
	return int(k.revision), err
}

// revise makes a new revision if the text or the title is another, and returns the
// document as it is then: with the old ones, if but trifles are new, since passages and
// citations have offsets into them.
func (w *writer) revise(ctx context.Context, k kept, c checked) (corpus.Document, error) {
	if k.wording != c.wording {
		err := w.insertRevision(ctx, k.number, k.revision+1, w.now, c.Title, c.Text)
		if err == nil {
			err = w.exec(ctx, `UPDATE documents SET revision = $1, revised = $2 WHERE number = $3`, k.revision+1, w.now, k.number)
		}
		return c.Document, err
	}
	_, err := database.ReadRow(ctx, w, []any{&c.Title, &c.Text}, `SELECT title, text FROM revisions WHERE document = $1 AND revision = $2`, k.number, k.revision)
	return c.Document, err
}

// Reassign gives a document to another origin, which then may change it, as when the
// operator moves a file.
func (l *Library) Reassign(ctx context.Context, id string, origin Origin, key string) error {
	err := checkOrigin(origin, key)
	if err == nil {
		err = l.write(ctx, func(w *writer) error { return w.reassign(ctx, id, origin, key) })
	}
	return database.Wrap(err, "reassign document %s to %v", id, origin)
}

func (w *writer) reassign(ctx context.Context, id string, origin Origin, key string) error {
	own := identity(origin, key)
	var other, address string
	if taken, err := database.ReadRow(ctx, w, []any{&other}, `SELECT id FROM documents WHERE identity = $1 AND id <> $2`, own, id); err != nil || taken {
		if err == nil {
			err = fmt.Errorf("it calls document %s by the same key %s", other, key)
		}
		return err
	}
	if ok, err := database.ReadRow(ctx, w, []any{&address}, `SELECT url FROM documents WHERE id = $1`, id); err != nil || !ok {
		if err == nil {
			err = ErrNotFound
		}
		return err
	}
	return w.exec(ctx, `UPDATE documents SET origin_kind = $1, origin_name = $2, origin_key = $3, identity = $4, location = $5 WHERE id = $6`,
		origin.Kind, origin.Name, key, own, identity(origin, address), id)
}

// Withdraw has a document no longer quoted. One that is withdrawn already stays as it is,
// unless it was its source that had withdrawn it and now the operator does.
func (l *Library) Withdraw(ctx context.Context, id, by, reason string) error {
	if by != BySource && by != ByOperator {
		return fmt.Errorf("withdraw document %s: %q is neither source nor operator", id, by)
	}
	err := checkName("the reason", reason)
	if err == nil {
		err = l.write(ctx, func(w *writer) error {
			k, err := w.find(ctx, id)
			if err != nil || k.withdrawn != 0 && (by == BySource || k.withdrawnBy == ByOperator) {
				return err
			}
			return w.withdraw(ctx, k, by, reason)
		})
	}
	return database.Wrap(err, "withdraw document %s", id)
}

func (w *writer) withdraw(ctx context.Context, k kept, by, reason string) error {
	const update = `UPDATE documents SET withdrawn = $1, withdrawn_by = $2, reason = $3 WHERE number = $4`
	if err := w.exec(ctx, update, w.now, by, reason, k.number); err != nil {
		return err
	}
	if k.withdrawn == 0 {
		if err := w.leave(ctx, k); err != nil {
			return err
		}
	}
	return w.note(ctx, k, ChangeWithdrawn)
}

// Restore has a document quoted again; one that is current stays as it is.
func (l *Library) Restore(ctx context.Context, id string) error {
	err := l.write(ctx, func(w *writer) error {
		k, err := w.find(ctx, id)
		if err != nil || k.withdrawn == 0 {
			return err
		}
		const update = `UPDATE documents SET withdrawn = 0, withdrawn_by = '', reason = '' WHERE number = $1`
		if err := w.exec(ctx, update, k.number); err != nil {
			return err
		}
		e, err := scanText(w.QueryRowContext(ctx, selectEntries+`WHERE d.number = $1`, k.number))
		if err != nil {
			return err
		}
		return w.enter(ctx, k, ChangeRestored, e.Document)
	})
	return database.Wrap(err, "restore document %s", id)
}
