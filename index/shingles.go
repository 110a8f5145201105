package index

import (
	"slices"

	"parley/corpus/duplicate"
	"parley/index/analysis"
)

// Two texts are the same when this share of the shingles of the shorter, its runs of so many
// words, stands in the other.
const (
	shingleWords = 4
	sameText     = 0.7
)

// passageTerms holds what of a passage does not depend on the question.
type passageTerms struct {
	text, title []analysis.Token
	shingles    []uint32
}

// shingles returns the sorted hashes of the shingles of a text; nil for one that is too short
// to be compared.
func shingles(tokens []analysis.Token) []uint32 {
	if len(tokens) < 3*shingleWords {
		return nil
	}
	words := make([]uint32, len(tokens))
	for i, tok := range tokens {
		words[i] = fnvOffset
		for _, c := range []byte(tok.Fold) {
			words[i] = (words[i] ^ uint32(c)) * fnvPrime
		}
	}
	set := make([]uint32, 0, len(tokens))
	for i := range len(words) - shingleWords + 1 {
		h := uint32(fnvOffset)
		for _, w := range words[i : i+shingleWords] {
			h = (h ^ w) * fnvPrime
		}
		set = append(set, h)
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// FNV-1a, 32 bits.
const (
	fnvOffset = 2166136261
	fnvPrime  = 16777619
)

// similar reports whether most of the smaller of two sorted sets is in the other.
func similar(a, b []uint32) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 || 2*len(a) < len(b) {
		return false
	}
	return float64(duplicate.Common(a, b)) >= sameText*float64(len(a))
}
