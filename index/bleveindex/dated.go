package bleveindex

import (
	"context"
	"errors"
	"fmt"

	bleveindex "github.com/blevesearch/bleve_index_api"

	"parley/corpus"
	"parley/index"
)

// Publishers implements index.Snapshot.
func (s *snapshot) Publishers() []index.Publisher { return s.contents.Publishers }

// Dated implements index.Snapshot: it walks one posting list and reads a doc value for
// each posting, no stored field.
func (s *snapshot) Dated(ctx context.Context, f index.Field, term string) (list []index.Dated, err error) {
	defer recoverCorrupt(&err)()
	postings, err := s.reader.TermFieldReader(ctx, []byte(term), string(f), false, false, false)
	if err != nil {
		return nil, fmt.Errorf("postings of %s:%s: %w", f, term, err)
	}
	defer func() { err = errors.Join(err, postings.Close()) }()
	values, err := s.reader.DocValueReader([]string{fieldDay})
	if err != nil {
		return nil, fmt.Errorf("dates of %s:%s: %w", f, term, err)
	}
	days := dayReader{values: values, known: map[string]corpus.PartialDate{}}
	list = make([]index.Dated, 0, postings.Count())
	var posting bleveindex.TermFieldDoc
	for {
		p, err := postings.Next(posting.Reset())
		switch {
		case err != nil:
			return nil, fmt.Errorf("postings of %s:%s: %w", f, term, err)
		case p == nil:
			return list, nil
		case len(list)%stepsBetweenChecks == 0 && ctx.Err() != nil:
			return nil, ctx.Err()
		}
		date, err := days.of(p.ID)
		if err != nil {
			return nil, err
		}
		list = append(list, index.Dated{Ref: p.ID.Value(), Date: date})
	}
}

// stepsBetweenChecks is how many postings are read between two looks at the context.
const stepsBetweenChecks = 4096

// dayReader reads dates; the same few days come again and again.
type dayReader struct {
	values bleveindex.DocValueReader
	known  map[string]corpus.PartialDate
}

// of is the date of a bleve document; unknown for one without.
func (r dayReader) of(id bleveindex.IndexInternalID) (date corpus.PartialDate, err error) {
	var bad error
	err = r.values.VisitDocValues(id, func(_ string, term []byte) {
		known, ok := r.known[string(term)]
		if !ok {
			if known, bad = corpus.ParsePartialDate(string(term)); bad != nil {
				return
			}
			r.known[string(term)] = known
		}
		date = known
	})
	if err = errors.Join(err, bad); err != nil {
		return date, fmt.Errorf("%w: a date: %w", ErrCorrupt, err)
	}
	return date, nil
}
