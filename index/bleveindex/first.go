package bleveindex

import (
	"context"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"parley/index"
	"parley/index/bm25"
)

// Search implements index.Snapshot: the first stage of ranking.
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
	hits, err := bm25.Top(ctx, q.clauses, q.segments(), k)
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
	average  [len(scoredFields)]float64
	norms    [len(scoredFields)]*bm25.Norms
	clauses  []*bm25.Clause
	parts    []*part
	counted  []segment.PostingsList // of the clause at hand, by part
}

// part is a segment as one search sees it.
type part struct {
	bm25.Segment
	segment      segment.Segment
	deleted      *roaring.Bitmap // nil if nothing is
	side         *side           // nil if there is none
	dictionaries map[index.Field]segment.TermDictionary
	// lengths of the texts, as far as they are known.
	lengths [len(scoredFields)]bm25.Lengths
	reader  postingsReader
}

func (s *snapshot) newSearch() *search {
	segments := s.reader.Segments()
	q := &search{passages: s.Record().Passages, counted: make([]segment.PostingsList, len(segments))}
	for i, f := range scoredFields {
		q.average[i] = s.contents.averageLength(f)
		q.norms[i] = bm25.NormsOf(q.average[i])
	}
	base := uint64(0)
	for i, seg := range segments {
		q.parts = append(q.parts, q.newPart(seg, s.sides[i], base))
		base += uint64(seg.FullSize())
	}
	return q
}

func (q *search) newPart(seg *scorch.SegmentSnapshot, side *side, base uint64) *part {
	p := &part{
		Segment: bm25.Segment{Base: base, Docs: int(seg.FullSize())},
		segment: seg.Segment(), side: side, dictionaries: map[index.Field]segment.TermDictionary{},
	}
	if deleted := seg.Deleted(); deleted != nil && !deleted.IsEmpty() {
		p.deleted = deleted
		p.Deleted = make([]uint64, p.windows()*bm25.Window/64)
		deleted.WriteDenseTo(p.Deleted)
	}
	for i := range p.lengths {
		p.lengths[i].Growth = 1
		if side != nil {
			p.lengths[i] = bm25.Lengths{Packed: side.lengths(i), Growth: max(1, q.average[i]/side.footer.Averages[i])}
		}
	}
	return p
}

func (p *part) windows() int { return bm25.Windows(p.Docs) }

func (q *search) segments() []bm25.Segment {
	all := make([]bm25.Segment, len(q.parts))
	for i, p := range q.parts {
		all[i] = p.Segment
	}
	return all
}

// commonShare is the share of the passages above which a term is too common for an expansion.
const commonShare = 0.03

// add adds the lists of a clause to all parts.
func (q *search) add(clause index.Clause) (err error) {
	if clause.Weight == 0 {
		return nil
	}
	count := 0
	for i, p := range q.parts {
		if q.counted[i], err = p.postings(clause.Field, clause.Term); err != nil {
			return err
		}
		count += int(q.counted[i].Count())
	}
	if count == 0 || clause.Expansion && float64(count) > commonShare*float64(q.passages) {
		return nil
	}
	scorer, norms := bm25.Constant(clause.Weight), (*bm25.Norms)(nil)
	if field := scoredField(clause.Field); field >= 0 {
		norms = q.norms[field]
		scorer = bm25.Scored(clause.Weight*bm25.IDF(count, q.passages), norms)
	}
	q.clauses = append(q.clauses, scorer)
	for i, p := range q.parts {
		if q.counted[i].Count() == 0 {
			continue
		}
		list, err := p.list(clause, q.counted[i], norms)
		if err != nil {
			return err
		}
		list.Clause = scorer
		p.Lists = append(p.Lists, list)
	}
	return nil
}

// postings finds a term's postings that are not deleted.
func (p *part) postings(f index.Field, term string) (segment.PostingsList, error) {
	dict, ok := p.dictionaries[f]
	if !ok {
		var err error
		if dict, err = p.segment.Dictionary(string(f)); err != nil {
			return nil, err
		}
		p.dictionaries[f] = dict
	}
	return dict.PostingsList([]byte(term), p.deleted, nil)
}

// list finds the packed postings of a clause in the side file, or packs those of bleve.
func (p *part) list(clause index.Clause, postings segment.PostingsList, norms *bm25.Norms) (l bm25.List, err error) {
	field := scoredField(clause.Field)
	packed, ok := p.side.find(clause.Field, clause.Term)
	if !ok {
		if packed, err = p.pack(postings, field, norms); err != nil {
			return l, err
		}
	}
	if l.Postings = packed; field >= 0 {
		l.Lengths = p.lengths[field]
	}
	return l, nil
}

// pack packs postings, of the scored field of that number, if there are norms.
func (p *part) pack(postings segment.PostingsList, field int, norms *bm25.Norms) (bm25.Postings, error) {
	p.reader.list = postings
	var texts *scoredText
	if norms != nil {
		texts = &scoredText{norms: norms}
		if p.side == nil {
			l := &p.lengths[field]
			if l.Packed == nil {
				l.Packed = make([]byte, lengthsSize(p.windows()))
			}
			texts.lengths = l.Packed
		}
	}
	packed, err := p.reader.pack(nil, p.windows(), texts)
	return bm25.Unpack(packed, int(postings.Count()), p.windows(), norms == nil), err
}

// each calls do for every document of a posting list.
func each(list segment.PostingsList, do func(doc uint64)) error {
	for postings := list.Iterator(false, false, false, nil); ; {
		switch p, err := postings.Next(); {
		case err != nil || p == nil:
			return err
		default:
			do(p.Number())
		}
	}
}
