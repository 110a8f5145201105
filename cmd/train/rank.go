package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
)

const (
	rankSteps  = 200
	rankL2     = 1e-3
	squadFolds = 2
	devFolds   = 4

	largeWeight = 0.5 // of our questions among other news, where not all that answers was judged
)

// list is the candidates of one question.
type list struct {
	rows   []float64 // of features, one after the other
	right  []bool
	weight float64 // of the question
}

// trainRank prints how well the ranking does, cross-validated, and fits it to all.
func trainRank(out io.Writer, d data, devWeight float64) []float64 {
	var squad []list
	var articles []string
	for _, e := range d.squad {
		squad, articles = append(squad, e.list(1)), append(articles, e.article())
	}
	dev, ids := listsOf(slices.Concat(d.dev, d.briefs), devWeight)
	grown, grownKeys := listsOf(d.grown, devWeight)
	large, largeIDs := listsOf(d.large, devWeight*largeWeight)
	size := len(d.names)
	fmt.Fprintln(out, "ranking, cross-validated   recall@1  recall@5       mrr  questions")
	report := func(what string, lists []list, by []string, n int, also []list) {
		fmt.Fprintf(out, "  %-25s%s\n", what, ratesOf(crossRank(size, lists, folds(by, n), n, also)))
	}
	report("SQuAD, by article", squad, articles, squadFolds, slices.Concat(dev, grown, large))
	report("talks, by document", dev, ids, devFolds, slices.Concat(squad, grown))
	report("all briefs, by document", grown, grownKeys, devFolds, slices.Concat(squad, dev))
	report("talks among other news", large, largeIDs, devFolds, slices.Concat(squad, grown))
	return fitRank(size, slices.Concat(squad, dev, grown, large))
}

// listsOf returns the lists of the examples that have an answer, and by what to deal them out.
func listsOf(examples []example, weight float64) (lists []list, keys []string) {
	for _, e := range examples {
		if e.question.Answerable {
			lists, keys = append(lists, e.list(weight)), append(keys, e.foldKey())
		}
	}
	return lists, keys
}

// crossRank gives the place of the first right candidate of each list, by weights
// fitted to the other folds and to the lists that always help.
func crossRank(size int, lists []list, fold []int, n int, always []list) []int {
	places := make([]int, len(lists))
	for k := range n {
		w := fitRank(size, slices.Concat(outside(lists, fold, k), always))
		for i, l := range lists {
			if fold[i] == k {
				places[i] = l.place(w)
			}
		}
	}
	return places
}

// fitRank finds the weights under which the right candidates come first.
func fitRank(size int, lists []list) []float64 {
	var teaching []list
	for _, l := range lists {
		if slices.Contains(l.right, true) {
			teaching = append(teaching, l)
		}
	}
	return minimise(size, rankSteps, func(w, grad []float64) { rankLoss(teaching, w, grad) })
}

// lossParts is in how many parts the loss is summed; it is fixed so that the sums
// do not depend on the number of processors.
const lossParts = 16

// rankLoss is the mean over the lists of -log of the probability that a right
// candidate is drawn, where candidates are drawn by the softmax of their scores
// (ListNet's top one, Cao et al. 2007), with an L2 penalty. It fills grad with the gradient.
func rankLoss(lists []list, w, grad []float64) float64 {
	var losses, weights [lossParts]float64
	var grads [lossParts][]float64
	var wg sync.WaitGroup
	for part := range lossParts {
		wg.Go(func() {
			sum := make([]float64, len(w))
			for _, l := range lists[part*len(lists)/lossParts : (part+1)*len(lists)/lossParts] {
				losses[part] += l.weight * l.loss(w, sum)
				weights[part] += l.weight
			}
			grads[part] = sum
		})
	}
	wg.Wait()
	clear(grad)
	loss, weight := 0.0, 0.0
	for part, sum := range grads {
		addTo(grad, 1, sum)
		loss += losses[part]
		weight += weights[part]
	}
	for i := range grad {
		grad[i] = grad[i]/weight + rankL2*w[i]
	}
	return loss/weight + rankL2/2*dot(w, w)
}

// loss is that of one list; its weighted gradient is added to grad.
func (l list) loss(w, grad []float64) float64 {
	scores := l.scores(w)
	drawn, drawnRight := make([]float64, len(scores)), make([]float64, len(scores))
	all := softmax(drawn, scores, func(int) bool { return true })
	right := softmax(drawnRight, scores, func(i int) bool { return l.right[i] })
	for i := range scores {
		addTo(grad, l.weight*(drawn[i]-drawnRight[i]), l.row(i, len(w)))
	}
	return all - right
}

