package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	bleveindex "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"parley/corpus"
	"parley/index"
	"parley/index/bleveindex/contents"
	"parley/index/bleveindex/sidecar"
	"parley/index/bleveindex/spelling"
	"parley/index/bm25"
	"parley/index/generation"
)

// Search is the first stage of ranking.
func (s *snapshot) Search(ctx context.Context, clauses []index.Clause, k int) (found []index.Candidate, err error) {
	defer recoverCorrupt(&err)()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	q := s.newSearch()
	for _, c := range clauses {
		if err := q.add(c); err != nil {
			return nil, fmt.Errorf("postings of %s:%s: %w", c.Field, c.Term, err)
		}
	}
	all := make([]bm25.Segment, len(q.segments))
	for i, seg := range q.segments {
		all[i] = seg.Segment
	}
	hits, err := bm25.Top(ctx, q.clauses, all, k)
	if err != nil {
		return nil, err
	}
	found = make([]index.Candidate, len(hits))
	for i, h := range hits {
		found[i] = index.Candidate{Ref: h.Doc, Score: h.Score}
	}
	return found, nil
}

// search is one search over the segments of a snapshot.
type search struct {
	passages int
	average  [len(contents.ScoredFields)]float64
	norms    [len(contents.ScoredFields)]*bm25.Norms
	clauses  []*bm25.Clause
	segments []*searchedSegment
	postings []segment.PostingsList // of the clause at hand, by segment
}

// searchedSegment is a segment with what one search finds out about it.
type searchedSegment struct {
	bm25.Segment
	segment      segment.Segment
	deleted      *roaring.Bitmap // nil if nothing is
	sidecar      *sidecar.File   // nil if there is none
	dictionaries map[index.Field]segment.TermDictionary
	lengths      [len(contents.ScoredFields)]bm25.Lengths // as far as they are known
	packer       sidecar.Packer
}

func (s *snapshot) newSearch() *search {
	segments := s.reader.Segments()
	q := &search{passages: s.Record().Passages, postings: make([]segment.PostingsList, len(segments))}
	for i := range contents.ScoredFields {
		q.average[i] = s.contents.AverageLength(i)
		q.norms[i] = bm25.NormsOf(q.average[i])
	}
	base := uint64(0)
	for i, seg := range segments {
		q.segments = append(q.segments, q.newSegment(seg, s.sidecars[i], base))
		base += uint64(seg.FullSize())
	}
	return q
}

func (q *search) newSegment(seg *scorch.SegmentSnapshot, sc *sidecar.File, base uint64) *searchedSegment {
	s := &searchedSegment{
		Segment: bm25.Segment{Base: base, Docs: int(seg.FullSize())},
		segment: seg.Segment(), sidecar: sc, dictionaries: map[index.Field]segment.TermDictionary{},
	}
	if deleted := seg.Deleted(); deleted != nil && !deleted.IsEmpty() {
		s.deleted = deleted
		s.Deleted = make([]uint64, s.windows()*bm25.Window/64)
		deleted.WriteDenseTo(s.Deleted)
	}
	for i := range s.lengths {
		s.lengths[i].Growth = 1
		if sc != nil {
			s.lengths[i] = bm25.Lengths{Packed: sc.Lengths(i), Growth: max(1, q.average[i]/sc.AverageLength(i))}
		}
	}
	return s
}

func (s *searchedSegment) windows() int { return bm25.Windows(s.Docs) }

// commonShare is the share of the passages above which a term is too common for an expansion.
const commonShare = 0.03

// add adds the posting lists of a clause to all segments.
func (q *search) add(clause index.Clause) (err error) {
	if clause.Weight == 0 {
		return nil
	}
	count := 0
	for i, s := range q.segments {
		if q.postings[i], err = s.postings(clause.Field, clause.Term); err != nil {
			return err
		}
		count += int(q.postings[i].Count())
	}
	if count == 0 || clause.Expansion && float64(count) > commonShare*float64(q.passages) {
		return nil
	}
	scorer, norms := bm25.Constant(clause.Weight), (*bm25.Norms)(nil)
	if field := contents.ScoredField(clause.Field); field >= 0 {
		norms = q.norms[field]
		scorer = bm25.Scored(clause.Weight*bm25.IDF(count, q.passages), norms)
	}
	q.clauses = append(q.clauses, scorer)
	for i, s := range q.segments {
		if q.postings[i].Count() == 0 {
			continue
		}
		list, err := s.list(clause, q.postings[i], norms)
		if err != nil {
			return err
		}
		list.Clause = scorer
		s.Lists = append(s.Lists, list)
	}
	return nil
}

