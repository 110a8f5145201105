// Package glossary has the English words by which a text may say what a word of a Ukrainian
// or Russian question says, and Latin spellings of names that are written in Cyrillic. It
// knows no grammar: a word is found by the longest beginning that the glossary has.
package glossary

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

//go:embed glossary.txt
var text string

// glossary maps beginnings of words to English words, and whole words where they differ.
type glossary struct {
	beginnings, whole map[string][]string
}

var load = sync.OnceValue(func() glossary {
	g := glossary{map[string][]string{}, map[string][]string{}}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		foreign, english, ok := strings.Cut(line, " : ")
		if !ok {
			continue
		}
		for entry := range strings.FieldsSeq(foreign) {
			to := g.beginnings
			if word, whole := strings.CutPrefix(entry, "="); whole {
				entry, to = word, g.whole
			}
			key := fold(entry)
			to[key] = append(to[key], strings.Fields(english)...)
		}
	}
	return g
})

const (
	minBeginning = 3 // letters of a word that say what it is
	maxEnding    = 6 // letters that may follow a beginning
)

// English returns the English words that may stand for a word in Cyrillic, the nearest in
// meaning first; nil where the glossary has none. Phrases have an underscore between their
// words; the first is a single word.
func English(word string) []string {
	g := load()
	letters := []rune(fold(word))
	if english, ok := g.whole[string(letters)]; ok {
		return english
	}
	for n := len(letters); n >= max(minBeginning, len(letters)-maxEnding); n-- {
		if english, ok := g.beginnings[string(letters[:n])]; ok {
			return english
		}
	}
	return nil
}

// folded are the letters and marks that are written in more than one way.
var folded = strings.NewReplacer("ґ", "г", "ё", "е", "'", "", "’", "", "ʼ", "", "`", "")

func fold(word string) string { return folded.Replace(strings.ToLower(word)) }

// IsCyrillic reports whether a word begins with a letter of the Cyrillic script.
func IsCyrillic(word string) bool {
	for _, r := range word {
		return unicode.Is(unicode.Cyrillic, r)
	}
	return false
}

// romanized gives Latin letters for Cyrillic ones as newspapers write names: Ukrainian by
// the resolution of 2010 and Russian by BGN/PCGN, where they agree, and without the signs.
var romanized = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "h", 'д': "d", 'е': "e", 'є': "ie", 'ж': "zh", 'з': "z", 'и': "y", 'і': "i",
	'ї': "i", 'й': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t",
	'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ь': "", 'ю': "iu", 'я': "ia",
	'ы': "y", 'э': "e", 'ъ': "",
}

// otherwise are the readings of letters that the two languages romanize differently.
var otherwise = map[rune]string{'г': "g", 'и': "i", 'й': "y", 'ю': "yu", 'я': "ya", 'є': "ye", 'х': "h"}

// maxCase is how many letters the ending of a case takes at most.
const maxCase = 3

// Romanized returns Latin spellings of a name in Cyrillic, the longest first: as it stands
// and without the endings that a case may have put to it. None is shorter than four letters.
func Romanized(word string) (spellings []string) {
	letters := []rune(fold(word))
	seen := map[string]bool{}
	for n := len(letters); n >= max(4, len(letters)-maxCase); n-- {
		for _, readings := range []map[rune]string{nil, otherwise} {
			var b strings.Builder
			for _, r := range letters[:n] {
				latin, ok := readings[r]
				if !ok {
					latin = romanized[r]
				}
				b.WriteString(latin)
			}
			if s := b.String(); len(s) >= 4 && !seen[s] {
				seen[s] = true
				spellings = append(spellings, s)
			}
		}
	}
	return spellings
}
