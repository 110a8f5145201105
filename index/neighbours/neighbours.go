package neighbours

import (
	_ "embed"
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

// Load opens the embedded table; the bytes are checked once in a process.
func Load() (*Table, error) { return loadOnce() }

var loadOnce = sync.OnceValues(func() (*Table, error) { return Decode(embedded) })

// Len is the number of terms.
func (t *Table) Len() int { return t.count }

// ID is the number of a term, below Len, for Between; false if the table lacks the term.
func (t *Table) ID(term string) (int, bool) {
	return sort.Find(t.count, func(id int) int { return strings.Compare(term, t.Term(id)) })
}

// Term is the term with an ID.
func (t *Table) Term(id int) string { return t.terms[t.termStart(id):t.termStart(id+1)] }

// Of lists the neighbours of a term, the most similar first; nil if it has none.
func (t *Table) Of(term string) []Neighbour {
	id, ok := t.ID(term)
	if !ok || t.listStart(id) == t.listStart(id+1) {
		return nil
	}
	var list []Neighbour
	for e := t.listStart(id); e < t.listStart(id+1); e++ {
		neighbour, similarity := t.edge(e)
		list = append(list, Neighbour{t.Term(neighbour), decodeSimilarity(similarity)})
	}
	return list
}

// Similarity is 1 for equal terms, the greater of both directions for
// neighbours, else 0.
func (t *Table) Similarity(a, b string) float64 {
	if a == b {
		return 1
	}
	i, ok := t.ID(a)
	if !ok {
		return 0
	}
	j, ok := t.ID(b)
	if !ok {
		return 0
	}
	return t.Between(i, j)
}

// Between is Similarity by ID, for many comparisons: it looks nothing up and
// does not allocate.
func (t *Table) Between(i, j int) float64 {
	if i == j {
		return 1
	}
	return decodeSimilarity(max(t.oneWay(i, j), t.oneWay(j, i)))
}

// oneWay is the stored similarity of j in the list of i; 0 if it is not there.
func (t *Table) oneWay(i, j int) byte {
	for e := t.listStart(i); e < t.listStart(i+1); e++ {
		if neighbour, similarity := t.edge(e); neighbour == j {
			return similarity
		}
	}
	return 0
}

func decodeSimilarity(b byte) float64 { return float64(b) / 255 }
