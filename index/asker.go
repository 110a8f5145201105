package index

import (
	"context"
	"errors"
	"slices"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/passage"
	"parley/corpus/statement"
	"parley/index/analysis"
	"parley/index/neighbours"
)

// Catalogue lists the documents of the record and who published them.
type Catalogue interface {
	// Publishers returns who published the documents of the record, by name.
	Publishers() []Publisher
	// Document fetches a document's source and the refs of its passages in order; ok is
	// false if the record has no such document.
	Document(id string) (source corpus.Source, refs []uint64, ok bool, err error)
}

// Asker answers questions from one engine. It is safe for concurrent use.
type Asker struct {
	engine   Engine
	planner  planner
	model    model
	analysed *lru.Cache[*Passage, *passageTerms]
}

// cachedTerms is the number of analysed passages that are remembered, of about 8 KB each.
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
	analysed, err := lru.New[*Passage, *passageTerms](cachedTerms)
	if err != nil {
		return nil, err
	}
	analyzer := &analysis.Analyzer{}
	return &Asker{engine: engine, model: m, analysed: analysed, planner: planner{
		lexicon: lex, sides: lex.Sides(), topicWords: topicWords(lex, analyzer),
		analyzer: analyzer, neighbours: table, splitter: &passage.Splitter{}, extractor: statement.New(lex),
	}}, nil
}

// view calls use with a snapshot of the record, which it closes afterwards.
func (a *Asker) view(use func(Snapshot) error) error {
	snap, err := a.engine.Snapshot()
	if err != nil {
		return err
	}
	return errors.Join(use(snap), snap.Close())
}

// Record returns what describes the record as it is now.
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
func (a *Asker) Document(
	ctx context.Context, id string,
) (source corpus.Source, passages []*Passage, ok bool, err error) {
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
