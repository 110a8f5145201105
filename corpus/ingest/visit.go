package ingest

import (
	"context"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"parley/corpus"
	"parley/corpus/feed"
	"parley/corpus/fetch"
	"parley/corpus/ingest/feedstate"
	"parley/corpus/ingest/report"
	"parley/corpus/library"
	"parley/corpus/schedule"
	"parley/corpus/weburl"
)

// visit is the work on one feed or page from its claim to its end.
type visit struct {
	*Ingester
	claim  library.Claim
	began  time.Time
	row    library.Feed // as it will be kept
	state  feedstate.State
	items  []library.Item // to be kept
	bytes  int            // of their texts
	report report.Report
	left   int // pages that could be read at once
}

// visitOptions say what to do beside what is due.
type visitOptions struct {
	force bool // ask the feed although it is not due
	// first is the answer of the feed, if it was asked already.
	first *fetch.Response
	// feedOnly leaves the articles alone.
	feedOnly bool
	// goesOn says that the same process comes back at once for the pages that are left.
	goesOn bool
}

// visit does what is due for a feed that is claimed, keeps what came of it and ends the
// claim. left is how many pages could be read at once, but were not. A claim that was lost
// is no error: somebody else has the feed. The error is that of the library or of ctx, and
// then the feed is as it was.
func (g *Ingester) visit(ctx context.Context, c library.Claim, e visitOptions) (r report.Report, left int, err error) {
	v := &visit{Ingester: g, claim: c, began: g.opts.Now(), row: c.Feed, state: feedstate.Load(c.Feed)}
	held, release := g.hold(ctx, c)
	defer release()
	if err = v.work(held, e); err == nil {
		switch {
		case v.left > 0 && e.goesOn: // or another worker would take the feed in between
			v.row.NextDue = v.opts.Now().Add(v.opts.Lease)
		case v.left > 0 && !e.feedOnly: // behind all that are due already
			v.row.NextDue = v.opts.Now().Add(time.Second)
		default:
			v.row.NextDue = v.state.NextDue()
		}
		err = v.finish(context.WithoutCancel(ctx)) // what was fetched is not thrown away at the end of ctx
	}
	if errors.Is(err, library.ErrClaimLost) {
		g.opts.Log.InfoContext(ctx, "a feed was taken over by another process", "source", weburl.Redacted(c.Feed.ID))
		return report.Report{}, 0, nil
	}
	if err != nil {
		return report.Report{}, 0, errors.Join(err, g.opts.Library.ReleaseFeed(context.WithoutCancel(ctx), c))
	}
	return v.report, v.left, nil
}

// hold renews a claim until it is released. What is held ends when the claim is lost.
func (g *Ingester) hold(ctx context.Context, c library.Claim) (held context.Context, release func()) {
	held, cancel := context.WithCancelCause(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		every := time.NewTicker(g.opts.Lease / 3)
		defer every.Stop()
		for {
			select {
			case <-held.Done():
				return
			case <-every.C:
			}
			// An error of the database is no news for the claim: the next time may do.
			if _, err := g.opts.Library.RenewClaim(held, c, g.opts.Lease); errors.Is(err, library.ErrClaimLost) {
				cancel(err)
				return
			}
		}
	}()
	return held, func() { cancel(nil); <-ended }
}

// work fetches what is due.
func (v *visit) work(ctx context.Context, e visitOptions) error {
	asked := e.force || v.row.NextDue.IsZero()
	if until := v.pauses.of(hostOf(v.row.Address)); !asked && until.After(v.began) && until.After(v.state.Due) {
		v.state.Due = until.Add(time.Second).Truncate(time.Second)
	}
	if asked || !v.state.Due.After(v.began) {
		v.report.Sources++
		if err := v.ask(ctx, e.first); err != nil {
			return err
		}
	}
	if !e.feedOnly {
		v.readArticles(ctx)
	}
	for _, entry := range v.state.DueBy(v.began) {
		v.left++
		if entry.Waits() {
			v.report.Waiting++
		}
	}
	if cause := context.Cause(ctx); errors.Is(cause, library.ErrClaimLost) {
		return cause
	}
	return nil // at another end of ctx, what was fetched before is kept
}

