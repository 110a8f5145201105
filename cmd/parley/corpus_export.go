package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"parley/cmd/parley/internal/app"
	"parley/corpus/feed/opml"
	"parley/corpus/library"
	"parley/corpus/weburl"
)

type corpusExportCmd struct {
	Out         string `placeholder:"FILE" help:"Write it there instead of on stdout."`
	OPML        bool   `name:"opml" help:"Write the feeds alone, as OPML, for other readers of feeds."`
	WithSecrets bool   `help:"Write feeds too of which the address holds a password, a token or a key: for a backup, not to be shared."`
}

// Run writes what "parley corpus add" reads back.
func (c corpusExportCmd) Run(ctx context.Context, p *process, a *app.App) error {
	return a.WithLibrary(ctx, func(lib *library.Library) error {
		write := func(w io.Writer) error { return c.writeLibrary(ctx, p, lib, w) }
		if c.OPML {
			write = func(w io.Writer) error { return c.writeFeeds(ctx, p, lib, w) }
		}
		if c.Out == "" {
			return write(p.stdout)
		}
		return replaceFile(c.Out, write)
	})
}

func (c corpusExportCmd) writeLibrary(ctx context.Context, p *process, lib *library.Library, w io.Writer) error {
	concealed, err := lib.Export(ctx, w, c.isSecret)
	c.tell(p, concealed.Feeds)
	if err == nil && concealed.Documents > 0 {
		p.notify("documents written without the address of their feed or page, which will not know them again "+
			"where this is added: %d; --with-secrets writes it", concealed.Documents)
	}
	return err
}

// isSecret reports whether an address is left out.
func (c corpusExportCmd) isSecret(address string) bool {
	return !c.WithSecrets && weburl.HoldsSecret(address)
}

// tell says what was left out.
func (c corpusExportCmd) tell(p *process, feeds []string) {
	for _, f := range feeds {
		p.notify("%s is left out, as its address holds a secret; --with-secrets writes it", f)
	}
}

// writeFeeds writes the feeds as OPML, which has no word for single pages.
func (c corpusExportCmd) writeFeeds(ctx context.Context, p *process, lib *library.Library, w io.Writer) error {
	feeds, err := lib.Feeds(ctx)
	if err != nil {
		return err
	}
	list := opml.List{Title: "Feeds of Parley"}
	var concealed []string
	for _, f := range feeds {
		switch {
		case f.Kind == library.KindPage:
		case c.isSecret(f.Address):
			concealed = append(concealed, weburl.Redacted(f.Address))
		default:
			list.Outlines = append(list.Outlines, opml.Outline{Text: f.Title, Type: "rss", XMLURL: f.Address})
		}
	}
	c.tell(p, concealed)
	return opml.Write(w, list)
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
