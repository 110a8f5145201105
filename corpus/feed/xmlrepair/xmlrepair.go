// Package xmlrepair makes of what passes for XML on the web, in feeds and in lists of feeds,
// XML that a parser takes. It fetches no external entity, and refuses what is built to
// exhaust its reader. It works in time linear in the number of bytes.
package xmlrepair

import (
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrHostile is the error of XML that is built to exhaust its reader.
var ErrHostile = errors.New("the feed is built to exhaust its reader")

// MaxDepth is how deep elements may be nested. Repair looks no deeper for the start of an
// element; a reader of its result should refuse more.
const MaxDepth = 200

// Repair rewrites XML so that a parser takes it: references are resolved or made plain text,
// comments, instructions and document types are gone, CDATA is escaped text, stray "<" and
// "&" are escaped, characters that XML forbids are gone, and end tags match. What is cut
// off at its end stays open. The error is ErrHostile.
func Repair(s string) (string, error) {
	r := repairer{in: s, lastEnd: strings.LastIndexByte(s, '>')}
	r.out.Grow(len(s) + len(s)/8)
	for r.pos < len(r.in) {
		if err := r.step(); err != nil {
			return "", err
		}
	}
	return r.out.String(), nil
}

type repairer struct {
	in       string
	pos      int
	lastEnd  int // of the last ">"
	out      strings.Builder
	open     []string          // names of the elements that are open
	entities map[string]string // declared in the document type
	expanded int               // bytes that came from them
}

// step copies the text up to the next "<" and what that begins.
func (r *repairer) step() error {
	rest := r.in[r.pos:]
	if rest[0] != '<' {
		end := strings.IndexByte(rest, '<')
		if end < 0 {
			end = len(rest)
		}
		r.pos += end
		return r.references(rest[:end])
	}
	switch {
	case strings.HasPrefix(rest, "<!--"):
		r.skip(rest, 4, "-->")
	case strings.HasPrefix(rest, "<![CDATA["):
		before := r.pos
		r.skip(rest, len("<![CDATA["), "]]>")
		r.escaped(strings.TrimSuffix(rest[len("<![CDATA["):r.pos-before], "]]>"))
	case strings.HasPrefix(rest, "<?"):
		r.skip(rest, 2, "?>")
	case strings.HasPrefix(rest, "<!") && len(r.open) == 0:
		end := declarationEnd(rest)
		r.pos += end
		return r.declare(rest[:end])
	case len(rest) > 1 && (isNameStart(rest[1]) || rest[1] == '/'):
		return r.tag(rest)
	default:
		r.out.WriteString("&lt;")
		r.pos++
	}
	return nil
}

// skip passes over rest up to and with its end mark, or all of it.
func (r *repairer) skip(rest string, from int, mark string) {
	if end := strings.Index(rest[from:], mark); end >= 0 {
		r.pos += from + end + len(mark)
		return
	}
	r.pos = len(r.in)
}

// declarationEnd is behind the ">" that is in no quotes and no brackets, or at the end.
func declarationEnd(s string) int {
	quote, brackets := byte(0), 0
	for i := range len(s) {
		switch b := s[i]; {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case (b == '"' || b == '\'') && brackets > 0:
			quote = b
		case b == '[':
			brackets++
		case b == ']':
			brackets--
		case b == '>' && brackets <= 0:
			return i + 1
		}
	}
	return len(s)
}

var (
	entityDeclaration = regexp.MustCompile(`<!ENTITY\s+([A-Za-z_][\w.-]{0,29})\s+(?:"([^"]*)"|'([^']*)')`)
	entityInside      = regexp.MustCompile(`&[A-Za-z_][\w.-]*;`)
)

// Entities of a document type: how many are taken, and how much text may come of them.
const (
	maxEntities = 500
	maxExpanded = 64 << 10
)

// declare notes the entities of a document type. One made of others is refused: it has
// no use in a feed but to grow without bound. External ones are never fetched.
func (r *repairer) declare(doctype string) error {
	for _, m := range entityDeclaration.FindAllStringSubmatch(doctype, maxEntities) {
		name := m[1]
		text := html.UnescapeString(html.UnescapeString(m[2] + m[3])) // "<" is declared as "&#38;#60;"
		if entityInside.MatchString(text) {
			return fmt.Errorf("%w: the entity %q is made of other entities", ErrHostile, name)
		}
		if r.entities == nil {
			r.entities = map[string]string{}
		}
		if _, has := r.entities[name]; !has { // the first declaration counts (XML 1.0, 4.2)
			r.entities[name] = text
		}
	}
	return nil
}

// tag copies a tag with its references resolved, and matches end tags with start tags.
func (r *repairer) tag(rest string) error {
	end := tagEnd(rest)
	switch {
	case end < 0 && r.pos > r.lastEnd: // cut off
		r.pos = len(r.in)
		return nil
	case end < 0:
		r.out.WriteString("&lt;")
		r.pos++
		return nil
	}
	r.pos += end
	name := strings.TrimLeft(rest, "</")
	if behind := strings.IndexAny(name, " \t\r\n/>"); behind >= 0 {
		name = name[:behind]
	}
	if rest[1] == '/' {
		r.close(name)
		return nil
	}
	if err := r.references(rest[:end-1]); err != nil {
		return err
	}
	r.out.WriteByte('>')
	if rest[end-2] != '/' {
		r.open = append(r.open, name)
	}
	return nil
}

// maxTag is the length of the longest tag, in bytes.
const maxTag = 64 << 10

// tagEnd is behind the ">" that ends the tag, -1 if there is none before another tag
// begins. A quote that opens no value, or is never closed, is taken for a character.
func tagEnd(s string) int {
	s = s[:min(len(s), maxTag)]
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '>':
			return i + 1
		case '<':
			return -1
		case '"', '\'':
			if !strings.HasSuffix(strings.TrimRight(s[:i], " \t\r\n"), "=") {
				continue
			}
			if closing := strings.IndexByte(s[i+1:], s[i]); closing >= 0 {
				i += 1 + closing
			}
		}
	}
	return -1
}

