// Package htmltext gives the plain text of pieces of HTML, such as feeds carry, and cleans
// text that is none. No markup, control character or change of direction leaves it. For
// whole pages, of which most is not the text, see package article.
package htmltext

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Line gives the text of a piece of HTML on one line.
func Line(markup string) string { return CleanLine(textOf(markup)) }

// Blocks gives the text of a piece of HTML, with an empty line between two paragraphs.
func Blocks(markup string) string { return CleanBlocks(textOf(markup)) }

// CleanLine puts text that is no HTML on one line.
func CleanLine(s string) string { return strings.Join(strings.Fields(Visible(s)), " ") }

// CleanBlocks gives text that is no HTML single spaces, and at most one empty line between
// two lines.
func CleanBlocks(s string) string {
	var b strings.Builder
	gap := 0
	for l := range strings.Lines(Visible(strings.ReplaceAll(s, "\r\n", "\n"))) {
		if l = strings.Join(strings.Fields(l), " "); l == "" {
			gap = 2
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n"[:max(1, gap)])
		}
		b.WriteString(l)
		gap = 0
	}
	return b.String()
}

// Visible drops control characters other than tabs and line ends, and those that turn the
// direction of what follows, by which a text can be made to show another one.
func Visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return r
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// textOf gives the text of a piece of HTML with its white space. The end of a block is an
// empty line, <br> the end of a line.
func textOf(markup string) string {
	if !strings.ContainsAny(markup, "<&") {
		return markup
	}
	var b strings.Builder
	unseen := atom.Atom(0) // the element whose content is passed over
	for z := html.NewTokenizer(strings.NewReader(markup)); ; {
		kind := z.Next()
		if kind == html.ErrorToken { // the end, the reader gives no other error
			return b.String()
		}
		if kind == html.TextToken {
			if unseen == 0 {
				b.WriteString(softBreaks.Replace(string(z.Text())))
			}
			continue
		}
		name, _ := z.TagName()
		tag := atom.Lookup(name)
		switch {
		case unseen != 0:
			if kind == html.EndTagToken && tag == unseen {
				unseen = 0
			}
		case kind == html.StartTagToken && slices.Contains(unseenTags, tag):
			unseen = tag
		default:
			if kind == html.StartTagToken {
				z.NextIsNotRawText() // <iframe>, <noscript> and others may hold markup, and never end
			}
			b.WriteString(gaps[tag])
		}
	}
}

// softBreaks makes spaces of the line ends in HTML, which mean no more.
var softBreaks = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

var unseenTags = []atom.Atom{atom.Script, atom.Style, atom.Template, atom.Svg, atom.Math, atom.Select, atom.Textarea,
	atom.Head}

// gaps are the tags that part the text before and after them, and by what.
var gaps = func() map[atom.Atom]string {
	g := map[atom.Atom]string{atom.Br: "\n", atom.Td: " ", atom.Th: " "}
	for _, block := range []atom.Atom{atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Dd, atom.Div,
		atom.Dl, atom.Dt, atom.Figcaption, atom.Figure, atom.Footer, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Header, atom.Hr, atom.Li, atom.Main, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Table, atom.Tr, atom.Ul} {
		g[block] = "\n\n"
	}
	return g
}()
