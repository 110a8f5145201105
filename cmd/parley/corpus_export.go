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

// replaceFile writes a file that is either whole or not there. What a link leads to is
// replaced, not the link; a device or a pipe is written to, as putting a file in the place
// of /dev/null harms the whole machine.
func replaceFile(path string, write func(io.Writer) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("write %s: %w", path, err)
		}
	}()
	target := path
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return writeInto(path, write)
		}
		if target, err = filepath.EvalSymlinks(path); err != nil {
			return err
		}
	}
	f, err := os.CreateTemp(filepath.Dir(target), filepath.Base(target)+".*.tmp")
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// writeInto writes to what is there and is no regular file.
func writeInto(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
