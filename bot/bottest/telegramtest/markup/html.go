package markup

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseHTML reads parse mode HTML as the real server does: lenient towards bare
// ampersands, unknown attributes and unquoted values, strict towards tags. An error
// names the byte offset of the tag in the source.
func ParseHTML(source string) (Text, error) {
	p := htmlParser{source: source}
	if err := p.run(); err != nil {
		return Text{}, err
	}
	slices.SortStableFunc(p.entities, byPlace)
	return Text{p.text.String(), p.entities, p.ignored}, nil
}

// unparsable is a refusal of a text in the words of the real server.
func unparsable(format string, args ...any) error {
	return fmt.Errorf("can't parse entities: "+format, args...)
}

// htmlTags are tags of parse mode HTML and the entities that they make. The server knows also span and tg-emoji.
var htmlTags = map[string]string{
	"b": "bold", "strong": "bold",
	"i": "italic", "em": "italic",
	"u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
	"tg-spoiler": "spoiler",
	"a":          "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
}

// htmlParser is the state of one parse.
type htmlParser struct {
	source   string
	pos      int // bytes of source
	text     strings.Builder
	units    int // UTF-16 units of text
	open     []openTag
	entities []Entity
	ignored  []string
}

// openTag is a start tag that waits for its end.
type openTag struct {
	name     string
	argument string // href; "expandable" of a blockquote
	offset   int    // UTF-16 units
	start    int    // bytes of text
}

func (p *htmlParser) run() error {
	for p.pos < len(p.source) {
		switch p.source[p.pos] {
		case '&':
			p.write(p.reference())
		case '<':
			tag := p.startTag
			if strings.HasPrefix(p.source[p.pos:], "</") {
				tag = p.endTag
			}
			if err := tag(); err != nil {
				return err
			}
		default:
			r, size := utf8.DecodeRuneInString(p.source[p.pos:])
			p.pos += size
			p.write(r)
		}
	}
	if n := len(p.open); n > 0 {
		return unparsable("Can't find end tag corresponding to start tag \"%s\"", p.open[n-1].name)
	}
	return nil
}

func (p *htmlParser) write(r rune) {
	p.text.WriteRune(r)
	p.units += Units(string(r))
}

// reference reads the character reference at pos; an ampersand that begins none
// stands for itself.
func (p *htmlParser) reference() rune {
	r, size := decodeReference(p.source[p.pos:])
	p.pos += size
	return r
}

var namedReferences = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}

// decodeReference decodes the reference that s begins with and tells its length.
func decodeReference(s string) (rune, int) {
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
		if r, known = namedReferences[s[1:end]]; !known {
			return '&', 1
		}
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	return r, end
}

// peek is the byte at pos, 0 at the end.
func (p *htmlParser) peek() byte {
	if p.pos < len(p.source) {
		return p.source[p.pos]
	}
	return 0
}

func (p *htmlParser) skipSpace() {
	for space(p.peek()) {
		p.pos++
	}
}

// until reads up to a space, one of stops, or the end of the source.
func (p *htmlParser) until(stops string) string {
	from := p.pos
	for p.pos < len(p.source) && !space(p.peek()) && strings.IndexByte(stops, p.peek()) < 0 {
		p.pos++
	}
	return p.source[from:p.pos]
}

func space(c byte) bool { return c != 0 && strings.IndexByte(" \t\r\n\v\f", c) >= 0 }

func (p *htmlParser) startTag() error {
	begin := p.pos
	p.pos++
	tag := openTag{name: strings.ToLower(p.until(">")), offset: p.units, start: p.text.Len()}
	if p.peek() == 0 {
		return unparsable("Unclosed start tag at byte offset %d", begin)
	}
	if htmlTags[tag.name] == "" {
		return unparsable("Unsupported start tag \"%s\" at byte offset %d", tag.name, begin)
	}
	for p.skipSpace(); p.peek() != '>'; p.skipSpace() {
		name, value, err := p.attribute(tag.name, begin)
		if err != nil {
			return err
		}
		switch tag.name + " " + name {
		case "a href":
			tag.argument = value
		case "blockquote expandable":
			tag.argument = "expandable"
		default:
			p.ignored = append(p.ignored, fmt.Sprintf("%s of %s", name, tag.name))
		}
	}
	p.pos++ // the >
	p.open = append(p.open, tag)
	return nil
}

// attribute reads one attribute; an attribute without a value has the value "".
func (p *htmlParser) attribute(tag string, begin int) (name, value string, err error) {
	name = p.until("=>")
	if name == "" && p.peek() != 0 {
		return "", "", unparsable("Empty attribute name in the tag \"%s\" at byte offset %d", tag, begin)
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
		return "", "", unparsable("Unclosed start tag \"%s\" at byte offset %d", tag, begin)
	}
	return name, value, nil
}

// value reads a quoted string with references, or a bare token.
func (p *htmlParser) value() (string, error) {
	quote := p.peek()
	if quote != '"' && quote != '\'' {
		from := p.pos
		token := p.until(">")
		if !tokenForm.MatchString(token) {
			return "", unparsable("Unexpected end of name token at byte offset %d", from)
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

// tokenForm is a value without quotes.
var tokenForm = regexp.MustCompile(`^[A-Za-z0-9.-]*$`)

func (p *htmlParser) endTag() error {
	begin := p.pos
	if len(p.open) == 0 {
		return unparsable("Unexpected end tag at byte offset %d", begin)
	}
	p.pos += len("</")
	name := strings.ToLower(p.until(">"))
	p.skipSpace()
	if p.peek() != '>' {
		return unparsable("Unclosed end tag at byte offset %d", begin)
	}
	p.pos++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return unparsable("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	p.close(tag)
	return nil
}

// close makes the entity of a tag that has ended; an empty one makes none, nor does what is no link.
func (p *htmlParser) close(tag openTag) {
	entity := Entity{Type: htmlTags[tag.name], Offset: tag.offset, Length: p.units - tag.offset}
	switch {
	case entity.Length == 0:
		return
	case tag.name == "a":
		var ok bool
		if entity.URL, ok = Link(cmp.Or(tag.argument, p.text.String()[tag.start:])); !ok {
			return
		}
	case tag.argument != "":
		entity.Type = "expandable_blockquote"
	}
	p.entities = append(p.entities, entity)
}

// Link is the target that Telegram makes of an address; ok is false for what it does not take as a link.
func Link(address string) (target string, ok bool) {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "", false
	}
	switch u.Scheme {
	case "http", "https":
		if !strings.Contains(u.Hostname(), ".") {
			return "", false
		}
	case "tg", "ton", "tonsite":
	default:
		return "", false
	}
	if u.Path == "" && u.Scheme != "tg" {
		u.Path = "/"
		address = u.String()
	}
	return address, true
}
