// Package taskqueue runs tasks in order for one key, such as a chat, and side by side for
// different keys, so that none holds up another.
package taskqueue

import (
	"context"
	"errors"
	"sync"
)

const (
	maxTasks = 2000 // that are waiting or running before more must wait to be added
	maxQueue = 100  // that wait for one key before more are refused
)

// Errors of adding a task.
var (
	ErrBusy   = errors.New("the chat has too much waiting")
	ErrClosed = errors.New("the adapter is stopping")
)

// Queue runs tasks.
type Queue struct {
	panicked func(key string, fault any)
	room     chan struct{} // holds a token for each task that is waiting or running
	workers  sync.WaitGroup

	mu     sync.Mutex
	queues map[string][]func() // by key; a key has one while a worker runs its tasks
	closed bool
}

// New makes a queue. It survives a task that panics, and calls panicked.
func New(panicked func(key string, fault any)) *Queue {
	return &Queue{panicked: panicked, room: make(chan struct{}, maxTasks), queues: map[string][]func(){}}
}

// Add adds a task, and waits while there are too many. It returns ErrBusy where the key
// alone has too many, and ErrClosed after Close.
func (q *Queue) Add(ctx context.Context, key string, task func()) error {
	select {
	case q.room <- struct{}{}:
		return q.enqueue(key, task)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// AddFrom is Add from within a task, which must not wait for others: it returns ErrBusy
// where there are too many.
func (q *Queue) AddFrom(key string, task func()) error {
	select {
	case q.room <- struct{}{}:
		return q.enqueue(key, task)
	default:
		return ErrBusy
	}
}

// enqueue holds a token of room, and gives it back where it does not add the task.
func (q *Queue) enqueue(key string, task func()) (err error) {
	defer func() {
		if err != nil {
			<-q.room
		}
	}()
	q.mu.Lock()
	defer q.mu.Unlock()
	queue, busy := q.queues[key]
	switch {
	case q.closed:
		return ErrClosed
	case len(queue) >= maxQueue:
		return ErrBusy
	}
	q.queues[key] = append(queue, task)
	if !busy {
		q.workers.Go(func() { q.work(key) })
	}
	return nil
}

// work runs the tasks of a key until there are none.
func (q *Queue) work(key string) {
	for {
		q.mu.Lock()
		queue := q.queues[key]
		if len(queue) == 0 {
			delete(q.queues, key)
			q.mu.Unlock()
			return
		}
		task := queue[0]
		q.queues[key] = queue[1:]
		q.mu.Unlock()
		q.run(key, task)
	}
}

func (q *Queue) run(key string, task func()) {
	defer func() {
		if fault := recover(); fault != nil {
			q.panicked(key, fault)
		}
		<-q.room
	}()
	task()
}

// Close lets no more tasks be added.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}

// Wait waits until all tasks have run.
func (q *Queue) Wait() { q.workers.Wait() }