// softmax fills p with the probabilities of those that are in, and returns the log of the sum.
func softmax(p, scores []float64, in func(int) bool) float64 {
	most, sum := math.Inf(-1), 0.0
	for i, s := range scores {
		if in(i) {
			most = max(most, s)
		}
	}
	for i, s := range scores {
		if in(i) {
			p[i] = math.Exp(s - most)
			sum += p[i]
		}
	}
	for i := range p {
		p[i] /= sum
	}
	return most + math.Log(sum)
}

func (l list) row(i, size int) []float64 { return l.rows[i*size : (i+1)*size] }

func (l list) scores(w []float64) []float64 {
	scores := make([]float64, len(l.right))
	for i := range scores {
		scores[i] = dot(w, l.row(i, len(w)))
	}
	return scores
}

// best is the candidate that comes first, of equals the earlier.
func (l list) best(w []float64) int {
	scores := l.scores(w)
	return slices.Index(scores, slices.Max(scores))
}

// place is where the first right candidate comes, from 1; 0 if none is right. Equals keep their order.
func (l list) place(w []float64) int {
	scores := l.scores(w)
	first := -1
	for i, right := range l.right {
		if right && (first < 0 || scores[i] > scores[first]) {
			first = i
		}
	}
	if first < 0 {
		return 0
	}
	place := 1
	for i, s := range scores {
		if s > scores[first] || s == scores[first] && i < first {
			place++
		}
	}
	return place
}

type rates struct {
	at1, at5, mrr float64
	n             int
}

func ratesOf(places []int) rates {
	r := rates{n: len(places)}
	for _, p := range places {
		if p == 0 {
			continue
		}
		r.mrr += 1 / float64(p)
		if p == 1 {
			r.at1++
		}
		if p <= 5 {
			r.at5++
		}
	}
	n := float64(max(1, r.n))
	r.at1, r.at5, r.mrr = r.at1/n, r.at5/n, r.mrr/n
	return r
}

func (r rates) String() string {
	return fmt.Sprintf("%8.4f  %8.4f  %8.4f  %9d", r.at1, r.at5, r.mrr, r.n)
}

// dot is the sum of products, in four sums that the processor can work on at once.
func dot(a, b []float64) float64 {
	var s0, s1, s2, s3 float64
	for len(a) >= 4 && len(b) >= 4 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i := range a {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

func addTo(sum []float64, times float64, x []float64) {
	x = x[:len(sum)]
	for i := range sum {
		sum[i] += times * x[i]
	}
}

// folds deals keys out into n folds, in turn; equal ones come into the same fold.
func folds(keys []string, n int) []int {
	distinct := slices.Compact(slices.Sorted(slices.Values(keys)))
	fold := make([]int, len(keys))
	for i, key := range keys {
		at, _ := slices.BinarySearch(distinct, key)
		fold[i] = at % n
	}
	return fold
}

// outside are the items that are not in the fold.
func outside[T any](items []T, fold []int, k int) []T {
	var rest []T
	for i, item := range items {
		if fold[i] != k {
			rest = append(rest, item)
		}
	}
	return rest
}

// Constants of Adam (Kingma and Ba 2015, algorithm 1), with a rate that falls to
// zero so that the last steps settle.
const (
	adamRate  = 0.05
	adamBeta1 = 0.9
	adamBeta2 = 0.999
	adamSmall = 1e-8
)

// minimise takes steps downhill from zero; gradient writes its second argument.
func minimise(size, steps int, gradient func(w, grad []float64)) []float64 {
	w, grad := make([]float64, size), make([]float64, size)
	mean, square := make([]float64, size), make([]float64, size)
	left1, left2 := 1.0, 1.0
	for step := range steps {
		gradient(w, grad)
		left1 *= adamBeta1
		left2 *= adamBeta2
		rate := adamRate * (1 - float64(step)/float64(steps))
		for i, g := range grad {
			mean[i] = adamBeta1*mean[i] + (1-adamBeta1)*g
			square[i] = adamBeta2*square[i] + (1-adamBeta2)*g*g
			w[i] -= rate * mean[i] / (1 - left1) / (math.Sqrt(square[i]/(1-left2)) + adamSmall)
		}
	}
	return w
}
