package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"parley/corpus/feed"
)

type corpusExportCmd struct {
	Out  string `placeholder:"FILE" help:"Write it there instead of on stdout."`
	OPML bool   `name:"opml" help:"Write the feeds alone, as OPML, for other readers of feeds."`
}

// Run writes what "parley corpus add" reads back.
func (c corpusExportCmd) Run(ctx context.Context, a *app) error {
	return a.withShelf(ctx, func(_ Config, s *shelf) error {
		write := func(w io.Writer) error { return s.Export(ctx, w) }
		if c.OPML {
			write = func(w io.Writer) error { return writeFeeds(ctx, s, w) }
		}
		if c.Out == "" {
			return write(a.stdout)
		}
		return replaceFile(c.Out, write)
	})
}

func writeFeeds(ctx context.Context, s *shelf, w io.Writer) error {
	feeds, err := s.Feeds(ctx)
	if err != nil {
		return err
	}
	list := feed.OPML{Title: "Feeds of Parley"}
	for _, f := range feeds {
		list.Outlines = append(list.Outlines, feed.Outline{Text: f.Title, Type: "rss", XMLURL: f.Address})
	}
	return feed.WriteOPML(w, list)
}

// replaceFile writes a file that is either whole or not there.
func replaceFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
