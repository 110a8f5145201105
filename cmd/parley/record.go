package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"parley/bot"
	"parley/bot/digest"
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/bleveindex"
	"parley/index/follow"
)

// record is an open record that can be asked.
type record struct {
	config  Config
	log     *slog.Logger
	lexicon *lexicon.Lexicon
	index   engine
	asker   *index.Asker
	// library is where the documents stand; nil for files that the command line names.
	library *shelf
	// follower keeps the index in step with the library; nil where it stays as it is.
	follower *follow.Follower
	// actorCommands are the short forms of "/stance".
	actorCommands []bot.ActorCommand
	editor        *digest.Editor // see digestEditor
}

// engine is an open index.
type engine interface {
	index.Engine
	io.Closer
}

// closeInto closes the record and adds what went wrong to a command's error.
func (r *record) closeInto(err *error) {
	*err = errors.Join(*err, r.index.Close())
	if r.library != nil {
		r.library.closeInto(err)
	}
}

// openRecord opens the index of the record that flags and configuration name, and builds
// it first where it is missing or does not fit. An index that fits is opened without
// reading a document, so that a first answer is quick.
func (a *app) openRecord(ctx context.Context, flags recordFlags) (*record, error) {
	return a.openRecordFor(ctx, flags, once)
}

// use is how long a record is open.
type use bool

const (
	once    use = false // for some questions: as it stands now
	lasting use = true  // it follows what changes
)

func (a *app) openRecordFor(ctx context.Context, flags recordFlags, span use) (_ *record, err error) {
	p, err := a.filled(ctx, flags)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			p.closeInto(&err)
		}
	}()
	s, err := p.standing(ctx)
	if err != nil {
		return nil, err
	}
	if s.State != bleveindex.Equal {
		if err := a.build(ctx, p); err != nil {
			return nil, err
		}
		s.behind = 0
	} else if n := len(s.Meta.Problems); n > 0 {
		fmt.Fprintf(a.stderr, "parley: the corpus had %s when it was read; parley index status lists them\n", problems(n))
	}
	return p.open(ctx, s.behind > 0, span)
}

// plan is what has to stand on disk for a record, and where.
type plan struct {
	config  Config
	log     *slog.Logger
	now     func() time.Time
	lexicon *lexicon.Lexicon
	dir     string
	want    bleveindex.Want
	library *shelf // nil for files that the command line names

	actorCommands []bot.ActorCommand
}

// plan reads the configuration and looks at the corpus from outside. The library of a
// plan is open; who asked for the plan closes it.
func (a *app) plan(ctx context.Context, flags recordFlags) (plan, error) {
	c, err := a.config()
	if err != nil {
		return plan{}, err
	}
	flags.apply(&c)
	if err := c.findPaths(); err != nil {
		return plan{}, err
	}
	lex, err := c.lexicon()
	if err != nil {
		return plan{}, err
	}
	actors, err := c.actorCommands(lex)
	if err != nil {
		return plan{}, err
	}
	p := plan{config: c, log: a.logger(c.Log), now: a.now, lexicon: lex, want: bleveindex.Want{Mapping: bleveindex.Mapping(lex)}, actorCommands: actors}
	if !flags.named() {
		p.dir = c.libraryIndexDir()
		p.library, err = a.openShelf(ctx, c, lex)
		return p, err
	}
	if len(c.Corpus.Paths) == 0 && !c.Corpus.Briefs {
		return plan{}, errors.New("there is no record to ask: name documents with --corpus PATH, or leave the briefs in")
	}
	if p.want.Fingerprint, err = c.fingerprint(); err != nil {
		return plan{}, err
	}
	p.dir, err = c.indexDir()
	return p, err
}

// filled is a plan whose library has what the configuration names.
func (a *app) filled(ctx context.Context, flags recordFlags) (plan, error) {
	p, err := a.plan(ctx, flags)
	if err != nil || p.library == nil {
		return p, err
	}
	if err := a.fill(ctx, p.config, p.library); err != nil {
		p.closeInto(&err)
		return plan{}, err
	}
	return p, nil
}

// closeInto closes the library of a plan that did not become a record.
func (p plan) closeInto(err *error) {
	if p.library != nil {
		p.library.closeInto(err)
	}
}

