package main

import "strings"

// sameName reports whether two names are spellings of one ("kiev", "kyiv") or
// a place and what comes from it ("ukrain", "ukrainian").
func sameName(a, b string) bool {
	if a[0] != b[0] || a == "niger" || b == "niger" { // which every rule below takes for Nigeria
		return false
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if rest, ok := strings.CutPrefix(b, a); ok && len(a) >= 4 && adjectives[rest] {
		return true
	}
	return len(a) >= 4 && len(b)-len(a) <= 2 && consonants(a) == consonants(b)
}

// adjectives are what makes an adjective or an inhabitant of a place's stem.
var adjectives = map[string]bool{"n": true, "an": true, "ian": true, "ean": true, "i": true}

// consonants is a name without the letters that romanisations disagree on and without doubled ones.
func consonants(name string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range name {
		if strings.ContainsRune("aeiouyjhg", r) || r == last {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}
