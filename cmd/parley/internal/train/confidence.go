package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
)

// How the confidence is fitted. A penalty three times as strong costs two points of AUC.
const (
	confidenceSteps = 2000
	confidenceL2    = 1e-3
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

// goal says what the confidence is to learn.
type goal struct {
	falseAnswers float64 // share of our unanswerable questions that may be answered
	bereftWeight float64 // what all bereft questions count together
	firstRight   bool    // positive is a first passage that is right, not a question that can be answered
}

// trainConfidence fits the probability that the first passage answers, places its
// one half where the share of false answers is the one given, and prints how well it
// does on questions that it was not fitted to. The last weight is the bias.
func trainConfidence(out io.Writer, d data, g goal) []float64 {
	var rows []row
	var ids []string
	add := func(examples []example, weight float64, positive func(example) bool) {
		for _, e := range examples {
			rows = append(rows, row{append(slices.Clone(e.doubts), 1), positive(e), weight})
			ids = append(ids, e.question.ID)
		}
	}
	never := func(example) bool { return false }
	add(d.dev, 1, g.positive)
	add(d.far, share(farWeight, d.far), never)
	add(d.bereft, share(g.bereftWeight, d.bereft), never)

	s := spread(d, crossLogits(rows, folds(ids, confidenceFolds), confidenceFolds))
	half := bound(s.unanswerable, g.falseAnswers)
	s.print(out, half)
	w := fitConfidence(rows)
	w[len(w)-1] -= half
	return w
}

func (g goal) positive(e example) bool {
	return e.question.Answerable && (!g.firstRight || len(e.right) > 0 && e.right[0])
}

// share is what one of the examples counts where all count total.
func share(total float64, examples []example) float64 { return total / float64(max(1, len(examples))) }

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
type spreads struct{ answerable, unanswerable, far, bereft []float64 }

// spread parts the logits of d.dev, d.far and d.bereft, which follow one another.
func spread(d data, logits []float64) (s spreads) {
	for i, e := range d.dev {
		if e.question.Answerable {
			s.answerable = append(s.answerable, logits[i])
		} else {
			s.unanswerable = append(s.unanswerable, logits[i])
		}
	}
	rest := logits[len(d.dev):]
	s.far, s.bereft = rest[:len(d.far)], rest[len(d.far):]
	return s
}

// print shows what would be answered at some thresholds when the logit half is one half.
func (s spreads) print(out io.Writer, half float64) {
	fmt.Fprintf(out, "\nconfidence, cross-validated: AUC %.4f over %d answerable and %d unanswerable questions of the talks\n",
		auc(s.answerable, s.unanswerable), len(s.answerable), len(s.unanswerable))
	fmt.Fprintln(out, "  threshold  answered  false answers  far-off answered  bereft answered")
	for percent := 30; percent <= 70; percent += 5 {
		p := float64(percent) / 100
		t := half + math.Log(p/(1-p))
		fmt.Fprintf(out, "  %9.2f  %8.3f  %13.3f  %16.3f  %15.3f\n",
			p, above(s.answerable, t), above(s.unanswerable, t), above(s.far, t), above(s.bereft, t))
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
