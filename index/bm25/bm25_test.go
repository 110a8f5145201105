package bm25

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// posting is a document of a segment with a term.
type posting struct {
	doc  uint32
	freq uint8
}

// part is a segment before it is packed.
type part struct {
	lengths []int
	terms   [][]posting
	deleted []bool // nil for none
}

// query is what is asked of all parts: a weight for each term, and whether it is bare.
type query struct {
	weights  []float64
	bare     []bool
	average  float64
	packedAt float64 // the average length when the parts were packed
}

func randomPart(r *rand.Rand, terms int) part {
	p := part{lengths: make([]int, 1+r.IntN(3*Window))}
	for i := range p.lengths {
		p.lengths[i] = min(MaxLength, 1+int(r.ExpFloat64()*60))
	}
	for range terms {
		density := math.Pow(r.Float64(), 4)
		var list []posting
		for doc := range p.lengths {
			if r.Float64() < density {
				list = append(list, posting{uint32(doc), uint8(min(MaxFreq, 1+int(r.ExpFloat64())))})
			}
		}
		p.terms = append(p.terms, list)
	}
	if r.IntN(2) == 0 {
		p.deleted = make([]bool, len(p.lengths))
		left := math.Pow(r.Float64(), 3+r.Float64()*5)
		for i := range p.deleted {
			p.deleted[i] = r.Float64() >= left
		}
	}
	return p
}

func (q query) clauses() (all []*Clause) {
	norms := NormsOf(q.average)
	for i, weight := range q.weights {
		if q.bare[i] {
			all = append(all, Constant(weight))
		} else {
			all = append(all, Scored(weight, norms))
		}
	}
	return all
}

func (p part) pack(base uint64, q query, clauses []*Clause) Segment {
	windows := Windows(len(p.lengths))
	s := Segment{Base: base, Docs: len(p.lengths)}
	lengths := Lengths{Packed: make([]byte, 2*windows*Window), Growth: max(1, q.average/q.packedAt)}
	for doc, n := range p.lengths {
		binary.LittleEndian.PutUint16(lengths.Packed[2*doc:], uint16(n))
	}
	for i, list := range p.terms {
		norms := NormsOf(q.packedAt)
		if q.bare[i] {
			norms = nil
		}
		packer := NewPacker(make([]byte, PackedSize(len(list), windows, q.bare[i])), len(list), windows, norms)
		for _, x := range list {
			packer.Add(x.doc, int(x.freq), p.lengths[x.doc])
		}
		s.Lists = append(s.Lists, List{clauses[i], packer.Postings(), lengths})
	}
	if p.deleted != nil {
		s.Deleted = make([]uint64, windows*Window/64)
		for doc, gone := range p.deleted {
			if gone {
				s.Deleted[doc/64] |= 1 << (doc % 64)
			}
		}
	}
	return s
}

// bruteForce scores every document and sorts them all.
func bruteForce(parts []part, q query, k int) []Hit {
	var all []Hit
	base := uint64(0)
	for _, p := range parts {
		scores := make([]float64, len(p.lengths))
		for i, list := range p.terms {
			for _, x := range list {
				if score := q.weights[i]; q.bare[i] {
					scores[x.doc] += score
				} else {
					scores[x.doc] += score * TF(float64(x.freq), float64(p.lengths[x.doc]), q.average)
				}
			}
		}
		for doc, score := range scores {
			if score > 0 && (p.deleted == nil || !p.deleted[doc]) {
				all = append(all, Hit{base + uint64(doc), score})
			}
		}
		base += uint64(len(p.lengths))
	}
	slices.SortFunc(all, better)
	return all[:min(k, len(all))]
}

func randomQuery(r *rand.Rand, terms int) query {
	q := query{average: 20 + r.Float64()*80}
	q.packedAt = q.average * (0.5 + r.Float64())
	for range terms {
		weight := r.ExpFloat64() * 5
		switch r.IntN(6) {
		case 0:
			weight = 1 // ties
		case 1:
			weight = 0
		}
		q.weights, q.bare = append(q.weights, weight), append(q.bare, r.IntN(3) == 0)
	}
	return q
}

func TestTopIsExactlyTheBruteForceRanking(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		terms := 1 + r.IntN(8)
		parts := make([]part, 1+r.IntN(3))
		for i := range parts {
			parts[i] = randomPart(r, terms)
		}
		for range 4 {
			q, k := randomQuery(r, terms), 1+int(120*math.Pow(r.Float64(), 3))
			clauses, segments := q.clauses(), []Segment(nil)
			base := uint64(0)
			for _, p := range parts {
				segments = append(segments, p.pack(base, q, clauses))
				base += uint64(len(p.lengths))
			}
			got, err := Top(t.Context(), clauses, segments, k)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(bruteForce(parts, q, k), slices.Clip(got)); diff != "" {
				t.Fatalf("k=%d, %+v (-brute force +windows):\n%s", k, q, diff)
			}
		}
	}
}

func TestTopOfNothingIsNothing(t *testing.T) {
	for _, segments := range [][]Segment{nil, {{Docs: 10}}, {{Docs: 10, Deleted: slices.Repeat([]uint64{math.MaxUint64}, Window/64)}}} {
		if hits, err := Top(t.Context(), nil, segments, 3); err != nil || len(hits) != 0 {
			t.Errorf("%v, %v", hits, err)
		}
	}
}

func TestTopStopsWhenCancelled(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	q := query{weights: []float64{1, 1, 1}, bare: []bool{false, true, true}, average: 40, packedAt: 40}
	clauses := q.clauses()
	s := randomPart(r, 3).pack(0, q, clauses)
	s.Deleted = nil
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Top(ctx, clauses, []Segment{s}, 3); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestIDFIsNeverNegativeAndFallsWithFrequency(t *testing.T) {
	for n := 1; n <= 100; n++ {
		if IDF(n, 100) < 0 || n > 1 && IDF(n, 100) >= IDF(n-1, 100) {
			t.Errorf("IDF(%d, 100) = %v", n, IDF(n, 100))
		}
	}
}
