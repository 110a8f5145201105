package report

import "sync"

// Progress counts what is done of all that is known to be done. It is safe for use by several
// goroutines.
type Progress struct {
	// Tell is called at each step, by one goroutine at a time; it may be nil.
	Tell func(done, total int, what string)

	mu          sync.Mutex
	done, total int
}

// Expect adds to what is to be done.
func (p *Progress) Expect(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total += n
}

// Step adds to what is done, and tells it. What comes next must hold no secret.
func (p *Progress) Step(n int, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += n
	p.total = max(p.total, p.done)
	if p.Tell != nil {
		p.Tell(p.done, p.total, what)
	}
}

// Reset begins to count anew.
func (p *Progress) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total = 0, 0
}
