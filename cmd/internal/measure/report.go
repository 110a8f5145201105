package measure

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Result is the answer to a question, as far as it is measured.
type Result struct {
	Grade      string // one of Grades
	Confidence float64
	Ranked     []Passage // the best passages in order, whatever the grade
	Shown      []Passage // those that a user sees
	Took       time.Duration
}

// Grades are the grades of answers, from the surest.
var Grades = []string{"answer", "closest", "none"}

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

// Report holds the figures of a set of questions.
type Report struct {
	Questions  int `json:"questions"`
	Answerable int `json:"answerable"`
	// Figures are over all questions. Retrieval counts every question with relevant
	// passages, the others what their names say:
	//
	//	recall@K       a right passage is among the first K
	//	mrr@10         1/rank of the first right passage, 0 beyond 10
	//	auc            area under the ROC curve of confidence, answerable against not
	//	shown_right    share of the answerable with a right passage among those shown
	//	turns_right    the same of the turns of dialogues, and
	//	follow_ups_right  of those after the first
	//	false_answers  share of the not answerable that were graded an answer
	//	answers        share of the answerable that were graded an answer
	//	first_right    share of those whose first shown passage is right
	//	off_topic_none share of the off-topic that were graded none
	//	on_topic_none  share of all others that were graded none
	//	calibration    mean distance of the confidence from the observed share, over tenths
	//	               of the confidence (expected calibration error, Naeini et al. 2015)
	//	p50_ms …       milliseconds a question, nearest rank
	Figures     []Figure   `json:"figures"`
	Kinds       []Kind     `json:"kinds"`
	Languages   []Language `json:"languages"`
	Grades      []Grade    `json:"grades"`
	Reliability []Tenth    `json:"reliability"`
}

// Kind are the figures of the questions of one kind.
type Kind struct {
	Kind      string   `json:"kind"`
	Questions int      `json:"questions"`
	Figures   []Figure `json:"figures"`
}

// Language are the figures of the questions in one language.
type Language struct {
	Language  string   `json:"language"`
	Questions int      `json:"questions"`
	Figures   []Figure `json:"figures"`
}

// Grade counts the questions of one grade, and how often what was shown was right.
type Grade struct {
	Grade      string `json:"grade"`
	Questions  int    `json:"questions"`
	Answerable int    `json:"answerable"`
	OffTopic   int    `json:"off_topic"`
	ShownRight int    `json:"shown_right"` // of the answerable
}

// Tenth compares the confidence with what was so, for the questions of a tenth of its range.
type Tenth struct {
	From      float64 `json:"from"` // up to a tenth more
	Questions int     `json:"questions"`
	Said      float64 `json:"said"`     // mean confidence
	Observed  float64 `json:"observed"` // share with a right passage among the first five
}

// Measure compares results with their questions; both are in the same order.
func Measure(questions []Question, results []Result) Report {
	all := judge(questions, results)
	r := Report{Questions: len(all), Grades: all.grades(), Reliability: all.reliability()}
	r.Figures = slices.Concat(all.shares(), []Figure{all.auc(), calibrationError(r.Reliability)}, all.times())
	byKind, byLanguage := map[string]cases{}, map[string]cases{}
	for _, c := range all {
		if c.q.Answerable {
			r.Answerable++
		}
		kind, language := cmp.Or(c.q.Kind, "-"), cmp.Or(c.q.Language, "en")
		byKind[kind] = append(byKind[kind], c)
		byLanguage[language] = append(byLanguage[language], c)
	}
	for language, some := range byLanguage {
		r.Languages = append(r.Languages, Language{language, len(some), some.shares()})
	}
	slices.SortFunc(r.Languages, func(a, b Language) int { return strings.Compare(a.Language, b.Language) })
	for kind, some := range byKind {
		r.Kinds = append(r.Kinds, Kind{kind, len(some), some.shares()})
	}
	slices.SortFunc(r.Kinds, func(a, b Kind) int { return strings.Compare(a.Kind, b.Kind) })
	return r
}

