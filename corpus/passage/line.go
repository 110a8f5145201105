package passage

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

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

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
