package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
)

const (
	// maxWaiting are the tasks that are taken on before more have to wait.
	maxWaiting = 2000
	// maxQueue are those of one chat; what goes beyond is dropped.
	maxQueue = 100
)

// desk does what there is to do: in order for one key, such as a chat, and side by side
// for different ones, so that none holds up another.
type desk struct {
	log      *slog.Logger
	token    string
	thinking chan struct{} // a token for each request that the core handles
	room     chan struct{} // a token for each task taken on
	workers  sync.WaitGroup

	mu     sync.Mutex
	queues map[string][]func() // by key; there is one while a worker is at it
	closed bool
}

func newDesk(handlers int, log *slog.Logger, token string) *desk {
	return &desk{
		log: log, token: token,
		thinking: make(chan struct{}, handlers), room: make(chan struct{}, maxWaiting), queues: map[string][]func(){},
	}
}

var (
	errBusy   = errors.New("the chat has too much waiting")
	errClosed = errors.New("the adapter is stopping")
)

// put takes a task on, and waits while there are too many. It is errBusy where the key
// alone has too many, and errClosed after close.
func (d *desk) put(ctx context.Context, key string, task func()) error {
	select {
	case d.room <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return d.enqueue(key, task)
}

// follow is put from within a task, which must not wait for others to end.
func (d *desk) follow(key string, task func()) error {
	select {
	case d.room <- struct{}{}:
		return d.enqueue(key, task)
	default:
		return errBusy
	}
}

// enqueue has a place in the room, and gives it back if the task is not taken on.
func (d *desk) enqueue(key string, task func()) (err error) {
	defer func() {
		if err != nil {
			<-d.room
		}
	}()
	d.mu.Lock()
	defer d.mu.Unlock()
	queue, busy := d.queues[key]
	switch {
	case d.closed:
		return errClosed
	case len(queue) >= maxQueue:
		return errBusy
	}
	d.queues[key] = append(queue, task)
	if !busy {
		d.workers.Go(func() { d.work(key) })
	}
	return nil
}

// work does the tasks of a key until there are none.
func (d *desk) work(key string) {
	for {
		d.mu.Lock()
		queue := d.queues[key]
		if len(queue) == 0 {
			delete(d.queues, key)
			d.mu.Unlock()
			return
		}
		task := queue[0]
		d.queues[key] = queue[1:]
		d.mu.Unlock()
		d.do(key, task)
	}
}

// do survives a task that panics.
func (d *desk) do(key string, task func()) {
	defer func() {
		if fault := recover(); fault != nil {
			d.log.Error("a task panicked", "key", key, "fault", redact(fmt.Sprint(fault), d.token), "stack", string(debug.Stack()))
		}
		<-d.room
	}()
	task()
}

// think runs what the core handles, when there is room for it.
func (d *desk) think(ctx context.Context, f func()) error {
	select {
	case d.thinking <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-d.thinking }()
	f()
	return nil
}

// close takes no more on; wait waits for what was.
func (d *desk) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
}

func (d *desk) wait() { d.workers.Wait() }
