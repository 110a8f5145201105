package main

import (
	"context"
	"errors"

	"parley/corpus"
	"parley/corpus/database"
	"parley/corpus/lexicon"
	"parley/corpus/library"
)

// shelf is the library with the database that it stands in.
type shelf struct {
	*library.Library
	db *database.DB
}

// openShelf opens the library that the configuration names; who calls it closes it.
func (a *app) openShelf(ctx context.Context, c Config, lex *lexicon.Lexicon) (*shelf, error) {
	db, err := c.openDatabase(ctx)
	if err != nil {
		return nil, err
	}
	lib, err := library.New(ctx, db, library.Options{Now: a.now, Own: ownWords(lex)})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &shelf{lib, db}, nil
}

// ownWords reports whether a document is an actor's own word: the actor publishes it.
func ownWords(lex *lexicon.Lexicon) func(corpus.Source) bool {
	return func(src corpus.Source) bool {
		_, ok := lex.ResolveActor(src.Publisher)
		return ok
	}
}

// closeInto closes the database and adds what went wrong to a command's error.
func (s *shelf) closeInto(err *error) { *err = errors.Join(*err, s.db.Close()) }

// withFilled opens the library for a command that is about its documents: those that the
// configuration names are there, whichever command is the first.
func (a *app) withFilled(ctx context.Context, do func(Config, *shelf) error) error {
	return a.withShelf(ctx, func(c Config, s *shelf) error {
		if err := a.fill(ctx, c, s); err != nil {
			return err
		}
		return do(c, s)
	})
}

// withShelf opens the library for a command.
func (a *app) withShelf(ctx context.Context, do func(Config, *shelf) error) (err error) {
	c, err := a.config()
	if err != nil {
		return err
	}
	lex, err := c.lexicon()
	if err != nil {
		return err
	}
	s, err := a.openShelf(ctx, c, lex)
	if err != nil {
		return err
	}
	defer s.closeInto(&err)
	return do(c, s)
}
