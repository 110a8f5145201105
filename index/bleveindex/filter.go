package bleveindex

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"parley/index"
)

// require lets only passages be found that have a term of each group of required clauses.
func (q *search) require(clauses []index.Clause) error {
	groups := map[int][]index.Clause{}
	for _, c := range clauses {
		if c.Required != 0 {
			groups[c.Required] = append(groups[c.Required], c)
		}
	}
	if len(groups) == 0 {
		return nil
	}
	for _, p := range q.parts {
		allowed, err := p.haveAll(groups)
		if err != nil {
			return err
		}
		if p.deleted != nil {
			allowed.AndNot(p.deleted)
		}
		p.Allowed = p.dense(allowed)
	}
	return nil
}

// haveAll are the documents with a term of each group.
func (p *part) haveAll(groups map[int][]index.Clause) (all *roaring.Bitmap, err error) {
	for _, clauses := range groups {
		some := roaring.New()
		for _, c := range clauses {
			if err := p.orInto(some, c.Field, c.Term); err != nil {
				return nil, fmt.Errorf("postings of %s:%s: %w", c.Field, c.Term, err)
			}
		}
		if all == nil {
			all = some
		} else {
			all.And(some)
		}
	}
	return all, nil
}

// orInto adds the documents with a term to a set, deleted ones too.
func (p *part) orInto(set *roaring.Bitmap, f index.Field, term string) error {
	list, err := p.postings(f, term)
	if err != nil {
		return err
	}
	if quick, ok := list.(interface{ OrInto(*roaring.Bitmap) }); ok {
		quick.OrInto(set)
		return nil
	}
	return each(list, func(doc uint64) { set.Add(uint32(doc)) })
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
