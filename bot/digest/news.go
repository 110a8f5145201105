package digest

import (
	"context"
	"errors"
	"time"

	"parley/corpus/library"
)

const (
	// changesAtOnce are read from the library.
	changesAtOnce = 1000
	// maxArrivals is how many new documents are looked at for one digest, the last that
	// came: after a first import there may be a million.
	maxArrivals = 3000
	// maxNotices is how many corrections are told of, and how many withdrawals.
	maxNotices = 5
)

// news lists the changes of the library after a change number.
type news struct {
	arrived []arrival // documents that are new or came back, in the order of their coming
	// revised and withdrawn are the ids of documents, in the order of what happened.
	revised, withdrawn []string
	through            int64 // the last change
	unread             int   // arrivals before those in arrived
}

// arrival is a document that has come.
type arrival struct {
	id string
	at time.Time
}

// newsAfter reads the changes behind one. Several of one document are one.
func newsAfter(ctx context.Context, lib Library, after int64) (n news, err error) {
	n.through = after
	seen := map[library.ChangeKind]map[string]bool{}
	first := func(kind library.ChangeKind, id string) bool {
		if seen[kind] == nil {
			seen[kind] = map[string]bool{}
		}
		was := seen[kind][id]
		seen[kind][id] = true
		return !was
	}
	for {
		changes, err := lib.Changes(ctx, n.through, changesAtOnce)
		if err != nil {
			return news{}, err
		}
		for _, c := range changes {
			n.through = c.Number
			switch c.Kind {
			case library.ChangeAdded, library.ChangeRestored:
				if first(library.ChangeAdded, c.ID) {
					n.arrived = append(n.arrived, arrival{c.ID, c.At})
				}
			case library.ChangeRevised:
				if first(c.Kind, c.ID) {
					n.revised = append(n.revised, c.ID)
				}
			case library.ChangeWithdrawn:
				if first(c.Kind, c.ID) {
					n.withdrawn = append(n.withdrawn, c.ID)
				}
			}
		}
		if len(changes) < changesAtOnce {
			break
		}
	}
	if n.unread = max(0, len(n.arrived)-maxArrivals); n.unread > 0 {
		n.arrived = n.arrived[n.unread:]
	}
	return n, nil
}

// current returns a document that is quoted; ok is false for one that is withdrawn or gone.
func current(ctx context.Context, lib Library, id string) (e library.Entry, ok bool, err error) {
	e, err = lib.Get(ctx, id)
	if errors.Is(err, library.ErrNotFound) {
		return e, false, nil
	}
	return e, err == nil && e.Withdrawal.At.IsZero(), err
}
