// Package metadata reads what a web page says of itself: title, author, date, publisher and
// language. It believes, in this order, JSON-LD, OpenGraph, other meta tags, marked elements
// of the body, the address (for the date) and a date below the headline. What none of them
// says stays empty: the publisher is no host name, the date no date of change, and neither
// language nor date is guessed.
package metadata

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/language"

	"parley/corpus"
	"parley/corpus/article/dom"
	"parley/corpus/dates"
)

// Head holds a page's metadata as it stands in the page, before any of it is checked.
type Head struct {
	meta      map[string][]string // contents of meta tags by name or property, in lower case
	graph     graph
	about     thing // the article of graph; may be nil
	title     string
	headings  []string // h1
	canonical string
	license   string
	lang      string
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

// Read reads all that describes the page.
func Read(root *html.Node) Head {
	h := Head{meta: map[string][]string{}}
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			h.note(n)
		case html.TextNode:
			h.noteDateline(n)
		}
	}
	titles := append(slices.Clone(h.headings), h.first("og:title"), h.title)
	h.about = h.graph.article(func(t thing) bool { return dom.IsAny(t.string("headline", "name"), titles) })
	return h
}

// note keeps what one element says.
func (h *Head) note(n *html.Node) {
	switch n.Data {
	case "html":
		h.lang = cmp.Or(h.lang, dom.Attr(n, "lang"), dom.Attr(n, "xml:lang"))
	case "title":
		if n.Parent != nil && n.Parent.Data == "head" {
			h.title = cmp.Or(h.title, dom.Plain(dom.ShortText(n)))
		}
	case "h1":
		if len(h.headings) < maxKept {
			h.headings = append(h.headings, dom.ShortText(n))
		}
	case "meta":
		h.noteMeta(n)
	case "link":
		h.noteLink(n)
	case "script":
		if strings.Contains(strings.ToLower(dom.Attr(n, "type")), "ld+json") && n.FirstChild != nil {
			h.graph.add(n.FirstChild.Data)
		}
	case "time":
		h.noteTime(n)
	default:
		if dom.Attr(n, "itemprop") == "datePublished" || dom.Named(n, dated) {
			h.noteTime(n)
		}
	}
	if n.Data != "meta" && n.Data != "link" {
		h.noteByline(n)
	}
}

func (h *Head) noteMeta(n *html.Node) {
	content := dom.Attr(n, "content")
	if len(content) > maxValue {
		return
	}
	if content = dom.Plain(content); content == "" {
		return
	}
	for _, key := range []string{"name", "property", "itemprop", "http-equiv"} {
		for name := range strings.FieldsSeq(strings.ToLower(dom.Attr(n, key))) {
			h.meta[name] = append(h.meta[name], content)
		}
	}
}

// maxValue is the longest value of metadata that is read, in bytes: abstracts are below it.
const maxValue = 4000

func (h *Head) noteLink(n *html.Node) {
	for rel := range strings.FieldsSeq(strings.ToLower(dom.Attr(n, "rel"))) {
		switch rel {
		case "canonical":
			h.canonical = cmp.Or(h.canonical, dom.Attr(n, "href"))
		case "license":
			h.license = cmp.Or(h.license, dom.Attr(n, "href"))
		}
	}
}

func (h *Head) noteTime(n *html.Node) {
	published := dom.Attr(n, "itemprop") == "datePublished" || dom.HasAttr(n, "pubdate") || dom.Named(n, publication)
	if dom.Attr(n, "itemprop") == "dateModified" || dom.Named(n, modification) && !published {
		return
	}
	value := cmp.Or(dom.Attr(n, "content"), dom.Attr(n, "datetime"), dom.ShortText(n))
	if value = dom.Fold(value); value != "" && len(h.times) < maxKept {
		h.times = append(h.times, moment{value, published, len(h.headings) > 0})
	}
}

var (
	dated        = dom.SetOf("date dateline timestamp published pubdate posted")
	publication  = dom.SetOf("published publish publication pubdate")
	modification = dom.SetOf("updated update modified lastmod comment comments")
)

// datelineReach is how many texts after the headline may be the date of the article.
const datelineReach = 60

