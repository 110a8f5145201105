package feed

import (
	"cmp"
	"io"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"github.com/mmcdole/gofeed/atom"
)

// fromAtom reads a cleaned Atom feed.
func fromAtom(cleaned io.Reader) (Feed, error) {
	in, err := new(atom.Parser).Parse(cleaned)
	if err != nil {
		return Feed{}, err
	}
	f := Feed{
		Title:       line(in.Title),
		Description: blocks(in.Subtitle),
		URL:         alternate(in.Links),
		Self:        firstWebAddress(relations(in.Links, "self")),
		Language:    lastLanguage(in.Extensions),
		License:     atomLicense(in.Links, in.Extensions, in.Rights),
		Updated:     firstDate(in.Updated, extension(in.Extensions, "dc", "date")),
		Hints:       hints("", nil, nil, in.Extensions),
	}
	author := persons(in.Authors)
	for _, entry := range in.Entries {
		f.Items = append(f.Items, atomItem(entry, author))
	}
	return f, nil
}

func atomItem(in *atom.Entry, feedAuthor string) Item {
	id := extension(in.Extensions, "dc", "identifier")
	item := Item{
		ID:        id,
		URL:       firstWebAddress([]string{extension(in.Extensions, "feedburner", "origLink"), alternate(in.Links), id}),
		Title:     line(cmp.Or(in.Title, extension(in.Extensions, "dc", "title"))),
		Published: firstDate(in.Published, extension(in.Extensions, "dcterms", "created"), extension(in.Extensions, "dc", "date")),
		Updated:   firstDate(in.Updated),
		Author:    persons(in.Authors),
		Language:  lastLanguage(in.Extensions),
		License:   atomLicense(in.Links, in.Extensions, in.Rights),
		Summary:   blocks(in.Summary),
	}
	if in.Content != nil {
		item.Text = blocks(in.Content.Value)
	}
	for _, c := range in.Categories {
		item.Categories = append(item.Categories, cmp.Or(c.Label, c.Term))
	}
	if in.Source != nil { // its author is the entry's where that has none (RFC 4287, 4.2.1)
		item.Source = line(in.Source.Title)
		item.Author = cmp.Or(item.Author, persons(in.Source.Authors))
	}
	item.Author = cmp.Or(item.Author, firstName(extension(in.Extensions, "dc", "creator")), feedAuthor)
	return item
}

// alternate is the page that a feed or entry stands for; of several the one in HTML.
func alternate(links []*atom.Link) string {
	var pages []string
	for _, l := range links {
		if l.Rel == "alternate" && strings.Contains(l.Type, "html") {
			pages = append(pages, l.Href)
		}
	}
	return firstWebAddress(append(pages, relations(links, "alternate")...))
}

// atomLicense prefers the link of RFC 4946.
func atomLicense(links []*atom.Link, e ext.Extensions, rights string) string {
	return cmp.Or(firstWebAddress(relations(links, "license")), license(e, nil, line(rights)))
}

func relations(links []*atom.Link, rel string) (addresses []string) {
	for _, l := range links {
		if l.Rel == rel {
			addresses = append(addresses, l.Href)
		}
	}
	return addresses
}

func persons(in []*atom.Person) string {
	var all []string
	for _, p := range in {
		all = append(all, p.Name)
	}
	return names(all)
}

func lastLanguage(e ext.Extensions) string {
	all := e["dc"]["language"]
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1].Value
}
