package main

import (
	"math"
	"math/rand/v2"
	"testing"
)

// checkGradient compares a gradient with the differences of its loss.
func checkGradient(t *testing.T, size int, loss func(w, grad []float64) float64) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	w, grad, unused := make([]float64, size), make([]float64, size), make([]float64, size)
	for i := range w {
		w[i] = random.NormFloat64()
	}
	loss(w, grad)
	const step = 1e-5
	for i, g := range grad {
		at := w[i]
		w[i] = at + step
		up := loss(w, unused)
		w[i] = at - step
		down := loss(w, unused)
		w[i] = at
		if want := (up - down) / (2 * step); math.Abs(g-want) > 1e-7 {
			t.Errorf("gradient %d is %v; the loss rises by %v", i, g, want)
		}
	}
}

// randomLists have one to nine candidates, the last of which is right and others may be.
func randomLists(n, size int) []list {
	random := rand.New(rand.NewPCG(3, 4))
	lists := make([]list, n)
	for i := range lists {
		count := 1 + random.IntN(9)
		l := list{weight: 0.5 + random.Float64(), right: make([]bool, count)}
		for j := range count {
			l.right[j] = j == count-1 || random.IntN(4) == 0
			for range size {
				l.rows = append(l.rows, random.NormFloat64())
			}
		}
		lists[i] = l
	}
	return lists
}

func TestRankGradient(t *testing.T) {
	lists := randomLists(37, 6)
	checkGradient(t, 6, func(w, grad []float64) float64 { return rankLoss(lists, w, grad) })
}

func TestRankLossOfNoPreference(t *testing.T) {
	l := list{rows: []float64{1, 2, 3, 4}, right: []bool{true, false, false, true}, weight: 3}
	if got, want := rankLoss([]list{l}, []float64{0}, []float64{0}), math.Log(2); math.Abs(got-want) > 1e-12 {
		t.Errorf("two of four are right: loss %v; want %v", got, want)
	}
}

func TestRankLossOfAHopelessCandidateIsFinite(t *testing.T) {
	grad := []float64{0}
	l := list{rows: []float64{0, 1}, right: []bool{true, false}, weight: 1}
	loss := rankLoss([]list{l}, []float64{2000}, grad)
	if math.IsInf(loss, 0) || math.IsNaN(loss) || math.IsNaN(grad[0]) {
		t.Errorf("loss %v, gradient %v", loss, grad)
	}
}

func TestFitRankFindsWhatMakesRight(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	var lists []list
	for range 100 {
		l := list{weight: 1, right: make([]bool, 5)}
		right := random.IntN(5)
		l.right[right] = true
		for j := range 5 {
			sign := 0.0
			if j == right {
				sign = 1
			}
			l.rows = append(l.rows, random.Float64(), sign)
		}
		lists = append(lists, l)
	}
	lists = append(lists, list{rows: []float64{9, 9}, right: []bool{false}, weight: 100}) // teaches nothing
	w := fitRank(2, lists)
	if w[1] < 3 || math.Abs(w[0]) > w[1]/5 {
		t.Errorf("weights %v; want a great one for the second feature alone", w)
	}
	for i, again := range fitRank(2, lists) {
		if again != w[i] {
			t.Errorf("weight %d is %v, then %v", i, w[i], again)
		}
	}
}

func TestFittingLeavesTheListsAsTheyWere(t *testing.T) {
	lists := randomLists(3, 2)
	lists[0].right = make([]bool, len(lists[0].right))
	count := len(lists[1].right)
	fitRank(2, lists)
	if lists[2].weight == 0 || len(lists[1].right) != count {
		t.Error("the lists were moved")
	}
}

func TestPlace(t *testing.T) {
	w := []float64{1}
	for _, tc := range []struct {
		name   string
		scores []float64
		right  []bool
		want   int
	}{
		{"the best", []float64{1, 3, 2}, []bool{false, true, false}, 1},
		{"the first of several", []float64{1, 3, 2}, []bool{true, false, true}, 2},
		{"the later of equals", []float64{2, 2, 2}, []bool{false, true, false}, 2},
		{"the earlier of equals", []float64{2, 2, 2}, []bool{true, false, true}, 1},
		{"none", []float64{2, 1}, []bool{false, false}, 0},
		{"no candidate", nil, nil, 0},
	} {
		if got := (list{rows: tc.scores, right: tc.right}).place(w); got != tc.want {
			t.Errorf("%s: place %d; want %d", tc.name, got, tc.want)
		}
	}
}

func TestRates(t *testing.T) {
	got := ratesOf([]int{1, 2, 5, 10, 0})
	want := rates{at1: 0.2, at5: 0.6, mrr: (1 + 0.5 + 0.2 + 0.1) / 5, n: 5}
	if math.Abs(got.mrr-want.mrr) > 1e-12 || got.at1 != want.at1 || got.at5 != want.at5 || got.n != want.n {
		t.Errorf("%+v; want %+v", got, want)
	}
	if got := ratesOf(nil); got != (rates{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestDotOfEveryLength(t *testing.T) {
	for n := range 11 {
		a, b, want := make([]float64, n), make([]float64, n), 0.0
		for i := range n {
			a[i], b[i] = float64(i+1), float64(2*i-3)
			want += a[i] * b[i]
		}
		if got := dot(a, b); got != want {
			t.Errorf("%d: %v; want %v", n, got, want)
		}
	}
}
