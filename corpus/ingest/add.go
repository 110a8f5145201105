package ingest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"parley/corpus"
	"parley/corpus/article"
	"parley/corpus/feed"
	"parley/corpus/feed/opml"
	"parley/corpus/fetch"
	"parley/corpus/ingest/feedstate"
	"parley/corpus/ingest/report"
	"parley/corpus/library"
	"parley/corpus/weburl"
)

// Kind is the kind of a thing that was added: a feed, a page, a list, a folder.
type Kind string

// The kinds of what can be added.
const (
	KindFeed   Kind = "feed"
	KindPage   Kind = "page"
	KindOPML   Kind = "opml"   // a list of feeds
	KindExport Kind = "export" // of a library
	KindFile   Kind = "file"   // of documents
	KindFolder Kind = "folder"
)

// Added says what was added and what became of it.
type Added struct {
	Kind Kind `json:"kind"`
	report.Report
	// Followed are the feeds and pages that are asked from now on.
	Followed []Followed `json:"followed,omitempty"`
	// Offers are the feeds that a page advertises; none of them is followed yet.
	Offers []article.Offer `json:"offers,omitempty"`
}

// Followed is a feed or a page that is asked from time to time.
type Followed struct {
	ID    string `json:"id"` // may hold secrets
	Title string `json:"title"`
	New   bool   `json:"new"` // it was not followed before
}

// Add adds a file, a folder, a list of feeds (OPML), an export of a library, or an address
// of a feed, a page or a list; it looks at the content to tell which. To add again brings up
// to date what is there: what changed is revised, what is gone from a file or a folder is
// withdrawn by its source, and comes back when it is there again; a feed that was given up
// is asked again. A document that the operator has removed stays removed, unless its very
// page is added, or the very file that holds it and no other.
//
// Of a feed, what it holds itself is kept at once, and pages are left to Sync. The error
// says that nothing was added; what else is wrong is in the report.
func (g *Ingester) Add(ctx context.Context, what string) (Added, error) {
	g.progress.Reset()
	if lower := strings.ToLower(what); strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
		return g.addAddress(ctx, strings.TrimSpace(what))
	}
	path, err := filepath.Abs(what)
	if err != nil {
		return Added{}, fmt.Errorf("add %s: %w", what, err)
	}
	added, err := g.addPath(ctx, path)
	if err != nil {
		return Added{}, fmt.Errorf("add %s: %w", path, err)
	}
	return added, nil
}

func (g *Ingester) addPath(ctx context.Context, path string) (Added, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Added{}, errors.Unwrap(err) // without the path, which is there already
	}
	if info.IsDir() {
		r, err := g.paths.Add(ctx, path, true)
		return Added{Kind: KindFolder, Report: r}, err
	}
	if !info.Mode().IsRegular() {
		return Added{}, errors.New("it is neither a file nor a folder")
	}
	kind, err := kindOfFile(path)
	if err != nil {
		return Added{}, err
	}
	switch kind {
	case KindExport:
		return g.addExport(ctx, path)
	case KindOPML:
		return g.addOPMLFile(ctx, path, info.Size())
	case KindFeed:
		return Added{}, errors.New("it is a feed that was saved as a file; add its address, so that it can be followed")
	}
	r, err := g.paths.Add(ctx, path, false)
	return Added{Kind: KindFile, Report: r}, err
}

// SyncPaths makes the library hold exactly the documents that are built in and those of the
// paths that the configuration names; see paths.Importer.Sync.
func (g *Ingester) SyncPaths(
	ctx context.Context, builtIn []corpus.Document, configured []string,
) (report.Report, error) {
	return g.paths.Sync(ctx, builtIn, configured)
}

// sniffed is how much of a file is looked at to tell what it is, in bytes.
const sniffed = 4 << 10

// kindOfFile tells what a file is by how it begins, and a list of feeds by its name too.
func kindOfFile(path string) (kind Kind, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", errors.Unwrap(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	head, err := io.ReadAll(io.LimitReader(f, sniffed))
	if err != nil {
		return "", err
	}
	if library.IsExport(head) {
		return KindExport, nil
	}
	if strings.EqualFold(filepath.Ext(path), ".opml") {
		return KindOPML, nil
	}
	text := bytes.ToLower(bytes.TrimLeft(head, "\ufeff \t\r\n"))
	if !bytes.HasPrefix(text, []byte("<")) {
		return KindFile, nil
	}
	for _, root := range []struct {
		tag  string
		kind Kind
	}{
		{"<html", KindFile}, {"<!doctype html", KindFile}, {"<opml", KindOPML},
		{"<rss", KindFeed}, {"<feed", KindFeed}, {"<rdf:rdf", KindFeed},
	} {
		if bytes.Contains(text, []byte(root.tag)) {
			return root.kind, nil
		}
	}
	return KindFile, nil
}

