package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"parley/corpus/ingest/report"
	"parley/corpus/library"
	"parley/corpus/weburl"
)

// Choice says which feeds and pages to sync. The zero value is all that are due.
type Choice struct {
	// All asks those too that are not due yet.
	All bool
	// Only are the ids of those to be asked, due or not; one that is suspended is resumed.
	Only []string
}

// Sync brings feeds and pages up to date, several at once, in one round. What one of them
// has to tell does not hold up the others, and is in the report, as are those that another
// process is at. The error is that of the library or of ctx; what was kept before stays.
func (g *Ingester) Sync(ctx context.Context, c Choice) (report.Report, error) {
	next, err := g.choose(ctx, c)
	if err != nil {
		return report.Report{}, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		total report.Report
	)
	for range g.opts.Workers {
		wg.Go(func() {
			for {
				r, ok, err := g.round(ctx, next)
				mu.Lock()
				total.Add(r)
				mu.Unlock()
				if err != nil {
					cancel(err)
				}
				if err != nil || !ok {
					return
				}
			}
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return total, err
	}
	return total, g.countClaimed(ctx, c, &total)
}

// countClaimed notes what others are at; what this process was at it has released.
func (g *Ingester) countClaimed(ctx context.Context, c Choice, r *report.Report) error {
	claimed, until, err := g.opts.Library.ClaimedFeeds(ctx)
	if err != nil {
		return err
	}
	for _, id := range claimed {
		if len(c.Only) == 0 || c.All || slices.Contains(c.Only, id) {
			r.Claimed++
			r.ClaimedUntil = until
		}
	}
	return nil
}

// turn is a feed that is claimed, and whether to ask it although it is not due.
type turn struct {
	claim library.Claim
	force bool
}

// source gives one feed after the other; ok is false at the end of the round. It is called
// by several goroutines.
type source func(ctx context.Context) (t turn, ok bool, err error)

// choose makes the source of a round.
func (g *Ingester) choose(ctx context.Context, c Choice) (source, error) {
	g.progress.Reset()
	if len(c.Only) == 0 && !c.All {
		due, _, err := g.opts.Library.DueFeeds(ctx)
		g.progress.Expect(due)
		return g.dueBefore(g.opts.Now()), err
	}
	ids := slices.Clone(c.Only)
	if c.All {
		feeds, err := g.opts.Library.Feeds(ctx)
		if err != nil {
			return nil, err
		}
		for _, f := range feeds {
			if f.Suspended == "" && !slices.Contains(ids, f.ID) {
				ids = append(ids, f.ID)
			}
		}
	}
	for _, id := range c.Only {
		f, err := g.opts.Library.Feed(ctx, id)
		if err == nil && f.Suspended != "" {
			err = g.opts.Library.ResumeFeed(ctx, id)
		}
		if err != nil {
			return nil, err
		}
	}
	g.progress.Expect(len(ids))
	return g.named(ids), nil
}

// dueBefore gives the feeds that were due then. One that has become due since ends the
// round, since feeds come in the order in which they are due.
func (g *Ingester) dueBefore(then time.Time) source {
	return func(ctx context.Context) (turn, bool, error) {
		claims, err := g.opts.Library.ClaimFeeds(ctx, 1, g.opts.Lease)
		if err != nil || len(claims) == 0 {
			return turn{}, false, err
		}
		if claims[0].Feed.NextDue.After(then) {
			return turn{}, false, g.opts.Library.ReleaseFeed(ctx, claims[0])
		}
		return turn{claim: claims[0]}, true, nil
	}
}

// named gives the feeds with those ids that nobody else is at.
func (g *Ingester) named(ids []string) source {
	var mu sync.Mutex
	pop := func() (id string, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		if len(ids) == 0 {
			return "", false
		}
		id, ids = ids[0], ids[1:]
		return id, true
	}
	return func(ctx context.Context) (turn, bool, error) {
		for {
			id, ok := pop()
			if !ok {
				return turn{}, false, nil
			}
			claim, ok, err := g.opts.Library.ClaimFeed(ctx, id, g.opts.Lease)
			if ok || err != nil {
				return turn{claim, true}, ok, err
			}
			g.opts.Log.InfoContext(ctx, "another process is at a feed", "source", weburl.Redacted(id))
		}
	}
}

// round takes the next feed and visits it until all its pages are read, or as many as are
// allowed in one round. ok is false if there is no next one.
func (g *Ingester) round(ctx context.Context, next source) (total report.Report, ok bool, err error) {
	t, ok, err := next(ctx)
	if !ok || err != nil {
		return total, false, err
	}
	id := t.claim.Feed.ID
	g.progress.Step(0, weburl.Redacted(id))
	defer func() { g.progress.Step(1, weburl.Redacted(id)) }()
	for pages := g.opts.MaxPages; ; pages += g.opts.MaxPages {
		goesOn := pages < g.opts.MaxRound
		r, left, err := g.visit(ctx, t.claim, visitOptions{force: t.force, goesOn: goesOn})
		total.Waiting = 0 // only the last visit knows
		total.Add(r)
		if err == nil && left > 0 && goesOn && ctx.Err() == nil {
			t.force = false
			if t.claim, ok, err = g.opts.Library.ClaimFeed(ctx, id, g.opts.Lease); ok && err == nil {
				continue
			}
		}
		if left > 0 {
			total.AddNote("%s: %d pages are left for the next round", weburl.Redacted(id), left)
		}
		return total, true, err
	}
}

// Watch keeps feeds and pages up to date until ctx ends: it works on what is due and sleeps
// until something is, looking now and then for what others have added. Several processes
// with one library share the work. An error of the library is logged, and what failed is
// tried again. each, which may be nil, gets the report of every visit, one at a time.
func (g *Ingester) Watch(ctx context.Context, each func(report.Report)) error {
	var (
		wg sync.WaitGroup
		mu sync.Mutex
	)
	tell := func(r report.Report) {
		g.log(ctx, r)
		if each != nil {
			mu.Lock()
			defer mu.Unlock()
			each(r)
		}
	}
	for range g.opts.Workers {
		wg.Go(func() { g.watch(ctx, tell) })
	}
	wg.Wait()
	return nil
}

// watch is one worker of Watch.
func (g *Ingester) watch(ctx context.Context, tell func(report.Report)) {
	for ctx.Err() == nil {
		r, ok, err := g.watchOnce(ctx)
		if err != nil && ctx.Err() == nil {
			g.opts.Log.ErrorContext(ctx, "feeds are not kept up to date; it is tried again", "err", err)
		}
		if !ok {
			g.sleep(ctx)
			continue
		}
		tell(r)
	}
}

// watchOnce visits a feed that is due. ok is false if there is none, or it failed.
func (g *Ingester) watchOnce(ctx context.Context) (r report.Report, ok bool, err error) {
	due, _, err := g.opts.Library.DueFeeds(ctx) // which holds up no writer
	if err != nil || due == 0 {
		return report.Report{}, false, err
	}
	claims, err := g.opts.Library.ClaimFeeds(ctx, 1, g.opts.Lease)
	if err != nil || len(claims) == 0 {
		return report.Report{}, false, err
	}
	r, _, err = g.visit(ctx, claims[0], visitOptions{})
	return r, err == nil, err
}

// minSleep keeps a database that fails, or a clock that stands still, from being asked all
// the time.
const minSleep = 100 * time.Millisecond

// sleep waits until the next feed is due, but not longer than Poll.
func (g *Ingester) sleep(ctx context.Context) {
	wait := g.opts.Poll
	if due, next, err := g.opts.Library.DueFeeds(ctx); err == nil && due == 0 && !next.IsZero() {
		wait = min(wait, next.Sub(g.opts.Now()))
	}
	timer := time.NewTimer(max(wait, minSleep))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// log tells what a visit came to.
func (g *Ingester) log(ctx context.Context, r report.Report) {
	for _, p := range r.Problems {
		g.opts.Log.WarnContext(ctx, "not brought in", "source", p.Where, "why", p.Why)
	}
	for _, n := range r.Notes {
		g.opts.Log.InfoContext(ctx, n)
	}
	if r.Changed() > 0 {
		g.opts.Log.InfoContext(ctx, "documents were brought in", "what", r.String())
	}
}

// errNothing is told where an address gives nothing that can be followed.
var errNothing = errors.New("it is neither a feed, nor a list of feeds, nor a page with a text")

// refusal is an error with an address in front, without secrets.
func refusal(address string, err error) error {
	return fmt.Errorf("%s: %w", weburl.Redacted(address), err)
}
