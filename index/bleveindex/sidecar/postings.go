package sidecar

import (
	"encoding/binary"
	"math"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"parley/index/bm25"
)

// Each calls do for every document of a posting list.
func Each(list segment.PostingsList, do func(doc uint64)) error {
	for postings := list.Iterator(false, false, false, nil); ; {
		switch p, err := postings.Next(); {
		case err != nil || p == nil:
			return err
		default:
			do(p.Number())
		}
	}
}

// Text is what packing the postings of a scored field needs and finds out.
type Text struct {
	Norms *bm25.Norms
	// Lengths are those of all documents, packed; those of the documents of the postings are
	// set. Nil if they are known already.
	Lengths []byte
}

// LengthsSize is the size of packed lengths, which fill whole windows, in bytes.
func LengthsSize(windows int) int { return 2 * bm25.Window * windows }

// Packer packs posting lists of bleve as package bm25 wants them. The zero value
// is ready; it keeps memory to use again.
type Packer struct{ iterator segment.PostingsIterator }

// Pack appends the packed postings of a list to b; bare ones if there are no texts.
func (r *Packer) Pack(b []byte, list segment.PostingsList, windows int, texts *Text) ([]byte, error) {
	n := int(list.Count())
	size := bm25.PackedSize(n, windows, texts == nil)
	b = slices.Grow(b, size)[:len(b)+size]
	var norms *bm25.Norms
	if texts != nil {
		norms = texts.Norms
	}
	packer := bm25.NewPacker(b[len(b)-size:], n, windows, norms)
	r.iterator = list.Iterator(texts != nil, texts != nil, false, r.iterator)
	for {
		p, err := r.iterator.Next()
		switch {
		case err != nil:
			return nil, err
		case p == nil:
			packer.Postings()
			return b, nil
		case texts == nil:
			packer.Add(uint32(p.Number()), 0, 0)
		default:
			length := lengthOf(p.Norm())
			if texts.Lengths != nil {
				binary.LittleEndian.PutUint16(texts.Lengths[2*p.Number():], uint16(length))
			}
			packer.Add(uint32(p.Number()), int(min(p.Frequency(), bm25.MaxFreq)), length)
		}
	}
}

// lengthOf is the length that bleve's norm stands for: it is 1/sqrt(length) rounded to a
// float32, and exact again after rounding.
func lengthOf(norm float64) int { return int(min(math.Round(1/(norm*norm)), bm25.MaxLength)) }