// close ends the elements down to the named one. An end tag of what is not open is
// dropped; it is looked for no deeper than a sound document goes, so that many cost little.
func (r *repairer) close(name string) {
	same := func(open string) bool { return strings.EqualFold(open, name) }
	if !slices.ContainsFunc(r.open[max(0, len(r.open)-MaxDepth):], same) {
		return
	}
	for {
		last := len(r.open) - 1
		top := r.open[last]
		r.open = r.open[:last]
		r.out.WriteString("</" + top + ">")
		if same(top) {
			return
		}
	}
}

// references copies text or a tag with its references resolved.
func (r *repairer) references(s string) error {
	for {
		amp := strings.IndexByte(s, '&')
		if amp < 0 {
			r.legal(s)
			return nil
		}
		r.legal(s[:amp])
		s = s[amp:]
		size, text := r.reference(s)
		if size == 0 {
			r.out.WriteString("&amp;")
			s = s[1:]
			continue
		}
		if r.expanded > maxExpanded {
			return fmt.Errorf("%w: its entities make more than %d bytes", ErrHostile, maxExpanded)
		}
		r.escaped(text)
		s = s[size:]
	}
}

// maxReference is the length of "&CounterClockwiseContourIntegral;", the longest name in HTML.
const maxReference = 33

// reference is the text that the reference at the start of s stands for, with the length
// of the reference; 0 if it is none.
func (r *repairer) reference(s string) (size int, text string) {
	window := s[:min(len(s), maxReference)]
	end := strings.IndexByte(window, ';')
	if end < 2 || strings.ContainsAny(window[:end], " \t\r\n<>\"'=") {
		return 0, ""
	}
	if text, ok := r.entities[s[1:end]]; ok {
		r.expanded += len(text)
		return end + 1, text
	}
	reference := s[:end+1]
	text = html.UnescapeString(reference)
	if text == html.UnescapeString(reference[:end])+";" { // the name is not known
		return 0, ""
	}
	return end + 1, text
}

// escaped writes plain text.
func (r *repairer) escaped(s string) { r.legal(Escaper.Replace(s)) }

// Escaper writes plain text as XML or HTML.
var Escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// legal writes what XML 1.0 allows of the characters of s; "]]>" must not stand in text.
func (r *repairer) legal(s string) {
	if strings.Contains(s, "]]>") {
		s = strings.ReplaceAll(s, "]]>", "]]&gt;")
	}
	from := 0
	for i, c := range s {
		if c >= 0x20 && c <= 0xfffd || c == '\t' || c == '\n' || c == '\r' || c > 0xffff { // Char of XML 1.0
			continue
		}
		r.out.WriteString(s[from:i])
		from = i + utf8.RuneLen(c)
	}
	r.out.WriteString(s[from:])
}

func isNameStart(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b == ':' || b >= utf8.RuneSelf
}
