package article

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// attr is the value of an attribute; empty when there is none.
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// isElement reports whether n is an element with one of the names. Names are compared,
// not atoms, because readability renames elements without touching their atom.
func isElement(n *html.Node, names set) bool {
	return n.Type == html.ElementNode && names[n.Data]
}

// find is the first element below n, in document order, that fits; nil when none does.
func find(n *html.Node, fits func(*html.Node) bool) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && fits(d) {
			return d
		}
	}
	return nil
}

// Limits of what counts as a short text: names, dates and headlines are below them, and
// nested elements cannot make reading each of them slow.
const (
	shortBytes = 1000
	shortNodes = 100
)

// shortText is the text below n on one line; empty when it is not short.
func shortText(n *html.Node) string {
	var b strings.Builder
	nodes := 0
	for d := range n.Descendants() {
		if nodes++; nodes > shortNodes || b.Len()+len(d.Data) > shortBytes {
			return ""
		}
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
		b.WriteByte(' ') // elements part words, as <br> and <div> do
	}
	return fold(b.String())
}

// fold puts s on one line, with single spaces.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// words are the words of an identifier such as "articleByline_top-2", in lower case.
func words(identifier string) []string {
	var out []string
	start := 0
	cut := func(end int) {
		if end > start {
			out = append(out, strings.ToLower(identifier[start:end]))
		}
		start = end
	}
	lower := false // the rune before was a lower case letter
	for i, r := range identifier {
		switch {
		case !unicode.IsLetter(r):
			cut(i)
			start = i + len(string(r))
		case lower && unicode.IsUpper(r):
			cut(i)
		}
		lower = unicode.IsLower(r)
	}
	cut(len(identifier))
	return out
}

// set is a set of words.
type set map[string]bool

func setOf(words string) set {
	s := set{}
	for w := range strings.FieldsSeq(words) {
		s[w] = true
	}
	return s
}
