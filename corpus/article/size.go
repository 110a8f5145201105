package article

import (
	"unicode"

	"parley/corpus/article/dom"

	"golang.org/x/net/html"
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

// linkShare is the part of the text that is links, 0 to 1.
func (s size) linkShare() float64 { return float64(s.linked) / float64(max(1, s.text)) }

// add counts what an inner node holds.
func (s *size) add(inner size) {
	s.text += inner.text
	s.linked += inner.linked
	s.central = s.central || inner.central
	s.quotable = s.quotable || inner.quotable
}

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
				runes := inked(c.Data)
				s.own += runes
				s.text += runes
				if linked {
					s.linked += runes
				}
			case !dom.Is(c, dom.Unread):
				s.add(visit(c, linked))
			}
		}
		sizes[n] = s
		return s
	}
	visit(root, false)
	return sizes
}

// inked is the number of runes of s that are not white space.
func inked(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// isCentral reports whether the page marks the element as the article or its headline.
func isCentral(n *html.Node) bool {
	return n.Data == "h1" || n.Data == "main" || dom.Attr(n, "itemprop") == "articleBody" || dom.Attr(n, "role") == "main"
}
