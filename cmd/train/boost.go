package main

import (
	"math"
	"math/rand/v2"
	"slices"
)

// How the trees are grown: Newton boosting of the logistic loss (Friedman 2001,
// Greedy Function Approximation; leaf values and gains as in Chen and Guestrin
// 2016, XGBoost, eq. 5 and 7), on features cut into quantiles, each tree on a part of
// the rows and each split on a part of the features (Friedman 2002, Stochastic
// Gradient Boosting), drawn with a fixed seed.
const (
	boostTrees   = 300
	boostDepth   = 4
	boostRate    = 0.05
	boostRows    = 0.7 // share of the rows that a tree is grown on
	boostColumns = 0.3 // share of the features that a split may ask for
	boostL2      = 2   // λ, in weighted rows
	boostLeast   = 6   // least weight of rows in a leaf
	boostBins    = 32
	boostInner   = 1<<boostDepth - 1
	boostLeaves  = 1 << boostDepth
	neverGreater = math.MaxFloat64
)

// boosted is a sum of trees that gives a logit.
type boosted struct {
	bias  float64
	trees []boostedTree
}

// boostedTree is a complete tree: node i asks whether x[feature] > at, and goes on to 2i+1 or 2i+2.
type boostedTree struct {
	feature [boostInner]int
	at      [boostInner]float64
	leaf    [boostLeaves]float64
}

func (b *boosted) logit(x []float64) float64 {
	sum := b.bias
	for i := range b.trees {
		t := &b.trees[i]
		sum += t.leaf[t.leafOf(x)]
	}
	return sum
}

// scale turns every logit l into a*l + b.
func (b *boosted) scale(a, shift float64) {
	b.bias = a*b.bias + shift
	for i := range b.trees {
		for l := range b.trees[i].leaf {
			b.trees[i].leaf[l] *= a
		}
	}
}

func (t *boostedTree) leafOf(x []float64) int {
	node := 0
	for range boostDepth {
		if x[t.feature[node]] > t.at[node] {
			node = 2*node + 2
		} else {
			node = 2*node + 1
		}
	}
	return node - boostInner
}

func boost(rows []row) *boosted {
	g := newGrower(rows)
	b := &boosted{bias: g.prior()}
	for i := range g.logits {
		g.logits[i] = b.bias
	}
	for range boostTrees {
		t := g.grow()
		b.trees = append(b.trees, t)
		for i, r := range rows {
			g.logits[i] += t.leaf[t.leafOf(r.x)]
		}
	}
	return b
}

// grower grows one tree after the other on the same rows.
type grower struct {
	rows   []row
	cuts   [][]float64 // of each feature, ascending
	bins   [][]uint8   // of each feature and row: how many cuts are below the value
	logits []float64
	grad   []float64
	hess   []float64
	node   []int // of each row in the tree at hand; outOfTree for those that it does not see
	random *rand.Rand
}

const outOfTree = -1

func newGrower(rows []row) *grower {
	n := len(rows)
	floats := func() []float64 { return make([]float64, n) }
	g := &grower{
		rows: rows, logits: floats(), grad: floats(), hess: floats(), node: make([]int, n),
		random: rand.New(rand.NewPCG(1, 2)),
	}
	for f := range rows[0].x {
		values := make([]float64, n)
		for i, r := range rows {
			values[i] = r.x[f]
		}
		cuts := quantiles(slices.Clone(values))
		bins := make([]uint8, n)
		for i, v := range values {
			at, _ := slices.BinarySearch(cuts, v)
			bins[i] = uint8(at)
		}
		g.cuts, g.bins = append(g.cuts, cuts), append(g.bins, bins)
	}
	return g
}

// quantiles are at most boostBins-1 values that cut the sorted values into equal parts.
func quantiles(values []float64) []float64 {
	slices.Sort(values)
	var cuts []float64
	for i := 1; i < boostBins; i++ {
		cuts = append(cuts, values[i*len(values)/boostBins])
	}
	return slices.Compact(cuts)
}

// prior is the logit of the share of positive rows.
func (g *grower) prior() float64 {
	positive, total := 0.0, 0.0
	for _, r := range g.rows {
		total += r.weight
		if r.positive {
			positive += r.weight
		}
	}
	p := min(max(positive/total, 1e-3), 1-1e-3)
	return math.Log(p / (1 - p))
}

func (g *grower) grow() (t boostedTree) {
	for i, r := range g.rows {
		p := sigmoid(g.logits[i])
		g.grad[i] = r.weight * p
		if r.positive {
			g.grad[i] -= r.weight
		}
		g.hess[i] = r.weight * p * (1 - p)
		g.node[i] = 0
		if g.random.Float64() >= boostRows {
			g.node[i] = outOfTree
		}
	}
	for level := range boostDepth {
		for node := 1<<level - 1; node < 2<<level-1; node++ {
			t.feature[node], t.at[node] = g.split(node)
		}
		for i, r := range g.rows {
			node := g.node[i]
			if node == outOfTree {
				continue
			}
			g.node[i] = 2*node + 1
			if r.x[t.feature[node]] > t.at[node] {
				g.node[i]++
			}
		}
	}
	var grad, hess [boostLeaves]float64
	for i, node := range g.node {
		if node == outOfTree {
			continue
		}
		grad[node-boostInner] += g.grad[i]
		hess[node-boostInner] += g.hess[i]
	}
	for l := range t.leaf {
		t.leaf[l] = -boostRate * grad[l] / (hess[l] + boostL2)
	}
	return t
}

// sums of the rows of a node that are in one bin.
type sums struct{ grad, hess, weight float64 }

func (s *sums) add(o sums) {
	s.grad, s.hess, s.weight = s.grad+o.grad, s.hess+o.hess, s.weight+o.weight
}

func (s sums) score() float64 { return s.grad * s.grad / (s.hess + boostL2) }

// split is the feature and the value that part a node best; a node that no value
// parts well sends all its rows one way.
func (g *grower) split(node int) (feature int, at float64) {
	best, at := 1e-6, neverGreater
	for f, bins := range g.bins {
		if g.random.Float64() >= boostColumns {
			continue
		}
		var hist [boostBins]sums
		var all sums
		for i, n := range g.node {
			if n == node {
				s := sums{g.grad[i], g.hess[i], g.rows[i].weight}
				hist[bins[i]].add(s)
				all.add(s)
			}
		}
		var left sums
		for c, cut := range g.cuts[f] {
			left.add(hist[c])
			right := sums{all.grad - left.grad, all.hess - left.hess, all.weight - left.weight}
			if left.weight < boostLeast || right.weight < boostLeast {
				continue
			}
			if gain := left.score() + right.score() - all.score(); gain > best {
				best, feature, at = gain, f, cut
			}
		}
	}
	return feature, at
}
