package main

import (
	"context"
	"errors"
	"fmt"

	"parley/cmd/parley/internal/app"
	"parley/corpus/ingest"
	"parley/corpus/library"
	"parley/corpus/weburl"
)

type corpusRemoveCmd struct {
	Reason    string   `default:"removed by the operator" placeholder:"TEXT" help:"Kept with the documents, for you and other operators; nobody else sees it."`
	Documents bool     `help:"With a feed, have its documents no longer quoted, too."`
	What      []string `arg:"" help:"Ids of documents, addresses of feeds and pages, files and folders that were added."`
}

// Run removes one after the other. A document stays in the library, so that citations of it
// can be resolved, but is quoted no more.
func (c corpusRemoveCmd) Run(ctx context.Context, p *process, a *app.App) error {
	return a.WithLibrary(ctx, func(lib *library.Library) error {
		return a.Ingest(lib, "Removing documents", func(in *ingest.Ingester) error {
			return eachID(c.What, func(what string) error { return c.remove(ctx, p, lib, in, what) })
		})
	})
}

// eachID does something with every id, also where it fails with some.
func eachID(ids []string, do func(id string) error) error {
	var problems []error
	for _, id := range ids {
		problems = append(problems, do(id))
	}
	return errors.Join(problems...)
}

func (c corpusRemoveCmd) remove(ctx context.Context, p *process, lib *library.Library, in *ingest.Ingester,
	what string) error {
	report, err := in.Remove(ctx, what, c.Reason)
	if err != nil {
		return unknown(what, err)
	}
	name := what
	if isWeb(what) {
		name = weburl.Redacted(what)
		if c.Documents {
			all := library.Query{Origin: library.Feed{ID: what}.Origin()}
			report.Withdrawn, _, err = eachListed(ctx, lib, all, 0, func(e library.Entry) error {
				return lib.Withdraw(ctx, e.ID, library.ByOperator, c.Reason)
			})
			report.Notes = nil
		}
	}
	said := name + " was removed"
	if report.Changed() > 0 {
		said += ": " + report.String()
	}
	fmt.Fprintln(p.stdout, said+".")
	for _, note := range report.Notes {
		fmt.Fprintf(p.stdout, "  %s.\n", note)
	}
	if isWeb(what) {
		fmt.Fprintln(p.stdout, "  parley corpus restore follows it again, or parley corpus add where it gave no document.")
	}
	return errors.Join(err, fault(report))
}

type corpusRestoreCmd struct {
	Documents bool     `help:"With a feed, have its documents that were removed quoted again, too."`
	IDs       []string `arg:"" name:"id" help:"Ids of documents, or addresses of feeds and pages."`
}

// Run brings back documents, feeds and pages that were removed or given up.
func (c corpusRestoreCmd) Run(ctx context.Context, p *process, a *app.App) error {
	return a.WithLibrary(ctx, func(lib *library.Library) error {
		return eachID(c.IDs, func(id string) error { return c.restore(ctx, p, lib, id) })
	})
}

func (c corpusRestoreCmd) restore(ctx context.Context, p *process, lib *library.Library, id string) error {
	err := lib.ResumeFeed(ctx, id)
	if errors.Is(err, library.ErrNotFound) {
		if err = lib.Restore(ctx, id); err == nil {
			fmt.Fprintf(p.stdout, "%s is quoted again.\n", id)
			return nil
		}
	}
	if errors.Is(err, library.ErrNotFound) {
		err = followAgain(ctx, lib, id)
	}
	if err != nil {
		return unknown(id, err)
	}
	fmt.Fprintf(p.stdout, "%s is fetched again.\n", weburl.Redacted(id))
	if !c.Documents {
		return nil
	}
	removed, n := library.Query{Origin: library.Feed{ID: id}.Origin(), Withdrawn: true}, 0
	_, _, err = eachListed(ctx, lib, removed, 0, func(e library.Entry) error {
		if e.Withdrawal.By != library.ByOperator {
			return nil // the source has taken it back
		}
		n++
		return lib.Restore(ctx, e.ID)
	})
	if err == nil {
		fmt.Fprintf(p.stdout, "  Documents that are quoted again: %d.\n", n)
	}
	return err
}

// followAgain follows a feed or a page that was removed. That it was there its documents
// tell; without any it is library.ErrNotFound.
func followAgain(ctx context.Context, lib *library.Library, address string) error {
	feed := library.Feed{ID: address, Address: address}
	page := feed
	page.Kind = library.KindPage
	for _, f := range []library.Feed{feed, page} {
		for _, withdrawn := range []bool{false, true} {
			known, _, err := lib.List(ctx, library.Query{Origin: f.Origin(), Withdrawn: withdrawn, Limit: 1})
			if err != nil {
				return err
			}
			if len(known) > 0 {
				_, _, err := lib.AddFeed(ctx, f)
				return err
			}
		}
	}
	return library.ErrNotFound
}

// unknown says where to find the ids, if it is one that is not there.
func unknown(id string, err error) error {
	if errors.Is(err, library.ErrNotFound) {
		if isWeb(id) {
			return fmt.Errorf("the library does not follow %s and has no document of it; parley corpus add follows it, parley corpus doctor shows what is followed", weburl.Redacted(id))
		}
		return fmt.Errorf("the library has no document, feed or file %q; parley corpus list and parley corpus doctor show what it has", id)
	}
	return err
}