// ask fetches the feed or the page itself, unless its answer is there, and notes what
// follows for its schedule.
func (v *visit) ask(ctx context.Context, first *fetch.Response) error {
	var resp fetch.Response
	var failed *fetch.Error
	if first != nil {
		resp = *first
	} else {
		var err error
		resp, failed, err = v.get(ctx, fetch.Request{URL: v.row.Address, ETag: v.row.ETag, LastModified: v.row.LastModified})
		if err != nil {
			return err
		}
	}
	policy, take := v.opts.Feeds, v.takeFeed
	if v.row.Kind == library.KindPage {
		policy, take = v.opts.Pages, v.takePage
	}
	var outcome schedule.Outcome
	switch {
	case failed != nil:
		v.pause(v.row.Address, failed)
		outcome = schedule.Outcome{Result: schedule.Failed, RetryAfter: failed.RetryAfter, Error: failed.Error()}
		if failed.Kind == fetch.Gone {
			outcome.Result = schedule.Gone
		}
		if v.row.Kind == library.KindPage {
			v.missPage(failed)
		}
	case resp.NotModified:
		outcome = schedule.Outcome{Moved: resp.Moved, ETag: resp.ETag, LastModified: resp.LastModified, Hints: v.state.Hints}
	default:
		outcome = take(resp)
	}
	return v.schedule(ctx, policy, outcome)
}

// get gets an address. The error is that of ctx alone.
func (v *visit) get(ctx context.Context, r fetch.Request) (fetch.Response, *fetch.Error, error) {
	resp, err := v.opts.Client.Get(ctx, r)
	failed, ok := errors.AsType[*fetch.Error](err)
	switch {
	case err == nil, ok:
		return resp, failed, nil
	case ctx.Err() != nil:
		return resp, nil, context.Cause(ctx)
	}
	return resp, &fetch.Error{Kind: fetch.Unreachable, URL: weburl.Redacted(r.URL), Err: err}, nil
}

// schedule notes when to come back.
func (v *visit) schedule(ctx context.Context, policy schedule.Policy, o schedule.Outcome) error {
	h := fnv.New64a() // the jitter differs from feed to feed
	_, _ = h.Write([]byte(v.row.ID))
	random := rand.New(rand.NewPCG(h.Sum64(), uint64(v.began.UnixNano())))
	next := policy.Next(v.state.Schedule(v.row), o, v.began, random)
	if next.Address != v.row.Address {
		other, err := v.followed(ctx, next.Address)
		if err != nil {
			return err
		}
		if other != "" {
			next.Suspended = "it has moved to an address that is followed already, as " + weburl.Redacted(other)
		}
	}
	if o.Result == schedule.Failed || o.Result == schedule.Gone {
		v.report.Failed++
		v.report.AddProblem(weburl.Redacted(v.row.ID), o.Error)
	} else {
		v.state.Answered, v.state.Missing = v.began.UTC(), 0
		v.state.Hints = o.Hints
	}
	if next.Suspended != "" {
		v.report.AddNote("%s is no longer asked: %s", weburl.Redacted(v.row.ID), next.Suspended)
	}
	v.state.SetSchedule(next, &v.row)
	return nil
}

// followed is the id of another feed at that address, empty if there is none.
func (v *visit) followed(ctx context.Context, address string) (string, error) {
	feeds, err := v.opts.Library.Feeds(ctx)
	for _, f := range feeds {
		if f.ID != v.row.ID && f.Suspended == "" && (f.ID == address || f.Address == address) {
			return f.ID, nil
		}
	}
	return "", err
}

// takeFeed reads a feed and takes up what is new in it.
func (v *visit) takeFeed(resp fetch.Response) schedule.Outcome {
	f, err := feed.Parse(resp.Body, resp.ContentType, resp.URL)
	if err != nil {
		return schedule.Outcome{Result: schedule.Failed, Error: err.Error()}
	}
	if f.Damage != "" {
		v.report.AddNote("%s: %s", weburl.Redacted(v.row.ID), f.Damage)
	}
	if f.Title != "" {
		v.row.Title = feedstate.Clip(f.Title)
	}
	v.row.Kind = feedstate.Clip(f.Format)
	o := schedule.Outcome{Moved: resp.Moved, ETag: resp.ETag, LastModified: resp.LastModified, Hints: f.Hints}
	changed, complete := v.takeItems(f.Items)
	if changed {
		o.Result = schedule.Changed
	}
	if !complete { // the rest is not known yet: it must not be "not modified"
		o.ETag, o.LastModified = "", ""
	}
	return o
}

