package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"parley/bot"
	"parley/bot/digest"
	"parley/bot/digest/commands"
	"parley/bot/store"
	"parley/corpus"
	"parley/corpus/database"
	"parley/corpus/lexicon"
	"parley/corpus/library"
	"parley/index"
	"parley/index/annotate"
	"parley/index/bleveindex"
	"parley/index/follow"
)

// Record is an open record that can be asked.
type Record struct {
	Asker *index.Asker

	app           *App
	lexicon       *lexicon.Lexicon
	actorCommands []bot.ActorCommand
	index         engine
	source        source
	// library and db are nil for a record of files.
	library *library.Library
	db      *database.DB
	// follower keeps the index in step with the library; nil where it stays as it is.
	follower *follow.Follower
	editor   *digest.Editor // see digestEditor
}

type engine interface {
	index.Engine
	io.Closer
}

// WithRecord opens a record for do. It builds its index first where that is missing or does not fit. An index
// that fits is opened without reading a document, so that a first answer is quick.
func (a *App) WithRecord(ctx context.Context, f Files, do func(*Record) error) error {
	return a.withRecord(ctx, f, false, do)
}

// withRecord is WithRecord for a record that may follow the library while it is open.
func (a *App) withRecord(ctx context.Context, f Files, follows bool, do func(*Record) error) error {
	return a.WithIndex(ctx, f, func(x *Index) (err error) {
		s, err := x.Status(ctx)
		if err != nil {
			return err
		}
		if s.State != bleveindex.Equal {
			if err := x.Build(ctx); err != nil {
				return err
			}
			s.Behind = 0
		} else if n := len(s.Meta.Problems); n > 0 {
			a.notifyOfOldProblems(n)
		}
		r, err := x.open(ctx, s.Behind > 0, follows)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, r.index.Close()) }()
		return do(r)
	})
}

// Index is the index of a record, which may not be built yet.
type Index struct {
	Dir     string
	Lexicon *lexicon.Lexicon

	app           *App
	want          bleveindex.Want
	source        source
	actorCommands []bot.ActorCommand
}

// WithIndex opens what the index of a record is made from: a filled library, or files.
func (a *App) WithIndex(ctx context.Context, f Files, do func(*Index) error) error {
	return a.WithIndexUntouched(ctx, f, func(x *Index) error {
		if err := x.source.fill(ctx); err != nil {
			return err
		}
		return do(x)
	})
}

// WithIndexUntouched is WithIndex without bringing anything into the library.
func (a *App) WithIndexUntouched(ctx context.Context, f Files, do func(*Index) error) (err error) {
	named := *a
	if a = &named; f.NoBriefs {
		a.Config.Corpus.Briefs = false
	}
	if len(f.Paths) > 0 {
		a.Config.Corpus.Paths = f.Paths
	}
	if err := a.findPaths(); err != nil {
		return err
	}
	x := &Index{app: a}
	if x.Lexicon, err = a.lexicon(); err != nil {
		return err
	}
	if x.actorCommands, err = a.actorCommands(x.Lexicon); err != nil {
		return err
	}
	x.want.Mapping = bleveindex.Mapping(x.Lexicon)
	if x.source, x.Dir, x.want.Fingerprint, err = a.openSource(ctx, f, x.Lexicon); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.source.close()) }()
	return do(x)
}

// Status says how an index stands.
type Status struct {
	bleveindex.Status
	Behind int64 // how many changes of the library it lacks; they are applied when it is opened
}

// Status looks at the index without opening it.
func (x *Index) Status(ctx context.Context) (s Status, err error) {
	s.Status, err = bleveindex.Inspect(x.Dir, x.want)
	if err != nil || s.State != bleveindex.Equal {
		return s, err
	}
	s.Behind, err = x.source.behind(ctx, s.Meta.State)
	if errors.Is(err, follow.ErrOther) {
		s.State, s.Why, err = bleveindex.Other, err.Error(), nil
	}
	return s, err
}

// Documents reads the documents of the record and reports what is wrong with them.
func (x *Index) Documents(ctx context.Context) (docs []corpus.Document, problems []string, err error) {
	if docs, problems, err = x.source.documents(ctx); err != nil {
		return nil, nil, err
	}
	for _, problem := range problems {
		x.app.Notify(problem)
	}
	if len(docs) == 0 {
		return nil, nil, errors.New("the record has no documents: name some with --corpus PATH or parley corpus add, or leave the briefs in")
	}
	return docs, problems, nil
}

