package library_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"parley/corpus/library"
)

func TestChangesAreNumberedInOrder(t *testing.T) {
	each(t, func(w world) {
		w.wantChanges(0, "")
		w.put(item("a", "First."), item("b", "Text."))
		w.put(item("a", "Second."), item("b", "Text."))
		w.put(item("b", "Text.", func(i *library.Item) { i.Author = "A. Author" }))
		w.wantChanges(0, "1 a added 1, 2 b added 1, 3 a revised 2, 4 b updated 1")
		w.wantChanges(3, "4 b updated 1")
		w.wantChanges(4, "")
		changes, err := w.Changes(w.ctx, 1, 2)
		w.must(err)
		if len(changes) != 2 || changes[1].Number != 3 || !changes[1].At.Equal(start) {
			t.Errorf("%+v", changes)
		}
		w.wantConsistent()
	})
}

func TestTheStateTellsWhatItStandsFor(t *testing.T) {
	each(t, func(w world) {
		states := []library.State{w.state()}
		step := func(do func()) {
			do()
			states = append(states, w.state())
		}
		step(func() { w.put(item("a", "Text.")) })
		step(func() { w.put(item("b", "Text.")) })
		step(func() { w.put(item("a", "Other.")) })
		step(func() { w.must(w.Withdraw(w.ctx, "b", library.ByOperator, "")) })
		for i, s := range states {
			was, err := w.WasIn(w.ctx, s)
			w.must(err)
			if again := slices.IndexFunc(states, func(o library.State) bool { return o.Hash == s.Hash }); !was || again != i {
				t.Errorf("state %d: %+v was %v, same hash as state %d", i, s, was, again)
			}
		}
		if s := states[4]; s.Documents != 1 || s.Change != 4 {
			t.Errorf("%+v", s)
		}
		for _, s := range []library.State{{Change: 4, Documents: 1, Hash: states[3].Hash}, {Change: 9, Documents: 1, Hash: states[4].Hash}, {}} {
			if was, err := w.WasIn(w.ctx, s); was || err != nil {
				t.Errorf("the record was in %+v, %v", s, err)
			}
		}
	})
}

// TestWhoFollowsMissesNothing has some follow the changes while others write. A number
// that becomes visible after a later one would be missed.
func TestWhoFollowsMissesNothing(t *testing.T) {
	const writers, batches, perBatch = 4, 15, 3
	each(t, func(w world) {
		var writing, following sync.WaitGroup
		var done atomic.Bool
		for n := range writers {
			writing.Go(func() {
				for batch := range batches {
					var items []library.Item
					for i := range perBatch {
						items = append(items, item(fmt.Sprintf("w%d-%d-%d", n, batch, i), fmt.Sprintf("Text %d.", i)))
					}
					if _, err := w.Put(w.ctx, items); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for range 2 {
			following.Go(func() {
				var last int64
				for finished := false; !finished; {
					finished = done.Load() // before the last look
					changes, err := w.Changes(w.ctx, last, 1000)
					if err != nil {
						t.Error(err)
						return
					}
					for _, c := range changes {
						if last++; c.Number != last {
							t.Errorf("change %d comes after %d", c.Number, last-1)
							return
						}
					}
				}
				if last != writers*batches*perBatch {
					t.Errorf("followed to %d of %d", last, writers*batches*perBatch)
				}
			})
		}
		writing.Wait()
		done.Store(true)
		following.Wait()
		w.wantConsistent()
	})
}

// TestOriginsRaceForAnID has many give the same new document at once.
func TestOriginsRaceForAnID(t *testing.T) {
	const writers = 8
	each(t, func(w world) {
		var wg sync.WaitGroup
		var added, refused atomic.Int64
		for n := range writers {
			wg.Go(func() {
				outcomes, err := w.Put(w.ctx, []library.Item{item("a", "Text.", func(i *library.Item) { i.Origin.Name = fmt.Sprint(n % 4) })})
				switch {
				case err != nil:
					t.Error(err)
				case outcomes[0].Status == library.Added:
					added.Add(1)
				case outcomes[0].Status == library.Refused:
					refused.Add(1)
				}
			})
		}
		wg.Wait()
		if added.Load() != 1 || refused.Load() != writers*3/4 {
			t.Errorf("%d added, %d refused", added.Load(), refused.Load())
		}
		w.wantConsistent()
	})
}
