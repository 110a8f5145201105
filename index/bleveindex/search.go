package bleveindex

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleveindex "github.com/blevesearch/bleve_index_api"

	"parley/corpus"
	"parley/index"
	"parley/index/bm25"
)

// snapshot is one state of the index.
type snapshot struct {
	store    *store
	contents *Contents
	reader   *scorch.IndexSnapshot
}

func (s *snapshot) Close() error { return s.reader.Close() }

func (s *snapshot) Record() index.Record { return s.contents.Record }

// DocFreq implements index.Snapshot.
func (s *snapshot) DocFreq(f index.Field, term string) (n int, err error) {
	defer recoverCorrupt(&err)()
	postings, err := s.reader.TermFieldReader(context.Background(), []byte(term), string(f), false, false, false)
	if err != nil {
		return 0, fmt.Errorf("postings of %s:%s: %w", f, term, err)
	}
	return int(postings.Count()), postings.Close()
}

// Search implements index.Snapshot with MaxScore over bleve's postings.
func (s *snapshot) Search(ctx context.Context, clauses []index.Clause, k int) (found []index.Candidate, err error) {
	defer recoverCorrupt(&err)()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var cursors []*cursor
	defer func() {
		for _, c := range cursors {
			err = errors.Join(err, c.postings.Close())
		}
	}()
	lists := make([]bm25.List, 0, len(clauses))
	for _, clause := range clauses {
		c, err := s.open(ctx, clause)
		if err != nil {
			return nil, err
		}
		cursors = append(cursors, c)
		if c.doc != bm25.End {
			lists = append(lists, bm25.List{Cursor: c, Bound: c.bound()})
		}
	}
	hits, err := bm25.Top(lists, k)
	if err != nil {
		return nil, err
	}
	found = make([]index.Candidate, len(hits))
	for i, h := range hits {
		found[i] = index.Candidate{Ref: h.Doc, Score: h.Score}
	}
	return found, nil
}

// commonShare is the share of the passages above which a term is too common for an expansion.
const commonShare = 0.03

// open puts a cursor on the first posting of a clause.
func (s *snapshot) open(ctx context.Context, clause index.Clause) (*cursor, error) {
	scored := clause.Field == index.FieldText || clause.Field == index.FieldTitle
	postings, err := s.reader.TermFieldReader(ctx, []byte(clause.Term), string(clause.Field), scored, scored, false)
	if err != nil {
		return nil, fmt.Errorf("postings of %s:%s: %w", clause.Field, clause.Term, err)
	}
	c := &cursor{ctx: ctx, postings: postings, weight: clause.Weight, doc: bm25.End}
	if clause.Expansion && float64(postings.Count()) > commonShare*float64(s.contents.Record.Passages) {
		return c, nil
	}
	if scored {
		c.weight *= bm25.IDF(int(postings.Count()), s.contents.Record.Passages)
		c.average = s.contents.averageLength(clause.Field)
	}
	if err := c.Next(); err != nil {
		return nil, errors.Join(err, postings.Close())
	}
	return c, nil
}

// cursor walks a bleve posting list for package bm25.
type cursor struct {
	ctx      context.Context
	postings bleveindex.TermFieldReader
	posting  bleveindex.TermFieldDoc
	doc      uint64
	weight   float64
	average  float64 // length of the field; 0 for one that only has a weight
	steps    int
}

func (c *cursor) Doc() uint64 { return c.doc }

func (c *cursor) bound() float64 {
	if c.average == 0 {
		return c.weight
	}
	return c.weight * bm25.MaxTF
}

func (c *cursor) Score() float64 {
	if c.average == 0 {
		return c.weight
	}
	// bleve's norm is 1/sqrt(length), rounded to a float32: exact again after rounding.
	length := math.Round(1 / (c.posting.Norm * c.posting.Norm))
	return c.weight * bm25.TF(float64(c.posting.Freq), length, c.average)
}

func (c *cursor) Next() error {
	p, err := c.postings.Next(c.posting.Reset())
	return c.moved(p, err)
}

func (c *cursor) Seek(doc uint64) error {
	if c.doc >= doc {
		return nil
	}
	p, err := c.postings.Advance(bleveindex.NewIndexInternalID(nil, doc), c.posting.Reset())
	return c.moved(p, err)
}

