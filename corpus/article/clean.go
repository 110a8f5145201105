package article

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"parley/corpus/article/dom"
)

// clean removes from a page what is never its article: what is not shown, controls,
// and what the page itself names as something else. It is done before readability
// looks for the article, which then has less to be misled by. at is the page's address.
//
// Nothing that is shown is taken out of a sentence: quotations stay verbatim.
func clean(root *html.Node, at *url.URL) {
	c := cleaner{sizes: measure(root), at: at}
	c.limit = c.sizes[root].prose() * 3 / 10
	c.children(root, false)
}

// cleaner removes elements. An element that holds more of the page's prose than limit
// stays whatever it is called: "post author-ann has-sidebar" is the article.
type cleaner struct {
	sizes map[*html.Node]size
	limit int // runes
	at    *url.URL
}

// children cleans below n; inSentence says that n is a part of a sentence.
func (c *cleaner) children(n *html.Node, inSentence bool) {
	inSentence = inSentence || dom.Is(n, sentences)
	worded := inSentence || c.sizes[n].own > 0
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		switch {
		case c.unshown(child) || !inSentence && c.foreign(child):
			n.RemoveChild(child)
		case worded && child.Type == html.ElementNode && !separate[child.Data]:
			// without its names, by which readability would take it for a byline or a comment
			// and its words out of the sentence
			child.Attr = slices.DeleteFunc(child.Attr, func(a html.Attribute) bool { return a.Key != "href" })
			c.children(child, true)
		default:
			c.children(child, inSentence)
		}
		child = next
	}
}

// unshown reports whether a reader of the page does not see the node as text.
func (c *cleaner) unshown(n *html.Node) bool {
	switch {
	case n.Type == html.CommentNode, dom.Is(n, dom.Unread):
		return true
	case n.Type != html.ElementNode, dom.Is(n, kept), !c.isSmall(n):
		return false
	}
	style := strings.ReplaceAll(strings.ToLower(dom.Attr(n, "style")), " ", "")
	return dom.HasAttr(n, "hidden") || dom.Attr(n, "aria-hidden") == "true" ||
		strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

// foreign reports whether an element is no part of the article.
func (c *cleaner) foreign(n *html.Node) bool {
	if n.Type != html.ElementNode || dom.Is(n, kept) || !c.isSmall(n) {
		return false
	}
	s := c.sizes[n]
	switch {
	case n.Data == "header", n.Data == "article" && c.isTeaser(n):
		return true
	case s.central:
		return false
	case n.Data == "figure", separate[n.Data] && dom.Named(n, media):
		return !s.quotable
	case dom.Is(n, asides):
		return true
	}
	wordless := separate[n.Data] || c.sizes[n.Parent].own == 0 // beside it
	isLinks := float64(s.linked) > 0.5*float64(max(1, s.text))
	return wordless && (dom.Named(n, captions) || dom.Named(n, furniture) || dom.Named(n, lists) && isLinks)
}

// isSmall reports whether an element can be spared.
func (c *cleaner) isSmall(n *html.Node) bool { return c.sizes[n].prose() <= c.limit }

// isTeaser reports whether an <article> announces another page: its headline links there.
func (c *cleaner) isTeaser(n *html.Node) bool {
	headline := dom.Find(n, func(d *html.Node) bool { return kinds[d.Data] == heading })
	if headline == nil || c.at.Host == "" {
		return false
	}
	link := dom.Find(headline, func(d *html.Node) bool { return d.Data == "a" })
	if headline.Parent.Data == "a" {
		link = headline.Parent
	}
	if link == nil || dom.Attr(link, "href") == "" {
		return false
	}
	to, err := c.at.Parse(dom.Attr(link, "href"))
	return err == nil && (to.Host != c.at.Host || strings.Trim(to.Path, "/") != strings.Trim(c.at.Path, "/"))
}

var (
	// kept are the elements that are judged by what they contain. The names of a table's
	// parts speak of its data: "player", "comment".
	kept = dom.SetOf("html head body main tr td th tbody thead")

	// sentences are the elements that hold sentences and no paragraphs.
	sentences = dom.SetOf("p pre h1 h2 h3 h4 h5 h6")

	// asides are the elements that by their meaning stand beside the text.
	asides = dom.SetOf("nav aside footer menu figcaption form address")

	// quotable are the elements that make what is around a picture part of the text.
	quotable = dom.SetOf("blockquote table pre")
)

// Words of classes and ids, by what they name.
var (
	captions = dom.SetOf(`caption captions credit credits photocredit imagecredit copyright visuallyhidden offscreen`)

	furniture = dom.SetOf(`ad ads advert adverts advertisement advertising adsense banner sponsor sponsored promo promos
		promotion
		byline bylines author authors contributor bio dateline timestamp pubdate
		share sharing social sharebar sharedaddy addthis addtoany sharethis follow
		comment comments disqus respond reply
		newsletter newsletters signup subscribe subscription paywall donate donation
		related recommended recommendation recommendations recirc recirculation trending popular outbrain taboola readmore
		breadcrumb breadcrumbs nav navigation navbar menu toolbar pager pagination sidebar footer masthead
		cookie cookies consent gdpr modal popup popover overlay tooltip dropdown
		tag tags topics keywords categories`)

	media = dom.SetOf(`gallery carousel slideshow slider lightbox video`)

	lists = dom.SetOf(`more links list see also next previous prev teaser`)
)

// size is how much an element holds.
type size struct {
	text, linked int  // runes, without white space
	own          int  // of text, those in no element below
	central      bool // what the page calls its article or its headline
	quotable     bool // a quotation or a table
}

// prose is the text that is no link.
func (s size) prose() int { return s.text - s.linked }

// measure gives the size of root and of every element below it that is read.
func measure(root *html.Node) map[*html.Node]size {
	sizes := map[*html.Node]size{}
	var visit func(n *html.Node, linked bool) size
	visit = func(n *html.Node, linked bool) size {
		linked = linked || n.Data == "a"
		s := size{central: isCentral(n), quotable: dom.Is(n, quotable)}
		for c := range n.ChildNodes() {
			switch {
			case c.Type == html.TextNode:
				runes := 0
				for _, r := range c.Data {
					if !unicode.IsSpace(r) {
						runes++
					}
				}
				s.own += runes
				s.text += runes
				if linked {
					s.linked += runes
				}
			case !dom.Is(c, dom.Unread):
				inner := visit(c, linked)
				s.text += inner.text
				s.linked += inner.linked
				s.central = s.central || inner.central
				s.quotable = s.quotable || inner.quotable
			}
		}
		sizes[n] = s
		return s
	}
	visit(root, false)
	return sizes
}

// isCentral reports whether the page marks the element as the article or its headline.
func isCentral(n *html.Node) bool {
	return n.Data == "h1" || n.Data == "main" || dom.Attr(n, "itemprop") == "articleBody" || dom.Attr(n, "role") == "main"
}
