package bm25

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sliceCursor is a posting list in memory.
type sliceCursor struct {
	hits []Hit
	at   int
}

func (c *sliceCursor) Doc() uint64 {
	if c.at >= len(c.hits) {
		return End
	}
	return c.hits[c.at].Doc
}
func (c *sliceCursor) Score() float64 { return c.hits[c.at].Score }
func (c *sliceCursor) Next() error    { c.at++; return nil }
func (c *sliceCursor) Seek(doc uint64) error {
	for c.Doc() < doc {
		c.at++
	}
	return nil
}

// bruteForce sums every document's scores and sorts them all.
func bruteForce(postings [][]Hit, k int) []Hit {
	scores := map[uint64][]float64{}
	for i, p := range postings {
		for _, h := range p {
			if scores[h.Doc] == nil {
				scores[h.Doc] = make([]float64, len(postings))
			}
			scores[h.Doc][i] = h.Score
		}
	}
	var all []Hit
	for doc, ss := range scores {
		h := Hit{Doc: doc}
		for _, s := range ss {
			h.Score += s
		}
		all = append(all, h)
	}
	slices.SortFunc(all, better)
	return all[:min(k, len(all))]
}

func lists(postings [][]Hit) []List {
	var ls []List
	for _, p := range postings {
		bound := 0.0
		for _, h := range p {
			bound = max(bound, h.Score)
		}
		ls = append(ls, List{&sliceCursor{hits: p}, bound})
	}
	return ls
}

func randomPostings(r *rand.Rand) [][]Hit {
	postings := make([][]Hit, 1+r.IntN(8))
	docs := 1 + r.IntN(300)
	for i := range postings {
		density, scale := r.Float64(), r.ExpFloat64()
		for d := range docs {
			if r.Float64() < density {
				s := scale * TF(float64(1+r.IntN(3)), float64(5+r.IntN(100)), 40)
				if r.IntN(4) == 0 {
					s = 1 // ties
				}
				postings[i] = append(postings[i], Hit{uint64(d), s})
			}
		}
	}
	return postings
}

func TestTopIsExactlyTheBruteForceRanking(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		postings := randomPostings(r)
		k := 1 + r.IntN(40)
		got, err := Top(lists(postings), k)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(bruteForce(postings, k), got); diff != "" {
			t.Fatalf("k=%d (-brute force +MaxScore):\n%s", k, diff)
		}
	}
}

func TestTopOfNothingIsNothing(t *testing.T) {
	for _, ls := range [][]List{nil, {{&sliceCursor{}, 1}}} {
		if hits, err := Top(ls, 3); err != nil || len(hits) != 0 {
			t.Errorf("%v, %v", hits, err)
		}
	}
}

func TestIDFIsNeverNegativeAndFallsWithFrequency(t *testing.T) {
	for n := 1; n <= 100; n++ {
		if IDF(n, 100) < 0 || n > 1 && IDF(n, 100) >= IDF(n-1, 100) {
			t.Errorf("IDF(%d, 100) = %v", n, IDF(n, 100))
		}
	}
}
