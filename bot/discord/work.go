package discord

import (
	"context"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	// maxWorkers is how many events are answered at a time.
	maxWorkers = 512
	// stopTime is how long running answers may take after the end was asked for.
	stopTime = 10 * time.Second
	// maxRecent is how many ids are remembered: minutes of the busiest bot.
	maxRecent = 20_000
)

// workers answer events, each in a goroutine of its own.
type workers struct {
	mu     sync.Mutex
	open   bool
	n      int
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// start lets work begin. It goes on after ctx is done.
func (w *workers) start(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ctx, w.cancel = context.WithCancel(context.WithoutCancel(ctx))
	w.open = true
}

// stop lets no new work begin, gives what is running stopTime and waits for its end.
func (w *workers) stop() {
	w.mu.Lock()
	w.open = false
	w.mu.Unlock()
	overtime := time.AfterFunc(stopTime, w.cancel)
	w.wg.Wait()
	overtime.Stop()
	w.cancel()
}

// do begins a piece of work, unless there is too much of it, or no more is wanted.
func (w *workers) do(work func(ctx context.Context)) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.open || w.n >= maxWorkers {
		return false
	}
	w.n++
	w.wg.Go(func() {
		defer func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.n--
		}()
		work(w.ctx)
	})
	return true
}

// newCache makes a cache of what is known by the latest ids.
func newCache[V any]() *lru.Cache[string, V] {
	cache, err := lru.New[string, V](maxRecent)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return cache
}