// Figure finds a figure by its name; "shown_right/uk" is that of the questions in a language.
func (r Report) Figure(name string) (Figure, bool) {
	figures := r.Figures
	name, language, ok := strings.Cut(name, "/")
	if ok {
		i := slices.IndexFunc(r.Languages, func(l Language) bool { return l.Language == language })
		if i < 0 {
			return Figure{}, false
		}
		figures = r.Languages[i].Figures
	}
	i := slices.IndexFunc(figures, func(f Figure) bool { return f.Name == name })
	if i < 0 {
		return Figure{}, false
	}
	return figures[i], true
}

type judged struct {
	q          Question
	r          Result
	rank       int  // of the first right passage, from 1; 0: none
	firstShown bool // the first passage that is shown is right
	shownRight bool // one of those that are shown is right
}

type cases []judged

func judge(questions []Question, results []Result) cases {
	all := make(cases, len(questions))
	for i, q := range questions {
		r := results[i]
		all[i] = judged{
			q: q, r: r,
			rank:       slices.IndexFunc(r.Ranked, q.Right) + 1,
			firstShown: len(r.Shown) > 0 && q.Right(r.Shown[0]),
			shownRight: slices.ContainsFunc(r.Shown, q.Right),
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
	answerable := func(c judged) bool { return c.q.Answerable }
	graded := func(grade string) func(judged) bool {
		return func(c judged) bool { return c.r.Grade == grade }
	}
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
		cs.share("shown_right", answerable, func(c judged) bool { return c.shownRight }),
		cs.share("turns_right", func(c judged) bool { return c.q.Answerable && c.q.Turn > 0 },
			func(c judged) bool { return c.shownRight }),
		cs.share("follow_ups_right", func(c judged) bool { return c.q.Answerable && c.q.Turn > 1 },
			func(c judged) bool { return c.shownRight }),
		cs.share("false_answers", func(c judged) bool { return !c.q.Answerable }, graded("answer")),
		cs.share("answers", answerable, graded("answer")),
		cs.share("first_right", func(c judged) bool { return c.q.Answerable && c.r.Grade == "answer" },
			func(c judged) bool { return c.firstShown }),
		cs.share("off_topic_none", func(c judged) bool { return c.q.OffTopic() }, graded("none")),
		cs.share("on_topic_none", func(c judged) bool { return !c.q.OffTopic() }, graded("none")),
	}
}

func (cs cases) grades() []Grade {
	grades := make([]Grade, len(Grades))
	for i, name := range Grades {
		g := &grades[i]
		g.Grade = name
		for _, c := range cs {
			if c.r.Grade != name {
				continue
			}
			g.Questions++
			switch {
			case c.q.Answerable && c.shownRight:
				g.Answerable++
				g.ShownRight++
			case c.q.Answerable:
				g.Answerable++
			case c.q.OffTopic():
				g.OffTopic++
			}
		}
	}
	return grades
}

// reliability sorts the questions into tenths of the confidence; those without any are left out.
func (cs cases) reliability() (filled []Tenth) {
	const parts, shown = 10, 5
	var tenths [parts]Tenth
	for _, c := range cs {
		t := &tenths[min(int(c.r.Confidence*parts), parts-1)]
		t.Questions++
		t.Said += c.r.Confidence
		if c.q.Answerable && c.rank >= 1 && c.rank <= shown {
			t.Observed++
		}
	}
	for i, t := range tenths {
		if n := float64(t.Questions); n > 0 {
			filled = append(filled, Tenth{float64(i) / parts, t.Questions, t.Said / n, t.Observed / n})
		}
	}
	return filled
}

// calibrationError is the mean distance of what was said from what was observed.
func calibrationError(tenths []Tenth) Figure {
	f := Figure{Name: "calibration"}
	for _, t := range tenths {
		f.Value += float64(t.Questions) * math.Abs(t.Said-t.Observed)
		f.N += t.Questions
	}
	if f.N > 0 {
		f.Value /= float64(f.N)
	}
	return f
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
