package ingest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus/feed"
)

// ownText is the text of an item in the feed itself, empty if its page has it.
func ownText(i feed.Item) string {
	switch {
	case i.Text != "" && (i.URL == "" || !isCut(i.Text) && len(i.Text) > len(i.Summary)):
		return i.Text
	case i.URL == "":
		return i.Summary
	}
	return ""
}

// teasers end what goes on somewhere else.
var teasers = []string{"…", "...", "read more", "continue reading", "читать далее", "читати далі", "подробнее",
	"детальніше"}

// isCut reports whether a text goes on somewhere else.
func isCut(s string) bool {
	end := strings.ToLower(strings.TrimRightFunc(s[max(0, len(s)-60):], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`[](){}→›»>.`, r)
	}))
	dots := strings.TrimRightFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("[](){}→›»>", r)
	})
	for _, t := range teasers {
		if strings.HasSuffix(end, t) || strings.HasSuffix(dots, t) {
			return true
		}
	}
	return false
}

// minSummary is the shortest summary that stands for a page that is closed, in characters:
// what is shorter says hardly more than the title.
const minSummary = 80

// endsAsSentence reports whether a summary is of whole sentences, as far as its end tells.
func endsAsSentence(s string) bool {
	s = strings.TrimRightFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"'”’»)`, r) })
	last, _ := utf8.DecodeLastRuneInString(s)
	return utf8.RuneCountInString(s) >= minSummary && strings.ContainsRune(".!?。", last) && !isCut(s)
}
