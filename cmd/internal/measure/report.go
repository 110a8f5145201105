package measure

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Result is what was answered to a question.
type Result struct {
	Answered   bool
	Confidence float64
	Ranked     []Passage // the best passages in order, also where not answered
	Shown      []Passage // those that a user sees
	Took       time.Duration
}

// Figure is a measured share or value over N cases; without cases there is none.
type Figure struct {
	Name  string
	Value float64
	N     int
}

// MarshalJSON writes the value and its cases; a figure without cases has the value null.
func (f Figure) MarshalJSON() ([]byte, error) {
	var value *float64
	if f.N > 0 {
		value = &f.Value
	}
	return json.Marshal(struct {
		Name  string   `json:"name"`
		Value *float64 `json:"value"`
		N     int      `json:"n"`
	}{f.Name, value, f.N})
}

func (f Figure) String() string {
	if f.N == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f", f.Value)
}

// Report is what came out.
type Report struct {
	Questions  int `json:"questions"`
	Answerable int `json:"answerable"`
	// Figures are over all questions. Retrieval counts every question with relevant
	// passages, the others what their names say:
	//
	//	recall@K       a right passage is among the first K
	//	mrr@10         1/rank of the first right passage, 0 beyond 10
	//	auc            area under the ROC curve of confidence, answerable against not
	//	false_answers  share of the not answerable that were answered
	//	answers        share of the answerable that were answered
	//	first_right    share of those whose first shown passage is right
	//	p50_ms …       milliseconds a question, nearest rank
	Figures []Figure `json:"figures"`
	Kinds   []Kind   `json:"kinds"`
}

// Kind are the figures of the questions of one kind.
type Kind struct {
	Kind      string   `json:"kind"`
	Questions int      `json:"questions"`
	Figures   []Figure `json:"figures"`
}

// Measure compares results with their questions; both are in the same order.
func Measure(questions []Question, results []Result) Report {
	all := judge(questions, results)
	r := Report{Questions: len(all), Figures: slices.Concat(all.shares(), []Figure{all.auc()}, all.times())}
	byKind := map[string]cases{}
	for _, c := range all {
		if c.q.Answerable {
			r.Answerable++
		}
		kind := cmp.Or(c.q.Kind, "-")
		byKind[kind] = append(byKind[kind], c)
	}
	for kind, some := range byKind {
		r.Kinds = append(r.Kinds, Kind{kind, len(some), some.shares()})
	}
	slices.SortFunc(r.Kinds, func(a, b Kind) int { return strings.Compare(a.Kind, b.Kind) })
	return r
}

// Figure finds a figure by its name.
func (r Report) Figure(name string) (Figure, bool) {
	i := slices.IndexFunc(r.Figures, func(f Figure) bool { return f.Name == name })
	if i < 0 {
		return Figure{}, false
	}
	return r.Figures[i], true
}

type judged struct {
	q        Question
	r        Result
	rank     int // of the first right passage, from 1; 0: none
	shownHit bool
}

type cases []judged

func judge(questions []Question, results []Result) cases {
	all := make(cases, len(questions))
	for i, q := range questions {
		r := results[i]
		all[i] = judged{
			q: q, r: r,
			rank:     slices.IndexFunc(r.Ranked, q.Right) + 1,
			shownHit: len(r.Shown) > 0 && q.Right(r.Shown[0]),
		}
	}
	return all
}

func (cs cases) share(name string, counts, holds func(judged) bool) Figure {
	return cs.mean(name, counts, func(c judged) float64 {
		if holds(c) {
			return 1
		}
		return 0
	})
}

func (cs cases) mean(name string, counts func(judged) bool, value func(judged) float64) Figure {
	f := Figure{Name: name}
	for _, c := range cs {
		if counts(c) {
			f.Value += value(c)
			f.N++
		}
	}
	if f.N > 0 {
		f.Value /= float64(f.N)
	}
	return f
}

func (cs cases) shares() []Figure {
	retrieval := func(c judged) bool { return len(c.q.Relevant) > 0 }
	within := func(k int) func(judged) bool {
		return func(c judged) bool { return c.rank >= 1 && c.rank <= k }
	}
	answered := func(c judged) bool { return c.r.Answered }
	return []Figure{
		cs.share("recall@1", retrieval, within(1)),
		cs.share("recall@5", retrieval, within(5)),
		cs.share("recall@10", retrieval, within(10)),
		cs.mean("mrr@10", retrieval, func(c judged) float64 {
			if !within(10)(c) {
				return 0
			}
			return 1 / float64(c.rank)
		}),
		cs.share("false_answers", func(c judged) bool { return !c.q.Answerable }, answered),
		cs.share("answers", func(c judged) bool { return c.q.Answerable }, answered),
		cs.share("first_right", func(c judged) bool { return c.q.Answerable && c.r.Answered },
			func(c judged) bool { return c.shownHit }),
	}
}

// auc is the probability that an answerable question has a higher confidence than one
// that is not, ties counting half (Mann and Whitney 1947).
func (cs cases) auc() Figure {
	sorted := slices.Clone(cs)
	slices.SortFunc(sorted, func(a, b judged) int { return cmp.Compare(a.r.Confidence, b.r.Confidence) })
	var below, wins float64 // not answerable so far; answerable above not answerable
	var positive, negative int
	for i := 0; i < len(sorted); {
		var p, n int
		confidence := sorted[i].r.Confidence
		for ; i < len(sorted) && sorted[i].r.Confidence == confidence; i++ {
			if sorted[i].q.Answerable {
				p++
			} else {
				n++
			}
		}
		wins += float64(p) * (below + float64(n)/2)
		below += float64(n)
		positive, negative = positive+p, negative+n
	}
	f := Figure{Name: "auc"}
	if positive > 0 && negative > 0 {
		f.Value, f.N = wins/(float64(positive)*float64(negative)), positive+negative
	}
	return f
}

func (cs cases) times() []Figure {
	took := make([]time.Duration, len(cs))
	for i, c := range cs {
		took[i] = c.r.Took
	}
	slices.Sort(took)
	var figures []Figure
	for _, percent := range []int{50, 95, 99} {
		f := Figure{Name: fmt.Sprintf("p%d_ms", percent), N: len(took)}
		if len(took) > 0 {
			rank := (len(took)*percent + 99) / 100 // nearest rank, from 1
			f.Value = float64(took[rank-1].Microseconds()) / 1000
		}
		figures = append(figures, f)
	}
	return figures
}
