package main

import (
	"context"
	"io"

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

func (c corpusExportCmd) isSecret(address string) bool {
	return !c.WithSecrets && weburl.HoldsSecret(address)
}

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
