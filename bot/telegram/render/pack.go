package render

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"parley/bot/safetext"
)

// Limits of a message. Telegram drops the markup after the first 100 entities and after
// about 9500 bytes of them. It finds some of its own, such as addresses in a quotation, for
// which room is left.
var (
	textLimit    = size{units: 4096, entities: 80, bytes: 8000}
	captionLimit = size{units: 1024, entities: 80, bytes: 8000}
)

// shortRest is the room in bytes in which a long paragraph is not begun.
const shortRest = 400

// pack distributes sections over as few messages as their ends allow. The first message has
// a limit of its own.
func pack(all []section, first size) []Message {
	p := packer{limit: first}
	for _, s := range all {
		p.section(s)
	}
	p.flush()
	return p.done
}

// packer fills one message after the other.
type packer struct {
	limit   size // of the current message
	used    size
	current []paragraph
	done    []Message
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

// paragraph adds a paragraph, to several messages if one does not hold it.
func (p *packer) paragraph(par paragraph) {
	for !p.used.plus(par.size()).within(p.limit) {
		if len(p.current) > 0 && (par.size().within(textLimit) || par.room(p.used, p.limit) < shortRest) {
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

func (p *packer) put(par paragraph) {
	p.used = p.used.plus(par.size())
	p.current = append(p.current, par)
}

// flush ends a message, unless nothing of it can be seen.
func (p *packer) flush() {
	var marked, plain strings.Builder
	for i, par := range p.current {
		if i > 0 {
			marked.WriteString(par.gap)
			plain.WriteString(par.gap)
		}
		marked.WriteString(par.html())
		plain.WriteString(par.text())
	}
	if strings.TrimSpace(plain.String()) != "" {
		p.done = append(p.done, Message{HTML: marked.String(), Plain: plain.String(), From: p.current[0].block})
		p.limit = textLimit
	}
	p.used, p.current = size{}, nil
}

// sentenceEnd matches where a sentence ends, up to the space after it.
var sentenceEnd = regexp.MustCompile(`[.!?…]["”’»)\]]*\s`)

// goodEnd is where to end a text of at most room bytes: after the last whole sentence, else
// after the last word, if these are not too short, else after the last whole character.
func goodEnd(text string, room int) int {
	head := text[:min(room, len(text))]
	least := len(head) / 4
	if all := sentenceEnd.FindAllStringIndex(head, -1); len(all) > 0 && all[len(all)-1][1] > least {
		return all[len(all)-1][1]
	}
	if i := strings.LastIndexFunc(head, unicode.IsSpace); i > least {
		return i
	}
	return characterEnd(text, len(head))
}

// characterEnd is the end of the last whole character as people see them. The marks on a
// character can be piled up without end: where the first one is longer than the room, it is
// the end of its last rune. It is never 0 unless the text is empty.
func characterEnd(text string, room int) int {
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

// Label is the beginning of a text, cleaned, of at most limit UTF-16 units. It ends at a
// word's end if it can; an ellipsis stands for what is missing.
func Label(s string, limit int) string {
	s = clean(s)
	if safetext.UTF16Len(s) <= limit {
		return s
	}
	room, taken := 0, 1 // the ellipsis
	for i, r := range s {
		if taken += safetext.UTF16Len(string(r)); taken > limit {
			break
		}
		room = i + utf8.RuneLen(r)
	}
	end := characterEnd(s, room)
	if word := strings.LastIndexAny(s[:end], " \n\t"); word > end/2 {
		end = word
	}
	return strings.TrimSpace(s[:end]) + "…"
}
