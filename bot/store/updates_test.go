package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestTheOffsetGoesUpOnly(t *testing.T) {
	each(t, func(w world) {
		w.wantOffset(1, 0)
		for _, step := range []struct{ update, offset int64 }{
			{100, 101}, {99, 101}, {100, 101}, {1 << 40, 1<<40 + 1}, {7, 1<<40 + 1},
		} {
			w.must(w.Commit(w.ctx, 1, step.update))
			w.wantOffset(1, step.offset)
		}
		w.wantOffset(2, 0)
	})
}

func TestAfterAWeekIdsOfUpdatesStartAnew(t *testing.T) {
	each(t, func(w world) {
		w.must(w.Commit(w.ctx, 1, 1000))
		w.clock.Time = w.clock.Add(5 * 24 * time.Hour)
		w.wantOffset(1, 1001)
		w.clock.Time = w.clock.Add(2 * 24 * time.Hour)
		w.wantOffset(1, 0)
		w.must(w.Commit(w.ctx, 1, 20))
		w.wantOffset(1, 21)
	})
}

func TestAnUpdateIsFirstOnce(t *testing.T) {
	each(t, func(w world) {
		w.wantFirst(1, 5, true)
		w.wantFirst(1, 5, false)
		w.wantFirst(2, 5, true)
		w.wantFirst(1, 4, true)
		for update, want := range map[int64]bool{3: false, 4: true, 5: true} {
			if have, err := w.Handled(w.ctx, 1, update); err != nil || have != want {
				t.Errorf("update %d handled: %v, %v; want %v", update, have, err, want)
			}
		}
	})
}

func TestOnlyTheLatestUpdatesAreRemembered(t *testing.T) {
	each(t, func(w world) {
		for _, u := range []int64{1, 2, 10_001} {
			w.wantFirst(1, u, true)
		}
		w.wantFirst(1, 2, false)
		w.wantFirst(1, 1, true) // forgotten
		w.clock.Time = w.clock.Add(47 * time.Hour)
		w.must2(w.Prune(w.ctx))
		w.wantFirst(1, 10_001, false)
		w.clock.Time = w.clock.Add(2 * time.Hour)
		w.must2(w.Prune(w.ctx))
		w.wantFirst(1, 10_001, true)
	})
}

func TestOneOfManyIsFirst(t *testing.T) {
	const goroutines, updates = 8, 25
	each(t, func(w world) {
		var firsts [updates]atomic.Int64
		var wg sync.WaitGroup
		for range goroutines {
			wg.Go(func() {
				for u := range int64(updates) {
					first, err := w.MarkHandled(w.ctx, 1, u)
					if err != nil {
						t.Error(err)
					}
					if first {
						firsts[u].Add(1)
					}
					if err := w.Commit(w.ctx, 1, u); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		for u := range firsts {
			if n := firsts[u].Load(); n != 1 {
				t.Errorf("update %d was the first %d times", u, n)
			}
		}
		w.wantOffset(1, updates)
	})
}
