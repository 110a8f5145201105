package digest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"parley/corpus"
	"parley/corpus/library"
	"parley/index"
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
	type event struct {
		kind library.ChangeKind
		id   string
	}
	seen := map[event]bool{}
	for {
		changes, err := lib.Changes(ctx, n.through, changesAtOnce)
		if err != nil {
			return news{}, err
		}
		for _, c := range changes {
			n.through = c.Number
			if c.Kind == library.ChangeRestored {
				c.Kind = library.ChangeAdded // it is news again
			}
			if seen[event{c.Kind, c.ID}] {
				continue
			}
			seen[event{c.Kind, c.ID}] = true
			switch c.Kind {
			case library.ChangeAdded:
				n.arrived = append(n.arrived, arrival{c.ID, c.At})
			case library.ChangeRevised:
				n.revised = append(n.revised, c.ID)
			case library.ChangeWithdrawn:
				n.withdrawn = append(n.withdrawn, c.ID)
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

// lateAfter is how long after its publication a document may come and still be news. Of a
// document with a date alone it counts from the end of that day, so that what is read on
// the next day is no older than what is read at once.
const lateAfter = 24 * time.Hour

// story stands for one document, or several with the same text.
type story struct {
	library.Entry                 // the one to show, without its text
	also          []library.Entry // the others
	at            time.Time       // when the first of them came that is new
	arrived       int             // how many are new
	late          bool            // it was published well before it came
	own           bool            // an actor publishes its own words
	prominent     bool            // its title or beginning names what the record is about
	publishers    map[string]bool // of all of them

	// What is known once it was read.
	*reading
	key     index.Statement // the sentence to quote
	alike   []*story        // those on the same matter
	carried int             // by how many publishers, of it and of those
}

// members are all documents of the story.
func (s *story) members() []library.Entry { return append([]library.Entry{s.Entry}, s.also...) }

// alsoIn are the sources of the others, one for each publisher.
func (s *story) alsoIn() (sources []corpus.Source) {
	seen := map[string]bool{s.Publisher: true}
	for _, e := range s.also {
		if !seen[e.Publisher] {
			seen[e.Publisher] = true
			sources = append(sources, e.Source)
		}
	}
	return sources
}

// changeRange is a run of the library's changes: after one number, through another.
type changeRange struct{ after, through int64 }

// maxRanges is how many ranges are remembered: subscriptions that are due together need
// the same.
const maxRanges = 8

// stories groups what is new by text. Subscriptions that begin at the same change share
// the work; each gets stories of its own to work on.
func (d *Editor) stories(ctx context.Context, n news, after int64) ([]*story, error) {
	key := changeRange{after, n.through}
	known, ok := d.ranges.Get(key)
	if !ok {
		var err error
		if known, err = d.group(ctx, n.arrived); err != nil {
			return nil, err
		}
		d.ranges.Add(key, known)
	}
	list := make([]*story, len(known))
	for i, s := range known {
		own := *s
		list[i] = &own
	}
	return list, nil
}

// group groups new documents by their text.
func (d *Editor) group(ctx context.Context, arrived []arrival) (list []*story, err error) {
	var single []*story // of one document each
	ids := make([]string, 0, len(arrived))
	for _, a := range arrived {
		e, ok, err := current(ctx, d.library, a.id)
		if err != nil {
			return nil, err
		}
		if ok {
			s := &story{at: a.at, arrived: 1, prominent: d.isProminent(e.Document)}
			e.Text, e.Summary = "", "" // too much to remember
			s.Entry = e
			single, ids = append(single, s), append(ids, a.id)
		}
	}
	same, err := d.library.Stories(ctx, ids...)
	if err != nil {
		return nil, err
	}
	byFirst := map[string]*story{}
	for _, s := range single {
		if copies := same[s.ID]; len(copies) > 0 {
			if first := byFirst[copies[0].ID]; first != nil {
				first.arrived++
				first.prominent = first.prominent || s.prominent
				if s.at.Before(first.at) {
					first.at = s.at
				}
				continue
			}
			s.Entry, s.also = copies[0], copies[1:]
			byFirst[s.ID] = s
		}
		list = append(list, s)
	}
	for _, s := range list {
		s.own = d.own(s.Source)
		s.late = !s.Published.IsZero() && s.at.Sub(s.Published.End()) > lateAfter
		s.publishers = map[string]bool{}
		for _, e := range s.members() {
			s.publishers[e.Publisher] = true
		}
	}
	return list, nil
}

// byPromise orders stories by what can be told before they are read.
func byPromise(a, b *story) int {
	return cmp.Or(
		trueFirst(!a.late, !b.late),
		trueFirst(a.prominent, b.prominent),
		cmp.Compare(len(b.publishers), len(a.publishers)),
		trueFirst(a.own, b.own),
		b.Published.Compare(a.Published),
		cmp.Compare(a.ID, b.ID))
}

// byWeight orders stories that were read by importance: how many publishers carry the
// matter counts most, actors' own documents come before reports of them.
func byWeight(a, b *story) int {
	return cmp.Or(
		trueFirst(!a.late, !b.late),
		cmp.Compare(b.carried, a.carried),
		trueFirst(a.own, b.own),
		b.Published.Compare(a.Published),
		cmp.Compare(a.ID, b.ID))
}

// trueFirst orders by a condition.
func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// unshown are the stories of which no document was shown before.
func unshown(ctx context.Context, list []*story, shown Shows) (fresh []*story, err error) {
	for _, s := range list {
		known := false
		for _, e := range s.members() {
			_, ok, err := shown(ctx, e.ID)
			if err != nil {
				return nil, err
			}
			known = known || ok
		}
		if !known {
			fresh = append(fresh, s)
		}
	}
	return slices.Clip(fresh), nil
}