// noteDateline keeps a date that stands by itself soon after the headline.
func (h *Head) noteDateline(n *html.Node) {
	if len(h.headings) == 0 || h.texts > datelineReach || len(n.Data) > dom.ShortBytes || dom.Is(n.Parent, dom.Unread) {
		return
	}
	s := dom.Fold(n.Data)
	if s == "" {
		return
	}
	h.texts++
	if dates.IsDateline(s) && !modification.HasWordOf(s) {
		h.times = append(h.times, moment{s, false, true})
	}
}

// maxKept bounds the headlines, dates and bylines kept of a page; those that matter come first.
const maxKept = 100

// maxByline is the longest text, in runes, that can name authors.
const maxByline = 100

func (h *Head) noteByline(n *html.Node) {
	if dom.Attr(n, "rel") != "author" && dom.Attr(n, "itemprop") != "author" && !dom.Named(n, bylines) ||
		len(h.bylines) == maxKept {
		return
	}
	if s := dom.ShortText(n); s != "" && utf8.RuneCountInString(s) <= maxByline {
		h.bylines = append(h.bylines, s)
	}
}

var bylines = dom.SetOf("byline bylines")

// first is the first meta tag of the names that says anything.
func (h *Head) first(names ...string) string {
	for _, name := range names {
		if len(h.meta[name]) > 0 {
			return h.meta[name][0]
		}
	}
	return ""
}

// Source gives what the page says about itself, as far as it can be believed. page is where
// it was fetched from; it may be empty.
func (h *Head) Source(page *url.URL) corpus.Source {
	publisher := h.publisher()
	return corpus.Source{
		Title:     h.headline(publisher, dom.SiteOf(page)),
		Publisher: publisher,
		Author:    h.author(),
		URL:       h.address(page),
		Published: h.published(page),
		License: cmp.Or(h.license, h.about.string("license"), h.first("license", "dc.rights", "dcterms.rights",
			"dcterms.license")),
		Language: h.language(),
	}
}

// Summary gives the description of the page.
func (h *Head) Summary() string {
	return cmp.Or(h.first("description", "og:description", "dc.description", "twitter:description"),
		h.about.string("description"))
}

// publisher is who publishes the page by its own words. A host is an address and no
// name: without a name the publisher is empty.
func (h *Head) publisher() string {
	names := h.graph.names(h.about["publisher"])
	for _, key := range []string{"og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "application-name"} {
		names = append(names, h.meta[key]...)
	}
	if i := slices.IndexFunc(names, isName); i >= 0 {
		return names[i]
	}
	return ""
}

func isName(s string) bool {
	return strings.ContainsFunc(s, unicode.IsLetter) && !strings.Contains(s, "://") && !strings.HasPrefix(s, "@") &&
		!strings.HasPrefix(s, "www.") && !strings.HasPrefix(s, "#") && utf8.RuneCountInString(s) <= maxByline
}

