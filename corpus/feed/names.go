package feed

import (
	"encoding/xml"
	"maps"
	"slices"
	"strings"
)

// role says what the cleaner does with an element.
type role uint8

const (
	unknown   role = iota
	container      // holds other elements
	markup         // a text that may be HTML
	value          // a plain text: a date, a number, an id, a name
	link           // an address
)

const (
	xmlNamespace = "http://www.w3.org/XML/1998/namespace"
	atomPrefix   = "atom"
	rssPrefix    = "rss"
)

// atomVersions are the namespaces of Atom, in lower case.
var atomVersions = map[string]string{
	"http://www.w3.org/2005/atom":   "1.0",
	"http://purl.org/atom/ns#":      "0.3",
	"http://example.com/newformat#": "0.1",
	"http://example.com/necho":      "0.1",
	"http://purl.org/echo/":         "0.2",
	"uri/of/echo/namespace#":        "0.1",
	"http://purl.org/pie/":          "0.1",
}

// namespaces are those that the parsers know, in lower case, by the prefix under which.
var namespaces = map[string][]string{
	"dc":         {"http://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.0/"},
	"dcterms":    {"http://purl.org/dc/terms/"},
	"content":    {"http://purl.org/rss/1.0/modules/content/"},
	"sy":         {"http://purl.org/rss/1.0/modules/syndication/"},
	"media":      {"http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss"},
	"itunes":     {"http://www.itunes.com/dtds/podcast-1.0.dtd"},
	"cc":         {"http://backend.userland.com/creativecommonsrssmodule", "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html"},
	"feedburner": {"http://rssnamespace.org/feedburner/ext/1.0"},
	"xhtml":      {"http://www.w3.org/1999/xhtml"},
	"rdf":        {"http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
	rssPrefix: {
		"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/", "http://channel.netscape.com/rdf/simple/0.9/",
		"http://my.netscape.com/publish/formats/rss-0.91/", "http://backend.userland.com/rss", "http://backend.userland.com/rss2",
		"http://backend.userland.com/rss091", "http://backend.userland.com/rss092", "http://blogs.law.harvard.edu/tech/rss",
		"http://cyber.law.harvard.edu/rss/rss.html",
	},
	atomPrefix: slices.Collect(maps.Keys(atomVersions)),
}

// prefixes are the prefixes by namespace; one that is not declared stands for its usual
// namespace, and is all that the decoder has to give for it.
var prefixes = func() map[string]string {
	p := map[string]string{}
	for prefix, spaces := range namespaces {
		p[prefix] = prefix
		for _, space := range spaces {
			p[space] = prefix
		}
	}
	return p
}()

// prefixOf is the prefix of an element's namespace, empty if it is not known.
func prefixOf(e xml.StartElement) string {
	return prefixes[strings.ToLower(strings.TrimSpace(e.Name.Space))]
}

// nativePrefix is that of the elements of each dialect itself.
var nativePrefix = map[dialect]string{rssDialect: rssPrefix, atomDialect: atomPrefix}

// declarations are the namespaces that a cleaned root declares.
var declarations = map[dialect]string{
	rssDialect:  ` version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"` + common,
	atomDialect: ` xmlns="http://www.w3.org/2005/Atom"` + common,
}

const common = ` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"` +
	` xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"` +
	` xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"`

// extensions are the elements beside those of the dialect itself, by prefix and name in
// lower case, and as what the parser gets them.
var extensions = map[string]struct {
	name string
	role role
}{
	"dc:title":                {"dc:title", markup},
	"dc:description":          {"dc:description", markup},
	"dc:creator":              {"dc:creator", value},
	"dc:author":               {"dc:creator", value},
	"dc:date":                 {"dc:date", value},
	"media:title":             {"dc:title", markup},
	"media:description":       {"dc:description", markup},
	"dc:language":             {"dc:language", value},
	"dc:subject":              {"dc:subject", value},
	"dcterms:issued":          {"dcterms:issued", value},
	"dcterms:created":         {"dcterms:created", value},
	"dcterms:modified":        {"dcterms:modified", value},
	"content:encoded":         {"content:encoded", markup},
	"xhtml:body":              {"content:encoded", markup},
	"xhtml:div":               {"content:encoded", markup},
	"sy:updateperiod":         {"sy:updatePeriod", value},
	"sy:updatefrequency":      {"sy:updateFrequency", value},
	"itunes:summary":          {"itunes:summary", markup},
	"itunes:author":           {"itunes:author", value},
	"dc:rights":               {"dc:rights", value},
	"dcterms:license":         {"dcterms:license", value},
	"dcterms:rights":          {"dcterms:rights", value},
	"cc:license":              {"dcterms:license", value},
	"creativecommons:license": {"dcterms:license", value},
	"feedburner:origlink":     {"feedburner:origLink", link},
	"atom:link":               {"atom:link", value},
	"atom:updated":            {"atom:updated", value},
	"atom:published":          {"atom:published", value},
	"atom:summary":            {"atom:summary", markup},
	"atom:content":            {"atom:content", markup},
	"atom:author":             {"atom:author", container},
	"atom:name":               {"atom:name", value},
}

// natives are the elements of each dialect, in lower case.
var natives = map[dialect]map[string]role{
	rssDialect: {
		"rss": container, "rdf": container, "channel": container, "item": container,
		"skiphours": container, "skipdays": container, "hour": value, "day": value,
		"title": markup, "description": markup, "body": markup, "fullitem": markup,
		"link": link, "guid": value, "comments": link, "source": value,
		"pubdate": value, "lastbuilddate": value, "language": value, "category": value, "ttl": value, "copyright": value,
		"author": value, "managingeditor": value,
	},
	atomDialect: {
		"feed": container, "entry": container, "author": container, "source": container,
		"title": markup, "subtitle": markup, "tagline": markup, "summary": markup, "content": markup, "rights": markup, "copyright": markup,
		"link": value, "id": value, "name": value, "category": value,
		"updated": value, "modified": value, "published": value, "issued": value, "created": value,
	},
}

// repeated are the elements of which one may hold several, as they are passed on.
var repeated = []string{"link", "atom:link", "category", "author", "atom:author", "dc:creator", "dc:subject", "dc:date", "hour", "day", "channel"}

// known is the name under which an element is passed on, and what is done with it.
func (c *cleaner) known(e xml.StartElement) (name string, r role) {
	space := strings.TrimSpace(e.Name.Space)
	local := strings.ToLower(e.Name.Local)
	prefix := prefixOf(e)
	native := nativePrefix[c.dialect]
	if space == "" || space == c.native || prefix == native || prefix == "rdf" && local == "rdf" {
		return c.nativeName(local)
	}
	x := extensions[prefix+":"+local]
	return x.name, x.role
}

// nativeName says some old names anew.
func (c *cleaner) nativeName(local string) (name string, r role) {
	r = natives[c.dialect][local]
	switch local { // "id" and "created" are known in Atom only
	case "body", "fullitem":
		local = "content:encoded"
	case "rdf":
		local = "rss"
	case "copyright":
		if c.dialect == atomDialect {
			local = "rights"
		}
	case "tagline":
		local = "subtitle"
	case "modified":
		local = "updated"
	case "issued":
		local = "published"
	case "created":
		local = "dcterms:created"
	case "id": // which gofeed would resolve and rewrite as an address
		local = "dc:identifier"
	}
	return local, r
}
