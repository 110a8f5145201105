package bottest

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tgMarkupText is a text and what is marked in it.
type tgMarkupText struct {
	text     string
	entities []TelegramEntity
	// ignored are attributes that the server skips without a word ("title of a").
	ignored []string
}

// tgParseHTML reads parse mode HTML as the real server does: lenient towards bare
// ampersands, unknown attributes and unquoted values, strict towards tags. An error
// names the byte offset of the tag in the source.
func tgParseHTML(source string) (tgMarkupText, error) {
	p := tgHTML{source: source}
	if err := p.run(); err != nil {
		return tgMarkupText{}, err
	}
	slices.SortStableFunc(p.entities, tgByPlace)
	return tgMarkupText{p.text.String(), p.entities, p.ignored}, nil
}

// tgUnparsable is a refusal of a text in the words of the real server.
func tgUnparsable(format string, args ...any) error {
	return tgBad("can't parse entities: "+format, args...)
}

// tgByPlace sorts entities by offset, the longer before the shorter.
func tgByPlace(a, b TelegramEntity) int {
	return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length))
}

// tgHTMLTags are the tags of parse mode HTML and the entities that they make.
var tgHTMLTags = map[string]string{
	"b": "bold", "strong": "bold",
	"i": "italic", "em": "italic",
	"u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
	"tg-spoiler": "spoiler", "span": "spoiler",
	"a": "text_link", "tg-emoji": "custom_emoji",
	"code": "code", "pre": "pre", "blockquote": "blockquote",
}

// tgHTML is the state of one parse.
type tgHTML struct {
	source   string
	pos      int // bytes of source
	text     strings.Builder
	units    int // UTF-16 units of text
	open     []tgHTMLTag
	entities []TelegramEntity
	ignored  []string
}

// tgHTMLTag is a start tag that waits for its end.
type tgHTMLTag struct {
	name     string
	argument string // href, language or emoji-id; "expandable" of a blockquote
	offset   int    // UTF-16 units
	start    int    // bytes of text
}

func (p *tgHTML) run() error {
	for p.pos < len(p.source) {
		switch p.source[p.pos] {
		case '&':
			p.write(p.reference())
		case '<':
			if err := p.tag(); err != nil {
				return err
			}
		default:
			r, size := utf8.DecodeRuneInString(p.source[p.pos:])
			p.pos += size
			p.write(r)
		}
	}
	if n := len(p.open); n > 0 {
		return tgUnparsable("Can't find end tag corresponding to start tag \"%s\"", p.open[n-1].name)
	}
	return nil
}

func (p *tgHTML) write(r rune) {
	p.text.WriteRune(r)
	p.units += tgUnits(string(r))
}

// reference reads the character reference at pos; an ampersand that begins none
// stands for itself.
func (p *tgHTML) reference() rune {
	r, size := tgReference(p.source[p.pos:])
	p.pos += size
	return r
}

var tgNamedReferences = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}

