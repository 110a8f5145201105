package main

import "strings"

// sameName reports whether two names are spellings of one ("kiev", "kyiv") or
// a place and what comes from it ("ukrain", "ukrainian").
func sameName(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 4 || a == "niger" { // which has the letters of Nigeria
		return false
	}
	if rest, ok := strings.CutPrefix(b, a); ok && adjectives[rest] {
		return true
	}
	return a[0] == b[0] && consonants(a) == consonants(b) && oneEdit(romanised(a), romanised(b))
}

// adjectives are what makes an adjective or an inhabitant of a place's stem.
var adjectives = map[string]bool{"n": true, "an": true, "ian": true, "ean": true, "i": true}

// romanised is a name in the letters that most romanisations share, without doubled ones.
func romanised(name string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range name {
		switch r {
		case 'y', 'j':
			r = 'i'
		case 'g':
			r = 'h'
		}
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// consonants is a romanised name without vowels.
func consonants(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiouh", r) {
			return -1
		}
		return r
	}, romanised(name))
}

// oneEdit reports whether a, the shorter or as long, becomes b by at most one
// letter changed or put in.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	for i := range len(a) {
		if a[i] != b[i] {
			return a[i+1:] == b[i+1:] || a[i:] == b[i+1:]
		}
	}
	return len(b)-len(a) <= 1
}
