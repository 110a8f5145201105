package files

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"parley/corpus"
	"parley/corpus/article"
	"parley/corpus/weburl"
)

// parseHTML reads a page: the article of a page of a site, as if it had been fetched, and
// all visible text of any other.
func parseHTML(f file, source string) []result {
	p, err := readPage(source)
	isOfSite := p.signs.article || strings.EqualFold(p.first("og:type"), "article") ||
		p.signs.dressed && p.signs.links >= menuLinks
	if err != nil || isOfSite {
		if e, ok := p.article(source); ok {
			return e.in(f).results(at(0))
		}
	}
	if err != nil {
		return []result{failure(0, "the page cannot be read (%w); simplify it or save its text as .txt", err)}
	}
	return p.entry().in(f).results(at(0))
}

// readPage reads what a page shows and what its head says of it.
func readPage(source string) (page, error) {
	p := page{meta: map[string]string{}, saved: savedFrom(source)}
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return p, err
	}
	for n := range root.Descendants() {
		p.signs.note(n)
	}
	p.walk(root)
	p.flush()
	return p, nil
}

// page gathers what a page holds.
type page struct {
	paragraphs []string
	block      strings.Builder // the paragraph being read
	pre        int             // depth of <pre>
	meta       map[string]string
	title      string
	heading    string
	language   string
	canonical  string
	saved      string // the address from which a browser saved it
	signs      signs
}

// walk visits a node; the parser allows no nesting deep enough to exhaust the stack.
func (p *page) walk(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		p.text(n.Data)
		return
	case html.ElementNode:
		if _, hidden := attr(n, "hidden"); p.head(n) || hidden || unseen[n.DataAtom] {
			return
		}
	}
	if n.Type != html.ElementNode || !blocks[n.DataAtom] {
		p.children(n)
		return
	}
	p.flush()
	if n.DataAtom == atom.Pre {
		p.pre++
		defer func() { p.pre-- }()
	}
	p.children(n)
	p.flush()
	if n.DataAtom == atom.H1 && p.heading == "" && len(p.paragraphs) > 0 {
		p.heading = p.paragraphs[len(p.paragraphs)-1]
	}
}

func (p *page) children(n *html.Node) {
	if n.DataAtom == atom.Br {
		p.block.WriteByte('\n')
	}
	for c := range n.ChildNodes() {
		p.walk(c)
	}
}

// blocks are the elements that begin and end a paragraph.
var blocks = setOf(atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Caption, atom.Dd,
	atom.Details, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3,
	atom.H4, atom.H5, atom.H6, atom.Header, atom.Hr, atom.Li, atom.Main, atom.Ol, atom.P, atom.Pre, atom.Section,
	atom.Summary, atom.Table, atom.Td, atom.Th, atom.Tr, atom.Ul)

// unseen are the elements whose text is not the page's.
var unseen = setOf(atom.Head, atom.Script, atom.Style, atom.Nav, atom.Template, atom.Noscript, atom.Iframe, atom.Svg,
	atom.Math, atom.Object, atom.Select, atom.Button, atom.Textarea, atom.Audio, atom.Video, atom.Canvas)

func setOf(atoms ...atom.Atom) map[atom.Atom]bool {
	s := make(map[atom.Atom]bool, len(atoms))
	for _, a := range atoms {
		s[a] = true
	}
	return s
}

// text adds to the paragraph; white space other than in <pre> is one space.
func (p *page) text(s string) {
	if p.pre > 0 {
		p.block.WriteString(lineFeeds(s))
		return
	}
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) && r != '\u00a0' {
			space = true
			continue
		}
		if space {
			p.block.WriteByte(' ')
			space = false
		}
		p.block.WriteRune(r)
	}
	if space {
		p.block.WriteByte(' ')
	}
}

// flush ends the paragraph.
func (p *page) flush() {
	var lines []string
	for line := range strings.Lines(p.block.String()) {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		for p.pre == 0 && (strings.Contains(line, "  ") || strings.Trim(line, " ") != line) {
			line = strings.ReplaceAll(strings.Trim(line, " "), "  ", " ") // where two pieces of text met
		}
		lines = append(lines, line)
	}
	p.block.Reset()
	text := strings.Join(lines, "\n")
	if p.pre == 0 {
		text = strings.TrimSpace(text)
	}
	if text = strings.Trim(text, "\n"); strings.TrimSpace(text) != "" {
		p.paragraphs = append(p.paragraphs, text)
	}
}

// head notes what an element says of the page, and reports whether that was all it is for.
func (p *page) head(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Html:
		p.language, _ = attr(n, "lang")
	case atom.Head:
		for c := range n.ChildNodes() {
			p.walk(c)
		}
		p.block.Reset() // a head has no text
		return true
	case atom.Title:
		if n.Parent != nil && n.Parent.DataAtom == atom.Head && n.FirstChild != nil {
			p.title = cmp.Or(p.title, plainText(n.FirstChild.Data))
		}
		return true
	case atom.Link:
		if rel, _ := attr(n, "rel"); strings.EqualFold(rel, "canonical") {
			p.canonical, _ = attr(n, "href")
		}
		return true
	case atom.Meta:
		p.note(n)
		return true
	}
	return false
}

