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
	judgeFolds      = 8
	farWeight       = 120 // SQuAD's questions asked of the talks, and ours asked of SQuAD's articles
	briefsWeight    = 0.7 // ours asked of the first briefs alone
	devNegatives    = 2.0 // ours without an answer: most of what is asked in vain was not thought of
	briefsNegatives = 1.0 // the same of the briefs alone, which are easier to tell
	largeShare      = 0.3 // ours asked of the talks among other news, where some that have no answer may have one
	squadWeight     = 200 // SQuAD's questions asked of its articles, and as much again without the paragraph that answers
)

type row struct {
	x        []float64
	positive bool
	weight   float64
}

// lesson is a set of examples that a judge learns from.
type lesson struct {
	what     string
	examples []example
	weight   func(example) float64
	positive func(example) bool
	asked    bool // of a record like those of users: the judge is calibrated on these
}

// trained is a judge with the probability from which it counts.
type trained struct {
	*boosted
	from, fromTranslated float64
}

// goals are the shares of mistakes at which the judges' thresholds are placed.
type goals struct {
	falseAnswers float64 // of the unanswerable questions that are answered, and
	translated   float64 // of those whose words were translated, which proves less
	offTopic     float64 // of the messages about something else that are taken for questions
}

// trainAnswers fits the probability that the passages shown answer, places the threshold
// at the share of false answers that is borne, and prints how well it does on questions
// that it was not fitted to.
func trainAnswers(out io.Writer, d data, g goals) trained {
	evened := func(examples []example, each, negative float64) func(example) float64 {
		even := evenKinds(examples)
		return func(e example) float64 {
			if e.question.Answerable {
				return each
			}
			return each * negative * even[e.kind]
		}
	}
	together := func(examples []example, total float64) func(example) float64 {
		return func(example) float64 { return share(total, examples) }
	}
	never := func(example) bool { return false }
	lessons := []lesson{
		{"the talks", d.dev, evened(d.dev, 1, devNegatives), example.answered, true},
		{"all briefs", d.grown, evened(d.grown, 1, 1), example.answered, true},
		{"the first briefs", d.briefs, evened(d.briefs, briefsWeight, briefsNegatives), example.answered, false},
		{"the talks among other news", d.large, evened(d.large, largeShare, devNegatives), example.answered, false},
		{"SQuAD, asked of the talks", d.far, together(d.far, farWeight), never, false},
		{"SQuAD", d.squad, together(d.squad, squadWeight), example.answered, false},
		{"SQuAD without the paragraph", d.squadBereft, together(d.squadBereft, squadWeight), never, false},
		{"SQuAD by the handful", d.small, together(d.small, squadWeight), example.answered, false},
		{"the same without", d.smallBereft, together(d.smallBereft, squadWeight/2), never, false},
	}
	fmt.Fprintln(out, "\nthe passages shown answer, cross-validated")
	return train(out, lessons, func(l lesson, e example) bool { return l.asked && !e.question.Answerable }, g.falseAnswers, g.translated)
}

// trainAbout fits the probability that the record is about a question, and places the
// threshold at the share of other messages that may pass.
func trainAbout(out io.Writer, d data, offTopic float64) trained {
	each := func(weight float64) func(example) float64 { return func(example) float64 { return weight } }
	onTopic := func(e example) bool { return !e.offTopic() }
	always, never := func(example) bool { return true }, func(example) bool { return false }
	lessons := []lesson{
		{"the talks", d.dev, each(1), onTopic, true},
		{"all briefs", d.grown, each(1), onTopic, true},
		{"messages", d.chat, each(1), onTopic, true},
		{"the first briefs", d.briefs, each(briefsWeight), onTopic, false},
		{"the talks among other news", d.large, each(largeShare), onTopic, false},
		{"SQuAD, asked of the talks", d.far, each(share(farWeight, d.far)), never, false},
		{"ours, asked of SQuAD", d.strange, each(share(farWeight, d.strange)), never, false},
		{"SQuAD", d.squad, each(share(squadWeight, d.squad)), always, false},
		{"SQuAD without the paragraph", d.squadBereft, each(share(squadWeight, d.squadBereft)), always, false},
	}
	fmt.Fprintln(out, "\nthe record is about the question, cross-validated")
	return train(out, lessons, func(l lesson, e example) bool { return l.asked && e.offTopic() }, offTopic, offTopic)
}

