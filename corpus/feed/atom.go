package feed

import (
	"cmp"
	"strings"

	"parley/corpus/htmltext"
	"parley/corpus/weburl"
)

// atomFeed reads Atom. The author is that of the entries that name none.
func atomFeed(e *element) (f Feed, author string) {
	f = Feed{
		Title:       htmltext.Line(e.first("title")),
		Description: htmltext.Blocks(e.first("subtitle")),
		URL:         alternate(e),
		Self:        weburl.First(related(e, "self")...),
		Language:    e.last("dc:language").text,
		License:     atomLicense(e),
		Updated:     firstDate(e.first("updated"), e.first("dc:date")),
		Hints:       hints("", nil, nil, e),
		Items:       e.items,
	}
	return f, persons(e.children["author"], "name")
}

func atomItem(e *element) Item {
	id, source := e.first("id"), e.last("source")
	item := Item{
		ID:        id,
		URL:       weburl.First(e.first("feedburner:origlink"), alternate(e), id),
		Title:     htmltext.Line(e.first("title", "dc:title")),
		Published: firstDate(e.first("published"), e.first("dcterms:created"), e.first("dc:date")),
		Updated:   firstDate(e.first("updated")),
		// the author of the source is the entry's where that has none (RFC 4287, 4.2.1)
		Author: cmp.Or(persons(e.children["author"], "name"), persons(source.children["author"], "name"),
			firstName(e.first("dc:creator"))),
		Language: e.last("dc:language").text,
		License:  atomLicense(e),
		Summary:  htmltext.Blocks(e.first("summary")),
		Text:     htmltext.Blocks(e.first("content")),
		Source:   htmltext.Line(source.first("title")),
	}
	for _, c := range e.children["category"] {
		item.Categories = append(item.Categories, cmp.Or(c.attributes["label"], c.attributes["term"]))
	}
	return item
}

// alternate gives the page that a feed or entry stands for; of several the one in HTML.
func alternate(e *element) string {
	var pages []string
	for _, l := range e.children["link"] {
		if cmp.Or(l.attributes["rel"], "alternate") == "alternate" && strings.Contains(l.attributes["type"], "html") {
			pages = append(pages, l.attributes["href"])
		}
	}
	return weburl.First(append(pages, related(e, "alternate")...)...)
}
