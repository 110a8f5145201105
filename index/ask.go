package index

import (
	"context"
	"math"
	"parley/corpus"
	"slices"
	"time"
)

// Ask answers one question. A question without a word to look for is answered with no.
func (a *Asker) Ask(ctx context.Context, q Question) (answer Answer, err error) {
	err = a.view(func(snap Snapshot) error {
		p, list, err := a.find(ctx, snap, q, nil)
		if err != nil {
			return err
		}
		answer = a.answer(p, list, snap.Record(), q)
		return nil
	})
	return answer, err
}

// Plan returns how the last of some questions of one conversation is understood, without
// looking for answers; nil for none.
func (a *Asker) Plan(ctx context.Context, now time.Time, questions ...string) (plan *Plan, err error) {
	err = a.view(func(snap Snapshot) error {
		for _, text := range questions {
			if err := ctx.Err(); err != nil {
				return err
			}
			if plan, err = a.planner.plan(Question{Text: text, Previous: plan, Now: now}, snap); err != nil {
				return err
			}
		}
		return nil
	})
	return plan, err
}

// find reads the question and ranks the passages for it.
func (a *Asker) find(ctx context.Context, snap Snapshot, q Question, skip func(*Passage) bool) (*Plan, []ranked, error) {
	p, err := a.planner.plan(q, snap)
	if err != nil || len(p.concepts) == 0 {
		return p, nil, err
	}
	list, err := a.rank(ctx, snap, p, skip)
	return p, list, err
}

// answer decides what is shown of the ranked passages.
func (a *Asker) answer(p *Plan, list []ranked, record Record, q Question) Answer {
	answer := Answer{Question: q.Text, Record: record, Plan: p, Repairs: p.Repairs, Passages: []Hit{}}
	ordered := p.order(list)
	hits := map[string]Hit{} // by passage: most of what is shown is also ranked high
	for _, r := range ordered[:min(maxRanked, len(ordered))] {
		hits[r.ID] = p.hit(r)
		answer.Ranked = append(answer.Ranked, hits[r.ID])
	}
	evidence := p.evidence(ordered)
	answer.Confidence = a.confidence(p, list, evidence, record)
	if answer.Answered = answer.Confidence >= threshold; !answer.Answered {
		answer.Why = p.unanswered(a.planner.name)
		answer.Nearest = nearestTitles(list)
		return answer
	}
	answer.Coverage = coverage(evidence)
	switch {
	case p.compares():
		if sides, balance := p.sideBySide(ordered, q.Now); len(balance.Order) > 1 {
			evidence, answer.Balance = sides, balance
		}
	case p.disputed():
		evidence, answer.Balance = a.planner.balance(p, evidence, q.Now)
	}
	for _, r := range evidence[:min(maxShown, len(evidence))] {
		h, ok := hits[r.ID]
		if !ok {
			h = p.hit(r)
		}
		answer.Passages = append(answer.Passages, h)
	}
	return answer
}

// confidence is the probability that the evidence answers.
func (a *Asker) confidence(p *Plan, list, evidence []ranked, record Record) float64 {
	if p.browses() && len(evidence) > 0 {
		return browsedConfidence
	}
	confidence := a.model.confidence(p.doubts(list, record))
	if p.browses() {
		confidence /= missedDoubt
	}
	return confidence
}

// order is the order in which passages are shown: the newest first where the latest is asked for.
func (p *Plan) order(list []ranked) []ranked {
	if !p.Latest || p.browses() || len(list) == 0 {
		return list
	}
	list = slices.Clone(list)
	n := 0
	for n < len(list) && list[0].score-list[n].score <= latestMargin {
		n++
	}
	slices.SortStableFunc(list[:n], func(x, y ranked) int { return y.Source.Published.Compare(x.Source.Published) })
	return list
}

// latestMargin is how far below the best a passage may be to come first for being newer.
const latestMargin = 1.0

// evidence are the passages that are evidence themselves, in their order.
func (p *Plan) evidence(list []ranked) []ranked {
	if p.browses() {
		return p.browsed(list)
	}
	margin := evidenceMargin
	if p.Latest {
		margin = latestMargin // so that all that is shown is the newest first
	}
	best := math.Inf(-1)
	for _, r := range list {
		best = max(best, r.score)
	}
	return slices.DeleteFunc(slices.Clone(list), func(r ranked) bool { return best-r.score > margin })
}

// A passage may be shown, or counted, when its score is at most this far below
// the best: about a tenth as likely to answer, by the model of the ranking.
const evidenceMargin = 2.3

