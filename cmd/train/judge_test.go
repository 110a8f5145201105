package main

import (
	"fmt"
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

// randomData have one signal that tells nearly what can be answered.
func randomData() (d data) {
	random := rand.New(rand.NewPCG(9, 10))
	for i := range 400 {
		can := i%3 > 0
		x := random.NormFloat64()
		if can {
			x += 2
		}
		d.dev = append(d.dev, example{
			question: measure.Question{ID: fmt.Sprint(i), Answerable: can},
			signals:  []float64{x, random.Float64()},
			right:    []bool{false, can},
		})
	}
	d.far = []example{{question: measure.Question{ID: "far", Answerable: true}, signals: []float64{-3, 0.5}}}
	return d
}

func TestTheThresholdIsAtTheFalseAnswersAskedFor(t *testing.T) {
	t.Parallel()
	d := randomData()
	for _, want := range []float64{0.05, 0.1, 0.3} {
		var out strings.Builder
		j := trainAnswers(&out, d, goals{falseAnswers: want})
		unanswerable, wrong := 0.0, 0.0
		for _, e := range d.dev {
			if !e.question.Answerable {
				unanswerable++
				if sigmoid(j.logit(e.signals)) >= j.from {
					wrong++
				}
			}
		}
		// The trees grown on all questions know these; the threshold was placed by trees that do not.
		if got := wrong / unanswerable; got > want+0.01 {
			t.Errorf("%v of the unanswerable are answered; want no more than %v\n%s", got, want, &out)
		}
	}
}

func TestAJudgeIsCalibrated(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(11, 12))
	var rows []row
	for range 5000 { // logits that are twice as sure as they should be, and shifted
		truth := 2*random.NormFloat64() - 1
		rows = append(rows, row{[]float64{2*truth + 3, 1}, random.Float64() < sigmoid(truth), 1})
	}
	line := calibrate(rows)
	if math.Abs(line[0]-0.5) > 0.05 || math.Abs(line[1]+1.5) > 0.2 {
		t.Errorf("%v; want about 0.5, -1.5", line)
	}
	b := &boosted{bias: 3, trees: []boostedTree{{leaf: [boostLeaves]float64{1}, at: [boostInner]float64{neverGreater}}}}
	x := make([]float64, 1)
	before := b.logit(x)
	if b.scale(0.5, -1.5); math.Abs(b.logit(x)-(before/2-1.5)) > 1e-9 {
		t.Errorf("%v scaled is %v", before, b.logit(x))
	}
}

func TestAnsweredByAPassageThatIsShown(t *testing.T) {
	t.Parallel()
	e := example{question: measure.Question{Answerable: true}, right: []bool{false, false, false, false, true, false}}
	if !e.answered() {
		t.Error("the fifth passage is shown")
	}
	if e.right = []bool{false, false, false, false, false, true}; e.answered() {
		t.Error("the sixth passage is not shown")
	}
	e = example{question: measure.Question{}, right: []bool{true}}
	if e.answered() {
		t.Error("a question without an answer is never answered")
	}
}
