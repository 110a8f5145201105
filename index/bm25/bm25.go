// Package bm25 finds the k best documents by a weighted sum of clauses over
// posting lists. It knows neither text nor storage: lists come as cursors.
//
// The weight of a term is BM25 (Robertson and Zaragoza, The Probabilistic
// Relevance Framework: BM25 and Beyond, 2009, eq. 3.15) with the inverse
// document frequency of Lucene, ln(1 + (N-n+0.5)/(n+0.5)), which is never
// negative. Evaluation is MaxScore (Turtle and Flood, Query Evaluation:
// Strategies and Optimizations, 1995): documents are taken in order from the
// lists that can still lift one into the k best, and dropped as soon as the
// bounds of the other lists show that they cannot. The result is exact.
package bm25

import (
	"cmp"
	"math"
	"slices"
)

// K1 and B are the usual parameters: saturation of repeated terms and the
// share of length normalisation.
const (
	K1 = 1.2
	B  = 0.75
)

// IDF is the inverse document frequency of a term in n of total documents.
func IDF(n, total int) float64 {
	return math.Log1p((float64(total-n) + 0.5) / (float64(n) + 0.5))
}

// TF is the saturated frequency of a term that occurs freq times in a document
// of the given length; it lies in (0, K1+1).
func TF(freq, length, average float64) float64 {
	return freq * (K1 + 1) / (freq + K1*(1-B+B*length/average))
}

// MaxTF is the least upper bound of TF.
const MaxTF = K1 + 1

// End is the document number of a cursor that has come to its end.
const End = math.MaxUint64

// Cursor walks one posting list in order of document numbers.
type Cursor interface {
	// Doc is the document under the cursor, End after the last.
	Doc() uint64
	// Score is the clause's score of that document: at least 0, at most the list's Bound.
	Score() float64
	// Next moves to the next document.
	Next() error
	// Seek moves to the first document not before doc, which is not before Doc.
	Seek(doc uint64) error
}

// List is a clause's postings, with the highest score that it can give.
type List struct {
	Cursor
	Bound float64
}

// Hit is a document with its score.
type Hit struct {
	Doc   uint64
	Score float64
}

// better orders hits: the higher score first, of equal scores the lower document.
func better(a, b Hit) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Doc, b.Doc))
}

// Top returns the k best documents, best first. A document's score is the sum
// of its scores in the order of lists, so that it does not depend on the way of
// evaluation.
func Top(lists []List, k int) ([]Hit, error) {
	if k <= 0 || len(lists) == 0 {
		return nil, nil
	}
	e := newEvaluator(lists, k)
	for {
		doc := e.nextDoc()
		if doc == End {
			break
		}
		if err := e.evaluate(doc); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(e.heap, better)
	return e.heap, nil
}

// evaluator holds the lists sorted by bound. Those before essential cannot by
// themselves lift a document into the k best.
type evaluator struct {
	lists     []List
	docs      []uint64  // under the cursors, kept here since they are looked at most
	place     []int     // of a list in the caller's order
	sumBounds []float64 // of the lists up to and with this one
	essential int
	k         int
	heap      []Hit     // the k best so far, the worst on top
	scores    []float64 // of the document at hand, in the caller's order
}

func newEvaluator(lists []List, k int) *evaluator {
	e := &evaluator{
		lists: make([]List, len(lists)), docs: make([]uint64, len(lists)), place: make([]int, len(lists)),
		sumBounds: make([]float64, len(lists)), scores: make([]float64, len(lists)), k: k,
	}
	for i := range e.place {
		e.place[i] = i
	}
	slices.SortStableFunc(e.place, func(a, b int) int { return cmp.Compare(lists[a].Bound, lists[b].Bound) })
	sum := 0.0
	for i, p := range e.place {
		e.lists[i], e.docs[i] = lists[p], lists[p].Doc()
		// A sum in another order may be larger by rounding: the bound must not be smaller than it.
		sum += lists[p].Bound * (1 + 1e-9)
		e.sumBounds[i] = sum
	}
	return e
}

// nextDoc is the first document under the cursors of the essential lists.
func (e *evaluator) nextDoc() uint64 {
	doc := uint64(End)
	for _, d := range e.docs[e.essential:] {
		doc = min(doc, d)
	}
	return doc
}

// threshold is the score that a document must exceed to be among the k best.
func (e *evaluator) threshold() float64 {
	if len(e.heap) < e.k {
		return -1
	}
	return e.heap[0].Score
}

// evaluate scores doc, unless the bounds show that it is not needed, and moves the essential cursors past it.
func (e *evaluator) evaluate(doc uint64) error {
	clear(e.scores)
	sum := 0.0
	for i := e.essential; i < len(e.lists); i++ {
		if e.docs[i] != doc {
			continue
		}
		sum += e.take(i)
		if err := e.lists[i].Next(); err != nil {
			return err
		}
		e.docs[i] = e.lists[i].Doc()
	}
	threshold := e.threshold()
	for i := e.essential - 1; i >= 0; i-- {
		if sum*(1+1e-9)+e.sumBounds[i] <= threshold {
			return nil
		}
		if e.docs[i] < doc {
			if err := e.lists[i].Seek(doc); err != nil {
				return err
			}
			e.docs[i] = e.lists[i].Doc()
		}
		if e.docs[i] == doc {
			sum += e.take(i)
		}
	}
	e.offer(doc)
	return nil
}

// take notes the score of the document under list i.
func (e *evaluator) take(i int) float64 {
	score := e.lists[i].Score()
	e.scores[e.place[i]] = score
	return score
}

// offer puts the document at hand among the k best if it belongs there.
func (e *evaluator) offer(doc uint64) {
	hit := Hit{Doc: doc}
	for _, s := range e.scores {
		hit.Score += s
	}
	switch {
	case len(e.heap) < e.k:
		e.heap = append(e.heap, hit)
		e.siftUp(len(e.heap) - 1)
	case better(hit, e.heap[0]) < 0:
		e.heap[0] = hit
		e.siftDown(0)
	default:
		return
	}
	for t := e.threshold(); e.essential < len(e.lists)-1 && e.sumBounds[e.essential] <= t; {
		e.essential++
	}
}

func (e *evaluator) siftUp(i int) {
	for i > 0 {
		up := (i - 1) / 2
		if better(e.heap[i], e.heap[up]) <= 0 {
			return
		}
		e.heap[i], e.heap[up] = e.heap[up], e.heap[i]
		i = up
	}
}

func (e *evaluator) siftDown(i int) {
	for {
		worst := i
		for _, c := range [2]int{2*i + 1, 2*i + 2} {
			if c < len(e.heap) && better(e.heap[c], e.heap[worst]) > 0 {
				worst = c
			}
		}
		if worst == i {
			return
		}
		e.heap[i], e.heap[worst] = e.heap[worst], e.heap[i]
		i = worst
	}
}
