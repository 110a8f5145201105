package console

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// piece is text with the same marks throughout.
type piece struct{ text, marks string }

// wrap breaks pieces into lines of at most width columns: every run of white space
// becomes one space or a line break followed by rest. A word that is longer than a
// line, such as an address, stands on its own and is not broken.
func wrap(pieces []piece, width int, rest string) []piece {
	w := wrapper{width: max(width, 20), rest: rest}
	for _, p := range pieces {
		for text := p.text; text != ""; {
			end := strings.IndexFunc(text, unicode.IsSpace)
			if end == 0 {
				text = strings.TrimLeftFunc(text, unicode.IsSpace)
				w.flush() // the space after the word is set with the next one
				w.spaced, w.space = w.column > 0, p.marks
				continue
			}
			if end < 0 {
				end = len(text)
			}
			w.word = append(w.word, piece{text[:end], p.marks})
			text = text[end:]
		}
	}
	w.flush()
	return w.out
}

// wrapper holds the word under construction, which may go over several pieces.
type wrapper struct {
	width  int
	rest   string
	out    []piece
	column int
	word   []piece
	space  string // the marks of the space before the word
	spaced bool
}

// flush sets the word on this line or, where it does not fit, on the next.
func (w *wrapper) flush() {
	if len(w.word) == 0 {
		return
	}
	size := 0
	for _, p := range w.word {
		size += uniseg.StringWidth(p.text)
	}
	switch {
	case w.spaced && w.column+1+size > w.width:
		w.set(piece{text: "\n" + w.rest}) // without marks: an indent is never underlined
		w.column = 0
	case w.spaced:
		w.set(piece{" ", w.space})
		w.column++
	}
	for _, p := range w.word {
		w.set(p)
	}
	w.column += size
	w.word, w.spaced = nil, false
}

// set joins a piece to the one before if it has the same marks.
func (w *wrapper) set(p piece) {
	if last := len(w.out) - 1; last >= 0 && w.out[last].marks == p.marks {
		w.out[last].text += p.text
		return
	}
	w.out = append(w.out, p)
}
