package main

import (
	"context"
	"errors"
	"fmt"

	"parley/corpus/library"
)

type corpusRemoveCmd struct {
	Reason    string   `default:"removed by the operator" placeholder:"TEXT" help:"Kept with the documents, for you and other operators; nobody else sees it."`
	Documents bool     `help:"With a feed, remove its documents, too."`
	IDs       []string `arg:"" name:"id" help:"Ids of documents, or addresses of feeds."`
}

// Run removes documents and feeds. A document stays in the library, so that citations of
// it can be resolved, but is quoted no more.
func (c corpusRemoveCmd) Run(ctx context.Context, a *app) error {
	return a.withShelf(ctx, func(_ Config, s *shelf) error {
		return eachID(c.IDs, func(id string) error { return c.remove(ctx, a, s, id) })
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

func (c corpusRemoveCmd) remove(ctx context.Context, a *app, s *shelf, id string) error {
	f, err := s.Feed(ctx, id)
	switch {
	case err == nil:
		return c.removeFeed(ctx, a, s, f)
	case !errors.Is(err, library.ErrNotFound):
		return err
	}
	if err := s.Withdraw(ctx, id, library.ByOperator, c.Reason); err != nil {
		return unknown(id, err)
	}
	_, err = fmt.Fprintf(a.stdout, "%s is no longer quoted; parley corpus restore %s brings it back.\n", id, id)
	return err
}

func (c corpusRemoveCmd) removeFeed(ctx context.Context, a *app, s *shelf, f library.Feed) error {
	if err := s.RemoveFeed(ctx, f.ID); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s is no longer fetched.\n", f.ID)
	if !c.Documents {
		return nil
	}
	n := 0
	err := eachListed(ctx, s, library.Query{Origin: f.Origin()}, 0, func(e library.Entry) error {
		n++
		return s.Withdraw(ctx, e.ID, library.ByOperator, c.Reason)
	})
	fmt.Fprintf(a.stdout, "%d documents of it are no longer quoted.\n", n)
	return err
}

type corpusRestoreCmd struct {
	IDs []string `arg:"" name:"id" help:"Ids of documents, or addresses of feeds."`
}

// Run brings documents and suspended feeds back.
func (c corpusRestoreCmd) Run(ctx context.Context, a *app) error {
	return a.withShelf(ctx, func(_ Config, s *shelf) error {
		return eachID(c.IDs, func(id string) error { return restore(ctx, a, s, id) })
	})
}

func restore(ctx context.Context, a *app, s *shelf, id string) error {
	f, err := s.Feed(ctx, id)
	switch {
	case err == nil:
		f.Suspended, f.Failures, f.LastError, f.NextDue = "", 0, "", a.now()
		if err := s.UpdateFeed(ctx, f); err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.stdout, "%s is fetched again.\n", id)
		return err
	case !errors.Is(err, library.ErrNotFound):
		return err
	}
	if err := s.Restore(ctx, id); err != nil {
		return unknown(id, err)
	}
	_, err = fmt.Fprintf(a.stdout, "%s is quoted again.\n", id)
	return err
}

// unknown says where to find the ids, if it is one that is not there.
func unknown(id string, err error) error {
	if errors.Is(err, library.ErrNotFound) {
		return fmt.Errorf("the library has no document and no feed %q; parley corpus list and parley corpus doctor show what it has", id)
	}
	return err
}
