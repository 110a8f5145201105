package article

import (
	"net/url"
	"slices"
	"strings"

	"parley/corpus/article/dom"

	"golang.org/x/net/html"
)

// Offer is a feed that a page advertises.
type Offer struct {
	Title   string `json:"title"` // a line; may be empty
	Address string `json:"address"`
}

// feedTypes are the media types of feeds (RSS and JSON Feed by custom, Atom by RFC 4287).
var feedTypes = dom.SetOf("application/rss+xml application/atom+xml application/feed+json application/rdf+xml")

// maxOffers is more than a page means seriously.
const maxOffers = 50

// Offers are the feeds that a page names in its links of rel="alternate", each once. What
// is no page offers none.
func Offers(page []byte, contentType, address string) []Offer {
	at, err := url.Parse(address)
	if err != nil {
		return nil
	}
	source, err := decode(page, contentType)
	if err != nil || source.plain {
		return nil
	}
	root, err := parse(source.text)
	if err != nil {
		return nil
	}
	var offers []Offer
	for n := range root.Descendants() {
		o, ok := offer(n, at)
		known := func(other Offer) bool { return other.Address == o.Address }
		if ok && len(offers) < maxOffers && !slices.ContainsFunc(offers, known) {
			offers = append(offers, o)
		}
	}
	return offers
}

func offer(n *html.Node, at *url.URL) (Offer, bool) {
	if n.Type != html.ElementNode || n.Data != "link" {
		return Offer{}, false
	}
	kind, _, _ := strings.Cut(strings.ToLower(dom.Attr(n, "type")), ";")
	relations := strings.Fields(strings.ToLower(dom.Attr(n, "rel")))
	if !feedTypes[strings.TrimSpace(kind)] || !slices.Contains(relations, "alternate") {
		return Offer{}, false
	}
	to, err := at.Parse(strings.TrimSpace(dom.Attr(n, "href")))
	if err != nil || to.Host == "" || to.Scheme != "http" && to.Scheme != "https" {
		return Offer{}, false
	}
	return Offer{Title: dom.Plain(dom.Attr(n, "title")), Address: to.String()}, true
}