// author is the names of the authors, separated by ", ".
func (h *Head) author() string {
	values := h.graph.names(h.about["author"])
	if len(authors(values)) == 0 {
		values = nil
		for _, key := range []string{"author", "article:author", "byl", "dc.creator", "dcterms.creator",
			"parsely-author", "sailthru.author", "citation_author"} {
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
	byWord = regexp.MustCompile(`(?i)^((written|story|posted|analysis|text|opinion|report) by|` +
		`publicado por|by|por|par|von|autore?|autor)\b:?\s+|^(від|автор)(:\s*|\s+)`)
	// afterNames matches the words after the names in a byline: a role, a date, an address.
	afterNames = regexp.MustCompile(`(?i)\s+(\||•|·|/|@|updated|published|posted|on \w+day|` +
		`(\pL{3,9}\.? )?\d).*$|\s*[\w.+-]+@[\w.-]+$`)
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
func (h *Head) address(page *url.URL) string {
	for _, ref := range []string{h.canonical, h.first("og:url"), h.about.address("url", "mainEntityOfPage")} {
		u, err := page.Parse(strings.TrimSpace(ref))
		if ref == "" || err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			continue
		}
		if own := dom.SiteOf(page); own != "" && dom.SiteOf(u) != own || isRoot(u) && !isRoot(page) {
			continue
		}
		u.Fragment = ""
		return u.String()
	}
	return page.String()
}

func isRoot(u *url.URL) bool { return strings.Trim(u.Path, "/") == "" && u.RawQuery == "" }

// ArticleBody is the text of the article as JSON-LD states it; most pages leave it out.
func (h *Head) ArticleBody() string {
	s, _ := h.about["articleBody"].(string)
	var paragraphs []string
	for line := range strings.Lines(s) {
		if line = dom.Plain(line); line != "" {
			paragraphs = append(paragraphs, line)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// language is the language that the page declares, as a BCP 47 tag ("uk", "pt-BR"); empty
// when it declares none that exists. No language is guessed from the text.
func (h *Head) language() string {
	declared := []string{h.lang, h.about.string("inLanguage"), h.first("og:locale"),
		h.first("content-language"), h.first("language"), h.first("dc.language", "dcterms.language")}
	for _, d := range declared {
		d, _, _ = strings.Cut(d, ",")
		tag, err := language.Parse(strings.TrimSpace(d))
		if err == nil && tag != language.Und {
			return tag.String()
		}
	}
	return ""
}

// Titles gives what the page calls its article, the surest first.
func (h *Head) Titles() []string {
	t := []string{h.about.string("headline"), h.first("og:title"), h.first("dc.title", "dcterms.title", "twitter:title")}
	if len(h.headings) == 1 {
		t = append(t, h.headings[0])
	}
	return append(t, h.title)
}

// headline is the title of the article without the name of the site.
func (h *Head) headline(publisher string, s dom.Site) string {
	candidates := h.Titles()
	for _, c := range candidates {
		if c != "" {
			return withoutSite(complete(c, candidates), candidates, publisher, s)
		}
	}
	return ""
}

// complete is the candidate that title is a cut form of, else title.
func complete(title string, candidates []string) string {
	start := strings.TrimRight(title, ".… ")
	if start == title && utf8.RuneCountInString(title) < 100 { // schema.org asked for 110 at most
		return title
	}
	for _, c := range candidates {
		if len(c) > len(title) && strings.HasPrefix(c, start) {
			return c
		}
	}
	return title
}

// separators stand between the title and the name of the site.
var separators = []string{" | ", " - ", " – ", " — ", " :: ", " » ", " · ", " • ", " / ", " // ", " ~ "}

// withoutSite cuts the site's name off a title where it is certain: what is cut is the
// name of the publisher or of the domain, or what is left is itself a title of the page.
func withoutSite(title string, candidates []string, publisher string, s dom.Site) string {
	for _, sep := range separators {
		if i := strings.LastIndex(title, sep); i > 0 {
			if left, right := title[:i], title[i+len(sep):]; isSite(right, publisher, s) || dom.IsAny(left, candidates) {
				return withoutSite(strings.TrimSpace(left), candidates, publisher, s)
			}
		}
		if left, right, ok := strings.Cut(title, sep); ok && isSite(left, publisher, s) {
			return strings.TrimSpace(right)
		}
	}
	return title
}

func isSite(part, publisher string, s dom.Site) bool {
	label, _, _ := strings.Cut(string(s), ".")
	return dom.SameText(part, publisher) || dom.SameText(part, label) || dom.SameText(part, string(s))
}

// dateTags are the meta tags that give the date of publication, the surest first.
var dateTags = []string{
	"article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished",
	"dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "dc.created",
	"citation_publication_date", "citation_date", "parsely-pub-date", "sailthru.date", "rnews:datepublished",
	"pubdate", "publishdate", "publish-date", "publish_date", "published_date", "published-date",
	"publication_date", "originalpublicationdate", "article_date_original", "cxenseparse:recs:publishtime", "displaydate", "pdate", "date", "datecreated",
}

// published is the date of publication: from JSON-LD, meta tags, marked elements, the
// address, what stands below the headline, in this order. A date of change is never taken for it.
func (h *Head) published(page *url.URL) corpus.PartialDate {
	values := []string{h.about.string("datePublished")}
	for _, tag := range dateTags {
		values = append(values, h.meta[tag]...)
	}
	for _, t := range h.times {
		if t.published {
			values = append(values, t.value)
		}
	}
	// The day stands before the month in all languages of sources but English, which is written both ways.
	tag := h.language()
	daysFirst := tag != "" && !strings.HasPrefix(tag, "en")
	for _, v := range append(values, h.about.string("dateCreated")) {
		if d := dates.ParsePage(v, daysFirst); !d.IsZero() {
			return d
		}
	}
	inAddress := dates.InPath(page)
	if inAddress.Precision() == corpus.Day {
		return inAddress
	}
	for _, t := range h.times {
		if d := dates.ParsePage(t.value, daysFirst); t.headed && d.Precision() >= corpus.Day {
			return d // the others may be of other articles
		}
	}
	return inAddress
}
