package render

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"parley/bot/safetext"
)

// style is the look of a piece of text.
type style uint8

const (
	plain style = iota
	bold
	italic
	code
)

var tags = map[style][2]string{
	plain:  {"", ""},
	bold:   {"<b>", "</b>"},
	italic: {"<i>", "</i>"},
	code:   {"<code>", "</code>"},
}

// piece is a text in one style, perhaps a link.
type piece struct {
	text  string
	style style
	url   string
}

// paragraph is a text that stands in lines of its own.
type paragraph struct {
	gap    string // what separates it from the paragraph before: one line end or two
	quote  bool   // it is a quotation
	block  int    // the index of the block of the reply that it belongs to
	pieces []piece
}

// html is the paragraph in Telegram's parse mode HTML, with every tag closed.
func (p paragraph) html() string {
	var b strings.Builder
	if p.quote {
		b.WriteString("<blockquote expandable>")
	}
	for _, c := range p.pieces {
		tag := tags[c.style]
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

// text is the paragraph without its markup.
func (p paragraph) text() string { return textOf(p.pieces) }

func textOf(pieces []piece) string {
	var b strings.Builder
	for _, c := range pieces {
		b.WriteString(c.text)
	}
	return b.String()
}

// size is the share that something takes of a message's limits.
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

// entitySize is about how many bytes an entity takes besides its address.
const entitySize = 16

// markupSize is the size of a piece's tags, without its text.
func (c piece) markupSize() (s size) {
	if c.style != plain {
		s = size{entities: 1, bytes: entitySize}
	}
	if c.url != "" {
		s = s.plus(size{entities: 1, bytes: entitySize + len(html.EscapeString(c.url))})
	}
	return s
}

// frameSize is the size of a paragraph's tags and line ends, without its pieces.
func (p paragraph) frameSize() size {
	s := size{units: safetext.UTF16Len(p.gap)}
	if p.quote {
		s.entities, s.bytes = 1, entitySize
	}
	return s
}

func (p paragraph) size() size {
	s := p.frameSize()
	for _, c := range p.pieces {
		s = s.plus(c.markupSize())
		s.units += safetext.UTF16Len(c.text)
	}
	return s
}

// room is how many bytes of the paragraph's text fit into what is left of a limit.
func (p paragraph) room(used, limit size) int {
	used = used.plus(p.frameSize())
	n := 0
	for _, c := range p.pieces {
		if used = used.plus(c.markupSize()); !used.within(limit) {
			return n
		}
		for i, r := range c.text {
			used.units += safetext.UTF16Len(string(r))
			if !used.within(limit) {
				return n + i
			}
		}
		n += len(c.text)
	}
	return n
}

// cut splits a paragraph so that its head fits into what is left of a limit.
func (p paragraph) cut(used, limit size) (head, tail paragraph) {
	n := goodEnd(p.text(), p.room(used, limit))
	head, tail = p, p
	head.pieces, tail.pieces = nil, nil
	for _, c := range p.pieces {
		left, right := c, c
		at := min(n, len(c.text))
		left.text, right.text = c.text[:at], c.text[at:]
		n -= at
		head.pieces, tail.pieces = join(head.pieces, left), join(tail.pieces, right)
	}
	for len(tail.pieces) > 0 { // take off the space at the cut
		first := &tail.pieces[0]
		if first.text = strings.TrimLeftFunc(first.text, unicode.IsSpace); first.text != "" {
			break
		}
		tail.pieces = tail.pieces[1:]
	}
	return head, tail
}

// mention matches what Telegram takes for the name of a user or chat and would notify.
var mention = regexp.MustCompile(`\B@[A-Za-z0-9_]+(?:@[A-Za-z0-9_]+)*`)

// Mentions finds what Telegram takes for names of users and chats. Each is a pair of byte
// offsets.
func Mentions(text string) [][]int { return mention.FindAllStringIndex(text, -1) }

// pieces are a text in a style. Names of users are set as code, in which Telegram looks for
// none, so that a quotation notifies nobody.
func pieces(text string, s style) (list []piece) {
	text = clean(text)
	done := 0
	for _, at := range Mentions(text) {
		list = join(list, piece{text: text[done:at[0]], style: s}, piece{text: text[at[0]:at[1]], style: code})
		done = at[1]
	}
	return join(list, piece{text: text[done:], style: s})
}

// join appends pieces. One that looks like the last becomes part of it, since each takes an
// entity.
func join(list []piece, more ...piece) []piece {
	for _, c := range more {
		last := len(list) - 1
		switch {
		case c.text == "":
		case last >= 0 && list[last].style == c.style && list[last].url == c.url:
			list[last].text += c.text
		default:
			list = append(list, c)
		}
	}
	return list
}

// separators are the line ends that are no control characters.
var separators = strings.NewReplacer("\u2028", "\n", "\u2029", "\n")

// clean is safetext.Clean with these line ends, too.
func clean(s string) string { return safetext.Clean(separators.Replace(s)) }
