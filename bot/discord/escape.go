package discord

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// clean removes what cannot be seen and could reorder or disguise what can: control
// characters but the line feed and the tab, overrides and marks of writing direction, and
// characters without width. The joiners that emoji and some scripts need stay.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return '\n'
		case invisible(r):
			return -1
		}
		return r
	}, s)
}

func invisible(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\u200c' || r == '\u200d':
		return false
	case r >= 0xe0000 && r <= 0xe007f: // tags
		return true
	case r == '\u00ad' || r == '\u3164' || r == '\uffa0' || r == '\u115f' || r == '\u1160':
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// cleanLine is cleaned text on one line.
func cleanLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// Characters that Discord's markdown gives a meaning wherever they stand, and those that
// have one at the start of a line: headings, lists, quotes and subtext.
const (
	marksAnywhere  = "\\*_~|`<>[]@#:"
	marksLineStart = "-+"
)

// escape makes markdown that shows a text as it is, cleaned. A backslash before
// punctuation is all that it adds, so mentions, timestamps, emoji, links and markers stay
// text; the colon of an address is escaped so that it becomes no link.
func escape(text string) string {
	e := escaper{atStart: true}
	e.write(text)
	return e.out.String()
}

// escaper escapes a text in pieces: whether a dash is one of a list depends on the piece
// before.
type escaper struct {
	out     strings.Builder
	atStart bool // only spaces stand before on the line
	digits  bool // only spaces and then digits do
}

func (e *escaper) write(text string) {
	for _, r := range clean(text) {
		number := e.digits && (r == '.' || r == ')')
		if number || strings.ContainsRune(marksAnywhere, r) || e.atStart && strings.ContainsRune(marksLineStart, r) {
			e.out.WriteByte('\\')
		}
		e.out.WriteRune(r)
		digit := r >= '0' && r <= '9'
		e.digits = digit && (e.atStart || e.digits)
		e.atStart = r == '\n' || e.atStart && (r == ' ' || r == '\t')
	}
}

// mark writes markdown as it is.
func (e *escaper) mark(markdown string) {
	e.out.WriteString(markdown)
	e.atStart, e.digits = false, false
}

// size is a length as Discord's clients count it, in UTF-16 units.
func size(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// cut is a text of at most so many units, with an ellipsis where something is missing.
func cut(s string, most int) string {
	if size(s) <= most {
		return s
	}
	n := 1 // the ellipsis
	for i, r := range s {
		if n += utf16.RuneLen(r); n > most {
			return strings.TrimRightFunc(s[:i], unicode.IsSpace) + "…"
		}
	}
	return s
}

// cutEscaped is escaped text of at most so many units.
func cutEscaped(text string, most int) string {
	text = clean(text)
	for room := most; ; room -= max(1, room/16) {
		if e := escape(cut(text, room)); size(e) <= most {
			return e
		}
	}
}
