package main

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// quiet is how long work may take without a word about it; lineEvery is how often
// progress is told where no bar can be drawn.
const (
	quiet     = time.Second
	lineEvery = 5 * time.Second
)

// progress tells how far work has come: a bar on a terminal, lines elsewhere, and
// nothing at all of what is done within a second.
type progress struct {
	w        io.Writer
	terminal bool
	what     string
	now      func() time.Time
	next     time.Time // when there is something to say again
	bar      *progressbar.ProgressBar
}

func (a *app) progress(what string) *progress {
	_, isTerminal := terminal(a.stderr)
	return &progress{w: a.stderr, terminal: isTerminal, what: what, now: a.now, next: a.now().Add(quiet)}
}

// step takes how much is done of how much.
func (p *progress) step(done, total int) {
	switch {
	case p.now().Before(p.next):
	case p.terminal:
		if p.bar == nil {
			p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(p.what),
				progressbar.OptionShowCount(), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())
		}
		_ = p.bar.Set(done) // a bar that cannot be drawn must not stop the work
	default:
		fmt.Fprintf(p.w, "parley: %s: %d of %d\n", p.what, done, total)
		p.next = p.now().Add(lineEvery)
	}
}

// done takes the bar away.
func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
