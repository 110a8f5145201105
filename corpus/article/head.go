package article

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"parley/corpus"
	"parley/corpus/dates"
)

// head is what a page says about itself, before any of it is believed.
type head struct {
	meta      map[string][]string // contents of meta tags by name or property, in lower case
	graph     graph
	about     thing // the article of graph; may be nil
	title     string
	headings  []string // h1
	canonical string
	license   string
	language  string
	times     []moment
	texts     int // after the first heading
	bylines   []string
}

// moment is a date written in the body.
type moment struct {
	value     string
	published bool // the page marks it as the date of publication
	headed    bool // it follows the headline
}

// readHead reads all that describes the page.
func readHead(root *html.Node) head {
	h := head{meta: map[string][]string{}}
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			h.note(n)
		case html.TextNode:
			h.noteDateline(n)
		}
	}
	titles := append(slices.Clone(h.headings), h.first("og:title"), h.title)
	h.about = h.graph.article(func(t thing) bool { return isAny(t.string("headline", "name"), titles) })
	return h
}

// note keeps what one element says.
func (h *head) note(n *html.Node) {
	switch n.Data {
	case "html":
		h.language = cmp.Or(h.language, attr(n, "lang"), attr(n, "xml:lang"))
	case "title":
		if n.Parent != nil && n.Parent.Data == "head" {
			h.title = cmp.Or(h.title, plain(shortText(n)))
		}
	case "h1":
		if len(h.headings) < maxKept {
			h.headings = append(h.headings, shortText(n))
		}
	case "meta":
		h.noteMeta(n)
	case "link":
		h.noteLink(n)
	case "script":
		if strings.Contains(strings.ToLower(attr(n, "type")), "ld+json") && n.FirstChild != nil {
			h.graph.add(n.FirstChild.Data)
		}
	case "time":
		h.noteTime(n)
	default:
		if attr(n, "itemprop") == "datePublished" || named(n, dated) {
			h.noteTime(n)
		}
	}
	if n.Data != "meta" && n.Data != "link" {
		h.noteByline(n)
	}
}

func (h *head) noteMeta(n *html.Node) {
	content := attr(n, "content")
	if len(content) > maxValue {
		return
	}
	if content = plain(content); content == "" {
		return
	}
	for _, key := range []string{"name", "property", "itemprop", "http-equiv"} {
		for name := range strings.FieldsSeq(strings.ToLower(attr(n, key))) {
			h.meta[name] = append(h.meta[name], content)
		}
	}
}

// maxValue is the longest value of metadata that is read, in bytes: abstracts are below it.
const maxValue = 4000

func (h *head) noteLink(n *html.Node) {
	for rel := range strings.FieldsSeq(strings.ToLower(attr(n, "rel"))) {
		switch rel {
		case "canonical":
			h.canonical = cmp.Or(h.canonical, attr(n, "href"))
		case "license":
			h.license = cmp.Or(h.license, attr(n, "href"))
		}
	}
}

func (h *head) noteTime(n *html.Node) {
	published := attr(n, "itemprop") == "datePublished" || hasAttr(n, "pubdate") || named(n, publication)
	if attr(n, "itemprop") == "dateModified" || named(n, modification) && !published {
		return
	}
	value := cmp.Or(attr(n, "content"), attr(n, "datetime"), shortText(n))
	if value = fold(value); value != "" && len(h.times) < maxKept {
		h.times = append(h.times, moment{value, published, len(h.headings) > 0})
	}
}

var (
	dated        = setOf("date dateline timestamp published pubdate posted")
	publication  = setOf("published publish publication pubdate")
	modification = setOf("updated update modified lastmod comment comments")
)

// datelineReach is how many texts after the headline may be the date of the article.
const datelineReach = 60

// noteDateline keeps a date that stands by itself soon after the headline.
func (h *head) noteDateline(n *html.Node) {
	if len(h.headings) == 0 || h.texts > datelineReach || len(n.Data) > shortBytes || isElement(n.Parent, unread) {
		return
	}
	s := fold(n.Data)
	if s == "" {
		return
	}
	h.texts++
	if dates.IsDateline(s) && !slices.ContainsFunc(words(s), func(w string) bool { return modification[w] }) {
		h.times = append(h.times, moment{s, false, true})
	}
}

// maxKept bounds the headlines, dates and bylines kept of a page; those that matter come first.
const maxKept = 100

// maxByline is the longest text, in runes, that can name authors.
const maxByline = 100

