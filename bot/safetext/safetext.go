// Package safetext prepares foreign text for the screen of a chat: it removes what would
// command a terminal or reorder a line, and measures text as chat platforms do. It does
// not escape markup; each platform has its own.
package safetext

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// UTF16Len is the length of a text in UTF-16 code units, in which Discord and Telegram
// count.
func UTF16Len(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// lineEnds turns the control characters that end a line into line feeds.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n")

// Clean removes control characters, except the line feed and the tab, and the characters
// that override the direction of writing. Other line ends become line feeds, and bytes
// that are not UTF-8 become U+FFFD.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if !strings.ContainsFunc(s, isHarmful) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isHarmful(r) {
			return -1
		}
		return r
	}, lineEnds.Replace(s))
}

func isHarmful(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
		return true
	}
	return unicode.IsControl(r)
}
