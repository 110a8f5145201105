package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/corpus/ingest"
	"parley/corpus/ingest/report"
	"parley/corpus/weburl"
)

type corpusAddCmd struct {
	JSON bool     `name:"json" help:"Print a line of JSON for each."`
	What []string `arg:"" help:"Addresses of feeds, pages or OPML; files and folders of documents; OPML files; exports."`
}

// Run adds one after the other. What is refused is said and does not keep the rest out.
func (c corpusAddCmd) Run(ctx context.Context, p *process, a *app.App) error {
	return a.WithFeeds(ctx, "Adding documents", func(in *ingest.Ingester) error {
		return eachID(c.What, func(what string) error {
			added, err := in.Add(ctx, what)
			if err != nil {
				return err
			}
			if c.JSON {
				added.Report = withLists(added.Report)
				return errors.Join(writeJSON(p.stdout, added), fault(added.Report))
			}
			writeAdded(p.stdout, what, added)
			a.NotifyOf(added.Report)
			return fault(added.Report)
		})
	})
}

// withLists makes the lists of a report empty instead of null.
func withLists(r report.Report) report.Report {
	r.Problems = append([]report.Problem{}, r.Problems...)
	r.Notes = append([]string{}, r.Notes...)
	return r
}

// fault is an error where something was refused, so that a script notices.
func fault(r report.Report) error {
	if n := len(r.Problems) + r.Untold; n > 0 {
		return fmt.Errorf("%s; what else was there is in the library", app.Problems(n))
	}
	return nil
}

func writeAdded(w io.Writer, what string, added ingest.Added) {
	if isWeb(what) {
		what = weburl.Redacted(what)
	}
	fmt.Fprintf(w, "%s, a %s: %v.\n", what, nameOf(added.Kind), added.Report)
	for _, f := range added.Followed {
		state := "was followed before"
		if f.New {
			state = "is followed from now on"
		}
		fmt.Fprintf(w, "  %s %s.\n", cmp.Or(f.Title, weburl.Redacted(f.ID)), state)
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

type corpusSyncCmd struct {
	Watch  bool     `help:"Go on until interrupted, fetching what comes due."`
	All    bool     `help:"Fetch those too that are not due yet."`
	Strict bool     `help:"Exit with 1 if any feed or page could not be got, and not only if none could."`
	JSON   bool     `name:"json" help:"Print what became of it as JSON."`
	Feeds  []string `arg:"" optional:"" name:"feed" help:"Only these, by their addresses, due or not."`
}

func (c corpusSyncCmd) Run(ctx context.Context, p *process, a *app.App) error {
	if c.Watch && (c.All || c.Strict || len(c.Feeds) > 0) {
		return usageError{errors.New("--watch fetches whatever comes due, until interrupted; leave --all, --strict and addresses out")}
	}
	return a.WithFeeds(ctx, "Fetching", func(in *ingest.Ingester) error {
		if !c.Watch {
			report, err := in.Sync(ctx, ingest.Choice{All: c.All, Only: c.Feeds})
			return errors.Join(c.tell(p, a, report), err, c.verdict(report))
		}
		var failed error
		err := in.Watch(ctx, func(r report.Report) {
			if r.Changed() > 0 || len(r.Problems) > 0 {
				failed = errors.Join(failed, c.tell(p, a, r))
			}
		})
		return errors.Join(err, failed)
	})
}

func (c corpusSyncCmd) tell(p *process, a *app.App, r report.Report) error {
	if c.JSON {
		return writeJSON(p.stdout, withLists(r))
	}
	asked := fmt.Sprintf("%d asked", r.Sources)
	if r.Failed > 0 {
		asked += fmt.Sprintf(", %d failed", r.Failed)
	}
	_, err := fmt.Fprintf(p.stdout, "%s  %s: %v.\n", p.now().Format(time.RFC3339), asked, r)
	a.NotifyOf(r)
	if r.Claimed > 0 {
		p.notify("left to another process, which is at them or was when it was killed: %d; all can be asked from %s on",
			r.Claimed, r.ClaimedUntil.Local().Format(time.RFC3339))
	}
	return err
}

// verdict is an error where nothing could be got, as without a network, so that a scheduler
// notices. Single feeds fail now and then, and are asked again: of these only Strict tells.
func (c corpusSyncCmd) verdict(r report.Report) error {
	if r.Failed == 0 || r.Failed < r.Sources && !c.Strict {
		return nil
	}
	return fmt.Errorf("%d of %d feeds and pages could not be got; parley corpus doctor says what to do", r.Failed, r.Sources)
}
