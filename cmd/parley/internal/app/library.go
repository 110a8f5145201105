package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"parley/bot"
	"parley/corpus"
	"parley/corpus/briefs"
	"parley/corpus/database"
	"parley/corpus/ingest"
	"parley/corpus/ingest/report"
	"parley/corpus/lexicon"
	"parley/corpus/library"
	"parley/index"
	"parley/index/annotate"
)

// openLibrary opens the library that the configuration names; the database is to be closed.
func (a *App) openLibrary(ctx context.Context, lex *lexicon.Lexicon) (*library.Library, *database.DB, error) {
	db, err := a.openDatabase(ctx)
	if err != nil {
		return nil, nil, err
	}
	lib, err := library.New(ctx, db, library.Options{Now: a.Now, Own: ownWords(lex)})
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return lib, db, nil
}

// ownWords reports whether a document is an actor's own word: the actor publishes it.
func ownWords(lex *lexicon.Lexicon) func(corpus.Source) bool {
	return func(src corpus.Source) bool {
		_, ok := lex.ResolveActor(src.Publisher)
		return ok
	}
}

// WithLibrary opens the library with the documents that the configuration names.
func (a *App) WithLibrary(ctx context.Context, do func(*library.Library) error) error {
	return a.withLibrary(ctx, func(lib *library.Library) error {
		if err := a.fill(ctx, lib); err != nil {
			return err
		}
		return do(lib)
	})
}

// WithFeeds opens the library with the feeds that the configuration names; what names its work.
func (a *App) WithFeeds(ctx context.Context, what string, do func(*ingest.Ingester) error) error {
	return a.withLibrary(ctx, func(lib *library.Library) error {
		if err := followConfigured(ctx, lib, a.Config.Sync.Feeds); err != nil {
			return err
		}
		return a.Ingest(lib, what, do)
	})
}

func (a *App) withLibrary(ctx context.Context, do func(*library.Library) error) (err error) {
	lex, err := a.lexicon()
	if err != nil {
		return err
	}
	lib, db, err := a.openLibrary(ctx, lex)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return do(lib)
}

// Ingest brings documents into a library; what is said of its progress.
func (a *App) Ingest(lib *library.Library, what string, do func(*ingest.Ingester) error) error {
	shown := a.Progress(what)
	defer shown.Done()
	in, stop, err := a.ingester(lib, func(done, total int, _ string) { shown.Step(done, total) })
	if err != nil {
		return err
	}
	defer stop()
	return do(in)
}

// ingester makes what brings documents into a library; stop is called when it is needed no more.
func (a *App) ingester(lib *library.Library,
	progress func(done, total int, name string)) (in *ingest.Ingester, stop func(), err error) {
	client, err := a.Client()
	if err != nil {
		return nil, nil, err
	}
	in, err = ingest.New(ingest.Options{
		Library: lib, Client: client, Reader: a.reader(), Now: a.Now, Log: a.Log, Lease: a.Pace.Lease, Progress: progress,
	})
	return in, client.Close, err
}

// fill makes the library hold what the configuration names, and says what is wrong with
// that. It reads nothing while that is as it was the last time.
func (a *App) fill(ctx context.Context, lib *library.Library) error {
	if err := a.findPaths(); err != nil {
		return err
	}
	var builtIn []corpus.Document
	if a.Config.Corpus.Briefs {
		var err error
		if builtIn, err = briefs.Documents(); err != nil {
			return err
		}
	}
	err := a.Ingest(lib, "Reading documents", func(in *ingest.Ingester) error {
		report, err := in.SyncPaths(ctx, builtIn, a.Config.Corpus.Paths)
		if err != nil {
			return err
		}
		if n := len(report.Problems) + report.Untold; n > 0 && report.Same {
			a.notifyOfOldProblems(n)
		} else {
			a.NotifyOf(report)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return followConfigured(ctx, lib, a.Config.Sync.Feeds)
}

// notifyOfOldProblems says that the record is not all that was meant, in a line a start.
func (a *App) notifyOfOldProblems(n int) {
	a.Notify(fmt.Sprintf("the corpus had %s when it was read; parley index status lists them", Problems(n)))
}

// NotifyOf says what could not be brought in.
func (a *App) NotifyOf(r report.Report) {
	for _, p := range r.Problems {
		a.Notify(p.String())
	}
	if r.Untold > 0 {
		a.Notify(fmt.Sprintf("and %s more", Problems(r.Untold)))
	}
}

// Problems is "1 problem" or "2 problems".
func Problems(n int) string {
	if n == 1 {
		return "1 problem"
	}
	return fmt.Sprintf("%d problems", n)
}

// configuredFeeds is the name of the note on the feeds that the configuration named last.
const configuredFeeds = "sync.feeds"

// followConfigured makes the library follow the configured feeds, and no longer those of before.
func followConfigured(ctx context.Context, lib *library.Library, feeds []string) error {
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

// archive finds in the library what the index does not have any more.
type archive struct {
	library  *library.Library
	annotate *annotate.Annotator
}

// read reads a document in one of its revisions, or in its last.
func (a archive) read(ctx context.Context, id string, revision int) (library.Entry, library.Revision, error) {
	if revision == 0 {
		e, err := a.library.Get(ctx, id)
		if err != nil {
			return e, library.Revision{}, err
		}
		revision = e.Revision
	}
	return a.library.Revision(ctx, id, revision)
}

// Archived implements bot.Archive.
func (a archive) Archived(ctx context.Context, id string, revision int) (src corpus.Source,
	passages []*index.Passage, past bot.Past, ok bool, err error) {
	e, v, err := a.read(ctx, id, revision)
	if errors.Is(err, library.ErrNotFound) {
		return src, nil, past, false, nil
	}
	if err != nil {
		return src, nil, past, false, err
	}
	doc := e.Document
	if v.Number > 1 {
		doc.Revision, doc.Corrected = v.Number, corpus.DateOf(v.Seen, corpus.Day)
	}
	past = bot.Past{Replaced: v.Replaced, Withdrawn: e.Withdrawal.At}
	if past.Withdrawn.IsZero() {
		for _, p := range a.annotate.Passages(doc) {
			passages = append(passages, &p)
		}
	}
	return doc.Source, passages, past, true, nil
}