// postings finds a term's postings that are not deleted.
func (s *searchedSegment) postings(f index.Field, term string) (segment.PostingsList, error) {
	dict, ok := s.dictionaries[f]
	if !ok {
		var err error
		if dict, err = s.segment.Dictionary(string(f)); err != nil {
			return nil, err
		}
		s.dictionaries[f] = dict
	}
	return dict.PostingsList([]byte(term), s.deleted, nil)
}

// list is the packed postings of a clause: from the sidecar, or else those of bleve, which
// it packs. Fields that are not scored have no norms.
func (s *searchedSegment) list(
	clause index.Clause, postings segment.PostingsList, norms *bm25.Norms,
) (l bm25.List, err error) {
	field := contents.ScoredField(clause.Field)
	var ok bool
	if l.Postings, ok = s.sidecar.Find(clause.Field, clause.Term); !ok {
		var texts *sidecar.Text
		if norms != nil {
			texts = &sidecar.Text{Norms: norms}
			if s.sidecar == nil { // the lengths must be found out
				known := &s.lengths[field]
				if known.Packed == nil {
					known.Packed = make([]byte, sidecar.LengthsSize(s.windows()))
				}
				texts.Lengths = known.Packed
			}
		}
		packed, err := s.packer.Pack(nil, postings, s.windows(), texts)
		if err != nil {
			return l, err
		}
		l.Postings = bm25.Unpack(packed, int(postings.Count()), s.windows(), norms == nil)
	}
	if field >= 0 {
		l.Lengths = s.lengths[field]
	}
	return l, nil
}

// Dated walks one posting list and looks up a date for each
// posting, without reading a stored field.
func (s *snapshot) Dated(ctx context.Context, f index.Field, term string) (list []index.Dated, err error) {
	defer recoverCorrupt(&err)()
	for _, seg := range s.newSearch().segments {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if list, err = s.appendDated(list, seg, f, term); err != nil {
			return nil, fmt.Errorf("dates of %s:%s: %w", f, term, err)
		}
	}
	return list, nil
}

func (s *snapshot) appendDated(
	list []index.Dated, seg *searchedSegment, f index.Field, term string,
) ([]index.Dated, error) {
	postings, err := seg.postings(f, term)
	if err != nil || postings.Count() == 0 {
		return list, err
	}
	dates := dateReader{searchedSegment: seg, known: map[string]corpus.PartialDate{}}
	if seg.sidecar == nil {
		if dates.values, err = s.reader.DocValueReader([]string{sidecar.FieldDay}); err != nil {
			return nil, err
		}
	}
	list = slices.Grow(list, int(postings.Count()))
	var failed error
	err = sidecar.Each(postings, func(doc uint64) {
		date, err := dates.of(doc)
		failed = errors.Join(failed, err)
		list = append(list, index.Dated{Ref: seg.Base + doc, Date: date})
	})
	if err = errors.Join(err, failed); err != nil {
		return nil, fmt.Errorf("%w: %w", generation.ErrCorrupt, err)
	}
	return list, nil
}

// dateReader reads the dates of a segment's documents.
type dateReader struct {
	*searchedSegment
	values bleveindex.DocValueReader     // where there is no sidecar
	known  map[string]corpus.PartialDate // by how they are written: the same few come again and again
}

// of is the date of a document; unknown for one without.
func (d *dateReader) of(doc uint64) (date corpus.PartialDate, err error) {
	if d.sidecar != nil {
		return d.parse(d.sidecar.Date(doc))
	}
	var bad error
	err = d.values.VisitDocValues(bleveindex.NewIndexInternalID(nil, d.Base+doc), func(_ string, written []byte) {
		date, bad = d.parse(written)
	})
	return date, errors.Join(err, bad)
}

func (d *dateReader) parse(written []byte) (corpus.PartialDate, error) {
	date, ok := d.known[string(written)]
	if ok {
		return date, nil
	}
	date, err := corpus.ParsePartialDate(string(written))
	if err == nil {
		d.known[string(written)] = date
	}
	return date, err
}

func (s *snapshot) Near(word string, edits int) (near []index.Near, err error) {
	defer recoverCorrupt(&err)()
	var dictionaries []spelling.Dictionary
	for _, seg := range s.reader.Segments() {
		dict, err := seg.Segment().Dictionary(fieldWord)
		if err != nil {
			return nil, fmt.Errorf("words near %q: %w", word, err)
		}
		dictionaries = append(dictionaries, spelling.Dictionary{TermDictionary: dict, Deleted: seg.Deleted()})
	}
	if near, err = spelling.Near(dictionaries, word, edits); err != nil {
		return nil, fmt.Errorf("words near %q: %w", word, err)
	}
	return near, nil
}