func (h *head) noteByline(n *html.Node) {
	if attr(n, "rel") != "author" && attr(n, "itemprop") != "author" && !named(n, bylines) || len(h.bylines) == maxKept {
		return
	}
	if s := shortText(n); s != "" && utf8.RuneCountInString(s) <= maxByline {
		h.bylines = append(h.bylines, s)
	}
}

var bylines = setOf("byline bylines")

// first is the first meta tag of the names that says anything.
func (h *head) first(names ...string) string {
	for _, name := range names {
		if len(h.meta[name]) > 0 {
			return h.meta[name][0]
		}
	}
	return ""
}

// source is what the page says about itself, as far as it can be believed. page is where it was fetched from; may be empty.
func (h *head) source(page *url.URL) corpus.Source {
	publisher := h.publisher()
	return corpus.Source{
		Title:     h.headline(publisher, siteOf(page)),
		Publisher: publisher,
		Author:    h.author(),
		URL:       h.address(page),
		Published: h.published(page),
		License:   cmp.Or(h.license, h.about.string("license"), h.first("license", "dc.rights", "dcterms.rights", "dcterms.license")),
		Language:  h.tongue(),
	}
}

func (h *head) summary() string {
	return cmp.Or(h.first("description", "og:description", "dc.description", "twitter:description"), h.about.string("description"))
}

// publisher is who publishes the page by its own words. A host is an address and no
// name: without a name the publisher is empty.
func (h *head) publisher() string {
	names := h.graph.names(h.about["publisher"])
	for _, key := range []string{"og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "application-name"} {
		names = append(names, h.meta[key]...)
	}
	return firstName(names)
}

// firstName is the first of the values that is a name and no address.
func firstName(values []string) string {
	for _, v := range values {
		if isName(v) {
			return v
		}
	}
	return ""
}

func isName(s string) bool {
	return strings.ContainsFunc(s, unicode.IsLetter) && !strings.Contains(s, "://") && !strings.HasPrefix(s, "@") && !strings.HasPrefix(s, "www.") &&
		!strings.HasPrefix(s, "#") && utf8.RuneCountInString(s) <= maxByline
}

// author is the names of the authors, separated by ", ".
func (h *head) author() string {
	values := h.graph.names(h.about["author"])
	if len(authors(values)) == 0 {
		values = nil
		for _, key := range []string{"author", "article:author", "byl", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "citation_author"} {
			if values = h.meta[key]; len(authors(values)) > 0 {
				break
			}
		}
	}
	if len(authors(values)) == 0 && len(h.bylines) > 0 {
		values = h.bylines[:1]
	}
	return strings.Join(authors(values), ", ")
}

var (
	byWord = regexp.MustCompile(`(?i)^((written|story|posted|analysis|text|opinion|report) by|publicado por|by|por|par|von|autore?|autor)\b:?\s+|^(від|автор)(:\s*|\s+)`)
	// afterNames is what stands behind names in a byline: a role, a date, an address.
	afterNames = regexp.MustCompile(`(?i)\s+(\||•|·|/|@|updated|published|posted|on \w+day|(\pL{3,9}\.? )?\d).*$|\s*[\w.+-]+@[\w.-]+$`)
)

// authors are the names in the values, without repetition.
func authors(values []string) []string {
	var out []string
	for _, v := range values {
		v = afterNames.ReplaceAllString(byWord.ReplaceAllString(v, ""), "")
		v = strings.Trim(v, " ,;|-–—")
		if isName(v) && !strings.EqualFold(v, "admin") && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// address is the page's own address for itself when it is of the same site, else page: a
// page cannot take the place of another site's document.
func (h *head) address(page *url.URL) string {
	for _, ref := range []string{h.canonical, h.first("og:url"), h.about.address("url", "mainEntityOfPage")} {
		u, err := page.Parse(strings.TrimSpace(ref))
		if ref == "" || err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			continue
		}
		if own := siteOf(page); own != "" && siteOf(u) != own || isRoot(u) && !isRoot(page) {
			continue
		}
		u.Fragment = ""
		return u.String()
	}
	return page.String()
}

func isRoot(u *url.URL) bool { return strings.Trim(u.Path, "/") == "" && u.RawQuery == "" }

// articleBody is the text of the article as JSON-LD states it; most pages leave it out.
func (h *head) articleBody() string {
	s, _ := h.about["articleBody"].(string)
	var paragraphs []string
	for line := range strings.Lines(s) {
		if line = plain(line); line != "" {
			paragraphs = append(paragraphs, line)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}
