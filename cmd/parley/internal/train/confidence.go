package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
)

var confidenceL2    = 3e-3
// How the confidence is fitted.
const (
	confidenceSteps = 2000
		confidenceFolds = 4
	// farWeight is what all far-off questions count together, one of ours counting 1.
	farWeight = 60
)

// row is a question as the confidence sees it.
type row struct {
	x        []float64 // features, and 1 for the bias
	positive bool
	weight   float64
}

// trainConfidence fits the probability that the first passage answers, places its
// one half where the share of false answers is the one given, and prints how well it
// does on questions that it was not fitted to. The last weight is the bias.
func trainConfidence(out io.Writer, d data, falseAnswers float64, firstRight bool, bw float64) []float64 {
	var rows []row
	var ids []string
	for _, e := range d.dev {
		rows, ids = append(rows, e.row(1, firstRight)), append(ids, e.question.ID)
	}
	for _, e := range d.far {
		r := e.row(farWeight/float64(len(d.far)), firstRight)
		r.positive = false
		rows, ids = append(rows, r), append(ids, e.question.ID)
	}
	for _, e := range d.bereft {
		r := e.row(bw/float64(len(d.bereft)), firstRight)
		r.positive = false
		rows, ids = append(rows, r), append(ids, e.question.ID)
	}
	logits := crossLogits(rows, folds(ids, confidenceFolds), confidenceFolds)
	s := spread(d, logits)
	half := bound(s.unanswerable, falseAnswers)
	s.print(out, half)
	w := fitConfidence(rows)
	w[len(w)-1] -= half
	return w
}

// row is the example as one to judge.
func (e example) row(weight float64, firstRight bool) row {
	positive := e.question.Answerable
	if firstRight {
		positive = positive && len(e.right) > 0 && e.right[0]
	}
	return row{x: append(slices.Clone(e.doubts), 1), positive: positive, weight: weight}
}

// crossLogits gives each row the logit of its probability, by weights fitted to the other folds.
func crossLogits(rows []row, fold []int, n int) []float64 {
	logits := make([]float64, len(rows))
	for k := range n {
		w := fitConfidence(outside(rows, fold, k))
		for i, r := range rows {
			if fold[i] == k {
				logits[i] = dot(w, r.x)
			}
		}
	}
	return logits
}

func fitConfidence(rows []row) []float64 {
	return minimise(len(rows[0].x), confidenceSteps, func(w, grad []float64) { confidenceLoss(rows, w, grad) })
}

// confidenceLoss is the weighted mean of the logistic loss with an L2 penalty on
// all weights but the bias. It fills grad with the gradient.
func confidenceLoss(rows []row, w, grad []float64) float64 {
	clear(grad)
	loss, weight := 0.0, 0.0
	for _, r := range rows {
		logit, wanted := dot(w, r.x), 0.0
		if r.positive {
			wanted = 1
		}
		loss += r.weight * (max(logit, 0) - wanted*logit + math.Log1p(math.Exp(-math.Abs(logit))))
		weight += r.weight
		addTo(grad, r.weight*(sigmoid(logit)-wanted), r.x)
	}
	loss /= weight
	for i := range grad {
		grad[i] /= weight
		if i < len(w)-1 {
			grad[i] += confidenceL2 * w[i]
			loss += confidenceL2 / 2 * w[i] * w[i]
		}
	}
	return loss
}

func sigmoid(logit float64) float64 { return 1 / (1 + math.Exp(-logit)) }

// spreads are logits by what the right decision is.
type spreads struct{ answerable, unanswerable, far []float64 }

func spread(d data, logits []float64) (s spreads) {
	for i, e := range d.dev {
		if e.question.Answerable {
			s.answerable = append(s.answerable, logits[i])
		} else {
			s.unanswerable = append(s.unanswerable, logits[i])
		}
	}
	s.far = logits[len(d.dev):len(d.dev)+len(d.far)]
	return s
}

// print shows what would be answered at some thresholds when the logit half is one half.
func (s spreads) print(out io.Writer, half float64) {
	fmt.Fprintf(out, "\nconfidence, cross-validated: AUC %.4f over %d answerable and %d unanswerable questions\n",
		auc(s.answerable, s.unanswerable), len(s.answerable), len(s.unanswerable))
	fmt.Fprintln(out, "  threshold  answered  false answers  far-off answered")
	for percent := 30; percent <= 70; percent += 5 {
		p := float64(percent) / 100
		t := half + math.Log(p/(1-p))
		fmt.Fprintf(out, "  %9.2f  %8.3f  %13.3f  %16.3f\n", p, above(s.answerable, t), above(s.unanswerable, t), above(s.far, t))
	}
}

// above is the share of values that are at least t.
func above(values []float64, t float64) float64 {
	n := 0
	for _, v := range values {
		if v >= t {
			n++
		}
	}
	return float64(n) / float64(max(1, len(values)))
}

// bound is the threshold that the given share of the values reaches, or as many
// fewer as there are ties; it lies in the middle between two of them.
func bound(values []float64, share float64) float64 {
	sorted := slices.SortedFunc(slices.Values(values), func(a, b float64) int { return cmp.Compare(b, a) })
	if len(sorted) == 0 {
		return 0
	}
	n := int(share*float64(len(sorted)) + 1e-9)
	if n == len(sorted) {
		return sorted[n-1]
	}
	for n > 0 && sorted[n-1] == sorted[n] {
		n--
	}
	if n == 0 {
		return math.Nextafter(sorted[0], math.Inf(1))
	}
	return (sorted[n-1] + sorted[n]) / 2
}

// auc is the area under the ROC curve: the share of pairs in which the positive
// has the greater value, ties counting half.
func auc(positive, negative []float64) float64 {
	won := 0.0
	for _, p := range positive {
		for _, n := range negative {
			switch cmp.Compare(p, n) {
			case 1:
				won++
			case 0:
				won += 0.5
			}
		}
	}
	return won / float64(len(positive)*len(negative))
}
