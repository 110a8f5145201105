// Package follow keeps an index in step with the library that it is derived from: it asks
// the library what changed, reads the documents as they are now and hands them to the
// index, which goes on answering meanwhile. It fetches nothing and knows no engine.
//
// The index carries the state of the library that it shows. After a crash, or when another
// process has changed the library, what lies between the two states is applied; to apply
// the same change again changes nothing.
package follow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"parley/corpus"
	"parley/corpus/library"
	"parley/index"
)

// States tells where the library stands and where it stood.
type States interface {
	State(ctx context.Context) (library.State, error)
	WasIn(ctx context.Context, s library.State) (bool, error)
}

// Library is the record to follow.
type Library interface {
	States
	Changes(ctx context.Context, after int64, limit int) ([]library.Change, error)
	Get(ctx context.Context, id string) (library.Entry, error)
}

// Index is the index that is kept in step.
type Index interface {
	// State returns the State of the last batch, or of the build.
	State() string
	// Apply makes a batch visible, all of it at once.
	Apply(ctx context.Context, b index.Batch) error
}

// Publisher makes what the index holds outlast the process.
type Publisher interface {
	// Publish makes the present state the one that other processes open and that survives a crash.
	Publish(ctx context.Context) error
	// Due reports whether enough has changed for Publish to be worthwhile.
	Due() bool
}

// ErrOther says that an index was derived from another library, or from a state that this one
// never had, as after a backup was restored. The index must be built again.
var ErrOther = errors.New("the index was derived from another library")

// maxBatch is how many changes are applied at once: some seconds of annotating at most.
const maxBatch = 200

// Follower keeps an index in step.
type Follower struct {
	Library Library
	Index   interface {
		Index
		Publisher
	}
	Log *slog.Logger
	// Every is how often the library is asked whether it changed: one row is read.
	Every time.Duration
	// PublishEvery is how often a changed index is published, even if it is not due; what
	// came later is applied again after a crash.
	PublishEvery time.Duration
}

// Encode is a state of the library as the index carries it.
func Encode(s library.State) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // of a number and two texts
	}
	return string(text)
}

// decode reads what Encode wrote.
func decode(text string) (s library.State, err error) {
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, fmt.Errorf("%w: its state is %q: %w", ErrOther, text, err)
	}
	return s, nil
}

// Newer reports whether a state came after another of the same library.
func Newer(state, than string) bool {
	a, err := decode(state)
	b, other := decode(than)
	return err == nil && (other != nil || a.Change > b.Change)
}

// Behind is how many changes a state, as Encode gave it, lacks. The error of one that this
// library never had is ErrOther.
func Behind(ctx context.Context, lib States, state string) (changes int64, err error) {
	was, err := decode(state)
	if err != nil {
		return 0, err
	}
	ok, err := lib.WasIn(ctx, was)
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, fmt.Errorf("%w: the library never stood at change %d with %d documents",
			ErrOther, was.Change, was.Documents)
	}
	is, err := lib.State(ctx)
	return is.Change - was.Change, err
}

// CatchUp applies all that changed since the index's state, and returns how many changes
// that were.
func (f *Follower) CatchUp(ctx context.Context) (changes int, err error) {
	behind, err := Behind(ctx, f.Library, f.Index.State())
	if err != nil || behind == 0 {
		return 0, err
	}
	at, err := decode(f.Index.State())
	if err != nil {
		return 0, err
	}
	for {
		page, err := f.Library.Changes(ctx, at.Change, maxBatch)
		if err != nil || len(page) == 0 {
			return changes, err
		}
		if err := f.apply(ctx, page); err != nil {
			return changes, fmt.Errorf("changes %d to %d: %w", page[0].Number, page[len(page)-1].Number, err)
		}
		changes += len(page)
		at = page[len(page)-1].After
	}
}

// apply brings the index to where the last of the changes left the library. A document may
// be newer already: then a later change says so, and it is applied again.
func (f *Follower) apply(ctx context.Context, page []library.Change) error {
	batch := index.Batch{State: Encode(page[len(page)-1].After)}
	seen := map[string]bool{}
	for _, change := range page {
		if seen[change.ID] {
			continue
		}
		seen[change.ID] = true
		entry, err := f.Library.Get(ctx, change.ID)
		switch {
		case err != nil:
			return err
		case entry.Withdrawal.At.IsZero():
			batch.Put = append(batch.Put, entry.Cited())
		default:
			batch.Withdraw = append(batch.Withdraw, entry.ID)
		}
	}
	return f.Index.Apply(ctx, batch)
}

// Run keeps the index in step until ctx is done. What fails is logged and tried again;
// questions are answered from what the index has.
func (f *Follower) Run(ctx context.Context) error {
	look := time.NewTicker(f.Every)
	defer look.Stop()
	publish := time.NewTicker(f.PublishEvery)
	defer publish.Stop()
	unpublished, failing := 0, false
	for {
		wanted := false
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
			n, err := f.CatchUp(ctx)
			unpublished += n
			switch {
			case ctx.Err() != nil:
			case err != nil && !failing: // an error is logged when it begins
				f.Log.ErrorContext(ctx, "the index does not follow the library; answers are from what it has", "err", err)
			case err == nil && n > 0:
				f.Log.InfoContext(ctx, "the index follows the library", "changes", n)
			}
			failing = err != nil
			wanted = n > 0 && f.Index.Due()
		case <-publish.C:
			wanted = unpublished > 0
		}
		if !wanted {
			continue
		}
		if err := f.Index.Publish(ctx); err != nil {
			f.Log.WarnContext(ctx,
				"the index was not published; what is new is applied again at the next start", "err", err)
			continue
		}
		unpublished = 0
	}
}

// Documents returns the current documents of a library as an index is built from them.
func Documents(
	ctx context.Context, all func(context.Context) iter.Seq2[library.Entry, error],
) iter.Seq2[corpus.Document, error] {
	return func(yield func(corpus.Document, error) bool) {
		for e, err := range all(ctx) {
			if !yield(e.Cited(), err) || err != nil {
				return
			}
		}
	}
}
