package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"

	"parley/index"
)

// How much the questions of each kind count together; one of ours counts 1.
const (
	confidenceFolds = 8
	farWeight       = 120 // SQuAD's questions asked of the talks
	briefsWeight    = 0.7 // ours asked of the briefs alone
	devNegatives    = 2.0 // ours without an answer, so that one half is near the rate of false answers that is borne
	briefsNegatives = 1.0 // the same of the briefs alone, which are easier to tell
	largeShare      = 0.3 // ours asked of the talks among other news, where some that have no answer may have one
	squadWeight     = 200 // SQuAD's questions asked of its articles, and as much again without the paragraph that answers
)

type row struct {
	x        []float64
	positive bool
	weight   float64
}

// goal says what the confidence is to learn.
type goal struct {
	falseAnswers float64 // share of our unanswerable questions that may be answered
	bereftWeight float64 // what all bereft questions of ours count together
	firstRight   bool    // positive is a first passage that is right, not a question that can be answered
}

// trainConfidence fits the probability that the first passage answers, places its
// one half where the share of false answers is the one given, and prints how well it
// does on questions that it was not fitted to.
func trainConfidence(out io.Writer, d data, g goal) *boosted {
	var rows []row
	var ids []string
	// add weighs the negatives of every kind of question alike: how often people ask in
	// vain how many or who is not for the sample to say.
	add := func(examples []example, weight, negative float64, positive func(example) bool) {
		evened := evenKinds(examples)
		for _, e := range examples {
			w := weight
			if !e.question.Answerable {
				w *= negative * evened[e.kind]
			}
			rows = append(rows, row{e.doubts, positive(e), w})
			ids = append(ids, e.question.ID)
		}
	}
	never := func(example) bool { return false }
	add(d.dev, 1, devNegatives, g.positive)
	add(d.briefs, briefsWeight, briefsNegatives, g.positive)
	add(d.large, largeShare, devNegatives, g.positive)
	add(d.far, share(farWeight, d.far), 1, never)
	add(d.bereft, share(g.bereftWeight, d.bereft), 1, never)
	add(d.squad, share(squadWeight, d.squad), 1, g.positive)
	add(d.squadBereft, share(squadWeight, d.squadBereft), 1, never)
	add(d.small, share(squadWeight, d.small), 1, g.positive)
	add(d.smallBereft, share(squadWeight/2, d.smallBereft), 1, never)

	s := spread(d, crossLogits(rows, folds(ids, confidenceFolds), confidenceFolds))
	half := bound(s.unanswerable, g.falseAnswers)
	s.print(out, d, half)
	b := boost(rows)
	b.bias -= half
	return b
}

// evenKinds is what a question without an answer counts, by its kind, so that all
// kinds have the same share of them; at most evenMost times more or less.
func evenKinds(examples []example) map[index.QuestionKind]float64 {
	var yes, no float64
	type byKind = map[index.QuestionKind]float64
	yesOf, noOf, weight := byKind{}, byKind{}, byKind{}
	for _, e := range examples {
		if e.question.Answerable {
			yes++
			yesOf[e.kind]++
		} else {
			no++
			noOf[e.kind]++
		}
	}
	for kind, n := range noOf {
		weight[kind] = min(max(yesOf[kind]/n*no/max(yes, 1), 1/evenMost), evenMost)
	}
	return weight
}

const evenMost = 4.0

func (g goal) positive(e example) bool {
	return e.question.Answerable && (!g.firstRight || len(e.right) > 0 && e.right[0])
}

// share is what one of the examples counts where all count total.
func share(total float64, examples []example) float64 { return total / float64(max(1, len(examples))) }

// crossLogits gives each row the logit of its probability, by trees grown on the other folds.
func crossLogits(rows []row, fold []int, n int) []float64 {
	logits := make([]float64, len(rows))
	for k := range n {
		b := boost(outside(rows, fold, k))
		for i, r := range rows {
			if fold[i] == k {
				logits[i] = b.logit(r.x)
			}
		}
	}
	return logits
}

func sigmoid(logit float64) float64 { return 1 / (1 + math.Exp(-logit)) }

// spreads are logits by what the right decision is.
type spreads struct {
	answerable, unanswerable, briefs, large, far, bereft []float64
	squad, squadBereft, small, smallBereft               []float64
}

// spread parts the logits of the examples, which follow one another as they were added.
func spread(d data, logits []float64) (s spreads) {
	s.answerable, s.unanswerable = byAnswer(d.dev, logits)
	rest := logits[len(d.dev):]
	for _, part := range []struct {
		to *[]float64
		n  int
	}{
		{&s.briefs, len(d.briefs)}, {&s.large, len(d.large)}, {&s.far, len(d.far)}, {&s.bereft, len(d.bereft)},
		{&s.squad, len(d.squad)}, {&s.squadBereft, len(d.squadBereft)},
		{&s.small, len(d.small)}, {&s.smallBereft, len(d.smallBereft)},
	} {
		*part.to, rest = rest[:part.n], rest[part.n:]
	}
	return s
}

// byAnswer parts the logits of examples by whether their questions can be answered.
func byAnswer(examples []example, logits []float64) (yes, no []float64) {
	for i, e := range examples {
		if e.question.Answerable {
			yes = append(yes, logits[i])
		} else {
			no = append(no, logits[i])
		}
	}
	return yes, no
}

// print shows what would be answered at some thresholds when the logit half is one half.
func (s spreads) print(out io.Writer, d data, half float64) {
	fmt.Fprintf(out, "\nconfidence, cross-validated: AUC %.4f over %d answerable and %d unanswerable questions of the talks\n",
		auc(s.answerable, s.unanswerable), len(s.answerable), len(s.unanswerable))
	s.printOwn(out, "the briefs alone", d.briefs, s.briefs, half)
	s.printOwn(out, "the talks among other news", d.large, s.large, half)
	fmt.Fprintf(out, "AUC %.4f over SQuAD's questions and the same without the paragraph that answers\n", auc(s.squad, s.squadBereft))
	fmt.Fprintf(out, "AUC %.4f over the same asked of a handful of paragraphs; answered %.3f, false answers %.3f\n",
		auc(s.small, s.smallBereft), above(s.small, half), above(s.smallBereft, half))
	fmt.Fprintln(out, "  threshold  answered  false answers  far-off answered  bereft answered  SQuAD answered  SQuAD bereft answered")
	for percent := 30; percent <= 70; percent += 5 {
		p := float64(percent) / 100
		t := half + math.Log(p/(1-p))
		fmt.Fprintf(out, "  %9.2f  %8.3f  %13.3f  %16.3f  %15.3f  %14.3f  %21.3f\n", p, above(s.answerable, t),
			above(s.unanswerable, t), above(s.far, t), above(s.bereft, t), above(s.squad, t), above(s.squadBereft, t))
	}
}

// printOwn tells how well our questions, asked of another record, are told apart.
func (s spreads) printOwn(out io.Writer, record string, examples []example, logits []float64, half float64) {
	yes, no := byAnswer(examples, logits)
	fmt.Fprintf(out, "AUC %.4f over %s; answered %.3f, false answers %.3f\n", auc(yes, no), record, above(yes, half), above(no, half))
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

// auc is the share of pairs in which the positive has the greater value, ties counting half.
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
