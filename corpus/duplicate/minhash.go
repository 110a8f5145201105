package duplicate

import (
	"hash/fnv"
	"math"

	"parley/corpus/words"
)

const (
	shingleWords = 4
	// shortWords is the length up to which only equal texts are the same: news in brief is
	// full of set phrases, and two of them differ in a place and a number.
	shortWords = 50
	// bareWords is the length up to which a text says nothing without its title, such as
	// "Read more on our site".
	bareWords = 12
	// maxWords is how far a text is read; a book is not a report.
	maxWords = 20_000

	bands = 42
	rows  = 3
)

// The hashes are kept in databases, so they are the same in every process and on every
// machine, and Scheme changes with them.

// Scheme is the version of the keys: those of different versions do not compare.
const Scheme = 1

// wordHashes are the hashes of the words of a text without regard to spelling marks.
func wordHashes(text string) []uint64 {
	var out []uint64
	h := fnv.New64a()
	for w := range words.All(text) {
		h.Reset()
		_, _ = h.Write([]byte(w.Fold)) // a hash takes everything
		if out = append(out, h.Sum64()); len(out) == maxWords {
			break
		}
	}
	return out
}

// combine is one hash of several in their order.
func combine(hashes []uint64) uint64 {
	h := uint64(len(hashes))
	for _, w := range hashes {
		h = mix(h ^ w)
	}
	return h
}

// mix is the finalizer of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom
// number generators", 2014): a bijection whose values look random.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// bandKeys are the hashes of the bands of the MinHash signature of a set.
func bandKeys(set []uint64) []int64 {
	var minima [bands * rows]uint64
	for i := range minima {
		order := mix(uint64(i)) // by which the set is put in an order of its own
		least := uint64(math.MaxUint64)
		for _, s := range set {
			least = min(least, mix(s^order))
		}
		minima[i] = least
	}
	keys := make([]int64, bands)
	for band := range keys {
		own := mix(uint64(band)) // else a band could meet another
		keys[band] = int64(own ^ combine(minima[band*rows:(band+1)*rows]))
	}
	return keys
}
