package ingest

import (
	"fmt"
	"net/http"

	"parley/corpus/article"
	"parley/corpus/fetch"
	"parley/corpus/ingest/feedstate"
	"parley/corpus/schedule"
)

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
