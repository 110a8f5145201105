// Package spelling finds the words of an index that are spelled almost like a given one,
// and decides which passages a word is indexed under for that.
package spelling

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum/levenshtein"

	"parley/index"
	"parley/index/analysis"
)

// Limits of a search: the tables for automata grow tenfold with each edit, and an
// automaton must not have more than 10,000 states.
const (
	maxEdits   = 2
	maxLetters = 100
)

// automata build automata for one edit and for two, a swap of neighbours being one.
var automata = sync.OnceValue(func() (builders [maxEdits]*levenshtein.LevenshteinAutomatonBuilder) {
	for i := range builders {
		var err error
		if builders[i], err = levenshtein.NewLevenshteinAutomatonBuilder(uint8(i+1), true); err != nil {
			panic(err) // it depends on nothing but the number
		}
	}
	return builders
})

// Dictionary is the words of one segment, and which of its passages are deleted.
type Dictionary struct {
	segment.TermDictionary
	Deleted *roaring.Bitmap // nil if none is
}

// Near finds the words of all dictionaries that start with the same letter as word and
// differ from it by at most so many edits, in alphabetical order; of more than two edits it
// looks for two. Of a word of more than a hundred letters it finds none. It reads the
// dictionaries itself: bleve's FieldDictFuzzy leaves out how many passages have a word,
// and reads in goroutines, whose panics nobody can recover.
func Near(dictionaries []Dictionary, word string, edits int) (near []index.Near, err error) {
	r, first := utf8.DecodeRuneInString(word)
	edits = min(edits, maxEdits)
	if edits < 1 || r == utf8.RuneError || utf8.RuneCountInString(word) > maxLetters {
		return nil, nil
	}
	automaton, err := automata()[edits-1].BuildDfa(word, uint8(edits))
	if err != nil {
		return nil, err
	}
	start, end := []byte(word[:first]), []byte(word[:first])
	end[first-1]++ // after all words that start with the letter
	for _, d := range dictionaries {
		for words := d.AutomatonIterator(automaton, start, end); ; {
			entry, err := words.Next()
			if err != nil {
				return nil, err
			}
			if entry == nil {
				break
			}
			passages := entry.Count // of deleted passages too
			if d.Deleted != nil {
				postings, err := d.PostingsList([]byte(entry.Term), d.Deleted, nil)
				if err != nil {
					return nil, err
				}
				passages = postings.Count()
			}
			if passages > 0 {
				w := index.Near{Word: entry.Term, Edits: int(entry.EditDistance), Passages: int(passages)}
				near = append(near, w)
			}
		}
	}
	slices.SortFunc(near, func(a, b index.Near) int { return cmp.Compare(a.Word, b.Word) })
	n := 0
	for _, w := range near { // the same word of several segments becomes one
		if n > 0 && near[n-1].Word == w.Word {
			near[n-1].Passages += w.Passages
			continue
		}
		near[n] = w
		n++
	}
	return near[:n], nil
}

// Sampler keeps the postings of common words few. Words as they are written only serve to
// find spellings, for which the order of how common they are is enough. The zero value is
// ready. It is safe for concurrent use.
type Sampler struct {
	mu    sync.Mutex
	known map[string]wordCount
	here  map[string]bool // the words of one passage, kept for its room
}

// wordCount is how many passages a word was in, and how many it will have been in when it
// is indexed next.
type wordCount struct{ passages, next int }

// A word is indexed in its first exactWords passages, and then whenever the number of
// passages has grown by one in wordGrowth: of a million, in about 190.
const (
	exactWords = 128
	wordGrowth = 6
)

// Choose returns the words of a passage and its title under which it is indexed, each
// once and folded. A nil Sampler chooses all.
func (s *Sampler) Choose(title, text []analysis.Token) (chosen []string) {
	here := map[string]bool{}
	if s != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.known == nil {
			s.known, s.here = map[string]wordCount{}, map[string]bool{}
		}
		here = s.here
		clear(here)
	}
	for _, tokens := range [][]analysis.Token{title, text} {
		for _, tok := range tokens {
			if here[tok.Fold] {
				continue
			}
			here[tok.Fold] = true
			if s == nil || s.isDue(tok.Fold) {
				chosen = append(chosen, tok.Fold)
			}
		}
	}
	return chosen
}

// isDue counts one more passage of a word, and reports whether to index it there.
func (s *Sampler) isDue(word string) bool {
	n, ok := s.known[word]
	if !ok {
		word = strings.Clone(word) // not the whole text of which it is a part
	}
	n.passages++
	due := n.passages >= n.next
	if due {
		n.next = n.passages + 1
		if n.passages >= exactWords {
			n.next += n.passages / wordGrowth
		}
	}
	s.known[word] = n
	return due
}