// Build builds the index.
func (x *Index) Build(ctx context.Context) (err error) {
	opt := bleveindex.BuildOptions{Lexicon: x.Lexicon, Fingerprint: x.want.Fingerprint, Now: x.app.Now()}
	// Before the documents are read: what changes meanwhile is applied when it is opened.
	if opt.State, err = x.source.state(ctx); err != nil {
		return err
	}
	docs, problems, err := x.Documents(ctx)
	if err != nil {
		return err
	}
	shown := x.app.Progress("Indexing documents")
	defer shown.Done()
	opt.Problems, opt.Progress = problems, shown.Step
	return bleveindex.Build(ctx, x.Dir, docs, opt)
}

// How often a record that follows asks the library whether it changed, and publishes the index
// that it brought up to date. A document is to be answerable within five seconds.
const (
	followEvery  = time.Second
	publishEvery = 15 * time.Minute
)

// open opens the index that stands, and applies what it lacks.
func (x *Index) open(ctx context.Context, behind, follows bool) (_ *Record, err error) {
	cache := x.app.Config.Answer.CacheMB << 20
	r := &Record{app: x.app, lexicon: x.Lexicon, actorCommands: x.actorCommands, source: x.source}
	if s, ok := x.source.(librarySource); ok {
		r.library, r.db = s.library, s.db
	}
	if r.library != nil && (behind || follows) {
		r.index, r.follower, err = x.openLive(ctx, r.library, cache)
	} else {
		r.index, err = bleveindex.Open(ctx, x.Dir, cache)
	}
	if err != nil {
		return nil, fmt.Errorf("%w; parley index build --force builds it again", err)
	}
	if r.Asker, err = index.NewAsker(r.index, x.Lexicon); err != nil {
		return nil, errors.Join(err, r.index.Close())
	}
	return r, nil
}

// openLive opens an index that can follow the library, and that is in step with it now.
func (x *Index) openLive(ctx context.Context, lib *library.Library, cacheBytes int) (engine, *follow.Follower, error) {
	live, err := bleveindex.OpenLive(ctx, x.Dir, bleveindex.LiveOptions{
		Lexicon: x.Lexicon, Now: x.app.Now, Newer: follow.Newer, CacheBytes: cacheBytes,
	})
	if err != nil {
		return nil, nil, err
	}
	f := &follow.Follower{Library: lib, Index: live, Log: x.app.Log, Every: followEvery, PublishEvery: publishEvery}
	if _, err := f.CatchUp(ctx); err != nil {
		return nil, nil, errors.Join(err, live.Close())
	}
	return live, f, nil
}

// Has reports whether the record has a document, or another one with the same text.
func (r *Record) Has(ctx context.Context, id string) (bool, error) {
	_, _, ok, err := r.Asker.Document(ctx, id)
	if err != nil || ok || r.library == nil {
		return ok, err
	}
	_, err = r.library.Get(ctx, id)
	if errors.Is(err, library.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Bot is the platform-neutral core over this record. What it keeps over a restart stands
// in kept; nil keeps it in memory, for one who talks alone.
func (r *Record) Bot(kept *store.Store) *bot.Bot {
	c := r.app.Config
	o := bot.Options{
		Index: r.Asker, Lexicon: r.lexicon, Now: r.app.Now, Log: r.app.Log, MaxPassages: c.Answer.MaxPassages,
		ActorCommands: r.actorCommands, Alone: kept == nil,
	}
	if kept != nil {
		o.Settings, o.Actions = kept, kept
		o.Suspensions, o.Forget = kept, kept.ForgetUser
		o.Allow = bot.NewLimiter(c.Bot.PerMinute, c.Bot.Burst, r.app.Now).Allow
	}
	if r.library != nil {
		o.Archive = archive{r.library, annotate.New(r.lexicon)}
		if kept != nil {
			o.Commands = []bot.Command{commands.New(commands.Options{
				Digests: r.digests(kept), Lexicon: r.lexicon, Now: r.app.Now, Log: r.app.Log, Defaults: c.Digest.Defaults(),
			})}
		}
	}
	return bot.New(o)
}
