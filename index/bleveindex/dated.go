package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"slices"

	bleveindex "github.com/blevesearch/bleve_index_api"

	"parley/corpus"
	"parley/index"
	"parley/index/generation"
)

// Publishers implements index.Snapshot.
func (s *snapshot) Publishers() []index.Publisher { return s.contents.Publishers }

// Dated implements index.Snapshot: it walks one posting list and looks up a date for each
// posting, no stored field.
func (s *snapshot) Dated(ctx context.Context, f index.Field, term string) (list []index.Dated, err error) {
	defer recoverCorrupt(&err)()
	for _, p := range s.newSearch().parts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if list, err = s.appendDated(list, p, f, term); err != nil {
			return nil, fmt.Errorf("dates of %s:%s: %w", f, term, err)
		}
	}
	return list, nil
}

// appendDated appends those of one segment.
func (s *snapshot) appendDated(list []index.Dated, p *part, f index.Field, term string) ([]index.Dated, error) {
	postings, err := p.postings(f, term)
	if err != nil || postings.Count() == 0 {
		return list, err
	}
	dates, err := s.datesOf(p)
	if err != nil {
		return nil, err
	}
	list = slices.Grow(list, int(postings.Count()))
	var failed error
	err = each(postings, func(doc uint64) {
		date, err := dates.of(doc)
		failed = errors.Join(failed, err)
		list = append(list, index.Dated{Ref: p.Base + doc, Date: date})
	})
	if err = errors.Join(err, failed); err != nil {
		return nil, fmt.Errorf("%w: %w", generation.ErrCorrupt, err)
	}
	return list, nil
}

// dateReader reads the dates of a segment; the same few come again and again.
type dateReader struct {
	*part
	values   bleveindex.DocValueReader // where there is no side file
	numbered map[uint32]corpus.PartialDate
	written  map[string]corpus.PartialDate
}

func (s *snapshot) datesOf(p *part) (d *dateReader, err error) {
	d = &dateReader{part: p, numbered: map[uint32]corpus.PartialDate{}, written: map[string]corpus.PartialDate{}}
	if p.side == nil {
		d.values, err = s.reader.DocValueReader([]string{fieldDay})
	}
	return d, err
}

// of is the date of a document; unknown for one without.
func (d *dateReader) of(doc uint64) (date corpus.PartialDate, err error) {
	if d.side == nil {
		return d.value(doc)
	}
	number, written := d.side.date(doc)
	date, ok := d.numbered[number]
	if !ok {
		if date, err = corpus.ParsePartialDate(written); err == nil {
			d.numbered[number] = date
		}
	}
	return date, err
}

// value reads a date from bleve.
func (d *dateReader) value(doc uint64) (date corpus.PartialDate, err error) {
	var bad error
	err = d.values.VisitDocValues(bleveindex.NewIndexInternalID(nil, d.Base+doc), func(_ string, written []byte) {
		known, ok := d.written[string(written)]
		if !ok {
			if known, bad = corpus.ParsePartialDate(string(written)); bad == nil {
				d.written[string(written)] = known
			}
		}
		date = known
	})
	return date, errors.Join(err, bad)
}