// hit makes a ranked passage into one to show.
func (p *Plan) hit(r ranked) Hit {
	h := Hit{
		ID: r.ID, Text: r.Text, Start: r.Start, End: r.End, Score: r.score, Source: r.Source, AlsoIn: r.also,
		Matches: r.matches(), Speakers: []string{}, Topics: slices.Clone(r.Topics),
	}
	h.Excerpt, h.Key = p.excerpt(r.reading)
	if h.Topics == nil {
		h.Topics = []string{}
	}
	for _, s := range r.Says {
		if r.Sentences[s.Sentence] == h.Key && len(s.Actors) > 0 {
			h.Speakers, h.Speaker = s.Actors, s.Speaker
		}
	}
	return h
}

// threshold is the confidence below which the record is said to have nothing:
// the training places it at the rate of false answers that is still borne.
const threshold = 0.5

// unanswered says in a sentence what was looked for.
func (p *Plan) unanswered(name func(id string) string) string {
	var about []string
	for _, id := range slices.Concat(p.Actors, p.Topics) {
		about = append(about, name(id))
	}
	var words []string
	for _, c := range p.concepts {
		if c.actor == "" && !c.dated && !c.topical && !frameWords[c.terms[0]] && c.to > c.from && len(words) < 6 {
			words = append(words, "“"+clip(p.tokens[c.from].Text)+"”")
		}
	}
	switch {
	case len(about) == 0 && len(words) == 0:
		return "The question has no word to look for."
	case len(about) == 0:
		return "Looked for " + enumerate(words) + "; no passage of the record says enough to answer."
	case len(words) == 0:
		return "Looked for " + enumerate(about) + "; no passage of the record says enough to answer."
	}
	return "Looked for " + enumerate(about) + " together with " + enumerate(words) + "; no passage of the record says enough to answer."
}

// longestNamed is the number of characters of a word that are repeated to who asked.
const longestNamed = 40

// clip cuts what is longer than any word.
func clip(word string) string {
	if r := []rune(word); len(r) > longestNamed {
		return string(r[:longestNamed]) + "…"
	}
	return word
}

// enumerate joins with commas and "and".
func enumerate(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	s := list[0]
	for _, x := range list[1 : len(list)-1] {
		s += ", " + x
	}
	return s + " and " + list[len(list)-1]
}

// coverage sums up the documents of the evidence.
func coverage(evidence []ranked) *Coverage {
	c := &Coverage{}
	documents, publishers := map[string]bool{}, map[string]bool{}
	for _, r := range evidence {
		for _, s := range append([]corpus.Source{r.Source}, r.also...) {
			documents[s.ID], publishers[s.Publisher] = true, true
			if d := s.Published; !d.IsZero() {
				if c.From.IsZero() || d.Compare(c.From) < 0 {
					c.From = d
				}
				if d.Compare(c.To) > 0 {
					c.To = d
				}
			}
		}
	}
	c.Documents, c.Publishers = len(documents), len(publishers)
	return c
}

// nearestTitles are titles of documents that share something with the question.
func nearestTitles(list []ranked) (titles []string) {
	for _, r := range list {
		if r.vector[fCoverTitle] >= nearCover && !slices.Contains(titles, r.Source.Title) && len(titles) < maxNearest {
			titles = append(titles, r.Source.Title)
		}
	}
	return titles
}

// What must be shared with the question to be named as near, and how many are named.
const (
	nearCover  = 0.35
	maxNearest = 3
)

// Examination is a question with its candidates and their features, best
// first, and the features of the confidence: what the weights are trained on.
type Examination struct {
	Plan            *Plan
	Names           []string // of Features
	Passages        []*Passage
	Features        [][]float64
	ConfidenceNames []string // of Confidence
	Confidence      []float64
}

// Examine finds the candidates of a question and their features. Passages for
// which skip, if not nil, returns true are left out, as if the record lacked them:
// so a question with an answer becomes one without.
func (a *Asker) Examine(ctx context.Context, q Question, skip func(*Passage) bool) (x Examination, err error) {
	err = a.view(func(snap Snapshot) error {
		p, list, err := a.find(ctx, snap, q, skip)
		if err != nil {
			return err
		}
		x = Examination{Plan: p, Names: featureNames[:], ConfidenceNames: doubtNames[:], Confidence: p.doubts(list, snap.Record())[:]}
		for _, r := range list {
			x.Passages = append(x.Passages, r.Passage)
			x.Features = append(x.Features, r.vector[:])
		}
		return nil
	})
	return x, err
}
