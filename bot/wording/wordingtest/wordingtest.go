// Package wordingtest makes the words that come from the files of locales recognisable, for
// tests that nothing else is said to a user.
package wordingtest

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"parley/bot/wording"
	"parley/corpus/lexicon"
)

// Pseudo makes the interface speak, until the end of the test, a German that is English in
// wide letters.
func Pseudo(t testing.TB, lex *lexicon.Lexicon) {
	t.Helper()
	source, err := fs.ReadFile(wording.Files, "locales/en.toml")
	if err != nil {
		t.Fatal(err)
	}
	phrases := regexp.MustCompile(`(?m)^(\S+ = ")(.*)("$)`).ReplaceAllStringFunc(string(source), func(line string) string {
		key, text, _ := strings.Cut(line, ` = "`)
		return key + ` = "` + wide(strings.TrimSuffix(text, `"`)) + `"`
	})
	phrases += "\n[actor]\n"
	for _, a := range lex.Actors() {
		phrases += a.ID + " = \"" + wide(a.Name) + "\"\n"
	}
	phrases += "\n[topic]\n"
	for _, topic := range lex.Topics() {
		phrases += topic.ID + " = \"" + wide(topic.Label) + "\"\n"
	}
	err = wording.Load(fstest.MapFS{"locales/en.toml": {Data: source}, "locales/de.toml": {Data: []byte(phrases)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := wording.Load(wording.Files); err != nil {
			t.Fatal(err)
		}
	})
}

// wide writes the Latin letters outside of places in their wide forms.
func wide(text string) string {
	inside := 0
	return strings.Map(func(r rune) rune {
		switch {
		case r == '{':
			inside++
		case r == '}':
			inside--
		case inside == 0 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'):
			return r + 0xFEE0
		}
		return r
	}, text)
}

// IsWide reports whether a text has letters of Pseudo's language.
func IsWide(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r >= 'Ａ' && r <= 'ｚ' })
}

// Check holds that what is said has words of Pseudo's language and, besides what foreign
// matches, no other Latin letters.
func Check(t testing.TB, what, said string, foreign *regexp.Regexp) {
	t.Helper()
	left := foreign.ReplaceAllString(said, "")
	if i := strings.IndexFunc(left, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }); i >= 0 {
		t.Errorf("%s: %q is not from the files", what, left[i:min(len(left), i+60)])
	}
	if !IsWide(left) {
		t.Errorf("%s: nothing is from the files: %s", what, left)
	}
}
