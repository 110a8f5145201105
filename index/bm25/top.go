package bm25

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
)

// Segment is a part of the documents with its lists.
type Segment struct {
	Base  uint64 // number of its first document
	Docs  int
	Lists []List
	// Allowed has a bit for each document that may be found, in whole windows; nil if all may.
	Allowed []uint64
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

// Top returns the k best documents that score more than nothing, best first.
func Top(ctx context.Context, segments []Segment, k int) ([]Hit, error) {
	if k <= 0 {
		return nil, nil
	}
	e := &evaluator{k: k}
	for _, w := range windows(segments) {
		if !e.wants(w.most, w.segment.Base+uint64(w.number)*Window) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e.evaluate(w)
	}
	slices.SortFunc(e.heap, better)
	return e.heap, nil
}

// window is one of a segment, with the highest score that a document in it can have.
type window struct {
	segment *Segment
	number  int
	most    float64
}

// windows are those in which a document may be found, that with the highest bound first.
func windows(segments []Segment) (all []window) {
	for i := range segments {
		s := &segments[i]
		for n := range Windows(s.Docs) {
			w := window{segment: s, number: n}
			if !w.allowsAny() {
				continue
			}
			for l := range s.Lists {
				w.most += s.Lists[l].most(n)
			}
			if w.most > 0 {
				all = append(all, w)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b window) int { return cmp.Compare(b.most, a.most) })
	return all
}

// allowed are the bits of Segment.Allowed for the window.
func (w window) allowed() []uint64 {
	const words = Window / 64
	return w.segment.Allowed[w.number*words:][:words]
}

func (w window) allowsAny() bool {
	return w.segment.Allowed == nil || slices.ContainsFunc(w.allowed(), func(b uint64) bool { return b != 0 })
}

// evaluator keeps the k best documents so far.
type evaluator struct {
	k    int
	heap []Hit // the worst on top
	bar  Hit   // what must be beaten: the worst of k, or nothing at all
	sums sums
	// of the window at hand
	lists      []bounded // those with postings in it, the least bound first
	candidates []candidate
}

// bounded is a list with its highest score in the window.
type bounded struct {
	*List
	most float64
}

// candidate is a document of the window that may be among the best.
type candidate struct {
	doc int // in the window
	sum float64
}

// wants reports whether a document with this score would be among the k best; if not, no
// document after it with at most this score would.
func (e *evaluator) wants(score float64, doc uint64) bool {
	return score > e.bar.Score || score == e.bar.Score && doc < e.bar.Doc
}

// evaluate offers the documents of a window that can be among the best.
func (e *evaluator) evaluate(w window) {
	base := w.segment.Base + uint64(w.number)*Window
	e.lists = e.lists[:0]
	for i := range w.segment.Lists {
		if l := &w.segment.Lists[i]; l.most(w.number) > 0 {
			e.lists = append(e.lists, bounded{l, l.most(w.number)})
		}
	}
	slices.SortFunc(e.lists, func(a, b bounded) int { return cmp.Compare(a.most, b.most) })
	// The first lists cannot by themselves lift a document into the best.
	optional, rest := 0, 0.0
	for optional < len(e.lists) && !e.wants(rest+e.lists[optional].most, base) {
		rest += e.lists[optional].most
		optional++
	}
	if e.fewAllowed(w, optional) {
		optional, rest = len(e.lists), w.most
		e.candidates = allAllowed(e.candidates[:0], w.allowed())
	} else {
		e.addUp(w, optional, rest, base)
	}
	for i := optional - 1; i >= 0 && len(e.candidates) > 0; i-- {
		e.lists[i].addToEach(e.candidates, w.number)
		rest -= e.lists[i].most
		e.candidates = slices.DeleteFunc(e.candidates, func(c candidate) bool { return !e.wants(c.sum+rest, base+uint64(c.doc)) })
	}
	for _, c := range e.candidates {
		e.offer(Hit{base + uint64(c.doc), c.sum})
	}
}

// costOfSeeking is how many postings are added up in the time of one seek.
const costOfSeeking = 8

// fewAllowed reports whether it is less work to look the allowed documents up in all
// lists than to add up those that are not optional.
func (e *evaluator) fewAllowed(w window, optional int) bool {
	if w.segment.Allowed == nil {
		return false
	}
	postings, allowed := 0, 0
	for _, l := range e.lists[optional:] {
		from, to := l.span(w.number)
		postings += to - from
	}
	for _, b := range w.allowed() {
		allowed += bits.OnesCount64(b)
	}
	return allowed*costOfSeeking*len(e.lists) < postings
}

// allAllowed makes all allowed documents of a window candidates.
func allAllowed(candidates []candidate, allowed []uint64) []candidate {
	for i, b := range allowed {
		for ; b != 0; b &= b - 1 {
			candidates = append(candidates, candidate{doc: i*64 + bits.TrailingZeros64(b)})
		}
	}
	return candidates
}

// addUp adds up the lists that are not optional, and makes those documents candidates
// that the rest may lift into the best.
func (e *evaluator) addUp(w window, optional int, rest float64, base uint64) {
	for _, l := range e.lists[optional:] {
		l.addTo(&e.sums, w.number)
	}
	e.candidates = e.candidates[:0]
	for i, seen := range e.sums.seen {
		e.sums.seen[i] = 0
		may := ^uint64(0)
		if w.segment.Allowed != nil {
			may = w.allowed()[i]
		}
		for ; seen != 0; seen &= seen - 1 {
			doc := i*64 + bits.TrailingZeros64(seen)
			sum := e.sums.of[doc]
			e.sums.of[doc] = 0
			if may>>(doc%64)&1 != 0 && e.wants(sum+rest, base+uint64(doc)) {
				e.candidates = append(e.candidates, candidate{doc, sum})
			}
		}
	}
}

// offer puts a hit among the k best if it belongs there.
func (e *evaluator) offer(hit Hit) {
	switch {
	case !e.wants(hit.Score, hit.Doc):
	case len(e.heap) < e.k:
		e.heap = append(e.heap, hit)
		e.siftUp(len(e.heap) - 1)
	default:
		e.heap[0] = hit
		e.siftDown(0)
	}
	if len(e.heap) == e.k {
		e.bar = e.heap[0]
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
