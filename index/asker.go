package index

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/passage"
	"parley/corpus/statement"
	"parley/index/analysis"
	"parley/index/neighbours"
)

// Asker answers questions from one engine. It is safe for concurrent use.
type Asker struct {
	engine   Engine
	planner  planner
	model    model
	analysed *lru.Cache[*Passage, *passageTerms]
}

// cachedTerms is how many analysed passages are remembered, of about 8 KB each.
const cachedTerms = 3000

// NewAsker reads the embedded weights and word tables.
func NewAsker(engine Engine, lex *lexicon.Lexicon) (*Asker, error) {
	table, err := neighbours.Load()
	if err != nil {
		return nil, err
	}
	m, err := loadModel(weightsJSON)
	if err != nil {
		return nil, err
	}
	a := &Asker{engine: engine, model: m, planner: planner{
		lexicon: lex, neighbours: table, analyzer: &analysis.Analyzer{}, splitter: &passage.Splitter{}, extractor: statement.New(lex), sides: lex.Sides(),
	}}
	a.planner.generic = a.planner.topicNames()
	a.analysed, err = lru.New[*Passage, *passageTerms](cachedTerms)
	return a, err
}

// view gives use a snapshot of the record, and closes it.
func (a *Asker) view(use func(Snapshot) error) error {
	snap, err := a.engine.Snapshot()
	if err != nil {
		return err
	}
	return errors.Join(use(snap), snap.Close())
}

// Numbers of passages.
const (
	maxShown  = 5
	maxRanked = 10
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

// name is the name of an actor or the label of a topic.
func (pl *planner) name(id string) string {
	if actor, ok := pl.lexicon.Actor(id); ok {
		return actor.Name
	}
	if topic, ok := pl.lexicon.Topic(id); ok {
		return topic.Label
	}
	return id
}

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

// A passage may be shown, or counted, when its score is at most this far below
// the best: about a tenth as likely to answer, by the model of the ranking.
const evidenceMargin = 2.3

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

// latestMargin is how far below the best a passage may be to come first for being newer.
const latestMargin = 1.0

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

// What must be shared with the question to be named as near, and how many are named.
const (
	nearCover  = 0.35
	maxNearest = 3
)

// nearestTitles are titles of documents that share something with the question.
func nearestTitles(list []ranked) (titles []string) {
	for _, r := range list {
		if r.vector[fCoverTitle] >= nearCover && !slices.Contains(titles, r.Source.Title) && len(titles) < maxNearest {
			titles = append(titles, r.Source.Title)
		}
	}
	return titles
}

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

// Record describes the record as it is now.
func (a *Asker) Record() (record Record, err error) {
	err = a.view(func(snap Snapshot) error {
		record = snap.Record()
		return nil
	})
	return record, err
}

// Publishers returns who published the documents of the record, those with most first.
func (a *Asker) Publishers() (list []Publisher, err error) {
	err = a.view(func(snap Snapshot) error {
		list = slices.Clone(snap.Publishers())
		return nil
	})
	slices.SortStableFunc(list, func(x, y Publisher) int { return y.Documents - x.Documents })
	return list, err
}

// Document returns a document's source and its passages in order; ok is false
// if the record has no such document.
func (a *Asker) Document(ctx context.Context, id string) (source corpus.Source, passages []*Passage, ok bool, err error) {
	err = a.view(func(snap Snapshot) error {
		var refs []uint64
		source, refs, ok, err = snap.Document(id)
		if err != nil {
			return err
		}
		for _, ref := range refs {
			if err := ctx.Err(); err != nil {
				return err
			}
			p, err := snap.Passage(ref)
			if err != nil {
				return err
			}
			passages = append(passages, p)
		}
		return nil
	})
	return source, passages, ok, err
}