func (g *Ingester) addExport(ctx context.Context, path string) (a Added, err error) {
	f, err := os.Open(path)
	if err != nil {
		return Added{}, errors.Unwrap(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	imported, err := g.opts.Library.Import(ctx, f)
	if err != nil {
		return Added{}, err
	}
	a = Added{Kind: KindExport, Report: report.Report{Added: imported.Documents, Unchanged: imported.Unchanged,
		Untold: imported.Untold}}
	for _, p := range imported.Problems {
		a.AddProblem(fmt.Sprintf("%s:%d", path, p.Line), p.Err.Error())
	}
	if imported.Feeds > 0 {
		a.AddNote("%d feeds and pages are followed from now on", imported.Feeds)
	}
	return a, nil
}

func (g *Ingester) addOPMLFile(ctx context.Context, path string, size int64) (Added, error) {
	if size > feed.MaxBytes {
		return Added{}, fmt.Errorf("a list of feeds of %d bytes is too large: at most %d are read", size, feed.MaxBytes)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Added{}, errors.Unwrap(err)
	}
	list, err := opml.Read(text)
	if err != nil {
		return Added{}, err
	}
	return g.addOPML(ctx, list)
}

// addOPML follows the feeds of a list. None of them is asked yet.
func (g *Ingester) addOPML(ctx context.Context, list opml.List) (Added, error) {
	a := Added{Kind: KindOPML}
	for _, o := range list.Feeds() {
		address, err := checkAddress(o.XMLURL)
		if err != nil {
			a.AddProblem(weburl.Redacted(o.XMLURL), err.Error())
			continue
		}
		title := feedstate.Clip(cmp.Or(o.Title, o.Text))
		f, isNew, err := g.opts.Library.AddFeed(ctx, library.Feed{Address: address, Title: title})
		if err != nil {
			return a, err
		}
		a.Followed = append(a.Followed, Followed{f.ID, f.Title, isNew})
	}
	if len(a.Followed) == 0 && len(a.Problems) == 0 {
		return a, errors.New("the list names no feed")
	}
	return a, nil
}

// checkAddress is an address without what is no part of a request, if it can be followed.
func checkAddress(address string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return "", errors.New("this is no address of the web")
	case u.User != nil:
		return "", errors.New("the address holds a name or a password, which is not sent; use one without")
	case len(address) > library.MaxName:
		return "", fmt.Errorf("the address has %d bytes, and the limit is %d", len(address), library.MaxName)
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String(), nil
}

// addAddress follows what is at an address.
func (g *Ingester) addAddress(ctx context.Context, given string) (Added, error) {
	address, err := checkAddress(given)
	if err != nil {
		return Added{}, refusal(given, err)
	}
	resp, err := g.opts.Client.Get(ctx, fetch.Request{URL: address})
	if err != nil {
		return Added{}, err // names the address without secrets
	}
	if list, err := opml.Read(resp.Body); err == nil {
		return g.addOPML(ctx, list)
	}
	_, noFeed := feed.Parse(resp.Body, resp.ContentType, resp.URL)
	switch {
	case noFeed == nil:
		return g.follow(ctx, KindFeed, library.Feed{Address: address}, resp)
	case !errors.Is(noFeed, feed.ErrNotFeed):
		return Added{}, refusal(address, noFeed)
	}
	offers := article.Offers(resp.Body, resp.ContentType, resp.URL)
	if _, err := article.Extract(resp.Body, resp.ContentType, resp.URL); err != nil {
		for _, o := range offers {
			err = fmt.Errorf("%w; it offers the feed %s", err, weburl.Redacted(o.Address))
		}
		return Added{}, refusal(address, fmt.Errorf("%w: %w; %w", errNothing, noFeed, err))
	}
	added, err := g.follow(ctx, KindPage, library.Feed{Address: address, Kind: library.KindPage}, resp)
	added.Offers = offers
	return added, err
}

// follow keeps a feed or a page and what its first answer holds.
func (g *Ingester) follow(ctx context.Context, kind Kind, f library.Feed, resp fetch.Response) (Added, error) {
	kept, isNew, err := g.opts.Library.AddFeed(ctx, f)
	if err != nil {
		return Added{}, err
	}
	if isPage := kept.Kind == library.KindPage; isPage != (kind == KindPage) {
		return Added{}, refusal(f.Address, fmt.Errorf("it is a %s now, and was added as another thing; remove it and "+
			"add it again", kind))
	}
	a := Added{Kind: kind, Followed: []Followed{{kept.ID, kept.Title, isNew}}}
	if !isNew {
		if err := g.opts.Library.ResumeFeed(ctx, kept.ID); err != nil {
			return Added{}, err
		}
	}
	if kind == KindPage && !isNew {
		if a.Restored, err = g.restorePage(ctx, kept); err != nil {
			return Added{}, err
		}
	}
	claim, ok, err := g.opts.Library.ClaimFeed(ctx, kept.ID, g.opts.Lease)
	if err != nil {
		return Added{}, err
	}
	if !ok {
		a.AddNote("another process is reading it now")
		return a, nil
	}
	r, _, err := g.visit(ctx, claim, visitOptions{force: true, first: &resp, feedOnly: true})
	a.Add(r)
	if now, err := g.opts.Library.Feed(ctx, kept.ID); err == nil {
		a.Followed[0].Title = now.Title
	}
	return a, err
}

// restorePage brings the document of a page back that the operator has removed, and says how
// many these are.
func (g *Ingester) restorePage(ctx context.Context, f library.Feed) (int, error) {
	e, err := g.opts.Library.Find(ctx, f.Origin(), f.ID)
	if errors.Is(err, library.ErrNotFound) || err == nil && e.Withdrawal.By != library.ByOperator {
		return 0, nil
	}
	if err == nil {
		err = g.opts.Library.Restore(ctx, e.ID)
	}
	return 1, err
}
