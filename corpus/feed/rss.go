package feed

import (
	"cmp"
	"io"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"parley/corpus"
)

// fromRSS reads a cleaned RSS or RDF feed.
func fromRSS(cleaned io.Reader) (Feed, error) {
	in, err := new(rss.Parser).Parse(cleaned)
	if err != nil {
		return Feed{}, err
	}
	f := Feed{
		Title:       line(cmp.Or(in.Title, dublinCore(in.DublinCoreExt).Title)),
		Description: blocks(cmp.Or(in.Description, dublinCore(in.DublinCoreExt).Description, extension(in.Extensions, "itunes", "summary"))),
		URL:         webAddress(cmp.Or(in.Link, atomLink(in.Extensions, "alternate"))),
		Self:        webAddress(atomLink(in.Extensions, "self")),
		Language:    cmp.Or(in.Language, dublinCore(in.DublinCoreExt).Language),
		License:     license(in.Extensions, in.DublinCoreExt, in.Copyright),
		Updated:     firstDate(in.LastBuildDate, in.PubDate, dublinCore(in.DublinCoreExt).Date, extension(in.Extensions, "dcterms", "issued")),
		Hints:       hints(in.TTL, in.SkipHours, in.SkipDays, in.Extensions),
	}
	author := firstName(in.ManagingEditor, dublinCore(in.DublinCoreExt).Creator)
	for _, item := range in.Items {
		f.Items = append(f.Items, rssItem(item, author))
	}
	return f, nil
}

func rssItem(in *rss.Item, feedAuthor string) Item {
	dc := dublinCore(in.DublinCoreExt)
	item := Item{
		URL:        rssURL(in),
		Title:      line(cmp.Or(in.Title, dc.Title)),
		Updated:    firstDate(extension(in.Extensions, "dcterms", "modified"), extension(in.Extensions, "atom", "updated"), dc.Date),
		Author:     cmp.Or(firstName(in.Author, dc.Creator, extension(in.Extensions, "itunes", "author"), atomAuthor(in.Extensions)), feedAuthor),
		Language:   dc.Language,
		License:    license(in.Extensions, in.DublinCoreExt, ""),
		Categories: dc.Subjects,
		Summary:    blocks(cmp.Or(in.Description, dc.Description, extension(in.Extensions, "itunes", "summary"), extension(in.Extensions, "atom", "summary"))),
		Text:       blocks(cmp.Or(in.Content, extension(in.Extensions, "atom", "content"))),
	}
	item.Published = firstDate(in.PubDate, dc.Date, extension(in.Extensions, "dcterms", "issued"), extension(in.Extensions, "dcterms", "created"),
		extension(in.Extensions, "atom", "published"))
	for _, c := range in.Categories {
		item.Categories = append(item.Categories, c.Value)
	}
	if in.GUID != nil {
		item.ID = in.GUID.Value
	}
	if in.Source != nil {
		item.Source = line(in.Source.Title)
	}
	return item
}

// rssURL is the page of an item: what a redirecting service says that it was, the
// link, the guid if it is one, or the page of comments.
func rssURL(in *rss.Item) string {
	addresses := []string{extension(in.Extensions, "feedburner", "origLink")}
	addresses = append(addresses, in.Links...)
	addresses = append(addresses, atomLink(in.Extensions, "alternate"))
	if in.GUID != nil && !strings.EqualFold(strings.TrimSpace(in.GUID.IsPermalink), "false") {
		addresses = append(addresses, in.GUID.Value)
	}
	return firstWebAddress(append(addresses, in.Comments))
}

// core is what is used of Dublin Core.
type core struct {
	Title, Description, Creator, Date, Language string
	Subjects                                    []string
}

func dublinCore(dc *ext.DublinCoreExtension) core {
	if dc == nil {
		return core{}
	}
	return core{
		Title: first(dc.Title), Description: first(dc.Description), Date: first(dc.Date), Language: last(dc.Language),
		Creator: names(dc.Creator), Subjects: dc.Subject,
	}
}

// license is under what terms a text stands: a licence before a notice of rights.
func license(e ext.Extensions, dc *ext.DublinCoreExtension, notice string) string {
	rights := extension(e, "dc", "rights") // in Atom
	if dc != nil {
		rights = first(dc.Rights)
	}
	return plainLine(cmp.Or(extension(e, "dcterms", "license"), extension(e, "dcterms", "rights"), rights, notice))
}

func first(s []string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}

// last is the innermost of the languages that the cleaner found in force.
func last(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[len(s)-1]
}

// extension is the text of the first element of that name.
func extension(e ext.Extensions, prefix, name string) string {
	for _, x := range e[prefix][name] {
		if x.Value != "" {
			return x.Value
		}
	}
	return ""
}

// atomLink is the address of an Atom link inside RSS.
func atomLink(e ext.Extensions, rel string) string {
	for _, l := range e["atom"]["link"] {
		if cmp.Or(l.Attrs["rel"], "alternate") == rel {
			return l.Attrs["href"]
		}
	}
	return ""
}

func atomAuthor(e ext.Extensions) string {
	var all []string
	for _, author := range e["atom"]["author"] {
		for _, name := range author.Children["name"] {
			all = append(all, name.Value)
		}
	}
	return names(all)
}

// firstDate is the first of the texts that is a date.
func firstDate(texts ...string) corpus.PartialDate {
	for _, text := range texts {
		if d, ok := ParseDate(text); ok {
			return d
		}
	}
	return corpus.PartialDate{}
}
