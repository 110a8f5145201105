package main

import (
	"context"
	"errors"
	"fmt"

	"parley/corpus/fetch"
	"parley/corpus/ingest"
	"parley/corpus/library"
)

type corpusRemoveCmd struct {
	Reason    string   `default:"removed by the operator" placeholder:"TEXT" help:"Kept with the documents, for you and other operators; nobody else sees it."`
	Documents bool     `help:"With a feed, have its documents no longer quoted, too."`
	What      []string `arg:"" help:"Ids of documents, addresses of feeds and pages, files and folders that were added."`
}

// Run removes one after the other. A document stays in the library, so that citations of it
// can be resolved, but is quoted no more.
func (c corpusRemoveCmd) Run(ctx context.Context, a *app) error {
	return a.ingesting(ctx, "Removing documents", func(s *shelf, in *ingest.Ingester) error {
		return eachID(c.What, func(what string) error { return c.remove(ctx, a, s, in, what) })
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

func (c corpusRemoveCmd) remove(ctx context.Context, a *app, s *shelf, in *ingest.Ingester, what string) error {
	report, err := in.Remove(ctx, what, c.Reason)
	if err != nil {
		return unknown(what, err)
	}
	name := what
	if isWeb(what) {
		name = fetch.Redacted(what)
		if c.Documents {
			report.Withdrawn, err = c.withdrawAll(ctx, s, library.Feed{ID: what}.Origin())
			report.Notes = nil
		}
	}
	fmt.Fprintf(a.stdout, "%s was removed: %v.\n", name, report)
	for _, note := range report.Notes {
		fmt.Fprintf(a.stdout, "  %s.\n", note)
	}
	return errors.Join(err, a.fault(report))
}

// withdrawAll has all documents of an origin no longer quoted, and returns how many.
func (c corpusRemoveCmd) withdrawAll(ctx context.Context, s *shelf, origin library.Origin) (n int, err error) {
	n, _, err = eachListed(ctx, s, library.Query{Origin: origin}, 0, func(e library.Entry) error {
		return s.Withdraw(ctx, e.ID, library.ByOperator, c.Reason)
	})
	return n, err
}

type corpusRestoreCmd struct {
	IDs []string `arg:"" name:"id" help:"Ids of documents, or addresses of feeds and pages."`
}

// Run brings documents that were removed back, and feeds that were given up.
func (c corpusRestoreCmd) Run(ctx context.Context, a *app) error {
	return a.withShelf(ctx, func(_ Config, s *shelf) error {
		return eachID(c.IDs, func(id string) error { return restore(ctx, a, s, id) })
	})
}

func restore(ctx context.Context, a *app, s *shelf, id string) error {
	err := s.ResumeFeed(ctx, id)
	if err == nil {
		_, err := fmt.Fprintf(a.stdout, "%s is fetched again.\n", fetch.Redacted(id))
		return err
	}
	if errors.Is(err, library.ErrNotFound) {
		err = s.Restore(ctx, id)
	}
	if err != nil {
		return unknown(id, err)
	}
	_, err = fmt.Fprintf(a.stdout, "%s is quoted again.\n", id)
	return err
}

// unknown says where to find the ids, if it is one that is not there.
func unknown(id string, err error) error {
	if errors.Is(err, library.ErrNotFound) {
		return fmt.Errorf("the library has no document, feed or file %q; parley corpus list and parley corpus doctor show what it has", id)
	}
	return err
}
