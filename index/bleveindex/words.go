package bleveindex

import (
	"strings"
	"sync"

	"parley/index/analysis"
)

// wordCounts keeps the postings of words as written few: they only serve to repair
// spelling (see Near), for which the order of how common words are is enough. The zero
// value is ready.
type wordCounts struct {
	mu    sync.Mutex
	known map[string]wordCount
	here  map[string]bool // of one passage, kept for its room
}

// wordCount is in how many passages a word was, and in which it is indexed next.
type wordCount struct{ passages, next int }

// A word is indexed in its first exactWords passages, and then whenever the number of
// passages has grown by a part in wordGrowth: of a million, in about 190.
const (
	exactWords = 128
	wordGrowth = 6
)

// choose are the folded words of a passage and its title under which it is indexed, each
// once; all of them if c is nil.
func (c *wordCounts) choose(title, text []analysis.Token) (chosen []string) {
	here := map[string]bool{}
	if c != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.known == nil {
			c.known, c.here = map[string]wordCount{}, map[string]bool{}
		}
		here = c.here
		clear(here)
	}
	for _, tokens := range [][]analysis.Token{title, text} {
		for _, tok := range tokens {
			if here[tok.Fold] {
				continue
			}
			here[tok.Fold] = true
			if c == nil || c.count(tok.Fold) {
				chosen = append(chosen, tok.Fold)
			}
		}
	}
	return chosen
}

// count counts one more passage of a word, and reports whether it is to be indexed.
func (c *wordCounts) count(word string) bool {
	n, ok := c.known[word]
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
	c.known[word] = n
	return due
}
