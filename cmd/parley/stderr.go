package main

import (
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/schollz/progressbar/v3"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
)

// What a command says beside its answer goes to stderr: its log, notices, and how far it has come. Notices and
// progress are lines and bars for people; where the log is JSON, a program reads stderr, and they are records
// of the log.

// logger logs to stderr what the configuration asks for.
func (p *process) logger(c config.Log) *slog.Logger {
	opts := &slog.HandlerOptions{Level: c.Level.Or(p.usual)}
	if c.JSON() {
		return slog.New(slog.NewJSONHandler(p.stderr, opts))
	}
	return slog.New(slog.NewTextHandler(p.stderr, opts))
}

// notify tells the operator what went wrong without ending the command.
func (p *process) notify(format string, args ...any) {
	notice := fmt.Sprintf(format, args...)
	if p.jsonLog != nil {
		p.jsonLog.Warn(notice)
		return
	}
	fmt.Fprintln(p.stderr, "parley: "+notice)
}

const (
	quiet     = time.Second     // how long work may take without a word about it
	lineEvery = 5 * time.Second // how often progress is told where no bar can be drawn
)

// progress tells how far work has come: a bar on a terminal, lines elsewhere, and
// nothing at all of what is done within a second.
type progress struct {
	what string
	now  func() time.Time
	next time.Time // when there is something to say again
	line func(done, total int)

	terminal io.Writer // nil where no bar can be drawn
	bar      *progressbar.ProgressBar
}

func (p *process) progress(what string) app.Progress {
	shown := &progress{what: what, now: p.now, next: p.now().Add(quiet)}
	shown.line = func(done, total int) { fmt.Fprintf(p.stderr, "parley: %s: %d of %d\n", what, done, total) }
	if p.jsonLog != nil {
		shown.line = func(done, total int) { p.jsonLog.Info(what, "done", done, "total", total) }
	} else if _, ok := terminal(p.stderr); ok {
		shown.terminal = p.stderr
	}
	return shown
}

// Step implements app.Progress.
func (s *progress) Step(done, total int) {
	switch {
	case s.now().Before(s.next):
	case s.terminal != nil:
		if s.bar == nil {
			s.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(s.terminal),
				progressbar.OptionSetDescription(s.what), progressbar.OptionShowCount(),
				progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())
		}
		_ = s.bar.Set(done) // a bar that cannot be drawn must not stop the work
	default:
		s.line(done, total)
		s.next = s.now().Add(lineEvery)
	}
}

// Done implements app.Progress: it takes the bar away.
func (s *progress) Done() {
	if s.bar != nil {
		_ = s.bar.Finish()
	}
}
