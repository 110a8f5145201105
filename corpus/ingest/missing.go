package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"parley/corpus/article"
	"parley/corpus/fetch"
	"parley/corpus/ingest/feedstate"
	"parley/corpus/library"
	"parley/corpus/schedule"
)

// lookAges are the ages of a text that the feed has carried itself at which its page is
// looked for: first soon, to know that there is one, then ever more seldom.
var lookAges = []time.Duration{time.Hour, 24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour}

// lookAfter has the page of a text that the feed carries looked for while the text is young.
func (v *visit) lookAfter(e *feedstate.Entry, page string) {
	if !hasPage(page) {
		return
	}
	e.TextInFeed = true
	if v.checkAgain(e); e.Due != 0 {
		e.Page = page
	}
}

// missFeedTextPage notes that the page of a text that the feed has carried did not answer well.
// Nothing follows for the text, unless the page is gone.
func (v *visit) missFeedTextPage(e *feedstate.Entry, f *fetch.Error) {
	switch {
	case f.Kind == fetch.Gone:
		v.withdraw(e.Key, goneWhy(f, 0))
		e.Settle()
	case f.Status == http.StatusNotFound:
		v.lose(e, f)
	case closed(f): // there, but not for us
		e.Settle()
	default:
		v.checkAgain(e)
	}
}

// missingRetry is how long after a page was not found it is looked for again, and then
// twice as long: the text is here, so nothing is in a hurry.
const missingRetry = 24 * time.Hour

// lose notes that a page was not found. A text is withdrawn only if its page has been there:
// the links of a feed may lead nowhere.
func (v *visit) lose(e *feedstate.Entry, f *fetch.Error) {
	e.Missing++
	why := goneWhy(f, e.Missing)
	switch {
	case why == "":
		e.Due = v.opts.Now().Add(max(backoff(e.Missing, missingRetry, lastRetry), f.RetryAfter)).Unix()
	case e.Read:
		v.withdraw(e.Key, why)
		v.checkAgain(e) // it may come back
	default:
		e.Settle()
	}
}

// bringBack has a text kept again that was withdrawn since its page was not found. The error
// is that of the library.
func (v *visit) bringBack(ctx context.Context, e *feedstate.Entry) error {
	if e.Missing < missingTimes {
		return nil
	}
	had, err := v.opts.Library.Find(ctx, v.row.Origin(), e.Key)
	if errors.Is(err, library.ErrNotFound) {
		return nil
	}
	if err == nil && had.Withdrawal.By == library.BySource {
		v.keep(e.Key, had.Document)
	}
	return err
}

// takePage reads a page that is followed by itself.
func (v *visit) takePage(resp fetch.Response) schedule.Outcome {
	d, err := article.Extract(resp.Body, resp.ContentType, resp.URL)
	if err != nil {
		return schedule.Outcome{Result: schedule.Failed, Error: err.Error()}
	}
	if d.Title != "" {
		v.row.Title = feedstate.Clip(d.Title)
	}
	o := schedule.Outcome{Moved: resp.Moved, ETag: resp.ETag, LastModified: resp.LastModified}
	print := feedstate.Digest(d.Title, d.Text)
	if len(v.state.Entries) == 0 || v.state.Entries[0].Print != print {
		o.Result = schedule.Changed
	}
	v.state.Entries = []*feedstate.Entry{{Key: v.row.ID, Print: print}}
	v.keep(v.row.ID, feedstate.Metadata{}.Complete(d, ""))
	return o
}

// missPage withdraws the document of a page that is gone.
func (v *visit) missPage(e *fetch.Error) {
	if e.Status == http.StatusNotFound {
		v.state.Missing++
	}
	if why := goneWhy(e, v.state.Missing); why != "" {
		v.withdraw(v.row.ID, why)
		v.row.ETag, v.row.LastModified = "", "" // it must not come back as "not modified"
	}
}

// missingTimes is how often in a row a page is not found before it counts as gone: sites
// lose their pages for an hour when they are rebuilt.
const missingTimes = 3

// goneWhy says why a page is gone, empty if it is not.
func goneWhy(e *fetch.Error, missing int) string {
	switch {
	case e.Kind == fetch.Gone:
		return "its page is gone (410)"
	case missing >= missingTimes:
		return fmt.Sprintf("its page was not found (404), %d times in a row", missing)
	}
	return ""
}
