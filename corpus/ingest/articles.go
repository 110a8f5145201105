package ingest

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"time"

	"parley/corpus/article"
	"parley/corpus/fetch"
	"parley/corpus/ingest/feedstate"
	"parley/corpus/weburl"
)

// maxBytes is how much text of pages is gathered before it is kept.
const maxBytes = 32 << 20

// readArticles reads the pages that are due, one after the other, until there are enough of
// them, or ctx ends.
func (v *visit) readArticles(ctx context.Context) {
	due := v.state.DueBy(v.began)
	v.progress.Expect(min(len(due), v.opts.MaxPages))
	for n, e := range due {
		now := v.opts.Now()
		if n == v.opts.MaxPages || v.bytes > maxBytes || now.Sub(v.began) > v.opts.MaxTime {
			return
		}
		if until := v.pauses.of(hostOf(e.Page)); until.After(now) {
			e.Due = until.Unix() + 1
			continue
		}
		v.progress.Step(1, weburl.Redacted(e.Page))
		inTime, cancel := ctx, func() {}
		if len(v.items) > 0 { // they do not wait for a slow server: its page is left for the next visit
			inTime, cancel = context.WithTimeout(ctx, v.opts.MaxTime)
		}
		err := v.readArticle(inTime, e)
		cancel()
		if err != nil {
			return // it is still due
		}
	}
}

// readArticle asks for the page of an entry and notes what follows. The error is that of
// ctx, or of the library.
func (v *visit) readArticle(ctx context.Context, e *feedstate.Entry) error {
	resp, failed, err := v.get(ctx, fetch.Request{URL: e.Page, ETag: e.ETag, LastModified: e.LastModified, Page: true})
	if err != nil {
		return err
	}
	asked, err := url.Parse(e.Page)
	answered, err2 := url.Parse(resp.URL)
	if failed == nil && err == nil && err2 == nil && isFront(answered) && !isFront(asked) {
		// sites send those there who ask for what is gone
		failed = &fetch.Error{Kind: fetch.Status, URL: weburl.Redacted(e.Page), Status: http.StatusNotFound}
	}
	if failed != nil {
		v.pause(e.Page, failed)
		v.miss(e, failed)
		return nil
	}
	switch {
	case e.TextInFeed:
		if err := v.bringBack(ctx, e); err != nil {
			return err
		}
		e.Read = true
	case !resp.NotModified:
		d, err := article.Extract(resp.Body, resp.ContentType, resp.URL)
		if err != nil {
			v.unread(e, err)
			return nil
		}
		e.Read = true
		v.keep(e.Key, e.Metadata().Complete(d, v.row.Title))
	}
	e.ETag, e.LastModified = feedstate.Validator(resp.ETag), feedstate.Validator(resp.LastModified)
	e.Failures, e.Failing, e.Missing, e.Error = 0, 0, 0, ""
	v.checkAgain(e)
	return nil
}

// isFront reports whether an address is that of the front page of a site.
func isFront(u *url.URL) bool { return (u.Path == "" || u.Path == "/") && u.RawQuery == "" }

// checkAges are the ages of an article at which its page is asked again: most corrections
// come early.
var checkAges = []time.Duration{
	time.Hour, 6 * time.Hour, 24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour,
}

// checkAgain notes when to ask for the page of an article again. An age that it has almost
// reached, since it was first read late, is passed over.
func (v *visit) checkAgain(e *feedstate.Entry) {
	now, ages := v.opts.Now(), checkAges
	if e.TextInFeed {
		ages = lookAges
	}
	for _, age := range ages {
		if t := time.Unix(e.Since, 0).Add(age); t.After(now.Add(age / 4)) {
			e.Due = t.Unix()
			return
		}
	}
	e.Settle()
}

// miss notes that a page did not answer well.
func (v *visit) miss(e *feedstate.Entry, f *fetch.Error) {
	if e.TextInFeed {
		v.missFeedTextPage(e, f)
		return
	}
	if f.Status == http.StatusNotFound {
		e.Missing++
	}
	if why := goneWhy(f, e.Missing); why != "" {
		v.withdraw(e.Key, why)
		e.ETag, e.LastModified = "", "" // it must not come back as "not modified"
		v.fail(e, f.Error())
		if f.Kind == fetch.Gone {
			e.Settle()
			return
		}
		v.checkAgain(e) // it may come back
		return
	}
	if closed(f) {
		v.unread(e, f)
		return
	}
	v.fail(e, f.Error())
	v.later(e, firstRetry, f.RetryAfter)
}

// closed reports whether an answer means that the page is there, but not for us.
func closed(f *fetch.Error) bool {
	switch f.Status {
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		return true
	}
	return f.Kind == fetch.Robots || f.Kind == fetch.TooLarge
}

// unread notes that a page is closed to us, or has no text. The feed's summary stands in
// for one that was never read.
func (v *visit) unread(e *feedstate.Entry, why error) {
	if s := e.Metadata(); !e.Read && endsAsSentence(s.Summary) {
		v.keep(e.Key, s.Document(e.Page, s.Summary, v.row.Title))
	}
	v.fail(e, why.Error())
	v.later(e, closedRetry, 0)
}

func (v *visit) fail(e *feedstate.Entry, why string) {
	if e.Failures == 0 {
		e.Failing = v.opts.Now().Unix()
		v.report.AddProblem(weburl.Redacted(e.Page), why)
	}
	e.Failures++
	e.Error = feedstate.Clip(why)
}

// How a page that cannot be had is tried again: first after firstRetry, one that is closed
// after closedRetry, then ever later up to lastRetry; and when it is given up.
const (
	firstRetry  = 15 * time.Minute
	closedRetry = 12 * time.Hour
	lastRetry   = 2 * 24 * time.Hour
	maxFailures = 10
	maxFailing  = 7 * 24 * time.Hour
)

// later notes when to try again, or that it is given up.
func (v *visit) later(e *feedstate.Entry, first, asked time.Duration) {
	now := v.opts.Now()
	if e.Failures >= maxFailures && now.Sub(time.Unix(e.Failing, 0)) > maxFailing {
		v.report.AddProblem(weburl.Redacted(e.Page), "the page is given up: "+e.Error)
		e.Settle()
		return
	}
	e.Due = now.Add(max(backoff(e.Failures, first, lastRetry), asked)).Unix()
}

// backoff doubles with each failure in a row, from first to most.
func backoff(failures int, first, most time.Duration) time.Duration {
	if wait := float64(first) * math.Pow(2, float64(failures-1)); wait < float64(most) {
		return time.Duration(wait)
	}
	return most
}