// tgReference decodes the reference that s begins with and tells its length.
func tgReference(s string) (rune, int) {
	end := 1
	var r rune
	if strings.HasPrefix(s, "&#") {
		base, digits := 10, "0123456789"
		if end++; strings.HasPrefix(s, "&#x") {
			end++
			base, digits = 16, "0123456789abcdefABCDEF"
		}
		from := end
		end += len(s[end:]) - len(strings.TrimLeft(s[end:], digits))
		code, err := strconv.ParseInt(s[from:end], base, 32)
		if err != nil || code == 0 || code >= utf8.MaxRune || end >= 10 || !utf8.ValidRune(rune(code)) {
			return '&', 1
		}
		r = rune(code)
	} else {
		for end < len(s) && ('a' <= s[end]|0x20 && s[end]|0x20 <= 'z') {
			end++
		}
		var known bool
		if r, known = tgNamedReferences[s[1:end]]; !known {
			return '&', 1
		}
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	return r, end
}

func (p *tgHTML) tag() error {
	if strings.HasPrefix(p.source[p.pos:], "</") {
		return p.endTag()
	}
	return p.startTag()
}

// peek is the byte at pos, 0 at the end.
func (p *tgHTML) peek() byte {
	if p.pos < len(p.source) {
		return p.source[p.pos]
	}
	return 0
}

func (p *tgHTML) skipSpace() {
	for tgSpace(p.peek()) {
		p.pos++
	}
}

// until reads up to a space, one of stops, or the end of the source.
func (p *tgHTML) until(stops string) string {
	from := p.pos
	for p.pos < len(p.source) && !tgSpace(p.peek()) && strings.IndexByte(stops, p.peek()) < 0 {
		p.pos++
	}
	return p.source[from:p.pos]
}

func tgSpace(c byte) bool { return c != 0 && strings.IndexByte(" \t\r\n\v\f", c) >= 0 }

func (p *tgHTML) startTag() error {
	begin := p.pos
	p.pos++
	tag := tgHTMLTag{name: strings.ToLower(p.until(">")), offset: p.units, start: p.text.Len()}
	if p.peek() == 0 {
		return tgUnparsable("Unclosed start tag at byte offset %d", begin)
	}
	if tgHTMLTags[tag.name] == "" {
		return tgUnparsable("Unsupported start tag \"%s\" at byte offset %d", tag.name, begin)
	}
	spoiler := false
	for p.skipSpace(); p.peek() != '>'; p.skipSpace() {
		name, value, err := p.attribute(tag.name, begin)
		if err != nil {
			return err
		}
		switch tag.name + " " + name {
		case "a href", "tg-emoji emoji-id":
			tag.argument = value
		case "code class":
			tag.argument = strings.TrimPrefix(value, "language-")
		case "span class":
			spoiler = value == "tg-spoiler"
		case "blockquote expandable":
			tag.argument = "expandable"
		default:
			p.ignored = append(p.ignored, fmt.Sprintf("%s of %s", name, tag.name))
		}
	}
	if tag.name == "span" && !spoiler {
		return tgUnparsable("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.pos++ // the >
	p.open = append(p.open, tag)
	return nil
}

// attribute reads one attribute; an attribute without a value has the value "".
func (p *tgHTML) attribute(tag string, begin int) (name, value string, err error) {
	name = p.until("=>")
	if name == "" && p.peek() != 0 {
		return "", "", tgUnparsable("Empty attribute name in the tag \"%s\" at byte offset %d", tag, begin)
	}
	p.skipSpace()
	if p.peek() == '=' {
		p.pos++
		p.skipSpace()
		if value, err = p.value(); err != nil {
			return "", "", err
		}
	}
	if p.peek() == 0 {
		return "", "", tgUnparsable("Unclosed start tag \"%s\" at byte offset %d", tag, begin)
	}
	return name, value, nil
}

// value reads a quoted string with references, or a bare token.
func (p *tgHTML) value() (string, error) {
	quote := p.peek()
	if quote != '"' && quote != '\'' {
		from := p.pos
		token := p.until(">")
		if strings.ContainsFunc(token, func(r rune) bool { return !tgTokenRune(r) }) {
			return "", tgUnparsable("Unexpected end of name token at byte offset %d", from)
		}
		return strings.ToLower(token), nil
	}
	var value strings.Builder
	for p.pos++; p.pos < len(p.source) && p.peek() != quote; {
		if p.peek() == '&' {
			value.WriteRune(p.reference())
			continue
		}
		value.WriteByte(p.peek())
		p.pos++
	}
	p.pos = min(p.pos+1, len(p.source)) // the quote
	return value.String(), nil
}

func tgTokenRune(r rune) bool {
	return 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9' || r == '.' || r == '-'
}

func (p *tgHTML) endTag() error {
	begin := p.pos
	if len(p.open) == 0 {
		return tgUnparsable("Unexpected end tag at byte offset %d", begin)
	}
	p.pos += len("</")
	name := strings.ToLower(p.until(">"))
	p.skipSpace()
	if p.peek() != '>' {
		return tgUnparsable("Unclosed end tag at byte offset %d", begin)
	}
	p.pos++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return tgUnparsable("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	return p.close(tag)
}

// close makes the entity of a tag that has ended; an empty one makes none.
func (p *tgHTML) close(tag tgHTMLTag) error {
	entity := TelegramEntity{Type: tgHTMLTags[tag.name], Offset: tag.offset, Length: p.units - tag.offset}
	if entity.Length == 0 {
		return nil
	}
	switch tag.name {
	case "a":
		if !tgLink(&entity, cmp.Or(tag.argument, p.text.String()[tag.start:])) {
			return nil
		}
	case "tg-emoji":
		if id, err := strconv.ParseInt(tag.argument, 10, 64); err != nil || id == 0 {
			return tgUnparsable("Invalid custom emoji identifier specified")
		}
		entity.EmojiID = tag.argument
	case "blockquote":
		if tag.argument != "" {
			entity.Type = "expandable_blockquote"
		}
	case "code":
		entity.Language = tag.argument // until the text is complete: it counts only inside a pre
	case "pre":
		if n := len(p.entities); n > 0 && tgSamePlace(p.entities[n-1], entity) && p.entities[n-1].Type == "code" {
			entity.Language = p.entities[n-1].Language
			p.entities = p.entities[:n-1]
		}
	}
	p.entities = append(p.entities, entity)
	return nil
}

func tgSamePlace(a, b TelegramEntity) bool { return a.Offset == b.Offset && a.Length == b.Length }

// tgLink makes a link of an entity, or a mention where the address is a user's. An
// address that Telegram does not take leaves the text unmarked: false.
func tgLink(entity *TelegramEntity, address string) bool {
	if id, ok := strings.CutPrefix(address, "tg://user?id="); ok {
		user, err := strconv.ParseInt(id, 10, 64)
		entity.Type, entity.User = "text_mention", &TelegramPerson{ID: user}
		return err == nil
	}
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		if !strings.Contains(u.Hostname(), ".") {
			return false
		}
	case "tg", "ton", "tonsite":
	default:
		return false
	}
	if u.Path == "" && u.Scheme != "tg" {
		u.Path = "/"
		address = u.String()
	}
	entity.URL = address
	return true
}
