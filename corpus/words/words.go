// Package words cuts text into words and folds their spelling, in the one way
// that the lexicon, the statements and the index share. It knows no language:
// stop words and stems are the index's business, names the lexicon's.
package words

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Word is one word of a text: letters and digits, with the apostrophes, dots
// and commas that belong inside them ("Ukraine's", "U.S.", "1,000", "47.60").
// Hyphens and slashes separate words.
type Word struct {
	// Start and End are byte offsets into the text.
	Start, End int
	// Text is the word as written.
	Text string
	// Fold is the word in lower case without diacritics, possessive, the dots of an
	// abbreviation or the commas of a number: "ukraine", "us", "1000", "47.60".
	Fold string
}

// All yields the words of text in order. Bytes that are not UTF-8 separate words.
func All(text string) iter.Seq[Word] {
	return func(yield func(Word) bool) {
		for i := 0; i < len(text); {
			r, size := utf8.DecodeRuneInString(text[i:])
			if !inWord(r) {
				i += size
				continue
			}
			end := wordEnd(text, i)
			w := Word{Start: i, End: end, Text: text[i:end]}
			w.Fold = Fold(w.Text)
			if w.Fold != "" && !yield(w) {
				return
			}
			i = end
		}
	}
}

// inWord reports whether r can stand in a word; combining marks belong to their letter.
func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))
}

// wordEnd is the end of the word that starts at i. An apostrophe, dot or comma
// belongs to it when the right kind of character follows at once.
func wordEnd(text string, i int) int {
	var prev rune
	for start := i; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !inWord(r) {
			next, _ := utf8.DecodeRuneInString(text[i+size:])
			if !joins(prev, r, next, text[start:i]) {
				if r == '.' && isAcronym(text[start:i]) { // the last dot of "U.S."
					return i + size
				}
				return i
			}
		}
		prev = r
		i += size
	}
	return i
}

// joins reports whether the mark r stands inside a word between prev and next.
func joins(prev, r, next rune, before string) bool {
	switch r {
	case '\'', '’', 'ʼ':
		return unicode.IsLetter(prev) && unicode.IsLetter(next)
	case '.':
		if unicode.IsDigit(prev) && unicode.IsDigit(next) {
			return true
		}
		return unicode.IsLetter(next) && (utf8.RuneCountInString(before) == 1 || isAcronym(before)) && unicode.IsLetter(prev)
	case ',':
		return unicode.IsDigit(prev) && unicode.IsDigit(next)
	}
	return false
}

// isAcronym reports whether s is letters with a dot between each two, as "U.S" or "a.m".
func isAcronym(s string) bool {
	letters := 0
	for part := range strings.SplitSeq(s, ".") {
		if r, size := utf8.DecodeRuneInString(part); size != len(part) || !unicode.IsLetter(r) {
			return false
		}
		letters++
	}
	return letters > 1
}

// Set returns the words of a list that white space separates, as they are spelled.
func Set(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		set[word] = true
	}
	return set
}

// Fold spells a word the way Word.Fold documents.
func Fold(s string) string {
	if f, ok := foldASCII(s); ok {
		return f
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			// й and ї are letters of their own: their marks are kept by composing again below.
			if r == '\u0306' || r == '\u0308' {
				if last, _ := utf8.DecodeLastRuneInString(b.String()); unicode.Is(unicode.Cyrillic, last) {
					b.WriteRune(r)
				}
			}
		case r == '’' || r == 'ʼ':
			b.WriteByte('\'')
		case r == 'ı':
			b.WriteByte('i')
		case r == 'ł' || r == 'Ł':
			b.WriteByte('l')
		case r == 'ß':
			b.WriteString("ss")
		case r == 'ø' || r == 'Ø':
			b.WriteByte('o')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return trimMarks(norm.NFC.String(b.String()))
}

// foldASCII folds the common case without allocating where s is folded already.
func foldASCII(s string) (string, bool) {
	plain := true
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return "", false
		}
		plain = plain && ('a' <= s[i] && s[i] <= 'z' || '0' <= s[i] && s[i] <= '9')
	}
	if plain {
		return s, true
	}
	return trimMarks(strings.ToLower(s)), true
}

// trimMarks drops a possessive, the dots of an abbreviation and the commas of a number.
func trimMarks(s string) string {
	s = strings.TrimSuffix(s, "'s")
	if !strings.ContainsAny(s, "',.") {
		return s
	}
	if s[0] >= '0' && s[0] <= '9' {
		return strings.ReplaceAll(s, ",", "")
	}
	return strings.Map(func(r rune) rune {
		if r == '.' || r == '\'' {
			return -1
		}
		return r
	}, s)
}
