package files

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"parley/corpus/article"
	"parley/corpus/weburl"
)

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

// isOfSite reports whether the article is to be told from the rest of the page.
func (p *page) isOfSite() bool {
	return p.signs.article || strings.EqualFold(p.first("og:type"), "article") || p.signs.dressed &&
		p.signs.links >= menuLinks
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
