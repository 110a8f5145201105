package feed

import (
	"cmp"
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
		"http://backend.userland.com/rss2", "http://backend.userland.com/rss091", "http://backend.userland.com/rss092", "http://blogs.law.harvard.edu/tech/rss",
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

// meaning tells the parser what an element is: the name under which it is kept, which several
// elements of one meaning share, and its role.
type meaning struct {
	name string
	role role
}

// vocabulary has the elements of each dialect itself, in lower case.
var vocabulary = map[dialect]map[string]meaning{
	rssDialect: meanings(map[role]string{
		container: "rss rdf=rss channel item skiphours skipdays",
		markup:    "title description body=content:encoded fullitem=content:encoded",
		value: "hour day guid source pubdate lastbuilddate language category ttl copyright author " +
			"managingeditor",
		link: "link comments",
	}),
	atomDialect: meanings(map[role]string{ // with the old names of version 0.3
		container: "feed entry author source",
		markup:    "title subtitle tagline=subtitle summary content rights copyright=rights",
		value: "link id name category updated modified=updated published issued=published " +
			"created=dcterms:created",
	}),
}

// extensions has the elements of other namespaces, by prefix and name in lower case.
var extensions = meanings(map[role]string{
	container: "atom:author",
	markup: "dc:title dc:description media:title=dc:title media:description=dc:description content:encoded " +
		"xhtml:body=content:encoded xhtml:div=content:encoded itunes:summary atom:summary atom:content",
	value: "dc:creator dc:author=dc:creator dc:date dc:language dc:subject dc:rights dcterms:issued " +
		"dcterms:created dcterms:modified dcterms:license dcterms:rights cc:license=dcterms:license " +
		"creativecommons:license=dcterms:license sy:updateperiod sy:updatefrequency itunes:author " +
		"atom:link atom:updated atom:published atom:name",
	link: "feedburner:origlink",
})

// meanings reads lists of elements. One that is kept under another name is written "element=name".
func meanings(elements map[role]string) map[string]meaning {
	known := map[string]meaning{}
	for role, list := range elements {
		for entry := range strings.FieldsSeq(list) {
			element, name, _ := strings.Cut(entry, "=")
			known[element] = meaning{cmp.Or(name, element), role}
		}
	}
	return known
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
