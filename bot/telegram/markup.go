package telegram

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
)

// look is how a piece of text is set.
type look uint8

const (
	plainly look = iota
	bold
	italic
	code
)

var tags = map[look][2]string{
	plainly: {"", ""},
	bold:    {"<b>", "</b>"},
	italic:  {"<i>", "</i>"},
	code:    {"<code>", "</code>"},
}

// piece is a text in one look, perhaps a link.
type piece struct {
	text string
	look look
	url  string
}

// paragraph is a text that stands in lines of its own. It knows how much of a message
// it takes.
type paragraph struct {
	gap    string // what parts it from the paragraph before: one line end or two
	quote  bool   // it is a quotation
	block  int    // of the reply, from 0, that it belongs to
	pieces []piece
}

// html is the paragraph in parse mode HTML, every tag closed.
func (p paragraph) html() string {
	var b strings.Builder
	if p.quote {
		b.WriteString("<blockquote expandable>")
	}
	for _, c := range p.pieces {
		tag := tags[c.look]
		b.WriteString(tag[0])
		if c.url != "" {
			b.WriteString(`<a href="` + html.EscapeString(c.url) + `">`)
		}
		b.WriteString(html.EscapeString(c.text))
		if c.url != "" {
			b.WriteString("</a>")
		}
		b.WriteString(tag[1])
	}
	if p.quote {
		b.WriteString("</blockquote>")
	}
	return b.String()
}

// text is the paragraph without its marks.
func (p paragraph) text() string {
	var b strings.Builder
	for _, c := range p.pieces {
		b.WriteString(c.text)
	}
	return b.String()
}

// size is what a text takes of a message.
type size struct {
	units    int // UTF-16 units of the text
	entities int
	bytes    int // of the entities, about as Telegram counts them
}

func (s size) plus(t size) size {
	return size{s.units + t.units, s.entities + t.entities, s.bytes + t.bytes}
}

func (s size) within(limit size) bool {
	return s.units <= limit.units && s.entities <= limit.entities && s.bytes <= limit.bytes
}

// entitySize is about what an entity takes besides its address.
const entitySize = 16

// marks is what a piece takes besides its text.
func (c piece) marks() size {
	var s size
	if c.look != plainly {
		s = s.plus(size{entities: 1, bytes: entitySize})
	}
	if c.url != "" {
		s = s.plus(size{entities: 1, bytes: entitySize + len(html.EscapeString(c.url))})
	}
	return s
}

func (p paragraph) size() size {
	s := p.frame()
	for _, c := range p.pieces {
		s = s.plus(c.marks())
		s.units += units(c.text)
	}
	return s
}

// frame is what a paragraph takes besides its pieces.
func (p paragraph) frame() size {
	s := size{units: units(p.gap)}
	if p.quote {
		s.entities, s.bytes = 1, entitySize
	}
	return s
}

// units is the length of a text as Telegram counts it.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// mention is what Telegram takes for the name of a user or chat, who would be notified.
var mention = regexp.MustCompile(`\B@[A-Za-z0-9_]+(?:@[A-Za-z0-9_]+)*`)

// pieces are a text in a look; names of users are set as code, in which Telegram looks
// for none: nobody is called by a quotation.
func pieces(text string, l look) []piece {
	text = clean(text)
	var list []piece
	done := 0
	for _, at := range mention.FindAllStringIndex(text, -1) {
		list = add(list, piece{text: text[done:at[0]], look: l}, piece{text: text[at[0]:at[1]], look: code})
		done = at[1]
	}
	return add(list, piece{text: text[done:], look: l})
}

// add appends a piece, to the last one if they look the same: each takes an entity.
func add(list []piece, more ...piece) []piece {
	for _, c := range more {
		last := len(list) - 1
		switch {
		case c.text == "":
		case last >= 0 && list[last].look == c.look && list[last].url == c.url:
			list[last].text += c.text
		default:
			list = append(list, c)
		}
	}
	return list
}

// breaks are control characters that part lines.
var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// clean removes what cannot be seen and reorders or hides text: control characters but
// for the line feed and the tab, and the overrides of writing direction.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if !strings.ContainsFunc(s, harmful) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r != '\n' && harmful(r) {
			return -1
		}
		return r
	}, breaks.Replace(s))
}

func harmful(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069', r == '\u2028', r == '\u2029':
		return true
	}
	return unicode.IsControl(r)
}
