package main

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/index/neighbours"
)

// A space holds the vectors of all terms, a matrix for each view.
type space []*matrix

// of gathers the vectors of some terms into one matrix, those of the views side by side and
// so scaled that a dot product is the mean of the views' cosines.
func (s space) of(ids []int) *matrix {
	width := 0
	for _, v := range s {
		width += v.cols
	}
	out := newMatrix(len(ids), width)
	scale := float32(1 / math.Sqrt(float64(len(s))))
	for i, id := range ids {
		rest := out.row(i)
		for _, v := range s {
			addScaled(rest[:v.cols], scale, v.row(id))
			rest = rest[v.cols:]
		}
	}
	return out
}

// table makes the lists: common words have the common words that stand in
// their places, names have other spellings of the same name.
func table(t *text, s space) map[string][]neighbours.Neighbour {
	var common, names []int
	for id, term := range t.terms {
		switch {
		case term.isStop() || term.name == number || utf8.RuneCountInString(term.name) < 2 || closed[term.name]:
		case term.isName():
			names = append(names, id)
		default:
			common = append(common, id)
		}
	}
	contrasts, follows := countContrasts(t), countFollows(t)
	lists := map[string][]neighbours.Neighbour{}
	collect(lists, t, s, common, func(a, b int) bool {
		return !opposite(t.terms[a].name, t.terms[b].name) && !contrasts.opposed(a, b) && !follows.compound(t, a, b)
	})
	collect(lists, t, s, names, func(a, b int) bool {
		return sameName(t.terms[a].name, t.terms[b].name)
	})
	return lists
}

// collect adds the list of each of ids, of those of ids that may be its neighbours.
func collect(lists map[string][]neighbours.Neighbour, t *text, s space, ids []int, may func(a, b int) bool) {
	vectors, edges := s.of(ids), make([][]neighbours.Neighbour, len(ids))
	for i, a := range ids {
		for j, b := range ids[:i] {
			similarity := min(1, float64(dot(vectors.row(i), vectors.row(j))))
			if similarity >= leastSimilar && may(a, b) {
				edges[i] = append(edges[i], neighbours.Neighbour{Term: t.terms[b].name, Similarity: similarity})
				edges[j] = append(edges[j], neighbours.Neighbour{Term: t.terms[a].name, Similarity: similarity})
			}
		}
	}
	for i, id := range ids {
		if len(edges[i]) > 0 {
			lists[t.terms[id].name] = nearest(edges[i])
		}
	}
}

// nearest is the longest neighbours most similar, the most similar first.
func nearest(list []neighbours.Neighbour) []neighbours.Neighbour {
	slices.SortFunc(list, func(a, b neighbours.Neighbour) int {
		return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), cmp.Compare(a.Term, b.Term))
	})
	return list[:min(len(list), longest)]
}

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
