package lexicon

import "strings"

// stem takes the inflection off a folded English word, so that "concede",
// "concedes", "conceded" and "conceding" are one. It serves to compare words with
// each other; what it returns need not be a word. Words that are not plain ASCII
// letters are returned as they are: their endings are marked with a star in the files.
func (l *Lexicon) stem(fold string) string {
	if base, ok := l.forms[fold]; ok {
		fold = base
	}
	return stem(fold)
}

func stem(s string) string {
	if len(s) < 4 || !plain(s) {
		return s
	}
	s = stemPlural(s)
	for _, ending := range [...]string{"ing", "ed"} {
		if rest, ok := strings.CutSuffix(s, ending); ok && len(rest) > 2 && strings.ContainsAny(rest, "aeiouy") {
			s = undouble(rest)
			break
		}
	}
	if len(s) > 4 {
		s = strings.TrimSuffix(s, "e")
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

// undouble turns "stopp" into "stop"; "call", "pass" and "buzz" keep their letters.
func undouble(s string) string {
	n := len(s)
	if s[n-1] == s[n-2] && !strings.ContainsRune("aeioulsz", rune(s[n-1])) {
		return s[:n-1]
	}
	return s
}
