// Package dom looks at the tree of a web page: attributes, names, short texts, and whether a
// link stays on the site. It changes nothing.
package dom

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/publicsuffix"

	"parley/corpus/words"
)

// Attr gives the value of an attribute; empty when there is none.
func Attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// HasAttr reports whether there is an attribute, whatever its value.
func HasAttr(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// Is reports whether n is an element with one of the names. Names are compared,
// not atoms, because readability renames elements without touching their atom.
func Is(n *html.Node, names Set) bool {
	return n.Type == html.ElementNode && names[n.Data]
}

// Find gives the first element below n, in document order, that fits; nil when none does.
func Find(n *html.Node, fits func(*html.Node) bool) *html.Node {
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
	ShortBytes = 1000
	shortNodes = 100
)

// ShortText gives the text below n on one line, and nothing if it is not short.
func ShortText(n *html.Node) string {
	var b strings.Builder
	nodes := 0
	for d := range n.Descendants() {
		if nodes++; nodes > shortNodes || b.Len()+len(d.Data) > ShortBytes {
			return ""
		}
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
		b.WriteByte(' ') // elements part words, as <br> and <div> do
	}
	return Fold(b.String())
}

// Fold puts s on one line, with single spaces.
func Fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// parts gives the words of an identifier such as "articleByline_top-2", in lower case.
func parts(identifier string) []string {
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

// Set is a set of words.
type Set map[string]bool

// SetOf gives the set of the words in a text.
func SetOf(list string) Set {
	return words.Set(list)
}

// Unread are the elements that hold no text to read.
var Unread = SetOf(`script style noscript template iframe svg object embed applet canvas audio video map
	button select textarea input datalist progress meter dialog title link meta base frame frameset`)

// Named reports whether the class, id or role of an element has one of the words.
func Named(n *html.Node, names Set) bool {
	return slices.ContainsFunc([]string{"class", "id", "role", "itemprop", "rel"}, func(key string) bool {
		return names.HasWordOf(Attr(n, key))
	})
}

// HasWordOf reports whether the set has one of the words of a text, or of an identifier such
// as "articleByline_top-2".
func (s Set) HasWordOf(identifier string) bool {
	return slices.ContainsFunc(parts(identifier), func(w string) bool { return s[w] })
}

// SameText reports whether a and b have the same letters and digits.
func SameText(a, b string) bool { return b != "" && letters(a) == letters(b) }

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// IsAny reports whether one of the candidates is the same text as the title.
func IsAny(title string, candidates []string) bool {
	return slices.ContainsFunc(candidates, func(c string) bool { return SameText(title, c) })
}

var tags = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)

// Plain gives a value of metadata as text: entities resolved, which many pages write twice,
// without tags and on one line.
func Plain(s string) string {
	s = html.UnescapeString(html.UnescapeString(s))
	return Fold(strings.ReplaceAll(tags.ReplaceAllString(s, " "), "\x00", ""))
}

// HasTag reports whether a text has a tag of HTML.
func HasTag(s string) bool { return tags.MatchString(s) }

// Site is the registered domain of a page, "example.co.uk"; empty when it is not known.
type Site string

// SiteOf gives the site of an address.
func SiteOf(u *url.URL) Site {
	host := strings.ToLower(u.Hostname())
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return Site(domain)
	}
	return Site(host)
}

// Has reports whether a link leads to a page of the site. A link within the page does
// not; when the site is not known, every other link may.
func (s Site) Has(href string) bool {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil || u.Path == "" && u.Host == "" && u.RawQuery == "" {
		return false
	}
	return s == "" || u.Host == "" || SiteOf(u) == s
}
