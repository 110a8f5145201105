package ingest

import (
	"context"
	"errors"
	"net/http"
	"time"

	"parley/corpus/fetch"
	"parley/corpus/ingest/feedstate"
	"parley/corpus/library"
)

// lookAges are the ages of a text that the feed has carried itself at which its page is
// looked for: first soon, to know that there is one, then ever more seldom.
var lookAges = []time.Duration{time.Hour, 24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour}

// lookAfter has the page of a text that the feed carries looked for while the text is young.
func (v *visit) lookAfter(e *feedstate.Entry, page string) {
	if !hasPage(page) {
		return
	}
	e.Whole = true
	if v.checkAgain(e); e.Due != 0 {
		e.Page = page
	}
}

// missWhole notes that the page of a text that the feed has carried did not answer well.
// Nothing follows for the text, unless the page is gone.
func (v *visit) missWhole(e *feedstate.Entry, f *fetch.Error) {
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