// stepsBetweenChecks is how many postings are read between two looks at the context.
const stepsBetweenChecks = 4096

func (c *cursor) moved(p *bleveindex.TermFieldDoc, err error) error {
	if c.steps++; c.steps%stepsBetweenChecks == 0 && c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("read postings: %w", err)
	}
	c.doc = bm25.End
	if p != nil {
		c.doc = p.ID.Value()
	}
	return nil
}

// Passage implements index.Snapshot.
func (s *snapshot) Passage(ref uint64) (p *index.Passage, err error) {
	defer recoverCorrupt(&err)()
	at, err := s.place(ref)
	if err != nil {
		return nil, err
	}
	if p, ok := s.store.passages.Get(at); ok {
		return p, nil
	}
	stored, err := s.stored(ref)
	if err != nil {
		return nil, err
	}
	p = &index.Passage{}
	p.ID, p.Text = stored["_id"], stored[fieldBody]
	if err := decodeNotes([]byte(stored[fieldNotes]), p); err != nil {
		return nil, fmt.Errorf("passage %s: %w", p.ID, err)
	}
	doc, _, _ := strings.Cut(p.ID, "#")
	source, ok, err := s.source(doc)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("passage %s: %w: its document is missing", p.ID, ErrCorrupt)
	}
	p.Source = source
	s.store.passages.Add(at, p)
	return p, nil
}

// stored fetches the stored fields of a bleve document.
func (s *snapshot) stored(ref uint64) (map[string]string, error) {
	fields := make(map[string]string, 4)
	segment, number, err := s.find(ref)
	if err != nil {
		return nil, err
	}
	err = segment.VisitDocument(number, func(field string, _ byte, value []byte, _ []uint64) bool {
		fields[field] = string(value)
		return true
	})
	return fields, err
}

// find finds the segment of a bleve document and its number there.
func (s *snapshot) find(ref uint64) (*scorch.SegmentSnapshot, uint64, error) {
	number := ref
	for _, segment := range s.reader.Segments() {
		size := uint64(segment.FullSize())
		if number < size {
			return segment, number, nil
		}
		number -= size
	}
	return nil, 0, fmt.Errorf("%w: no stored passage %d", ErrCorrupt, ref)
}

// place is where a bleve document stands, whatever the snapshot.
func (s *snapshot) place(ref uint64) (place, error) {
	segment, number, err := s.find(ref)
	if err != nil {
		return place{}, err
	}
	return place{segment.Id(), number}, nil
}

// source fetches a document's source.
func (s *snapshot) source(id string) (source corpus.Source, ok bool, err error) {
	ref, ok, err := s.ref(id)
	if !ok || err != nil {
		return corpus.Source{}, false, err
	}
	at, err := s.place(ref)
	if err != nil {
		return corpus.Source{}, false, err
	}
	if source, ok := s.store.sources.Get(at); ok {
		return source, true, nil
	}
	stored, err := s.stored(ref)
	if err != nil {
		return corpus.Source{}, false, err
	}
	if err := json.Unmarshal([]byte(stored[fieldSource]), &source); err != nil {
		return corpus.Source{}, false, fmt.Errorf("document %s: %w: %w", id, ErrCorrupt, err)
	}
	s.store.sources.Add(at, source)
	return source, true, nil
}

// ref finds a bleve document by its id.
func (s *snapshot) ref(id string) (ref uint64, ok bool, err error) {
	internal, err := s.reader.InternalID(id)
	if err != nil || internal == nil {
		return 0, false, err
	}
	return internal.Value(), true, nil
}

// Document implements index.Snapshot.
func (s *snapshot) Document(id string) (source corpus.Source, refs []uint64, ok bool, err error) {
	defer recoverCorrupt(&err)()
	if strings.Contains(id, "#") {
		return corpus.Source{}, nil, false, nil
	}
	if source, ok, err = s.source(id); !ok || err != nil {
		return corpus.Source{}, nil, false, err
	}
	for {
		ref, found, err := s.ref(passageID(id, len(refs)))
		if err != nil {
			return corpus.Source{}, nil, false, err
		}
		if !found {
			return source, refs, true, nil
		}
		refs = append(refs, ref)
	}
}
