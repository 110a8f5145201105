package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"parley/cmd/parley/internal/app"
	"parley/corpus"
	"parley/corpus/article"
	"parley/corpus/feed"
	"parley/corpus/fetch"
)

type corpusExtractCmd struct {
	What string `arg:"" name:"page" help:"A file or an address."`
	JSON bool   `name:"json" help:"Print it as JSON."`
}

type extracted struct {
	Title     string             `json:"title"`
	Author    string             `json:"author"`
	Published corpus.PartialDate `json:"published"`
	Publisher string             `json:"publisher"`
	Language  string             `json:"language"`
	Text      string             `json:"text"`
}

func (c corpusExtractCmd) Run(ctx context.Context, p *process, a *app.App) error {
	page, err := readPage(ctx, a, c.What, article.MaxBytes)
	if err != nil {
		return err
	}
	doc, err := article.Extract(page.Body, page.ContentType, page.URL)
	if err != nil {
		return fmt.Errorf("%s: %w", c.What, err)
	}
	x := extracted{doc.Title, doc.Author, doc.Published, doc.Publisher, doc.Language, doc.Text}
	if c.JSON {
		return writeJSON(p.stdout, x)
	}
	_, err = fmt.Fprintf(p.stdout, "Title:      %s\nAuthor:     %s\nPublished:  %s\nPublisher:  %s\nLanguage:   %s\n\n%s\n",
		x.Title, x.Author, x.Published, x.Publisher, x.Language, x.Text)
	return err
}

type corpusParseFeedCmd struct {
	What string `arg:"" name:"feed" help:"A file or an address."`
	JSON bool   `name:"json" help:"Print it as JSON."`
}

func (c corpusParseFeedCmd) Run(ctx context.Context, p *process, a *app.App) error {
	page, err := readPage(ctx, a, c.What, feed.MaxBytes)
	if err != nil {
		return err
	}
	f, err := feed.Parse(page.Body, page.ContentType, page.URL)
	if err != nil {
		return fmt.Errorf("%s: %w", c.What, err)
	}
	if c.JSON {
		return writeJSON(p.stdout, f)
	}
	fmt.Fprintf(p.stdout, "%s, %s, %d items\n", cmp.Or(f.Title, "untitled"), f.Format, len(f.Items))
	if f.Damage != "" {
		fmt.Fprintf(p.stdout, "Damaged: %s\n", f.Damage)
	}
	for _, item := range f.Items {
		date, title := cmp.Or(item.Published.String(), "undated"), cmp.Or(item.Title, "untitled")
		fmt.Fprintf(p.stdout, "%s  %s  %s\n", date, title, item.URL)
	}
	return nil
}

// readPage reads at most max bytes of a file, or fetches an address.
func readPage(ctx context.Context, a *app.App, what string, max int64) (page fetch.Response, err error) {
	if !isWeb(what) {
		page.Body, err = readAtMost(what, max)
		return page, err
	}
	client, err := a.Client()
	if err != nil {
		return page, err
	}
	defer client.Close()
	return client.Get(ctx, fetch.Request{URL: what})
}

// isWeb reports whether an argument is an address rather than a file.
func isWeb(what string) bool {
	scheme, _, ok := strings.Cut(what, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

func readAtMost(path string, max int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, max+1))
	if err == nil && int64(len(body)) > max {
		err = fmt.Errorf("%s has more than %d MB", path, max>>20)
	}
	return body, err
}
