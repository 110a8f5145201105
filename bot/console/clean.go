package console

import (
	"regexp"
	"strings"
	"unicode"
)

// sequence matches what a terminal takes for a command instead of text (ECMA-48, 5.4
// and 5.6): CSI, complete strings such as OSC with their end, and other escapes.
var sequence = regexp.MustCompile(
	`\x1b\[[0-?]*[ -/]*[@-~]` +
		`|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)` +
		`|\x1b[ -/]*[0-~]?`)

// breaks are the control characters that part words; the others stand inside them.
var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n")

// clean removes what would command the terminal or reorder the text on it, and
// nothing that can be seen: escape sequences, control characters except the line
// feed and the tab, and the overrides of writing direction. The 8-bit controls are
// removed alone: in texts that were decoded wrongly they stand for letters, and
// without them what follows is nothing but text.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if !strings.ContainsFunc(s, harmful) {
		return s
	}
	s = breaks.Replace(sequence.ReplaceAllString(s, ""))
	return strings.Map(func(r rune) rune {
		if harmful(r) {
			return -1
		}
		return r
	}, s)
}

func harmful(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
		return true
	}
	return unicode.IsControl(r)
}
