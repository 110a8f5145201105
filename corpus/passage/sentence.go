package passage

import (
	"iter"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
)

// sentences yields the sentences of the paragraph p of text.
func (m *model) sentences(text string, p corpus.Span) iter.Seq[corpus.Span] {
	return func(yield func(corpus.Span) bool) {
		sc := scanner{m: m, text: text[:p.End], start: p.Start, line: p.Start}
		for {
			s, ok := sc.next()
			if !ok || !yield(s) {
				return
			}
		}
	}
}

// scanner walks over one paragraph, which ends where its text ends.
type scanner struct {
	m     *model
	text  string
	start int // of the sentence being read
	line  int // start of the line being read
	width int // length in runes of the longest line; 0 until needed
}

// next reads one sentence.
func (sc *scanner) next() (corpus.Span, bool) {
	if sc.start >= len(sc.text) {
		return corpus.Span{}, false
	}
	for at := sc.start; at < len(sc.text); {
		switch sc.text[at] {
		case '\n':
			ends := sc.lineEnds(at)
			sc.line = at + 1
			if ends {
				return sc.end(at), true
			}
		case '.', '!', '?', 0xE2, 0xE3, 0xEF: // the last three begin … 。 ！ ？
			if mark := readMark(sc.text, at); mark.end > at {
				if sc.ends(mark) {
					return sc.end(mark.closed), true
				}
				at = mark.closed
				continue
			}
		}
		at++
	}
	return sc.end(len(sc.text)), true
}

// end closes the sentence at the given offset and moves on to the next one.
func (sc *scanner) end(at int) corpus.Span {
	s := trim(sc.text, sc.start, at)
	rest := strings.TrimLeftFunc(sc.text[at:], unicode.IsSpace)
	sc.start = len(sc.text) - len(rest)
	if n := strings.LastIndexByte(sc.text[at:sc.start], '\n'); n >= 0 {
		sc.line = at + n + 1
	}
	return s
}

// mark is one or more of . ! ? … with the quotes and brackets that close behind it.
type mark struct {
	start, end int
	closed     int // end of the quotes, brackets and footnote numbers
	dots       int // 3 for …
	exclaims   bool
	unspaced   bool // Chinese or Japanese, where no space follows
}

// readMark reads the mark at the given offset; it is empty when there is none.
func readMark(text string, at int) mark {
	k := mark{start: at}
	for ; at < len(text); at++ {
		switch r, size := utf8.DecodeRuneInString(text[at:]); r {
		case '.':
			k.dots++
		case '…':
			k.dots += 3
			at += size - 1
		case '!', '?':
			k.exclaims = true
		case '。', '！', '？':
			k.unspaced = true
			at += size - 1
		default:
			rest := strings.TrimLeft(text[at:], closingMarks)
			if strings.HasPrefix(rest, "[") {
				rest = rest[len(footnote.FindString(rest)):]
			}
			k.end, k.closed = at, len(text)-len(rest)
			return k
		}
	}
	k.end, k.closed = len(text), len(text)
	return k
}

const (
	closingMarks = `"'”’»)]}*_`
	openingMarks = `"'“‘„«([{*_\<¿¡`
)

var footnote = regexp.MustCompile(`^(?:\[\d{1,3}\])+`) // "[1][2]"

// inlineItem is the sign of a list item in running text: "- Item" or "(b) The".
var inlineItem = regexp.MustCompile(`^(?:- |\([a-z0-9]{1,3}\) )`)

// ends reports whether the mark ends the sentence, which what follows decides first.
func (sc *scanner) ends(k mark) bool {
	rest := strings.TrimLeftFunc(sc.text[k.closed:], unicode.IsSpace)
	switch {
	case rest == "" || k.unspaced:
		return true
	case len(rest) == len(sc.text)-k.closed:
		return false // no space: "47.60", "U.S.-made", "...and"
	}
	rest = rest[len(inlineItem.FindString(rest)):]
	rest = strings.TrimLeft(rest, openingMarks)
	switch r := firstRune(rest); {
	case unicode.IsLower(r), strings.ContainsRune(",;:.…!?-–—)", r):
		return false
	case k.exclaims:
		return true
	}
	if k.dots > 1 {
		return k.dots == 4 || sc.m.starts(rest)
	}
	return sc.dotEnds(k.start, rest)
}

// dotEnds reports whether the dot ends a sentence rather than an abbreviation
// or a list number; rest is what follows, from its first letter or digit.
func (sc *scanner) dotEnds(dot int, rest string) bool {
	start := wordStart(sc.text[sc.start:dot]) + sc.start
	word := sc.text[start:dot]
	first := start-sc.start <= 4 && strings.Trim(sc.text[sc.start:start], openingMarks) == ""
	switch {
	case word == "":
		return true
	case first && isItemNumber(word):
		return false
	case unicode.IsDigit(firstRune(rest)) && sc.m.numbered[strings.ToLower(word)]:
		return false
	}
	switch sc.m.kind(word) {
	case title:
		return false
	case acronym:
		return sc.m.openers[openingWord(rest)]
	case abbreviation:
		return sc.m.starts(rest)
	}
	return true
}

// wordStart is where the last word of text starts; hyphens, dashes and slashes part words.
func wordStart(text string) int {
	at := strings.LastIndexFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(openingMarks+"-–—/#", r)
	})
	if at < 0 {
		return 0
	}
	_, size := utf8.DecodeRuneInString(text[at:])
	return at + size
}

// listItem is "- ", "* ", "• ", "1. ", "2) " or "(a) " at the start of a line.
var listItem = regexp.MustCompile(`^\s*(?:[-*+•–—]|\d{1,3}[.)]|\(?[a-z0-9]\))\s`)

func isListItem(line string) bool {
	const starts = "-*+•–—(0123456789abcdefghijklmnopqrstuvwxyz \t"
	return strings.ContainsRune(starts, firstRune(line)) && listItem.MatchString(line)
}

// lineEnds reports whether the newline at the given offset ends a sentence, as
// it does after a heading and between list items, but not where a line was
// merely wrapped. A line is wrapped when the next word did not fit into the
// width of the paragraph; one with room left was ended on purpose.
func (sc *scanner) lineEnds(at int) bool {
	line := strings.TrimSpace(sc.text[sc.line:at])
	next := strings.TrimSpace(sc.text[at+1 : lineEnd(sc.text, at+1)])
	switch {
	case line == "" || next == "":
		return false
	case isListItem(next) || isMarkdownHeading(next) || isMarkdownHeading(line):
		return true
	case unicode.IsLower(firstRune(next)):
		return false
	}
	word, _, _ := strings.Cut(next, " ")
	return utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) < sc.paragraphWidth()
}

func isMarkdownHeading(line string) bool {
	rest := strings.TrimLeft(line, "#")
	return len(rest) < len(line) && strings.HasPrefix(rest, " ")
}

// paragraphWidth is the length in runes of the longest line from here on. What
// was before does not count again, so that a paragraph is measured once.
func (sc *scanner) paragraphWidth() int {
	if sc.width == 0 {
		for line := range strings.Lines(sc.text[sc.line:]) {
			sc.width = max(sc.width, utf8.RuneCountInString(strings.TrimSpace(line)))
		}
	}
	return sc.width
}
