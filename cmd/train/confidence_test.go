package main

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"parley/cmd/internal/measure"
)

func TestBoostLearnsARate(t *testing.T) {
	var rows []row
	for i := range 400 {
		rows = append(rows, row{x: []float64{1}, positive: i%4 != 0, weight: 1})
	}
	if got := sigmoid(boost(rows).logit([]float64{1})); math.Abs(got-0.75) > 0.01 {
		t.Errorf("three of four are positive: %v", got)
	}
}

// One feature alone says nothing here: which is positive takes two questions to tell.
func TestBoostLearnsAnExclusiveOr(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	var rows []row
	for range 1000 {
		x := []float64{random.Float64(), random.Float64(), random.Float64()}
		rows = append(rows, row{x: x, positive: (x[0] > 0.4) != (x[2] > 0.6), weight: 1})
	}
	b, again, wrong := boost(rows), boost(rows), 0
	for _, r := range rows {
		if b.logit(r.x) > 0 != r.positive {
			wrong++
		}
		if b.logit(r.x) != again.logit(r.x) {
			t.Fatal("the same rows give other trees")
		}
	}
	if wrong > 50 {
		t.Errorf("%d of %d are wrong", wrong, len(rows))
	}
}

func TestAUC(t *testing.T) {
	for _, tc := range []struct {
		name               string
		positive, negative []float64
		want               float64
	}{
		{"apart", []float64{3, 4}, []float64{1, 2}, 1},
		{"the wrong way", []float64{1, 2}, []float64{3, 4}, 0},
		{"all ties", []float64{1, 1}, []float64{1, 1, 1}, 0.5},
		{"one tie of two", []float64{2, 3}, []float64{2}, 0.75},
		{"mixed", []float64{1, 3}, []float64{2, 0}, 0.75},
	} {
		if got := auc(tc.positive, tc.negative); got != tc.want {
			t.Errorf("%s: %v; want %v", tc.name, got, tc.want)
		}
	}
}

func TestBound(t *testing.T) {
	for _, tc := range []struct {
		name   string
		values []float64
		share  float64
		reach  float64 // share of the values that reach the bound
	}{
		{"a tenth", []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0.1, 0.1},
		{"three tenths, though 0.1*3 is more", []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0.1 * 3, 0.3},
		{"rounded down", []float64{1, 2, 3, 4}, 0.6, 0.5},
		{"ties are left out", []float64{1, 5, 5, 5, 9}, 0.4, 0.2},
		{"ties at the top", []float64{5, 5}, 0.5, 0},
		{"none", []float64{1, 2}, 0, 0},
		{"all", []float64{1, 2}, 1, 1},
	} {
		if got := above(tc.values, bound(tc.values, tc.share)); got != tc.reach {
			t.Errorf("%s: %v reach it; want %v", tc.name, got, tc.reach)
		}
	}
	if got := bound(nil, 0.1); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// randomData have one feature that tells nearly what can be answered.
func randomData() (d data) {
	random := rand.New(rand.NewPCG(9, 10))
	for i := range 200 {
		can := i%3 > 0
		x := random.NormFloat64()
		if can {
			x += 2
		}
		d.dev = append(d.dev, example{
			question: measure.Question{ID: string(rune('a' + i)), Answerable: can},
			doubts:   []float64{x, random.Float64()},
			right:    []bool{can && i%2 == 0},
		})
	}
	d.far = []example{{question: measure.Question{ID: "far", Answerable: true}, doubts: []float64{-3, 0.5}}}
	return d
}

func TestHalfIsAtTheFalseAnswersAskedFor(t *testing.T) {
	d := randomData()
	for _, want := range []float64{0.05, 0.1, 0.3} {
		var out strings.Builder
		b := trainConfidence(&out, d, goal{falseAnswers: want})
		unanswerable, wrong := 0.0, 0.0
		for _, e := range d.dev {
			if !e.question.Answerable {
				unanswerable++
				if b.logit(e.doubts) >= 0 {
					wrong++
				}
			}
		}
		// The trees grown on all questions know these; the bias was placed by trees that do not.
		if got := wrong / unanswerable; got > want+0.01 {
			t.Errorf("%v of the unanswerable are answered; want no more than %v\n%s", got, want, &out)
		}
	}
}

func TestPositive(t *testing.T) {
	e := example{question: measure.Question{Answerable: true}, right: []bool{false, true}}
	if !(goal{}).positive(e) || (goal{firstRight: true}).positive(e) {
		t.Error("an answerable question whose second passage is right is positive, but not with firstRight")
	}
	e.right[0] = true
	if !(goal{firstRight: true}).positive(e) {
		t.Error("the first passage is right")
	}
	e.question.Answerable = false
	if (goal{}).positive(e) || (goal{firstRight: true}).positive(e) {
		t.Error("a trick question is never positive")
	}
}
