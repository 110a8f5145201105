package article

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// clean removes from a page what is never its article: what is not shown, controls,
// and what the page itself names as something else. It is done before readability
// looks for the article, which then has less to be misled by.
func clean(root *html.Node, at *url.URL) {
	c := cleaner{sizes: measure(root), at: at}
	c.limit = c.sizes[root].prose() * 3 / 10
	c.children(root)
}

// cleaner removes elements. An element that holds more of the page's prose than limit
// stays whatever it is called: "post author-ann has-sidebar" is the article.
type cleaner struct {
	sizes map[*html.Node]size
	limit int      // runes
	at    *url.URL // of the page
}

func (c *cleaner) children(n *html.Node) {
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		if c.foreign(child) {
			n.RemoveChild(child)
		} else {
			c.children(child)
		}
		child = next
	}
}

// foreign reports whether an element is no part of the article.
func (c *cleaner) foreign(n *html.Node) bool {
	switch {
	case n.Type == html.CommentNode, isElement(n, unread):
		return true
	case n.Type != html.ElementNode, isElement(n, kept), isElement(n, tableParts):
		return false
	}
	s := c.sizes[n]
	if n.Data == "header" {
		return s.prose() <= c.limit
	}
	if s.prose() > c.limit {
		return false
	}
	if n.Data == "article" && c.teaser(n) {
		return true
	}
	if s.central {
		return false
	}
	switch {
	case n.Data == "figure", separate[n.Data] && named(n, media):
		return !s.quotable
	case isElement(n, asides), hidden(n):
		return true
	case separate[n.Data] || !inProse(n):
		return named(n, captions) || named(n, furniture) || named(n, lists) && s.linkShare() > 0.5
	}
	return false
}

// teaser reports whether an <article> is the announcement of another page: its headline
// links there.
func (c *cleaner) teaser(n *html.Node) bool {
	headline := find(n, func(d *html.Node) bool { return kinds[d.Data] == heading })
	if headline == nil {
		return false
	}
	link := find(headline, func(d *html.Node) bool { return d.Data == "a" && attr(d, "href") != "" })
	if link == nil && headline.Parent.Data == "a" {
		link = headline.Parent
	}
	if link == nil {
		return false
	}
	to, err := c.at.Parse(attr(link, "href"))
	return err == nil && c.at.Host != "" && (to.Host != c.at.Host || strings.Trim(to.Path, "/") != strings.Trim(c.at.Path, "/"))
}

// unread are the elements that hold no text to read.
var unread = setOf(`script style noscript template iframe svg math object embed applet canvas audio video map
	button select textarea input datalist progress meter dialog link meta base frame frameset`)

// kept are the elements that are judged by what they contain.
var kept = setOf("html head body main title")

// tableParts are the elements whose names speak of their data: "player", "comment".
var tableParts = setOf("tr td th tbody thead")

// asides are the elements that by their meaning stand beside the text.
var asides = setOf("nav aside footer menu figcaption form address")

// quotable are the elements that make what is around a picture part of the text.
var quotable = setOf("blockquote table pre")

// hidden reports whether the element is not shown.
func hidden(n *html.Node) bool {
	style := strings.ReplaceAll(strings.ToLower(attr(n, "style")), " ", "")
	return hasAttr(n, "hidden") || strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") ||
		attr(n, "aria-hidden") == "true"
}

// Words of classes and ids, by what they name.
var (
	captions = setOf(`caption captions credit credits photocredit imagecredit copyright visuallyhidden offscreen`)

	furniture = setOf(`ad ads advert adverts advertisement advertising adsense banner sponsor sponsored promo promos promotion
		byline bylines author authors contributor bio dateline timestamp pubdate
		share sharing social sharebar sharedaddy addthis addtoany sharethis follow
		comment comments disqus respond reply
		newsletter newsletters signup subscribe subscription paywall donate donation
		related recommended recommendation recommendations recirc recirculation trending popular outbrain taboola readmore
		breadcrumb breadcrumbs nav navigation navbar menu toolbar pager pagination sidebar footer masthead
		cookie cookies consent gdpr modal popup popover overlay tooltip rollover dropdown
		tag tags topics keywords categories`)

	media = setOf(`gallery carousel slideshow slider lightbox video`)

	lists = setOf(`more links list see also next previous prev teaser`)
)

// named reports whether the class, id or role of an element has one of the words.
func named(n *html.Node, names set) bool {
	for _, key := range []string{"class", "id", "role", "itemprop", "rel"} {
		for _, w := range words(attr(n, key)) {
			if names[w] {
				return true
			}
		}
	}
	return false
}

// inProse reports whether n stands inside a paragraph.
func inProse(n *html.Node) bool {
	return n.Parent != nil && isElement(n.Parent, prose)
}

// prose are the elements that hold sentences.
var prose = setOf("p li blockquote pre dd h1 h2 h3 h4 h5 h6")

// size is how much an element holds.
type size struct {
	text, linked int  // runes, without white space
	central      bool // what the page calls its article or its headline
	quotable     bool // a quotation or a table
}

// prose is the text that is no link.
func (s size) prose() int { return s.text - s.linked }

func (s size) linkShare() float64 { return float64(s.linked) / float64(max(1, s.text)) }

// measure gives the size of every element below n.
func measure(n *html.Node) map[*html.Node]size {
	sizes := map[*html.Node]size{}
	var visit func(*html.Node, bool) size
	visit = func(n *html.Node, linked bool) (s size) {
		switch {
		case n.Type == html.TextNode:
			return textSize(n.Data, linked)
		case isElement(n, unread):
			return size{}
		}
		linked = linked || n.Data == "a"
		for c := range n.ChildNodes() {
			inner := visit(c, linked)
			s.text += inner.text
			s.linked += inner.linked
			s.central = s.central || inner.central
			s.quotable = s.quotable || inner.quotable
		}
		s.central = s.central || central(n)
		s.quotable = s.quotable || isElement(n, quotable)
		if n.Type == html.ElementNode {
			sizes[n] = s
		}
		return s
	}
	sizes[n] = visit(n, false)
	return sizes
}

func textSize(s string, linked bool) size {
	runes := 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			runes++
		}
	}
	if linked {
		return size{text: runes, linked: runes}
	}
	return size{text: runes}
}

// central reports whether the page marks the element as the article or its headline.
func central(n *html.Node) bool {
	return n.Data == "h1" || n.Data == "main" || attr(n, "itemprop") == "articleBody" || attr(n, "role") == "main"
}
