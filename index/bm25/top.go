package bm25

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Segment is a part of the documents with its lists, in the order of the clauses.
type Segment struct {
	Base  uint64 // number of its first document
	Docs  int
	Lists []List
	// Deleted has a bit for each document that must not be found, in whole windows; nil if all may.
	Deleted []uint64
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

// Top returns the k best documents that score more than nothing, best first. A
// document's score is the sum of its scores in the order of the clauses, so that it
// does not depend on the way of evaluation.
func Top(ctx context.Context, clauses []*Clause, segments []Segment, k int) ([]Hit, error) {
	if k <= 0 {
		return nil, nil
	}
	e := &evaluator{k: k, unitsPerScore: scale(clauses)}
	for _, w := range windows(segments) {
		if w.most < e.bar {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e.evaluate(w)
	}
	slices.SortFunc(e.heap, better)
	return e.heap, nil
}

// slack is more than what sums may differ by for being added in another order.
const slack = 1e-9

// scale makes as fine units as sums of all clauses leave room for.
func scale(clauses []*Clause) (unitsPerScore float64) {
	most := 1e-6 // so that weights of nothing do no harm
	for _, c := range clauses {
		most += c.most()
	}
	unitsPerScore = max(0, float64(math.MaxUint16-len(clauses))) / most
	for _, c := range clauses {
		c.scale(unitsPerScore)
	}
	return unitsPerScore
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
			for l := range s.Lists {
				w.most += s.Lists[l].mostIn(n)
			}
			if w.most *= 1 + slack; w.most > 0 {
				all = append(all, w)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b window) int { return cmp.Compare(b.most, a.most) })
	return all
}

// evaluator keeps the k best documents so far.
type evaluator struct {
	k             int
	unitsPerScore float64
	heap          []Hit   // the worst on top
	bar           float64 // score of the worst of k; 0 while there are fewer
	// of the window at hand
	lists  []bounded      // those with postings in it, the least bound first
	units  [Window]uint16 // bounds of the documents' scores, as far as they were added up
	docs   []uint16       // that may be among the best, in order
	scores []float64
}

// bounded is a list with its highest score in the window.
type bounded struct {
	*List
	most float64
}

// evaluate offers the documents of a window that can be among the best.
func (e *evaluator) evaluate(w window) {
	e.lists = e.lists[:0]
	for i := range w.segment.Lists {
		l := &w.segment.Lists[i]
		if most := l.mostIn(w.number); most > 0 {
			e.lists = append(e.lists, bounded{l, most * (1 + slack)})
		}
	}
	slices.SortFunc(e.lists, func(a, b bounded) int { return cmp.Compare(a.most, b.most) })
	// The first lists cannot by themselves lift a document into the best.
	optional, rest := 0, 0.0
	for optional < len(e.lists) && rest+e.lists[optional].most < e.bar {
		rest += e.lists[optional].most
		optional++
	}
	e.bound(w, optional, rest)
	if len(e.docs) > 2*e.k {
		e.bestFirst(w)
	}
	e.score(w, e.docs)
}

const (
	// costOfSeeking is how many postings are added up in the time of one seek.
	costOfSeeking = 8
	// notMuch is how many times as many postings as were added so far a list may have to be
	// added rather than asked about documents.
	notMuch = 4
)

// bound adds up the lists that are not optional, then the optional ones as far as
// documents need them, and leaves in docs those that may be among the best.
func (e *evaluator) bound(w window, optional int, rest float64) {
	clear(e.units[:])
	added := 0
	for _, l := range e.lists[optional:] {
		added += l.addUnits(&e.units, w.number)
	}
	// A list that is not much longer is sooner added than asked.
	for ; optional > 0 && e.lists[optional-1].count(w.number) < notMuch*added; optional-- {
		l := e.lists[optional-1]
		added += l.addUnits(&e.units, w.number)
		rest -= l.most
	}
	e.collect(e.least(rest))
	if w.segment.Deleted != nil {
		deleted := w.segment.Deleted[w.number*Window/64:]
		e.docs = slices.DeleteFunc(e.docs, func(doc uint16) bool { return deleted[doc/64]>>(doc%64)&1 == 1 })
	}
	for ; optional > 0 && len(e.docs) > 0; optional-- {
		l := e.lists[optional-1]
		if l.count(w.number) < costOfSeeking*len(e.docs) {
			l.addUnits(&e.units, w.number)
		} else {
			l.addUnitsTo(&e.units, e.docs, w.number)
		}
		rest -= l.most
		e.keep(e.least(rest))
	}
}

// collect finds the documents with so many units. Few have, so eight are looked at together.
func (e *evaluator) collect(least uint16) {
	e.docs = e.docs[:0]
	for at := 0; at < Window; at += 8 {
		u := (*[8]uint16)(e.units[at:])
		if max(u[0], u[1], u[2], u[3], u[4], u[5], u[6], u[7]) < least {
			continue
		}
		for i, units := range u {
			if units >= least {
				e.docs = append(e.docs, uint16(at+i))
			}
		}
	}
}

// least is how many units a document needs to be among the best with so much more.
func (e *evaluator) least(rest float64) uint16 {
	return uint16(max(1, math.Floor((e.bar-max(rest, 0))*e.unitsPerScore*(1-slack))))
}

// keep keeps the documents with so many units.
func (e *evaluator) keep(least uint16) {
	kept := 0
	for _, doc := range e.docs {
		e.docs[kept] = doc
		if e.units[doc%Window] >= least {
			kept++
		}
	}
	e.docs = e.docs[:kept]
}

// bestFirst scores the documents with the highest bounds and keeps of the others those
// that may still be among the best.
func (e *evaluator) bestFirst(w window) {
	all := make([]uint16, len(e.docs))
	for i, doc := range e.docs {
		all[i] = e.units[doc]
	}
	slices.Sort(all)
	high := all[len(all)-e.k]
	var best []uint16
	for _, doc := range e.docs {
		if e.units[doc] >= high {
			best = append(best, doc)
			e.units[doc] = 0
		}
	}
	e.score(w, best)
	e.keep(e.least(0))
}

// score offers documents with their exact scores.
func (e *evaluator) score(w window, docs []uint16) {
	e.scores = slices.Grow(e.scores[:0], len(docs))[:len(docs)]
	clear(e.scores)
	for i := range w.segment.Lists {
		w.segment.Lists[i].addScores(e.scores, docs, w.number)
	}
	for i, doc := range docs {
		e.offer(Hit{w.segment.Base + uint64(w.number)*Window + uint64(doc), e.scores[i]})
	}
}

// offer puts a hit among the k best if it belongs there.
func (e *evaluator) offer(hit Hit) {
	switch {
	case hit.Score <= 0:
	case len(e.heap) < e.k:
		e.heap = append(e.heap, hit)
		e.siftUp(len(e.heap) - 1)
	case better(hit, e.heap[0]) < 0:
		e.heap[0] = hit
		e.siftDown(0)
	}
	if len(e.heap) == e.k {
		e.bar = e.heap[0].Score
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
