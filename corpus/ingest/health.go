package ingest

import (
	"context"
	"time"

	"parley/corpus/ingest/feedstate"
	"parley/corpus/library"
	"parley/corpus/weburl"
)

// Health is how a feed or a page is doing.
type Health struct {
	ID      string    `json:"id"`      // by which it is removed or synced; may hold secrets
	Address string    `json:"address"` // where it is asked now, without secrets
	Title   string    `json:"title"`
	Kind    string    `json:"kind"` // "page", or the format of the feed; empty before its first answer
	State   Condition `json:"state"`
	// Reason says why it fails or is no longer asked, in words.
	Reason string `json:"reason,omitempty"`
	// Failures counts those in a row.
	Failures int `json:"failures,omitempty"`
	// Answered is when it last gave what it should, Next when it or one of its articles is
	// asked next; zero for never.
	Answered  time.Time `json:"answered,omitzero"`
	Next      time.Time `json:"next,omitzero"`
	Documents int       `json:"documents"` // that are current
	Waiting   int       `json:"waiting"`   // articles whose page was not read yet and does not fail
	// Articles are those whose page cannot be had.
	Articles []ArticleHealth `json:"articles,omitempty"`
}

// Condition is the state of a feed in a word.
type Condition string

// The conditions of a feed.
const (
	Unasked   Condition = "new" // never asked, or never with success
	Well      Condition = "well"
	Failing   Condition = "failing"   // and tried again
	Suspended Condition = "suspended" // no longer asked
)

// ArticleHealth is an article whose page cannot be had.
type ArticleHealth struct {
	Address  string    `json:"address"` // without secrets
	Title    string    `json:"title,omitempty"`
	Reason   string    `json:"reason"`
	Failures int       `json:"failures"`
	Next     time.Time `json:"next,omitzero"` // zero: it is given up
}

// Doctor tells how each feed and page is doing, in the order of their ids.
func (g *Ingester) Doctor(ctx context.Context) ([]Health, error) {
	feeds, err := g.opts.Library.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Health, len(feeds))
	for i, f := range feeds {
		all[i] = healthOf(f)
	}
	return all, nil
}

func healthOf(f library.Feed) Health {
	m := feedstate.Load(f)
	h := Health{
		ID: f.ID, Address: weburl.Redacted(f.Address), Title: f.Title, Kind: f.Kind, State: Well, Reason: f.LastError,
		Failures: f.Failures, Answered: m.Answered, Next: f.NextDue, Documents: f.Documents,
	}
	switch {
	case f.Suspended != "":
		h.State, h.Reason, h.Next = Suspended, f.Suspended, time.Time{}
	case f.Failures > 0:
		h.State = Failing
	case m.Answered.IsZero():
		h.State = Unasked
	}
	for _, e := range m.Entries {
		switch {
		case e.Error != "":
			h.Articles = append(h.Articles, ArticleHealth{
				Address: weburl.Redacted(e.Page), Title: e.Metadata().Title, Reason: e.Error, Failures: e.Failures,
			})
			if e.Due != 0 {
				h.Articles[len(h.Articles)-1].Next = time.Unix(e.Due, 0).UTC()
			}
		case e.Waits():
			h.Waiting++
		}
	}
	return h
}
