package lexicon

import "strings"

// stem follows the first and last steps of Porter's stemmer, "An algorithm for suffix
// stripping" (1980); those between turn nouns into verbs, which is too bold for names.
func stem(s string) string {
	if len(s) < 4 || !plain(s) {
		return s
	}
	s = stemPlural(s)
	for _, ending := range [...]string{"ing", "ed"} {
		if rest, ok := strings.CutSuffix(s, ending); ok && len(rest) > 2 && strings.ContainsAny(rest, "aeiouy") {
			s = restore(rest)
			break
		}
	}
	if rest, ok := strings.CutSuffix(s, "e"); ok && len(rest) > 2 && !short(rest) {
		s = rest
	}
	if rest, ok := strings.CutSuffix(s, "y"); ok && len(rest) > 2 {
		s = rest + "i"
	}
	return s
}

func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

func stemPlural(s string) string {
	switch {
	case strings.HasSuffix(s, "ies") && len(s) > 4:
		return s[:len(s)-3] + "y"
	case hasAnySuffix(s, "sses", "ches", "shes", "xes", "zzes"):
		return s[:len(s)-2]
	case strings.HasSuffix(s, "s") && !hasAnySuffix(s, "ss", "us", "is"):
		return s[:len(s)-1]
	}
	return s
}

func hasAnySuffix(s string, endings ...string) bool {
	for _, e := range endings {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}

// restore makes a base of what an ending was cut from: "stopp" is "stop" and "ced"
// is "cede"; "call", "pass" and "buzz" keep their letters.
func restore(s string) string {
	n := len(s)
	switch {
	case s[n-1] == s[n-2] && !strings.ContainsRune("aeioulsz", rune(s[n-1])):
		return s[:n-1]
	case short(s):
		return s + "e"
	}
	return s
}

// short reports whether s is one syllable that ends in consonant, vowel, consonant:
// then a final e belongs to the word, as in "plane" beside "plan". No such syllable
// has ten letters.
func short(s string) bool {
	n := len(s)
	if n < 3 || n > 9 || vowel(s, n-3) || !vowel(s, n-2) || vowel(s, n-1) || strings.ContainsRune("wxy", rune(s[n-1])) {
		return false
	}
	syllables := 0
	for i := 1; i < n; i++ {
		if vowel(s, i-1) && !vowel(s, i) {
			syllables++
		}
	}
	return syllables == 1
}

// vowel reports whether the letter at i sounds as one; y does after a consonant.
func vowel(s string, i int) bool {
	if s[i] == 'y' {
		return i > 0 && !vowel(s, i-1)
	}
	return strings.IndexByte("aeiou", s[i]) >= 0
}
