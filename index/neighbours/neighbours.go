// Package neighbours knows which words stand in each other's places, so that a
// question about "captives" finds "prisoners". It holds a table, made once by
// the command in gen, of index terms (stems of package analysis) and up to 12
// neighbours of each; it knows nothing of meaning, and what a neighbour is worth
// in a query is for the caller to say. Of the pairs below that should be
// neighbours, 70% have a similarity of 0.2 or more, 60% of 0.3, 47% of 0.4; the
// lower, the more words are merely of the same subject.
//
// Names have no neighbours but their own spellings and adjectives ("kiev" and
// "kyiv", "ukrain" and "ukrainian"); numbers, days, months, seasons, directions
// and colours have none; known opposites are kept apart.
//
// # Training
//
// The table has 11,000 terms in 460 kB. They come from 27 million words of the
// White House, the Kremlin and Wikipedia's Current Events, of which all but the
// general White House archive count threefold. The 20,000 most frequent terms
// are described by what stands beside them (positive pointwise mutual
// information, contexts smoothed by the power 0.5), in three views: one content
// word to either side, two content words, three words of any kind; left and
// right apart. The leading 300 singular directions of each, equally weighted,
// are the term's vectors, the mean cosine the similarity. Left out are the parts
// of compounds ("prime minister"), words set against each other in the texts
// ("both public and private") and opposites by list or prefix.
//
// # What was tried
//
// Share of pairs of which one is among the 10 nearest words of the other, of
// 364 pairs that should be (testdata/near.txt) and of those that should not
// (far.txt), both written before any training. All but the last two rows are
// without filters against the latter; names are no candidates in any.
//
//	                                                       near    far
//	skip-gram, 5 negatives, window 5, 128 dim., 5 epochs   36.5%   28%
//	the same, hubs corrected (CSLS)                        42.9%   31%
//	PPMI + SVD, window 10                                  44.8%   26%
//	PPMI + SVD, window 5                                   48.6%   28%
//	PPMI + SVD, window 2                                   60.7%   31%
//	  the same, hubs corrected (CSLS)                      54.7%   29%
//	  contexts smoothed by 1 instead of 0.75               56.0%   26%
//	  contexts smoothed by 0.5                             63.2%   34%
//	  PMI shifted by 0.7                                   53.0%   28%
//	  500 dimensions instead of 300                        62.4%   33%
//	PPMI + SVD, window 1                                   63.7%   34%
//	  smoothed by 0.5, left and right apart                67.3%   42%
//	three views, left and right apart                      68.4%   40%
//	  threefold weight for world affairs                   72.0%   43%
//	  less closed sets, compounds, contrasts, prefixes     69.8%   22%
//	  less listed opposites: the table                     70.1%    1%
//
// The last figure says that the list of opposites works, not that opposites
// are recognised: it was written with the same words in mind. An antonym that
// neither the list nor the texts set apart may be a neighbour.
package neighbours

import (
	_ "embed"
	"math"
	"sort"
	"strings"
	"sync"
)

//go:embed neighbours.bin
var embedded string

// A Neighbour is a term that stands in the places where another stands.
type Neighbour struct {
	Term string
	// Similarity is in (0,1].
	Similarity float64
}

// Load opens the embedded table, in under a millisecond; the bytes are checked
// once in a process.
func Load() (*Table, error) { return loadOnce() }

var loadOnce = sync.OnceValues(func() (*Table, error) { return Decode(embedded) })

// Of lists the neighbours of a term, the most similar first; nil if it has none.
func (t *Table) Of(term string) []Neighbour {
	id, ok := sort.Find(t.count, func(id int) int { return strings.Compare(term, t.term(id)) })
	if !ok || t.listStart(id) == t.listStart(id+1) {
		return nil
	}
	var list []Neighbour
	for e := t.listStart(id); e < t.listStart(id+1); e++ {
		neighbour, similarity := t.edge(e)
		list = append(list, Neighbour{t.term(neighbour), float64(similarity) / math.MaxUint8})
	}
	return list
}
