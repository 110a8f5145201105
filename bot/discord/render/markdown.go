package render

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"parley/bot"
	"parley/bot/safetext"
)

// Clean removes what cannot be seen but could reorder or disguise the text around it:
// control characters except the line feed and the tab, marks of writing direction, and
// characters without width. The joiners that emoji and some scripts need stay.
func Clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return '\n'
		case isInvisible(r):
			return -1
		}
		return r
	}, s)
}

func isInvisible(r rune) bool {
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

// oneLine is the cleaned text with every run of white space as one space.
func oneLine(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }

// Label is the cleaned text on one line of at most limit UTF-16 units.
func Label(s string, limit int) string { return Cut(oneLine(s), limit) }

// Cut shortens a text to at most limit UTF-16 units; an ellipsis stands for what is missing.
func Cut(s string, limit int) string {
	if safetext.UTF16Len(s) <= limit {
		return s
	}
	n := 1 // the ellipsis
	for i, r := range s {
		if n += utf16.RuneLen(r); n > limit {
			return strings.TrimRightFunc(s[:i], unicode.IsSpace) + "…"
		}
	}
	return s
}

// Characters that Discord's markdown gives a meaning wherever they stand, and those that
// have one at the start of a line: headings, lists, quotes and subtext.
const (
	marksAnywhere  = "\\*_~|`<>[]@#:"
	marksLineStart = "-+"
)

// Escape returns markdown that shows the cleaned text as it is. All that it adds are
// backslashes before punctuation, so that mentions, timestamps, emoji and links stay text;
// the colon of an address is escaped so that it becomes no link.
func Escape(text string) string {
	w := markdownWriter{lineStart: true}
	w.text(text)
	return w.out.String()
}

// escapeWithin escapes as much of the text as fits into limit UTF-16 units.
func escapeWithin(text string, limit int) string {
	text = Clean(text)
	for room := limit; ; room -= max(1, room/16) {
		if e := Escape(Cut(text, room)); safetext.UTF16Len(e) <= limit {
			return e
		}
	}
}

// markdownWriter escapes a text in pieces: whether a dash begins a list depends on the
// piece before it.
type markdownWriter struct {
	out         strings.Builder
	lineStart   bool // the line has only spaces so far
	startDigits bool // the line has only spaces and then digits so far
}

func (w *markdownWriter) text(text string) {
	for _, r := range Clean(text) {
		listNumber := w.startDigits && (r == '.' || r == ')')
		if listNumber || strings.ContainsRune(marksAnywhere, r) || w.lineStart && strings.ContainsRune(marksLineStart, r) {
			w.out.WriteByte('\\')
		}
		w.out.WriteRune(r)
		isDigit := r >= '0' && r <= '9'
		w.startDigits = isDigit && (w.lineStart || w.startDigits)
		w.lineStart = r == '\n' || w.lineStart && (r == ' ' || r == '\t')
	}
}

// markup writes markdown as it is.
func (w *markdownWriter) markup(markdown string) {
	w.out.WriteString(markdown)
	w.lineStart, w.startDigits = false, false
}

// maxLinkURL is the longest address in UTF-16 units that is linked; longer ones would leave
// no room for the text.
const maxLinkURL = 1000

// urlEscapes encode what would end an address in markdown.
var urlEscapes = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20", `"`, "%22", `\`, "%5C",
	"\n", "", "\t", "")

// line is a line of the interface in markdown, with its links.
func line(l bot.Line) string {
	w := markdownWriter{lineStart: true}
	for _, run := range l {
		text := strings.ReplaceAll(Clean(run.Text), "\n", " ")
		address := ""
		if safetext.UTF16Len(run.URL) <= maxLinkURL {
			address = urlEscapes.Replace(Clean(run.URL))
		}
		switch {
		case address == "":
			w.text(text)
		case run.Text == run.URL:
			w.markup("<" + address + ">")
		case strings.Contains(text, "://"): // Discord shows no link whose text is an address
			w.text(text)
			w.markup(" <" + address + ">")
		default:
			w.markup("[")
			w.text(text)
			w.markup("](" + address + ")")
		}
	}
	return w.out.String()
}

// lineWithin is a line of at most limit UTF-16 units: with its links if they fit, else
// without, else cut.
func lineWithin(l bot.Line, limit int) string {
	if md := line(l); safetext.UTF16Len(md) <= limit {
		return md
	}
	return escapeWithin(strings.ReplaceAll(Clean(l.String()), "\n", " "), limit)
}
