package bm25

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// zipfian makes posting lists as a record of passages of about 80 words has them, whose
// words follow Zipf's law, and titles of six.
type zipfian struct {
	docs    int
	lengths [2]Lengths
	norms   [2]*Norms
	lists   map[[2]int]Postings // by rank and field: text 0, title 1
	count   map[[2]int]int
	share   []float64 // of a word among all, by rank
}

func newZipfian(docs int) *zipfian {
	z := &zipfian{docs: docs, lists: map[[2]int]Postings{}, count: map[[2]int]int{}, share: make([]float64, 1<<19)}
	sum := 0.0
	for i := range z.share {
		z.share[i] = math.Pow(float64(10+i), -1.1)
		sum += z.share[i]
	}
	for i := range z.share {
		z.share[i] /= sum
	}
	r := rand.New(rand.NewPCG(9, 9))
	for f, n := range []int{80, 6} {
		z.lengths[f], z.norms[f] = Lengths{Packed: make([]byte, 2*Windows(docs)*Window), Growth: 1}, NormsOf(float64(n))
		for doc := range docs {
			binary.LittleEndian.PutUint16(z.lengths[f].Packed[2*doc:], uint16(n*3/4+r.IntN(n/2)))
		}
	}
	return z
}

// list is the posting list of the word of a rank.
func (z *zipfian) list(rank, field int) (Postings, int) {
	key := [2]int{rank, field}
	if p, ok := z.lists[key]; ok {
		return p, z.count[key]
	}
	words := float64([]int{80, 6}[field])
	r := rand.New(rand.NewPCG(uint64(rank), uint64(field)))
	some := 1 - math.Pow(1-z.share[rank], words)
	var found []posting
	for doc := -1; ; {
		doc += 1 + int(math.Log(r.Float64())/math.Log1p(-some))
		if doc >= z.docs {
			break
		}
		freq := 1
		for r.Float64() < words*z.share[rank]/float64(freq+1) {
			freq++
		}
		found = append(found, posting{uint32(doc), uint8(min(freq, MaxFreq))})
	}
	windows := Windows(z.docs)
	p := NewPacker(make([]byte, PackedSize(len(found), windows, false)), len(found), windows, z.norms[field])
	for _, x := range found {
		p.Add(x.doc, int(x.freq), int(binary.LittleEndian.Uint16(z.lengths[field].Packed[2*x.doc:])))
	}
	z.lists[key], z.count[key] = p.Postings(), len(found)
	return z.lists[key], z.count[key]
}

// question asks for so many words that a passage may have.
func (z *zipfian) question(r *rand.Rand, words int) (clauses []*Clause, s Segment) {
	s.Docs = z.docs
	for range words {
		at, rank := r.Float64(), 0
		for at -= z.share[0]; at > 0 && rank < len(z.share)-1; at -= z.share[rank] {
			rank++
		}
		for field, weight := range []float64{1, 0.3} {
			if list, n := z.list(rank, field); n > 0 {
				clauses = append(clauses, Scored(weight*IDF(n, z.docs), z.norms[field]))
				s.Lists = append(s.Lists, List{clauses[len(clauses)-1], list, z.lengths[field]})
			}
		}
	}
	return clauses, s
}

// BenchmarkTop finds the 100 best of a million documents for questions of 8 to 14 words
// that are also looked for in titles.
func BenchmarkTop(b *testing.B) {
	z := newZipfian(1_000_000)
	r := rand.New(rand.NewPCG(1, 1))
	var questions []Segment
	var clauses [][]*Clause
	for range 200 {
		c, q := z.question(r, 8+r.IntN(7))
		clauses, questions = append(clauses, c), append(questions, q)
	}
	took := slices.Repeat([]time.Duration{time.Hour}, len(questions)) // the quickest of all rounds
	for b.Loop() {
		for i, q := range questions {
			began := time.Now()
			if _, err := Top(b.Context(), clauses[i], []Segment{q}, 100); err != nil {
				b.Fatal(err)
			}
			took[i] = min(took[i], time.Since(began))
		}
	}
	slices.Sort(took)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(took[len(took)/2].Seconds()*1e3, "p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, "p99-ms")
}
