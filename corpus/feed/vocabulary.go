package feed

import (
	"encoding/xml"
	"maps"
	"slices"
	"strings"
)

// dialect is the family of an XML feed.
type dialect uint8

const (
	rssDialect dialect = iota // RSS and RDF
	atomDialect
)

// role says how an element is read.
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
	"dc":      {"http://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.0/"},
	"dcterms": {"http://purl.org/dc/terms/"},
	"content": {"http://purl.org/rss/1.0/modules/content/"},
	"sy":      {"http://purl.org/rss/1.0/modules/syndication/"},
	"media":   {"http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss"},
	"itunes":  {"http://www.itunes.com/dtds/podcast-1.0.dtd"},
	"cc": {"http://backend.userland.com/creativecommonsrssmodule",
		"http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html"},
	"feedburner": {"http://rssnamespace.org/feedburner/ext/1.0"},
	"xhtml":      {"http://www.w3.org/1999/xhtml"},
	"rdf":        {"http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
	rssPrefix: {
		"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/", "http://channel.netscape.com/rdf/simple/0.9/",
		"http://my.netscape.com/publish/formats/rss-0.91/", "http://backend.userland.com/rss",
		"http://backend.userland.com/rss2",
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

// meaning is what is done with an element: the name under which it is kept, which several
// elements of one meaning share, and its role.
type meaning struct {
	name string
	role role
}

// vocabulary are the elements of each dialect itself, in lower case.
var vocabulary = map[dialect]map[string]meaning{
	rssDialect: {
		"rss": {"rss", container}, "rdf": {"rss", container}, "channel": {"channel", container}, "item": {"item", container},
		"skiphours": {"skiphours", container}, "skipdays": {"skipdays", container}, "hour": {"hour",
			value}, "day": {"day", value},
		"title": {"title", markup}, "description": {"description", markup},
		"body": {"content:encoded", markup}, "fullitem": {"content:encoded", markup},
		"link": {"link", link}, "guid": {"guid", value}, "comments": {"comments", link}, "source": {"source", value},
		"pubdate": {"pubdate", value}, "lastbuilddate": {"lastbuilddate", value}, "language": {"language", value},
		"category": {"category", value}, "ttl": {"ttl", value}, "copyright": {"copyright", value},
		"author": {"author", value}, "managingeditor": {"managingeditor", value},
	},
	atomDialect: { // with the old names of version 0.3
		"feed": {"feed", container}, "entry": {"entry", container}, "author": {"author", container}, "source": {"source",
			container},
		"title": {"title", markup}, "subtitle": {"subtitle", markup}, "tagline": {"subtitle", markup},
		"summary": {"summary", markup}, "content": {"content", markup}, "rights": {"rights",
			markup}, "copyright": {"rights", markup},
		"link": {"link", value}, "id": {"id", value}, "name": {"name", value}, "category": {"category", value},
		"updated": {"updated", value}, "modified": {"updated", value},
		"published": {"published", value}, "issued": {"published", value}, "created": {"dcterms:created", value},
	},
}

// extensions are the elements of other namespaces, by prefix and name in lower case.
var extensions = map[string]meaning{
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
	"sy:updateperiod":         {"sy:updateperiod", value},
	"sy:updatefrequency":      {"sy:updatefrequency", value},
	"itunes:summary":          {"itunes:summary", markup},
	"itunes:author":           {"itunes:author", value},
	"dc:rights":               {"dc:rights", value},
	"dcterms:license":         {"dcterms:license", value},
	"dcterms:rights":          {"dcterms:rights", value},
	"cc:license":              {"dcterms:license", value},
	"creativecommons:license": {"dcterms:license", value},
	"feedburner:origlink":     {"feedburner:origlink", link},
	"atom:link":               {"atom:link", value},
	"atom:updated":            {"atom:updated", value},
	"atom:published":          {"atom:published", value},
	"atom:summary":            {"atom:summary", markup},
	"atom:content":            {"atom:content", markup},
	"atom:author":             {"atom:author", container},
	"atom:name":               {"atom:name", value},
}

// repeated are the elements that may stand several times in one, by the name under which
// they are kept.
var repeated = []string{"link", "atom:link", "category", "author", "atom:author", "dc:creator", "dc:subject",
	"dc:date", "hour", "day", "channel"}

// meaning tells what an element of the feed is; its role is unknown if Parse has no use for it.
func (r *xmlReader) meaning(e xml.StartElement) meaning {
	space, local := strings.TrimSpace(e.Name.Space), strings.ToLower(e.Name.Local)
	prefix := prefixOf(e)
	if space == "" || space == r.native || prefix == nativePrefix[r.dialect] || prefix == "rdf" && local == "rdf" {
		return vocabulary[r.dialect][local]
	}
	return extensions[prefix+":"+local]
}
