package library

import (
	"context"
	"fmt"
	"time"

	"parley/corpus/database"
)

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
	At     time.Time
	By     string // BySource or ByOperator
	Reason string // for people
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
		if err := w.unlink(ctx, k.number); err != nil {
			return err
		}
		if err := w.leave(k.digest); err != nil {
			return err
		}
	}
	return w.note(ctx, k, ChangeWithdrawn)
}

// Restore has a document quoted again; one that is current stays as it is.
func (l *Library) Restore(ctx context.Context, id string) error {
	err := l.write(ctx, func(w *writer) error { return w.restore(ctx, id) })
	return database.Wrap(err, "restore document %s", id)
}

func (w *writer) restore(ctx context.Context, id string) error {
	k, err := w.find(ctx, id)
	if err != nil || k.withdrawn == 0 {
		return err
	}
	if err := w.exec(ctx, `UPDATE documents SET withdrawn = 0, withdrawn_by = '', reason = '' WHERE number = $1`, k.number); err != nil {
		return err
	}
	if err := w.enter(k.digest); err != nil {
		return err
	}
	if err := w.note(ctx, k, ChangeRestored); err != nil {
		return err
	}
	e, err := scanText(w.QueryRowContext(ctx, selectEntries+`WHERE d.number = $1`, k.number))
	if err != nil {
		return err
	}
	return w.link(ctx, k.number, e.Document)
}
