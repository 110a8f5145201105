// Package neighbours knows which words stand in each other's places, so that a question
// about "captives" finds "prisoners". It holds a table, made by the command in gen, of
// index terms (stems of package analysis) and up to 12 neighbours of each. It knows nothing
// of meaning, and what a neighbour is worth in a query is for the caller to say.
//
// Names have no neighbours but their own spellings and adjectives ("kiev" and "kyiv",
// "ukrain" and "ukrainian"). Numbers, days, months, seasons, directions and colours have
// none. Opposites that are known are kept apart; others may be neighbours.
//
// How the table was trained, and what else was tried, is in docs/measurements.md.
package neighbours

import (
	"cmp"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"math"
	"slices"
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

var loadOnce = sync.OnceValues(func() (*Table, error) { return decode(embedded) })

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

// The file, little-endian:
//
//	"PNB" and the version             4 bytes
//	CRC-32 (IEEE) of all that follows 4 bytes
//	terms, bytes of terms, edges      3 × 4 bytes
//	start of each term, and the end   (terms+1) × 4 bytes
//	first edge of each term, and end  (terms+1) × 4 bytes
//	the terms, ascending, run together
//	edges: neighbour, similarity      edges × 3 bytes
//
// The edges of a term stand together, the most similar first.
const (
	magic      = "PNB\x01"
	headerSize = 20
	edgeSize   = 3

	maxTerms = math.MaxUint16 + 1 // a neighbour is numbered in two bytes
)

var errCorrupt = errors.New("corrupt table of word neighbours")

// A Table is a read-only view of encoded bytes: it copies none of them and is
// safe for concurrent use.
type Table struct {
	count                  int
	termStarts, listStarts string
	terms, edges           string
}

func (t *Table) termStart(id int) int { return int(uint32At(t.termStarts, id*4)) }
func (t *Table) term(id int) string   { return t.terms[t.termStart(id):t.termStart(id+1)] }
func (t *Table) listStart(id int) int { return int(uint32At(t.listStarts, id*4)) }

func (t *Table) edge(e int) (id int, similarity byte) {
	b := t.edges[e*edgeSize : (e+1)*edgeSize]
	return int(b[0]) | int(b[1])<<8, b[2]
}

func uint32At(s string, i int) uint32 {
	b := s[i : i+4]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// decode checks data and returns a table that reads from it. Of what is no table of this
// version it returns an error that wraps errCorrupt.
func decode(data string) (*Table, error) {
	if len(data) < headerSize || data[:4] != magic {
		return nil, fmt.Errorf("%w: it does not start with %q and a header", errCorrupt, magic)
	}
	if sum := crc32.ChecksumIEEE([]byte(data[8:])); sum != uint32At(data, 4) {
		return nil, fmt.Errorf("%w: checksum %08x, header says %08x", errCorrupt, sum, uint32At(data, 4))
	}
	t, err := layout(data)
	if err == nil {
		err = t.check()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errCorrupt, err)
	}
	return t, nil
}

// layout cuts data into the parts that its header says.
func layout(data string) (*Table, error) {
	count, termBytes, edges := int(uint32At(data, 8)), int(uint32At(data, 12)), int(uint32At(data, 16))
	if count > maxTerms {
		return nil, fmt.Errorf("%d terms, at most %d can be numbered", count, maxTerms)
	}
	if want := headerSize + 2*(count+1)*4 + termBytes + edges*edgeSize; len(data) != want {
		return nil, fmt.Errorf("%d bytes, header says %d", len(data), want)
	}
	rest := data[headerSize:]
	cut := func(n int) (part string) {
		part, rest = rest[:n], rest[n:]
		return part
	}
	return &Table{
		count:      count,
		termStarts: cut((count + 1) * 4),
		listStarts: cut((count + 1) * 4),
		terms:      cut(termBytes),
		edges:      cut(edges * edgeSize),
	}, nil
}

// check makes sure that no lookup can leave the table, and that what the
// lookups rely on is so: ascending terms, descending similarities.
func (t *Table) check() error {
	if err := checkStarts("terms", t.count, t.termStart, len(t.terms)); err != nil {
		return err
	}
	if err := checkStarts("lists", t.count, t.listStart, len(t.edges)/edgeSize); err != nil {
		return err
	}
	for id := range t.count {
		if id > 0 && t.term(id-1) >= t.term(id) {
			return fmt.Errorf("term %d: %q does not follow %q", id, t.term(id), t.term(id-1))
		}
		if err := t.checkList(id); err != nil {
			return fmt.Errorf("term %d (%q): %w", id, t.term(id), err)
		}
	}
	return nil
}

func checkStarts(what string, count int, start func(int) int, end int) error {
	if start(0) != 0 || start(count) != end {
		return fmt.Errorf("%s run from %d to %d, not from 0 to %d", what, start(0), start(count), end)
	}
	for id := range count {
		if start(id) > start(id+1) {
			return fmt.Errorf("%s: %d ends before it starts", what, id)
		}
	}
	return nil
}

func (t *Table) checkList(id int) error {
	last := byte(math.MaxUint8)
	for e := t.listStart(id); e < t.listStart(id+1); e++ {
		neighbour, similarity := t.edge(e)
		if neighbour >= t.count || neighbour == id {
			return fmt.Errorf("neighbour %d of %d terms", neighbour, t.count)
		}
		if similarity == 0 || similarity > last {
			return fmt.Errorf("similarity %d after %d", similarity, last)
		}
		last = similarity
	}
	return nil
}

// Encode writes the lists of neighbours, by term, as the bytes of a table. A neighbour need
// not have a list of its own. Similarities are rounded to a 255th, the smallest upwards;
// beyond (0,1] they are an error.
func Encode(lists map[string][]Neighbour) ([]byte, error) {
	terms := vocabulary(lists)
	if len(terms) > maxTerms {
		return nil, fmt.Errorf("%d terms, at most %d can be numbered", len(terms), maxTerms)
	}
	var termStarts, listStarts, edges []byte
	u32 := binary.LittleEndian.AppendUint32
	length := 0
	for _, term := range terms {
		termStarts, listStarts = u32(termStarts, uint32(length)), u32(listStarts, uint32(len(edges)/edgeSize))
		length += len(term)
		var err error
		if edges, err = appendList(edges, terms, lists[term]); err != nil {
			return nil, fmt.Errorf("term %q: %w", term, err)
		}
	}
	termStarts, listStarts = u32(termStarts, uint32(length)), u32(listStarts, uint32(len(edges)/edgeSize))

	body := u32(u32(u32(nil, uint32(len(terms))), uint32(length)), uint32(len(edges)/edgeSize))
	body = slices.Concat(body, termStarts, listStarts, []byte(strings.Join(terms, "")), edges)
	return append(u32([]byte(magic), crc32.ChecksumIEEE(body)), body...), nil
}

// vocabulary is every term of lists, ascending.
func vocabulary(lists map[string][]Neighbour) []string {
	seen := map[string]bool{}
	for term, list := range lists {
		seen[term] = true
		for _, n := range list {
			seen[n.Term] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// appendList appends the edges of one list, the most similar first.
func appendList(edges []byte, terms []string, list []Neighbour) ([]byte, error) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Neighbour) int { return cmp.Compare(b.Similarity, a.Similarity) })
	for _, n := range list {
		if !(n.Similarity > 0 && n.Similarity <= 1) {
			return nil, fmt.Errorf("similarity %v of %q is not in (0,1]", n.Similarity, n.Term)
		}
		id := sort.SearchStrings(terms, n.Term)
		edges = append(edges, byte(id), byte(id>>8), max(1, byte(math.Round(n.Similarity*math.MaxUint8))))
	}
	return edges, nil
}