// train fits a judge, calibrates it on the examples that are like a user's, and places its
// thresholds where the given shares of the wrong examples reach them.
func train(out io.Writer, lessons []lesson, wrong func(lesson, example) bool, mistakes, translated float64) trained {
	var rows []row
	var keys []string
	for _, l := range lessons {
		for _, e := range l.examples {
			rows = append(rows, row{e.signals, l.positive(e), l.weight(e)})
			keys = append(keys, e.foldKey())
		}
	}
	logits := crossLogits(rows, folds(keys, judgeFolds), judgeFolds)
	var like []row
	var mistaken, mistakenTranslated []float64
	i := 0
	for _, l := range lessons {
		for _, e := range l.examples {
			if l.asked {
				like = append(like, row{[]float64{logits[i], 1}, rows[i].positive, 1})
			}
			switch {
			case !wrong(l, e):
			case e.translated():
				mistakenTranslated = append(mistakenTranslated, logits[i])
			default:
				mistaken = append(mistaken, logits[i])
			}
			i++
		}
	}
	line := calibrate(like)
	half, halfTranslated := bound(mistaken, mistakes), bound(mistakenTranslated, translated)
	b := boost(rows)
	b.scale(line[0], line[1])
	t := trained{b, sigmoid(line[0]*half + line[1]), sigmoid(line[0]*halfTranslated + line[1])}
	fmt.Fprintf(out, "  probability from which it counts: %.3f, translated %.3f\n", t.from, t.fromTranslated)
	fmt.Fprintf(out, "  %-28s  positive  taken  negative  taken     AUC\n", "asked of")
	i = 0
	for _, l := range lessons {
		var yes, no []float64
		for _, e := range l.examples {
			to, logit := &no, logits[i]-half
			if e.translated() {
				logit = logits[i] - halfTranslated
			}
			if rows[i].positive {
				to = &yes
			}
			*to = append(*to, logit)
			i++
		}
		fmt.Fprintf(out, "  %-28s  %8d  %5.3f  %8d  %5.3f  %6.4f\n",
			l.what, len(yes), above(yes, 0), len(no), above(no, 0), auc(yes, no))
	}
	printReliability(out, like, line)
	return t
}

// calibrate finds the line from a logit to that of the observed share (Platt 1999).
func calibrate(rows []row) []float64 {
	return minimise(2, 2000, func(w, grad []float64) {
		clear(grad)
		for _, r := range rows {
			y := 0.0
			if r.positive {
				y = 1
			}
			addTo(grad, (sigmoid(dot(w, r.x))-y)/float64(len(rows)), r.x)
		}
	})
}

// printReliability compares what was said with what was so, in tenths of the probability.
func printReliability(out io.Writer, rows []row, line []float64) {
	const parts = 10
	var said, so, n [parts]float64
	for _, r := range rows {
		p := sigmoid(dot(line, r.x))
		i := min(int(p*parts), parts-1)
		said[i] += p
		n[i]++
		if r.positive {
			so[i]++
		}
	}
	fmt.Fprintln(out, "  probability  observed  examples")
	for i := range n {
		if n[i] > 0 {
			fmt.Fprintf(out, "  %11.3f  %8.3f  %8.0f\n", said[i]/n[i], so[i]/n[i], n[i])
		}
	}
}

// answered reports whether a right passage is among those that would be shown.
func (e example) answered() bool {
	return e.question.Answerable && slices.Contains(e.right[:min(len(e.right), shownPassages)], true)
}

const shownPassages = 5 // in an answer

// translated reports whether words of the question were translated.
func (e example) translated() bool { return e.question.Language == "uk" || e.question.Language == "ru" }

// offTopic reports whether an example is no question about the record.
func (e example) offTopic() bool { return e.question.OffTopic() }

// foldKey keeps questions on one document in one fold.
func (e example) foldKey() string {
	if e.question.Near != "" {
		return e.question.Near
	}
	if len(e.question.Relevant) > 0 {
		return e.question.Relevant[0].Doc
	}
	return e.question.ID
}

// evenKinds returns the weight of a question without an answer, by its kind, so that all
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

// share is the weight of one example where all together weigh total.
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
