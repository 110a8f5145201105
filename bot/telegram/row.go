package telegram

import "sync"

// row is the updates that were received and are not confirmed yet, in the order of their
// ids. Telegram forgets an update when one with a higher id is asked for, so that the
// next one asked for is the first that is not done.
type row struct {
	mu   sync.Mutex
	next int64 // all before it are done; 0 while nothing is known
	open []place
	idle chan struct{} // gets a value when the last one is done
}

type place struct {
	id   int64
	done bool
}

func newRow(next int64) *row { return &row{next: next, idle: make(chan struct{}, 1)} }

// take adds an update; false if it is there or was done.
func (r *row) take(id int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.open); n > 0 && id <= r.open[n-1].id || id < r.next {
		return false
	}
	if len(r.open) == 0 {
		r.next = id
	}
	r.open = append(r.open, place{id: id})
	return true
}

// done marks an update as done.
func (r *row) done(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.open {
		if r.open[i].id == id {
			r.open[i].done = true
		}
	}
	r.advance()
}

// letGo gives up waiting for the first one.
func (r *row) letGo() (id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.open) == 0 {
		return 0
	}
	id, r.open[0].done = r.open[0].id, true
	r.advance()
	return id
}

// advance moves next over what is done. The caller holds mu.
func (r *row) advance() {
	for len(r.open) > 0 && r.open[0].done {
		r.next = r.open[0].id + 1
		r.open = r.open[1:]
	}
	if len(r.open) > 0 {
		r.next = r.open[0].id
		return
	}
	select {
	case r.idle <- struct{}{}:
	default:
	}
}

// offset is the first update that is not done.
func (r *row) offset() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.next
}

// waiting is how many updates are not done, counting those done after one that is not.
func (r *row) waiting() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open)
}
