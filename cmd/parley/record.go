package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"parley/bot"
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/bleveindex"
)

// record is an open record that can be asked.
type record struct {
	config  Config
	log     *slog.Logger
	lexicon *lexicon.Lexicon
	index   *bleveindex.Index
	asker   *index.Asker
	// actorCommands are the short forms of "/stance".
	actorCommands []bot.ActorCommand
}

// openRecord opens the index of the record that flags and configuration name, and
// builds it first where it is missing or does not fit. An index that fits is opened
// without reading a document, so that a first answer is quick.
func (a *app) openRecord(ctx context.Context, flags recordFlags) (*record, error) {
	p, err := a.plan(flags)
	if err != nil {
		return nil, err
	}
	status, err := bleveindex.Inspect(p.dir, p.want)
	if err != nil {
		return nil, err
	}
	if status.State == bleveindex.Equal {
		if n := len(status.Meta.Problems); n > 0 {
			fmt.Fprintf(a.stderr, "parley: the corpus had %s when it was read; parley index status lists them\n", problems(n))
		}
	} else if err := a.build(ctx, p); err != nil {
		return nil, err
	}
	return p.open(ctx)
}

// closeInto closes the record and adds what went wrong to a command's error.
func (r *record) closeInto(err *error) { *err = errors.Join(*err, r.index.Close()) }

// plan is what has to stand on disk for a record, and where.
type plan struct {
	config  Config
	log     *slog.Logger
	lexicon *lexicon.Lexicon
	dir     string
	want    bleveindex.Want

	actorCommands []bot.ActorCommand
}

// plan reads the configuration and looks at the corpus from outside.
func (a *app) plan(flags recordFlags) (plan, error) {
	c, err := a.config()
	if err != nil {
		return plan{}, err
	}
	flags.apply(&c)
	if len(c.Corpus.Paths) == 0 && !c.Corpus.Briefs {
		return plan{}, errors.New("there is no record to ask: name documents with --corpus PATH, or leave the briefs in")
	}
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
	fingerprint, err := c.fingerprint()
	if err != nil {
		return plan{}, err
	}
	dir, err := c.indexDir()
	if err != nil {
		return plan{}, err
	}
	want := bleveindex.Want{Mapping: bleveindex.Mapping(lex), Fingerprint: fingerprint}
	return plan{c, a.logger(c.Log), lex, dir, want, actors}, nil
}

// apply lets the flags come before the configuration.
func (f recordFlags) apply(c *Config) {
	if len(f.Corpus) > 0 {
		c.Corpus.Paths = f.Corpus
	}
	if f.NoBriefs {
		c.Corpus.Briefs = false
	}
}

// open opens the index that stands in the plan's place.
func (p plan) open(ctx context.Context) (*record, error) {
	x, err := bleveindex.Open(ctx, p.dir)
	if err != nil {
		return nil, fmt.Errorf("%w; parley index build --force builds it again", err)
	}
	asker, err := index.NewAsker(x, p.lexicon)
	if err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return &record{p.config, p.log, p.lexicon, x, asker, p.actorCommands}, nil
}

// documents reads the documents of a record and reports what is wrong with them.
func (a *app) documents(ctx context.Context, p plan) (docs []corpus.Document, problems []string, err error) {
	docs, problems, err = p.config.documents(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, problem := range problems {
		fmt.Fprintln(a.stderr, "parley: "+problem)
	}
	if len(docs) == 0 {
		return nil, nil, errors.New("no document of the corpus could be read")
	}
	return docs, problems, nil
}

// build builds the index.
func (a *app) build(ctx context.Context, p plan) error {
	docs, problems, err := a.documents(ctx, p)
	if err != nil {
		return err
	}
	shown := a.progress("Indexing documents")
	defer shown.done()
	return bleveindex.Build(ctx, p.dir, docs, bleveindex.BuildOptions{
		Lexicon: p.lexicon, Fingerprint: p.want.Fingerprint, Problems: problems, Now: a.now(), Progress: shown.step,
	})
}

func problems(n int) string {
	if n == 1 {
		return "1 problem"
	}
	return fmt.Sprintf("%d problems", n)
}
