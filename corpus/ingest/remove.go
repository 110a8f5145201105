package ingest

import (
	"context"
	"errors"

	"parley/corpus/ingest/feedstate"
	"parley/corpus/ingest/report"
	"parley/corpus/library"
)

// Remove takes back what was added. A feed is no longer followed; what it gave stays, since
// it was published. A page is no longer followed and its document no longer quoted, and
// neither are the documents of a file or a folder; all these come back when they are added
// again. A single document, by its id, stays removed until it is restored or added by its
// own name. The error of what is none of these is library.ErrNotFound.
func (g *Ingester) Remove(ctx context.Context, what, reason string) (report.Report, error) {
	for _, remove := range []func(context.Context, string, string) (report.Report, error){
		g.removeFollowed, g.removeDocument,
		func(ctx context.Context, what, reason string) (report.Report, error) {
			return g.paths.Remove(ctx, what, gone(reason))
		},
	} {
		r, err := remove(ctx, what, reason)
		if !errors.Is(err, library.ErrNotFound) {
			return r, err
		}
	}
	return report.Report{}, refusal(what, library.ErrNotFound)
}

func (g *Ingester) removeFollowed(ctx context.Context, what, reason string) (r report.Report, err error) {
	f, err := g.opts.Library.Feed(ctx, what)
	if err != nil {
		return r, err
	}
	if err := g.opts.Library.RemoveFeed(ctx, f.ID); err != nil {
		return r, err
	}
	if f.Kind != library.KindPage {
		r.AddNote("%d documents of the feed stay in the record", f.Documents)
		return r, nil
	}
	outcomes, err := g.opts.Library.Put(ctx, []library.Item{{Origin: f.Origin(), Key: f.ID, Gone: gone(reason)}})
	r.Count(outcomes)
	return r, err
}

func gone(reason string) string {
	if reason == "" {
		return "the operator has removed where it came from"
	}
	return feedstate.Clip(reason)
}

func (g *Ingester) removeDocument(ctx context.Context, what, reason string) (r report.Report, err error) {
	e, err := g.opts.Library.Get(ctx, what)
	if err != nil {
		return r, err
	}
	if err := g.opts.Library.Withdraw(ctx, e.ID, library.ByOperator, feedstate.Clip(reason)); err != nil {
		return r, err
	}
	return report.Report{Withdrawn: 1}, nil
}
