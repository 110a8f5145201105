package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/corpus"
	"parley/corpus/briefs"
	"parley/corpus/fetch"
	"parley/corpus/ingest"
	"parley/corpus/library"
)

// How often a serving process asks the library whether it changed, and publishes the index
// that it brought up to date. A document is to be answerable within five seconds.
const (
	followEvery  = time.Second
	publishEvery = 15 * time.Minute
)

// living are the services that keep a record up to date while it is asked: none for one of
// files. stop is called when they have ended.
func (a *app) living(r *record) (services []service, stop func(), err error) {
	if r.follower == nil {
		return nil, func() {}, nil
	}
	services = []service{r.follower}
	if !r.config.Sync.Serve {
		return services, func() {}, nil
	}
	in, stop, err := a.ingester(r.config, r.library, nil)
	if err != nil {
		return nil, nil, err
	}
	return append(services, watching{in}), stop, nil
}

// watching fetches what is due.
type watching struct{ *ingest.Ingester }

// Run fetches until ctx is done.
func (w watching) Run(ctx context.Context) error { return w.Watch(ctx, nil) }

// ingester brings documents into a library; who calls it calls close at the end.
func (a *app) ingester(c Config, s *shelf, progress func(done, total int)) (in *ingest.Ingester, close func(), err error) {
	client, err := a.client(c)
	if err != nil {
		return nil, nil, err
	}
	o := ingest.Options{Library: s.Library, Client: client, Reader: c.reader(), Now: a.now, Log: a.logger(c.Log)}
	if progress != nil {
		o.Progress = func(done, total int, _ string) { progress(done, total) }
	}
	in, err = ingest.New(o)
	return in, client.Close, err
}

// client fetches foreign addresses; who calls it closes it.
func (a *app) client(c Config) (*fetch.Client, error) {
	return fetch.New(fetch.Options{Log: a.logger(c.Log), Now: a.now, UserAgent: c.Sync.UserAgent, AllowPrivate: c.Sync.private()})
}

// fill makes the library hold what the configuration names, and says what is wrong with
// that. It reads nothing while that is as it was the last time.
func (a *app) fill(ctx context.Context, c Config, s *shelf) error {
	if err := c.findPaths(); err != nil {
		return err
	}
	var builtIn []corpus.Document
	if c.Corpus.Briefs {
		var err error
		if builtIn, err = briefs.Documents(); err != nil {
			return err
		}
	}
	shown := a.progress("Reading documents")
	defer shown.done()
	in, close, err := a.ingester(c, s, shown.step)
	if err != nil {
		return err
	}
	defer close()
	report, err := in.SyncPaths(ctx, builtIn, c.Corpus.Paths)
	if err != nil {
		return err
	}
	if n := len(report.Problems) + report.Untold; n > 0 && report.Same {
		fmt.Fprintf(a.stderr, "parley: the corpus had %s when it was read; parley index status lists them\n", problems(n))
	} else {
		a.complainAbout(report)
	}
	return follows(ctx, s.Library, c.Sync.Feeds)
}

// complainAbout says what could not be brought in.
func (a *app) complainAbout(r ingest.Report) {
	for _, p := range r.Problems {
		fmt.Fprintln(a.stderr, "parley: "+p.String())
	}
	if r.Untold > 0 {
		fmt.Fprintf(a.stderr, "parley: and %s more\n", problems(r.Untold))
	}
}

// configuredFeeds is the name of the note on the feeds that the configuration named last.
const configuredFeeds = "sync.feeds"

// follows makes the library follow the feeds that the configuration names, and no longer
// those that it named before.
func follows(ctx context.Context, lib *library.Library, feeds []string) error {
	note, err := lib.Note(ctx, configuredFeeds)
	if err != nil {
		return err
	}
	var before []string
	if note != "" {
		if err := json.Unmarshal([]byte(note), &before); err != nil {
			return fmt.Errorf("the note %s of the library: %w", configuredFeeds, err)
		}
	}
	if slices.Equal(before, feeds) {
		return nil
	}
	for _, address := range before {
		if slices.Contains(feeds, address) {
			continue
		}
		if err := lib.RemoveFeed(ctx, address); err != nil && !errors.Is(err, library.ErrNotFound) {
			return err
		}
	}
	for _, address := range feeds {
		if _, _, err := lib.AddFeed(ctx, library.Feed{Address: address}); err != nil {
			return err
		}
	}
	content, err := json.Marshal(feeds)
	if err != nil {
		return err
	}
	return lib.SetNote(ctx, configuredFeeds, string(content))
}
