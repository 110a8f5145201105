package bleveindex

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum/levenshtein"

	"parley/index"
)

// Limits of Near: the tables for automata grow tenfold with each edit, and an
// automaton must not have more than 10,000 states.
const (
	maxEdits       = 2
	maxNearLetters = 100
)

// automata build automata for one edit and for two, a swap of neighbours being one.
var automata = sync.OnceValue(func() (builders [maxEdits]*levenshtein.LevenshteinAutomatonBuilder) {
	for i := range builders {
		var err error
		builders[i], err = levenshtein.NewLevenshteinAutomatonBuilder(uint8(i+1), true)
		must(err) // it depends on nothing but the number
	}
	return builders
})

// Near implements index.Snapshot: the words in alphabetical order, and none for
// a word of more than maxNearLetters. It reads the dictionaries itself, since
// bleve's FieldDictFuzzy leaves out how many passages have a word and reads in
// goroutines, whose panics nobody can recover.
func (s *snapshot) Near(word string, edits int) (near []index.Near, err error) {
	defer recoverCorrupt(&err)()
	r, first := utf8.DecodeRuneInString(word)
	edits = min(edits, maxEdits)
	if edits < 1 || r == utf8.RuneError || utf8.RuneCountInString(word) > maxNearLetters {
		return nil, nil
	}
	dfa, err := automata()[edits-1].BuildDfa(word, uint8(edits))
	if err != nil {
		return nil, fmt.Errorf("words near %q: %w", word, err)
	}
	start, end := []byte(word[:first]), []byte(word[:first])
	end[first-1]++ // after all words that start with the letter
	for _, seg := range s.reader.Segments() {
		dict, err := seg.Segment().Dictionary(fieldWord)
		if err != nil {
			return nil, fmt.Errorf("words near %q: %w", word, err)
		}
		if near, err = appendWords(near, dict, dict.AutomatonIterator(dfa, start, end), seg.Deleted()); err != nil {
			return nil, fmt.Errorf("words near %q: %w", word, err)
		}
	}
	return sumPassages(near), nil
}

// appendWords appends the words of one segment's dictionary that passages have which are
// not deleted: the dictionary itself counts all.
func appendWords(near []index.Near, dict segment.TermDictionary, words segment.DictionaryIterator, deleted *roaring.Bitmap) ([]index.Near, error) {
	for {
		entry, err := words.Next()
		if entry == nil || err != nil {
			return near, err
		}
		passages := entry.Count
		if deleted != nil {
			postings, err := dict.PostingsList([]byte(entry.Term), deleted, nil)
			if err != nil {
				return near, err
			}
			passages = postings.Count()
		}
		if passages > 0 {
			near = append(near, index.Near{Word: entry.Term, Edits: int(entry.EditDistance), Passages: int(passages)})
		}
	}
}

// sumPassages makes one of the same word in several segments.
func sumPassages(near []index.Near) []index.Near {
	slices.SortFunc(near, func(a, b index.Near) int { return cmp.Compare(a.Word, b.Word) })
	n := 0
	for _, w := range near {
		if n > 0 && near[n-1].Word == w.Word {
			near[n-1].Passages += w.Passages
			continue
		}
		near[n] = w
		n++
	}
	return near[:n]
}
