// Package ingest brings the outside into the library: feeds and the articles that they
// lead to, single pages, files and folders, lists of feeds and exports of a library. It
// finds out what it is given, keeps what is followed up to date, and tells of everything
// what became of it. It makes no index, and what an article or a feed says is read by the
// packages article and feed.
//
// # What becomes the text of a document
//
// A document is in its source's own words. Where a feed carries the whole text of an item,
// that is the text; else the page that the item links to is asked for, and what is read on
// it is the text. A feed's summary is the text in two cases only: where the item links to
// no page, since then it is all that there is (RSS 2.0 calls it complete in itself); and
// where the page is closed to us (by robots.txt, a login, a payment) or has no text, if the
// summary is of whole sentences. In the second case the document has the same words as its
// summary too, so that nobody takes them for the whole article, and the page is tried
// again. An item without any text becomes no document.
//
// # What happens when
//
// A feed is fetched as schedule.Policy says. A page of which the text was read is asked again,
// with a conditional request, at an age of one and six hours, one, three, seven and thirty
// days, and at once when its entry in the feed is another. A page that cannot be had is tried
// again ever more slowly; after ten times in more than a week it is given up, and told by
// Doctor. A page that is gone (410, or 404 three times) has its document withdrawn by its
// source. A feed that shrinks withdraws nothing.
//
// A text that comes from the feed is followed in the feed. Its page is only looked for, as
// robots.txt and the host's turn allow: at an age of one hour, one, three, seven and thirty
// days. If it is gone (410, or 404 three times over three days where it was there before),
// the text is withdrawn by its source, and comes back with its page. What the page says is
// not compared: a notice in the place of the article that answers 200 is not noticed.
//
// What is still to be done for a feed stands in its row in the library, and changes in one
// transaction with the documents. A process that is killed loses what it has fetched since
// its last one; it is fetched again when the lease of its claim has run out.
//
// # Secrets
//
// An address with a name and a password is refused. A query may hold a token: what is
// logged or told has scheme, host and path alone, and the address of a document, which is
// cited, is without the parameters that are known to be secrets. The library keeps
// addresses as they were given, as it must to fetch them, and so does its export, unless it
// is to be shared: HoldsSecret tells which addresses are left out then.
package ingest

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"parley/corpus/fetch"
	"parley/corpus/files"
	"parley/corpus/ingest/paths"
	"parley/corpus/ingest/report"
	"parley/corpus/library"
	"parley/corpus/schedule"
)

// Getter gets addresses: a *fetch.Client.
type Getter interface {
	Get(ctx context.Context, r fetch.Request) (fetch.Response, error)
}

// Options configure an Ingester. Library, Client and Log must be set; the zero value
// of each other field is a default.
type Options struct {
	Library *library.Library
	// Client keeps to one request a host at a time, with a pause between two.
	Client Getter
	Reader files.Reader
	Now    func() time.Time // time.Now
	Log    *slog.Logger
	// Feeds is how often a feed is fetched, Pages a page that was added by itself.
	Feeds, Pages schedule.Policy
	// Workers is how many feeds are worked on at the same time; 8.
	Workers int
	// Lease is how long a feed is held without a sign of life; 1 minute, at least 1 second.
	Lease time.Duration
	// Poll is how often Watch looks for feeds that others have added; 5 seconds.
	Poll time.Duration
	// MaxNew is how many articles of a feed are taken up at one fetch of it; 1,000. The
	// others are when it is next fetched.
	MaxNew int
	// MaxPages is how many pages are read before what they gave is kept, 100, and MaxTime
	// how long that may take, 2 seconds: what was read is to be answered soon.
	MaxPages int
	MaxTime  time.Duration
	// MaxRound is how many pages of one feed are read in one Sync; 2,000.
	MaxRound int
	// Progress is told how much is done of how much, and what is done next. total may grow.
	// It is called by one goroutine at a time. May be nil.
	Progress func(done, total int, what string)
}

// Ingester brings documents into one library. It is safe for use by several goroutines.
type Ingester struct {
	opts     Options
	progress *report.Progress
	paths    *paths.Importer
	pauses   pauses
}

// New makes an Ingester.
func New(o Options) (*Ingester, error) {
	if o.Library == nil || o.Client == nil || o.Log == nil {
		return nil, errors.New("ingest.New: there must be a library, a client and a logger")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Feeds = cmp.Or(o.Feeds, schedule.DefaultPolicy())
	o.Pages = cmp.Or(o.Pages, schedule.Policy{
		Min: time.Hour, Max: 7 * 24 * time.Hour, First: 6 * time.Hour, MaxFailures: 10, MaxFailing: 30 * 24 * time.Hour,
	})
	o.Workers = cmp.Or(o.Workers, 8)
	o.Lease = cmp.Or(o.Lease, time.Minute)
	o.Poll = cmp.Or(o.Poll, 5*time.Second)
	o.MaxNew = cmp.Or(o.MaxNew, 1000)
	o.MaxPages = cmp.Or(o.MaxPages, 100)
	o.MaxTime = cmp.Or(o.MaxTime, 2*time.Second)
	o.MaxRound = cmp.Or(o.MaxRound, 2000)
	progress := &report.Progress{Tell: o.Progress}
	return &Ingester{
		opts: o, progress: progress, pauses: pauses{until: map[string]time.Time{}},
		paths: &paths.Importer{Library: o.Library, Reader: o.Reader, Progress: progress},
	}, nil
}

// pauses are hosts that want to be left alone for a while, or do not answer.
type pauses struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// set has a host left alone until then, at least.
func (p *pauses) set(host string, until, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for h, t := range p.until {
		if !t.After(now) {
			delete(p.until, h)
		}
	}
	if until.After(p.until[host]) {
		p.until[host] = until
	}
}

// of is until when a host is to be left alone.
func (p *pauses) of(host string) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until[host]
}
