package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index/analysis"
	"parley/index/neighbours"
)

// Asker answers questions from one engine. It is safe for concurrent use.
type Asker struct {
	engine  Engine
	planner planner
	model   model
}

// NewAsker reads the embedded weights and word tables.
func NewAsker(engine Engine, lex *lexicon.Lexicon) (*Asker, error) {
	table, err := neighbours.Load()
	if err != nil {
		return nil, err
	}
	m, err := loadModel()
	if err != nil {
		return nil, err
	}
	return &Asker{
		engine:  engine,
		planner: planner{lexicon: lex, neighbours: table, analyzer: &analysis.Analyzer{}},
		model:   m,
	}, nil
}

// candidates is how many passages the first stage hands to the ranking.
const candidates = 60

// ranked is a candidate as the ranking sees it.
type ranked struct {
	*reading
	vector *vector
	score  float64
}

// rank finds and orders the passages for a plan.
func (a *Asker) rank(ctx context.Context, snap Snapshot, p *Plan) ([]ranked, error) {
	found, err := snap.Search(ctx, p.clauses(), candidates)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	list := make([]ranked, len(found))
	for i, c := range found {
		passage, err := snap.Passage(c.Ref)
		if err != nil {
			return nil, err
		}
		r := p.read(passage, a.planner.analyzer.Tokens(passage.Text), a.planner.analyzer.Tokens(passage.Source.Title))
		v := p.features(r, averageTerms)
		v[fFirstStage] = c.Score / found[0].Score
		list[i] = ranked{reading: r, vector: v}
	}
	compareDocuments(list)
	p.compareCandidates(list)
	for i := range list {
		list[i].score = a.model.score(list[i].vector)
	}
	slices.SortStableFunc(list, func(x, y ranked) int { return cmp.Compare(y.score, x.score) })
	return list, nil
}

// averageTerms is the passage length at which BM25 in the ranking normalises nothing.
const averageTerms = 45

// compareDocuments measures what needs the other candidates: how much a document speaks of the question elsewhere.
func compareDocuments(list []ranked) {
	sum := map[string]float64{}
	for _, r := range list {
		sum[r.Source.ID] += r.vector[fFirstStage]
	}
	for _, r := range list {
		r.vector[fSameDocument] = min(1, (sum[r.Source.ID]-r.vector[fFirstStage])/3)
	}
}

// compareCandidates measures coverage with the weights that tell these
// candidates apart: what all of them have says nothing.
func (p *Plan) compareCandidates(list []ranked) {
	local := make([]float64, len(p.concepts))
	for _, r := range list {
		for i, b := range r.best {
			local[i] += b
		}
	}
	total := 0.0
	for i, n := range local {
		local[i] = math.Log1p((float64(len(list))-n+0.5)/(n+0.5)) * math.Sqrt(p.weights[i])
		total += local[i]
	}
	byPlace := map[string]*reading{}
	for _, r := range list {
		byPlace[r.ID] = r.reading
	}
	for _, r := range list {
		before := byPlace[fmt.Sprintf("%s#%d", r.Source.ID, r.Number-1)]
		after := byPlace[fmt.Sprintf("%s#%d", r.Source.ID, r.Number+1)]
		for i, w := range local {
			around := r.best[i]
			for _, o := range []*reading{before, after} {
				if o != nil {
					around = max(around, 0.8*o.best[i])
				}
			}
			r.vector[fLocalCover] += w * r.best[i] / total
			r.vector[fLocalContext] += w * around / total
			r.vector[fContext] += p.weights[i] * around / p.idf
		}
		for _, s := range r.sentences {
			sum := 0.0
			for i, w := range local {
				sum += w * s[i]
			}
			r.vector[fLocalSentence] = max(r.vector[fLocalSentence], sum/total)
		}
		r.vector[fLocalWindow] = p.window(r.reading, local)
	}
}

// Ask answers one question.
func (a *Asker) Ask(ctx context.Context, q Question) (answer Answer, err error) {
	snap, err := a.engine.Snapshot()
	if err != nil {
		return Answer{}, err
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	p, err := a.planner.plan(q, snap)
	if err != nil {
		return Answer{}, err
	}
	list, err := a.rank(ctx, snap, p)
	if err != nil {
		return Answer{}, err
	}
	answer = Answer{Question: q.Text, Record: snap.Record(), Plan: p}
	for _, r := range list[:min(10, len(list))] {
		answer.Ranked = append(answer.Ranked, Hit{ID: r.ID, Text: r.Text, Start: r.Start, End: r.End, Source: r.Source, Score: r.score})
	}
	return answer, nil
}

// Examination is a question with its candidates and their features, for training.
type Examination struct {
	Plan     *Plan
	Names    []string
	Passages []*Passage
	Features [][]float64
}

// Examine finds the candidates of a question and their features.
func (a *Asker) Examine(ctx context.Context, q Question) (x Examination, err error) {
	snap, err := a.engine.Snapshot()
	if err != nil {
		return x, err
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	p, err := a.planner.plan(q, snap)
	if err != nil {
		return x, err
	}
	list, err := a.rank(ctx, snap, p)
	if err != nil {
		return x, err
	}
	x.Names, x.Plan = featureNames[:], p
	for _, r := range list {
		x.Passages = append(x.Passages, r.Passage)
		x.Features = append(x.Features, r.vector[:])
	}
	return x, nil
}

// Record describes the record as it is now.
func (a *Asker) Record() (Record, error) {
	snap, err := a.engine.Snapshot()
	if err != nil {
		return Record{}, err
	}
	return snap.Record(), snap.Close()
}

// Document returns a document's source and its passages in order; ok is false
// if the record has no such document.
func (a *Asker) Document(ctx context.Context, id string) (source corpus.Source, passages []*Passage, ok bool, err error) {
	snap, err := a.engine.Snapshot()
	if err != nil {
		return corpus.Source{}, nil, false, err
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	source, refs, ok, err := snap.Document(id)
	if err != nil || !ok {
		return corpus.Source{}, nil, false, err
	}
	for _, ref := range refs {
		p, err := snap.Passage(ref)
		if err != nil {
			return corpus.Source{}, nil, false, err
		}
		passages = append(passages, p)
	}
	return source, passages, true, nil
}
