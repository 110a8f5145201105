package telegram

import "sync"

// pendingUpdates are the updates that were received and are not confirmed yet, in the order
// of their ids. Telegram forgets an update when one with a higher id is asked for; so the bot
// asks for the first one that is not done.
type pendingUpdates struct {
	mu   sync.Mutex
	next int64 // all before it are done; 0 while nothing is known
	open []pendingUpdate
	idle chan struct{} // gets a value when the last one is done
}

type pendingUpdate struct {
	id   int64
	done bool
}

func newPendingUpdates(next int64) *pendingUpdates {
	return &pendingUpdates{next: next, idle: make(chan struct{}, 1)}
}

// take adds an update. It returns false if the update is there or was done.
func (p *pendingUpdates) take(id int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.open); n > 0 && id <= p.open[n-1].id || id < p.next {
		return false
	}
	if len(p.open) == 0 {
		p.next = id
	}
	p.open = append(p.open, pendingUpdate{id: id})
	return true
}

// done marks an update as done.
func (p *pendingUpdates) done(id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.open {
		if p.open[i].id == id {
			p.open[i].done = true
		}
	}
	p.advance()
}

// letGo counts the first one as done and returns its id, 0 if there is none.
func (p *pendingUpdates) letGo() (id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.open) == 0 {
		return 0
	}
	id, p.open[0].done = p.open[0].id, true
	p.advance()
	return id
}

// advance moves next over what is done. The caller holds mu.
func (p *pendingUpdates) advance() {
	for len(p.open) > 0 && p.open[0].done {
		p.next = p.open[0].id + 1
		p.open = p.open[1:]
	}
	if len(p.open) > 0 {
		p.next = p.open[0].id
		return
	}
	select {
	case p.idle <- struct{}{}:
	default:
	}
}

// offset is the first update that is not done.
func (p *pendingUpdates) offset() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.next
}

// waiting is how many updates are not done, counting those done after one that is not.
func (p *pendingUpdates) waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.open)
}
