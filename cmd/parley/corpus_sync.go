package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"parley/corpus/fetch"
	"parley/corpus/ingest"
)

type corpusAddCmd struct {
	JSON bool     `name:"json" help:"Print a line of JSON for each."`
	What []string `arg:"" help:"Addresses of feeds, pages or OPML; files and folders of documents; OPML files; exports."`
}

// Run adds one after the other. What is refused is said and does not keep the rest out.
func (c corpusAddCmd) Run(ctx context.Context, a *app) error {
	return a.ingesting(ctx, "Adding documents", func(_ *shelf, in *ingest.Ingester) error {
		return eachID(c.What, func(what string) error {
			added, err := in.Add(ctx, what)
			if err != nil {
				return err
			}
			if c.JSON {
				added.Report = withLists(added.Report)
				return errors.Join(writeJSON(a.stdout, added), a.fault(added.Report))
			}
			writeAdded(a.stdout, what, added)
			a.complainAbout(added.Report)
			return a.fault(added.Report)
		})
	})
}

// withLists makes the lists of a report empty instead of null.
func withLists(r ingest.Report) ingest.Report {
	r.Problems = append([]ingest.Problem{}, r.Problems...)
	r.Notes = append([]string{}, r.Notes...)
	return r
}

// fault is an error where something was refused, so that a script notices.
func (a *app) fault(r ingest.Report) error {
	if n := len(r.Problems) + r.Untold; n > 0 {
		return fmt.Errorf("%s; what else was there is in the library", problems(n))
	}
	return nil
}

func writeAdded(w io.Writer, what string, added ingest.Added) {
	if isWeb(what) {
		what = fetch.Redacted(what)
	}
	fmt.Fprintf(w, "%s, a %s: %v.\n", what, nameOf(added.Kind), added.Report)
	for _, f := range added.Followed {
		state := "was followed before"
		if f.New {
			state = "is followed from now on"
		}
		fmt.Fprintf(w, "  %s %s.\n", cmp.Or(f.Title, fetch.Redacted(f.ID)), state)
	}
	if added.Kind == ingest.KindOPML || added.Waiting > 0 {
		fmt.Fprintf(w, "  parley corpus sync reads what is waiting; so does parley serve, now and then.\n")
	}
	for _, o := range added.Offers {
		fmt.Fprintf(w, "  It offers the feed %s; parley corpus add follows it.\n", o.Address)
	}
	for _, note := range added.Notes {
		fmt.Fprintf(w, "  %s.\n", note)
	}
}

func nameOf(k ingest.Kind) string {
	switch k {
	case ingest.KindOPML:
		return "list of feeds"
	case ingest.KindExport:
		return "library that was exported"
	}
	return string(k)
}

// ingesting brings documents in with a bar or lines that tell how far it is.
func (a *app) ingesting(ctx context.Context, what string, do func(*shelf, *ingest.Ingester) error) error {
	return a.withShelf(ctx, func(c Config, s *shelf) error {
		shown := a.progress(what)
		defer shown.done()
		in, close, err := a.ingester(c, s, shown.step)
		if err != nil {
			return err
		}
		defer close()
		if err := follows(ctx, s.Library, c.Sync.Feeds); err != nil {
			return err
		}
		return do(s, in)
	})
}

type corpusSyncCmd struct {
	Watch bool     `help:"Go on until interrupted, fetching what comes due."`
	All   bool     `help:"Fetch those too that are not due yet."`
	JSON  bool     `name:"json" help:"Print what became of it as JSON."`
	Feeds []string `arg:"" optional:"" name:"feed" help:"Only these, by their addresses, due or not."`
}

// Run fetches.
func (c corpusSyncCmd) Run(ctx context.Context, a *app) error {
	if c.Watch && (c.All || len(c.Feeds) > 0) {
		return usageError{errors.New("--watch fetches whatever comes due; leave --all and addresses out")}
	}
	return a.ingesting(ctx, "Fetching", func(_ *shelf, in *ingest.Ingester) error {
		tell := func(r ingest.Report) error {
			if c.JSON {
				return writeJSON(a.stdout, withLists(r))
			}
			_, err := fmt.Fprintf(a.stdout, "%s  %d asked: %v.\n", a.now().Format(time.RFC3339), r.Sources, r)
			a.complainAbout(r)
			return err
		}
		if !c.Watch {
			report, err := in.Sync(ctx, ingest.Choice{All: c.All, Only: c.Feeds})
			return errors.Join(tell(report), err)
		}
		var failed error
		err := in.Watch(ctx, func(r ingest.Report) {
			if r.Changed() > 0 || len(r.Problems) > 0 {
				failed = errors.Join(failed, tell(r))
			}
		})
		return errors.Join(err, failed)
	})
}
