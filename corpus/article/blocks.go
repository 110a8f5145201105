package article

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus/article/dom"

	"golang.org/x/net/html"
)

// kind says what a block is on the page.
type kind uint8

const (
	paragraph kind = iota
	heading
	item // of a list
	row  // of a table
	preformatted
)

// block is a run of text that the page sets apart from what stands around it.
type block struct {
	kind   kind
	text   string
	linked int // runes of text that are links within the site
}

// linkShare is the part of the text that is links, 0 to 1.
func (b block) linkShare() float64 {
	if b.text == "" {
		return 0
	}
	return min(1, float64(b.linked)/float64(utf8.RuneCountInString(b.text)))
}

// text joins blocks: list items and table rows on lines of their own, all else a paragraph.
func text(blocks []block) string {
	var b strings.Builder
	for i, x := range blocks {
		switch {
		case i == 0:
		case x.kind == blocks[i-1].kind && (x.kind == item || x.kind == row):
			b.WriteByte('\n')
		default:
			b.WriteString("\n\n")
		}
		b.WriteString(x.text)
	}
	return b.String()
}

// separate are the elements that begin and end a block.
var separate = dom.SetOf(`address article aside blockquote body caption center dd details dir div dl dt fieldset
	figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre search section summary table tbody td tfoot th
	thead tr ul`)

// kinds are the elements whose blocks are not paragraphs.
var kinds = map[string]kind{
	"h1": heading, "h2": heading, "h3": heading, "h4": heading, "h5": heading, "h6": heading,
	"li": item, "dd": item, "dt": item, "tr": row, "pre": preformatted,
}

// readBlocks is the text below root, block by block.
func readBlocks(root *html.Node, s dom.Site) []block {
	r := blockReader{site: s}
	r.walk(root)
	r.flush()
	return r.blocks
}

// blockReader gathers blocks. Its recursion is bounded by the depth that html.Parse allows.
type blockReader struct {
	blocks []block
	line   strings.Builder // the block being read, its white space folded except in <pre>
	space  bool            // white space is due before the next word
	breaks int             // line breaks are due before the next word; two in a row end the block
	linked int
	kind   kind
	links  int // depth of <a> within the site
	site   dom.Site
}

func (r *blockReader) walk(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		r.text(n.Data)
	case n.Type != html.ElementNode:
		r.children(n)
	case dom.Unread[n.Data], n.Data == "head":
	case n.Data == "br" && r.kind == preformatted:
		r.line.WriteByte('\n')
	case n.Data == "br":
		r.breaks++
	case n.Data == "a" && r.site.Has(dom.Attr(n, "href")):
		r.links++
		r.children(n)
		r.links--
	case cells[n.Data] && dom.Find(n, func(d *html.Node) bool { return separate[d.Data] }) == nil:
		r.children(n)
		r.space = true
	case separate[n.Data]:
		r.block(n)
	default:
		r.children(n)
	}
}

var cells = dom.SetOf("td th")

// block reads an element whose text stands apart.
func (r *blockReader) block(n *html.Node) {
	r.flush()
	outer := r.kind
	if k, ok := kinds[n.Data]; ok && outer == paragraph {
		r.kind = k
	}
	r.children(n)
	r.flush()
	r.kind = outer
}

func (r *blockReader) children(n *html.Node) {
	for c := range n.ChildNodes() {
		r.walk(c)
	}
}

func (r *blockReader) text(s string) {
	if r.kind == preformatted {
		r.line.WriteString(s)
		return
	}
	for _, c := range s {
		if unicode.IsSpace(c) {
			r.space = true
			continue
		}
		r.part()
		r.line.WriteRune(c)
		r.linked += min(r.links, 1)
	}
}

// part writes the white space that is due before a word.
func (r *blockReader) part() {
	switch {
	case r.breaks > 1:
		r.flush()
	case r.line.Len() == 0:
	case r.breaks == 1:
		r.line.WriteByte('\n')
	case r.space:
		r.line.WriteByte(' ')
		r.linked += min(r.links, 1)
	}
	r.space, r.breaks = false, 0
}

// flush ends the block.
func (r *blockReader) flush() {
	s := strings.Trim(r.line.String(), "\n")
	if strings.TrimSpace(s) != "" {
		r.blocks = append(r.blocks, block{r.kind, s, r.linked})
	}
	r.line.Reset()
	r.space, r.breaks, r.linked = false, 0, 0
}