// named reports whether the command line names the documents: then these are the record,
// and the library is not.
func (f recordFlags) named() bool { return len(f.Corpus) > 0 || f.NoBriefs }

// apply lets the flags come before the configuration.
func (f recordFlags) apply(c *Config) {
	if len(f.Corpus) > 0 {
		c.Corpus.Paths = f.Corpus
	}
	if f.NoBriefs {
		c.Corpus.Briefs = false
	}
}

// standing is how an index stands.
type standing struct {
	bleveindex.Status
	behind int64 // how many changes of the library it lacks
}

// standing looks at the index without opening it.
func (p plan) standing(ctx context.Context) (s standing, err error) {
	s.Status, err = bleveindex.Inspect(p.dir, p.want)
	if err != nil || p.library == nil || s.State != bleveindex.Equal {
		return s, err
	}
	s.behind, err = follow.Behind(ctx, p.library, s.Meta.State)
	if errors.Is(err, follow.ErrOther) {
		s.State, s.Why, err = bleveindex.Other, err.Error(), nil
	}
	return s, err
}

// open opens the index that stands in the plan's place, and applies what it lacks.
func (p plan) open(ctx context.Context, behind bool, span use) (_ *record, err error) {
	r := &record{config: p.config, log: p.log, lexicon: p.lexicon, library: p.library, actorCommands: p.actorCommands}
	if p.library == nil || !behind && span == once {
		r.index, err = bleveindex.Open(ctx, p.dir, bleveindex.CacheBytes(p.config.Answer.CacheMB<<20))
	} else {
		r.index, r.follower, err = p.openLive(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("%w; parley index build --force builds it again", err)
	}
	if r.asker, err = index.NewAsker(r.index, p.lexicon); err != nil {
		return nil, errors.Join(err, r.index.Close())
	}
	return r, nil
}

// openLive opens an index that can follow the library, and that is in step with it now.
func (p plan) openLive(ctx context.Context) (engine, *follow.Follower, error) {
	live, err := bleveindex.OpenLive(ctx, p.dir, bleveindex.LiveOptions{
		Lexicon: p.lexicon, Now: p.now, Newer: follow.Newer, CacheBytes: p.config.Answer.CacheMB << 20,
	})
	if err != nil {
		return nil, nil, err
	}
	f := &follow.Follower{Library: p.library, Index: live, Log: p.log, Every: followEvery, PublishEvery: publishEvery}
	if _, err := f.CatchUp(ctx); err != nil {
		return nil, nil, errors.Join(err, live.Close())
	}
	return live, f, nil
}

// documents reads the documents of a record and reports what is wrong with them.
func (a *app) documents(ctx context.Context, p plan) (docs []corpus.Document, problems []string, err error) {
	if p.library != nil {
		for doc, err := range follow.Documents(ctx, p.library.All) {
			if err != nil {
				return nil, nil, err
			}
			docs = append(docs, doc)
		}
	} else if docs, problems, err = p.config.documents(ctx); err != nil {
		return nil, nil, err
	}
	for _, problem := range problems {
		fmt.Fprintln(a.stderr, "parley: "+problem)
	}
	if len(docs) == 0 {
		return nil, nil, errors.New("the record has no documents: name some with --corpus PATH or parley corpus add, or leave the briefs in")
	}
	return docs, problems, nil
}

// build builds the index.
func (a *app) build(ctx context.Context, p plan) error {
	opt := bleveindex.BuildOptions{Lexicon: p.lexicon, Fingerprint: p.want.Fingerprint, Now: a.now()}
	if p.library != nil {
		// Before the documents are read: what changes meanwhile is applied when it is opened.
		state, err := p.library.State(ctx)
		if err != nil {
			return err
		}
		opt.State = follow.Encode(state)
	}
	docs, problems, err := a.documents(ctx, p)
	if err != nil {
		return err
	}
	shown := a.progress("Indexing documents")
	defer shown.done()
	opt.Problems, opt.Progress = problems, shown.step
	return bleveindex.Build(ctx, p.dir, docs, opt)
}

func problems(n int) string {
	if n == 1 {
		return "1 problem"
	}
	return fmt.Sprintf("%d problems", n)
}