// takeItems compares the items of a feed with what is known of them. It reports whether
// any has changed, and whether all were taken up.
func (v *visit) takeItems(items []feed.Item) (changed, complete bool) {
	known := make(map[string]*feedstate.Entry, len(v.state.Entries))
	for _, e := range v.state.Entries {
		known[e.Key] = e
	}
	var current []*feedstate.Entry
	left, fresh := 0, 0
	for _, item := range items {
		key, print := feedstate.Key(item), feedstate.Print(item)
		e := known[key]
		if e == nil {
			e = &feedstate.Entry{Key: key}
			known[key] = e
		}
		if e.Print != print {
			if fresh == v.opts.MaxNew {
				left++
				continue
			}
			fresh++
			e.Print = print
			v.takeItem(e, item)
		}
		current = append(current, e)
	}
	if left > 0 {
		v.report.AddNote("%s: %d items are left for the next time", weburl.Redacted(v.row.ID), left)
	}
	v.state.Arrange(current)
	return fresh > 0, left == 0
}

// takeItem makes a document of an item that is new or another, or has its page read.
func (v *visit) takeItem(e *feedstate.Entry, item feed.Item) {
	*e = feedstate.Entry{Key: e.Key, Print: e.Print, Since: e.Since, Read: e.Read}
	if e.Since == 0 {
		e.Since = v.began.Unix()
		if start := item.Published.Start(); item.Published.Precision() >= corpus.Day && start.Before(v.began) {
			e.Since = start.Unix()
		}
	}
	text := ownText(item)
	switch {
	case text != "":
		if item.Summary == text { // the same words as text and summary mean that there is more
			item.Summary = ""
		}
		v.keep(e.Key, feedstate.MetadataOf(item).Document(item.URL, text, v.row.Title))
		v.lookAfter(e, item.URL)
	case hasPage(item.URL):
		e.Page, e.Said, e.Due = item.URL, feedstate.MetadataOf(item), v.began.Unix()
	default:
		v.report.Empty++
	}
}

// hasPage reports whether the address of an item leads to a page and can be kept.
func hasPage(address string) bool { return address != "" && len(address) <= library.MaxName }

// keep has a document kept at the end of the visit.
func (v *visit) keep(key string, d corpus.Document) {
	v.items = append(v.items, library.Item{Document: d, Key: key, Origin: v.row.Origin()})
	v.bytes += len(d.Text)
}

// withdraw has a document withdrawn at the end of the visit.
func (v *visit) withdraw(key, why string) {
	v.items = append(v.items, library.Item{Key: key, Gone: feedstate.Clip(why), Origin: v.row.Origin()})
}

// hostPause is for how long a host is left alone that is too busy or does not answer.
const hostPause = 5 * time.Minute

// pause leaves a host alone that asks for it or does not answer.
func (v *visit) pause(address string, e *fetch.Error) {
	busy := e.Status == http.StatusTooManyRequests || e.Status == http.StatusServiceUnavailable
	if busy || e.RetryAfter > 0 || e.Kind == fetch.Timeout || e.Kind == fetch.Unreachable {
		now := v.opts.Now()
		v.pauses.set(hostOf(address), now.Add(max(hostPause, e.RetryAfter)), now)
	}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// batch is how many documents are kept in one transaction.
const batch = 250

// finish keeps what came of the visit, and when to come back. What is too much for one
// transaction is kept before, which does no harm if the visit is repeated.
func (v *visit) finish(ctx context.Context) error {
	for len(v.items) > batch {
		if _, err := v.opts.Library.RenewClaim(ctx, v.claim, v.opts.Lease); err != nil {
			return err
		}
		outcomes, err := v.opts.Library.Put(ctx, v.items[:batch])
		if err != nil {
			return err
		}
		v.report.Count(outcomes)
		v.items = v.items[batch:]
	}
	state, left, err := v.state.Encode()
	if err != nil {
		return err
	}
	if left > 0 {
		v.row.ETag, v.row.LastModified = "", ""
		v.report.AddNote("%s: %d items are left for the next time", weburl.Redacted(v.row.ID), left)
	}
	v.row.State = state
	outcomes, err := v.opts.Library.FinishFeed(ctx, v.claim, v.row, v.items)
	v.report.Count(outcomes)
	return err
}
