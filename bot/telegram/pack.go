package telegram

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Limits of a message. Telegram drops what is marked after the first 100 entities and
// after about 9500 bytes of them; it finds some of its own, such as addresses in a
// quotation, for which room is left.
var (
	textLimit    = size{units: 4096, entities: 80, bytes: 8000}
	captionLimit = size{units: 1024, entities: 80, bytes: 8000}
)

// text is the content of one message or caption.
type text struct {
	html  string
	plain string // the same without marks
	from  int    // the block of the reply that it begins in
}

// pack distributes sections over as few messages as their ends allow. The first one may
// have a limit of its own.
func pack(all []section, first size) []text {
	p := packer{limit: first}
	for _, s := range all {
		p.section(s)
	}
	p.flush()
	return p.done
}

// packer fills one message after the other.
type packer struct {
	limit size // of the current message
	used  size
	now   []paragraph
	done  []text
}

func (p *packer) section(s section) {
	var whole size
	for _, par := range s {
		whole = whole.plus(par.size())
	}
	if !p.used.plus(whole).within(p.limit) && whole.within(textLimit) {
		p.flush()
	}
	for _, par := range s {
		p.paragraph(par)
	}
}

// paragraph adds a paragraph, in several messages if one does not hold it.
func (p *packer) paragraph(par paragraph) {
	for !p.used.plus(par.size()).within(p.limit) {
		if len(p.now) > 0 && (par.size().within(textLimit) || par.room(p.used, p.limit) < shortPart) {
			p.flush()
			continue
		}
		head, tail := par.cut(p.used, p.limit)
		p.put(head)
		p.flush()
		if par = tail; len(par.pieces) == 0 {
			return
		}
	}
	p.put(par)
}

// shortPart is the room in bytes in which a long paragraph does not begin.
const shortPart = 400

func (p *packer) put(par paragraph) {
	p.used = p.used.plus(par.size())
	p.now = append(p.now, par)
}

// flush ends a message; nothing that can be seen is no message.
func (p *packer) flush() {
	var marked, plain strings.Builder
	for i, par := range p.now {
		if i > 0 {
			marked.WriteString(par.gap)
			plain.WriteString(par.gap)
		}
		marked.WriteString(par.html())
		plain.WriteString(par.text())
	}
	if strings.TrimSpace(plain.String()) != "" {
		p.done = append(p.done, text{marked.String(), plain.String(), p.now[0].block})
		p.limit = textLimit
	}
	p.used, p.now = size{}, nil
}

// cut parts a paragraph so that its head fits into what is left of the limit.
func (p paragraph) cut(used, limit size) (head, tail paragraph) {
	n := end(p.text(), p.room(used, limit))
	head, tail = p, p
	head.pieces, tail.pieces = nil, nil
	for _, c := range p.pieces {
		left, right := c, c
		at := min(n, len(c.text))
		left.text, right.text = c.text[:at], c.text[at:]
		n -= at
		head.pieces, tail.pieces = add(head.pieces, left), add(tail.pieces, right)
	}
	tail.trimStart()
	return head, tail
}

// trimStart takes off the space at which the paragraph was cut.
func (p *paragraph) trimStart() {
	for len(p.pieces) > 0 {
		first := &p.pieces[0]
		if first.text = strings.TrimLeftFunc(first.text, unicode.IsSpace); first.text != "" {
			return
		}
		p.pieces = p.pieces[1:]
	}
}

// room is how many bytes of the paragraph's text fit.
func (p paragraph) room(used, limit size) int {
	used = used.plus(p.frame())
	n := 0
	for _, c := range p.pieces {
		if used = used.plus(c.marks()); !used.within(limit) {
			return n
		}
		for i, r := range c.text {
			used.units += units(string(r))
			if !used.within(limit) {
				return n + i
			}
		}
		n += len(c.text)
	}
	return n
}

// sentenceEnd matches where a sentence ends, up to the space after it.
var sentenceEnd = regexp.MustCompile(`[.!?…]["”’»)\]]*\s`)

// end is where to end a text of at most room bytes, well inside it: after the last whole
// sentence, else after the last word, else after the last whole character.
func end(text string, room int) int {
	head := text[:min(room, len(text))]
	least := len(head) / 4
	if all := sentenceEnd.FindAllStringIndex(head, -1); len(all) > 0 && all[len(all)-1][1] > least {
		return all[len(all)-1][1]
	}
	if i := strings.LastIndexFunc(head, unicode.IsSpace); i > least {
		return i
	}
	return lastCharacter(text, len(head))
}

// lastCharacter is the end of the last whole character as people see them, or where the
// first one is longer than the room (marks can be piled up without end) of its last
// rune. It is never 0 unless the text is empty.
func lastCharacter(text string, room int) int {
	n, state := 0, -1
	for rest := text; rest != ""; {
		var cluster string
		if cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state); n+len(cluster) > room {
			break
		}
		n += len(cluster)
	}
	if n > 0 {
		return n
	}
	_, n = utf8.DecodeRuneInString(text)
	for n < room {
		_, width := utf8.DecodeRuneInString(text[n:])
		if n+width > room {
			break
		}
		n += width
	}
	return n
}
