package feed

import (
	"cmp"
	"strings"

	"parley/corpus/htmltext"
	"parley/corpus/weburl"
)

// rssFeed reads RSS or RDF. Of several channels the last counts. The author is that of the
// items that name none.
func rssFeed(root *element) (f Feed, author string) {
	channel := root.last("channel")
	f = Feed{
		Title:       htmltext.Line(channel.first("title", "dc:title")),
		Description: htmltext.Blocks(channel.first("description", "dc:description", "itunes:summary")),
		URL:         weburl.First(cmp.Or(channel.last("link").rssLink(), atomLink(channel, "alternate"))),
		Self:        weburl.First(atomLink(channel, "self")),
		Language:    cmp.Or(channel.first("language"), channel.last("dc:language").text),
		License:     license(channel, channel.first("copyright")),
		Updated: firstDate(channel.first("lastbuilddate"), channel.first("pubdate"), channel.first("dc:date"),
			channel.first("dcterms:issued")),
		Hints: hints(channel.first("ttl"), channel.last("skiphours").texts("hour"), channel.last("skipdays").texts("day"), channel),
		Items: append(channel.items, root.items...), // RDF has them beside the channel
	}
	return f, firstName(channel.first("managingeditor"), names(channel.texts("dc:creator")))
}

func rssItem(e *element) Item {
	item := Item{
		ID:    e.last("guid").text,
		Title: htmltext.Line(e.first("title", "dc:title")),
		Published: firstDate(e.first("pubdate"), e.first("dc:date"), e.first("dcterms:issued"), e.first("dcterms:created"),
			e.first("atom:published")),
		Updated: firstDate(e.first("dcterms:modified"), e.first("atom:updated"), e.first("dc:date")),
		Author: firstName(e.last("author").text, names(e.texts("dc:creator")), e.first("itunes:author"),
			persons(e.all("atom:author"), "atom:name")),
		Categories: append(e.texts("dc:subject"), e.texts("category")...),
		Language:   e.last("dc:language").text,
		License:    license(e, ""),
		Summary:    htmltext.Blocks(e.first("description", "dc:description", "itunes:summary", "atom:summary")),
		Text:       htmltext.Blocks(e.first("content:encoded", "atom:content")),
		Source:     htmltext.Line(e.first("source")),
	}
	// the page: what a redirecting service says that it was, the link, the guid if it is
	// one, or the page of comments
	addresses := []string{e.first("feedburner:origlink")}
	for _, l := range e.all("link") {
		addresses = append(addresses, l.rssLink())
	}
	addresses = append(addresses, atomLink(e, "alternate"))
	if !strings.EqualFold(strings.TrimSpace(e.last("guid").attributes["ispermalink"]), "false") {
		addresses = append(addresses, item.ID)
	}
	item.URL = weburl.First(append(addresses, e.first("comments"))...)
	return item
}

// rssLink is the address in a <link>, which some write as Atom does.
func (e *element) rssLink() string { return cmp.Or(e.text, e.attributes["href"]) }

// atomLink is the address of an Atom link inside RSS.
func atomLink(e *element, rel string) string {
	for _, l := range e.all("atom:link") {
		if cmp.Or(l.attributes["rel"], "alternate") == rel {
			return l.attributes["href"]
		}
	}
	return ""
}

// license is under what terms a text stands: a licence before a notice of rights.
func license(e *element, notice string) string {
	return htmltext.CleanLine(cmp.Or(e.first("dcterms:license", "dcterms:rights", "dc:rights"), notice))
}