// note keeps the first value of a meta tag, by whichever attribute names it.
func (p *page) note(n *html.Node) {
	content, _ := attr(n, "content")
	for _, by := range []string{"name", "property", "itemprop", "http-equiv"} {
		name, _ := attr(n, by)
		if name = strings.ToLower(name); name != "" && p.meta[name] == "" {
			p.meta[name] = plainText(content)
		}
	}
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// plainText is one line without NUL, which an entity or the parser may leave.
func plainText(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "\x00", "")
}

// first is the first of the meta tags that says anything.
func (p *page) first(names ...string) string {
	for _, name := range names {
		if v := p.meta[name]; v != "" {
			return v
		}
	}
	return ""
}

// entry reads the metadata of the head, in the forms that most pages use.
func (p *page) entry() entry {
	return entry{
		Title:     cmp.Or(p.title, p.first("og:title", "dc.title"), p.heading),
		Author:    p.first("author", "article:author", "dc.creator", "parsely-author"),
		Publisher: p.first("publisher", "og:site_name", "dc.publisher", "application-name"),
		URL:       cmp.Or(p.canonical, p.first("og:url"), p.saved),
		Published: pageDate(p.first("article:published_time", "published", "datepublished", "date", "dc.date",
			"dc.date.issued", "dcterms.created", "dcterms.issued", "pubdate", "parsely-pub-date")),
		Language: cmp.Or(p.language, p.first("content-language", "language", "dc.language"),
			strings.ReplaceAll(p.first("og:locale"), "_", "-")),
		License: p.first("license", "dc.rights", "dcterms.license"),
		Summary: p.first("description", "og:description", "dc.description"),
		Text:    strings.Join(p.paragraphs, "\n\n"),
	}
}

// pageLayouts are forms of dates that pages use beside those of corpus.PartialDate, with what each knows.
var pageLayouts = []struct {
	layout    string
	precision corpus.Precision
}{
	{"2006-01-02T15:04:05Z0700", corpus.Moment}, {"2006-01-02T15:04Z07:00", corpus.Moment}, {time.RFC1123,
		corpus.Moment}, {time.RFC1123Z, corpus.Moment},
	// without a zone the moment is not known
	{"2006-01-02T15:04:05", corpus.Day}, {"2006-01-02 15:04:05", corpus.Day}, {"2006-01-02T15:04", corpus.Day},
	{"2 January 2006", corpus.Day}, {"January 2, 2006", corpus.Day}, {"Jan 2, 2006", corpus.Day}, {"2006/01/02",
		corpus.Day},
}

// pageDate is a date as corpus.ParsePartialDate reads it; one in no known form stays, to be reported.
func pageDate(s string) string {
	if _, err := corpus.ParsePartialDate(s); err == nil {
		return s
	}
	for _, l := range pageLayouts {
		if t, err := time.Parse(l.layout, s); err == nil {
			return corpus.DateOf(t, l.precision).String()
		}
	}
	return s
}

// signs tell a page of a site, with menus and notices around its article, from one that
// was written by hand, of which every sentence counts.
type signs struct {
	article bool // the page marks what is its article
	dressed bool // it loads a script or a style sheet
	links   int
}

// menuLinks is how many links make a menu. Pages of newspapers have 34 and more, apart
// from those that mark their article.
const menuLinks = 10

// note looks at one element.
func (s *signs) note(n *html.Node) {
	switch n.DataAtom {
	case atom.Article:
		s.article = true
	case atom.Script:
		_, loads := attr(n, "src")
		s.dressed = s.dressed || loads
	case atom.Link:
		rel, _ := attr(n, "rel")
		s.dressed = s.dressed || strings.EqualFold(rel, "stylesheet")
	case atom.A:
		if _, leads := attr(n, "href"); leads {
			s.links++
		}
	}
	if prop, _ := attr(n, "itemprop"); prop == "articleBody" {
		s.article = true
	}
}

// article reads the page as if it had just been fetched. ok is false if no article can be
// found on it.
func (p *page) article(source string) (e entry, ok bool) {
	address := ""
	for _, a := range []string{p.saved, p.canonical, p.first("og:url")} {
		if u, err := url.Parse(a); err == nil && weburl.Is(u) && address == "" {
			address = a
		}
	}
	d, err := article.Extract([]byte(source), "text/html; charset=utf-8", address)
	if err != nil {
		return entry{}, false
	}
	return entry{
		Title: d.Title, Text: d.Text, Publisher: d.Publisher, Author: d.Author, URL: d.URL, Published: d.Published.String(),
		Language: d.Language, License: d.License, Summary: d.Summary,
	}, true
}

// savedMarks are the comments in which browsers and SingleFile note where a page was.
var savedMarks = []*regexp.Regexp{
	regexp.MustCompile(`<!-- saved from url=\(\d{4}\)(https?://\S+) -->`),
	regexp.MustCompile(`<!--\s+Page saved with SingleFile\s+url: (https?://\S+)`),
}

// markReach is how far from its beginning a page says where it was, in bytes.
const markReach = 4 << 10

// savedFrom is the address from which a page was saved; empty if nothing tells.
func savedFrom(source string) string {
	head := source[:min(len(source), markReach)]
	for _, mark := range savedMarks {
		if m := mark.FindStringSubmatch(head); m != nil {
			return m[1]
		}
	}
	return ""
}
