package sidecar

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"parley/index"
	"parley/index/bleveindex/contents"
	"parley/index/bm25"
)

// MinDocs is how many documents a segment must have for a sidecar to be worthwhile, and
// postingsPerWindow how many postings a term must have in each window of documents: smaller
// ones are quickly read without.
const (
	MinDocs           = 256
	postingsPerWindow = 12
)

// Add writes the sidecar of a segment of so many documents, if it has none that fits. c are
// the contents of the index: searches will find average lengths near its own.
func Add(p Segment, docs int, c *contents.Summary) error {
	switch known, err := open(p, docs); {
	case err != nil:
		return err
	case known != nil:
		return known.mapped.Unmap()
	}
	tmp := Path(p) + ".tmp"
	f, err := os.Create(tmp)
	if err != nil {
		return err
	}
	w := &writer{file: f, out: bufio.NewWriterSize(f, 1<<20), segment: p, windows: bm25.Windows(docs)}
	w.footer = footer{Docs: uint32(docs), Segment: p.CRC(), Magic: magic}
	for i := range contents.ScoredFields {
		w.footer.Averages[i] = c.AverageLength(i)
	}
	err = errors.Join(w.write(), f.Close())
	if err == nil {
		err = os.Rename(tmp, Path(p))
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return nil
}

type writer struct {
	file    *os.File
	out     *bufio.Writer
	segment Segment
	windows int
	footer  footer
	at      uint64 // how much was written
	entries []byte
	keys    []byte
	packer  Packer
	packed  []byte
	dates   []byte // for each document, as in the file
}

func (w *writer) write() error {
	// What stands first is known last: until then zeros take its place.
	lengths := make([][]byte, len(contents.ScoredFields))
	for i := range lengths {
		lengths[i] = make([]byte, LengthsSize(w.windows))
		if err := w.append(lengths[i]); err != nil {
			return err
		}
	}
	w.dates = make([]byte, 4*int(w.footer.Docs))
	if err := w.append(w.dates); err != nil {
		return err
	}
	for _, f := range Fields {
		var texts *Text
		if i := contents.ScoredField(f); i >= 0 {
			texts = &Text{bm25.NormsOf(w.footer.Averages[i]), lengths[i]}
		}
		if err := w.writeField(f, texts); err != nil {
			return fmt.Errorf("field %s: %w", f, err)
		}
	}
	w.footer.Entries = w.at
	w.footer.Keys = w.at + uint64(len(w.entries))
	footer, err := binary.Append(nil, binary.LittleEndian, w.footer)
	if err = errors.Join(err, w.append(w.entries), w.append(w.keys), w.append(footer), w.out.Flush()); err != nil {
		return err
	}
	_, err = w.file.WriteAt(slices.Concat(append(lengths, w.dates)...), 0)
	return err
}

func (w *writer) append(b []byte) error {
	n, err := w.out.Write(b)
	w.at += uint64(n)
	return err
}

// writeField writes the postings of the common terms of a field, and finds out the lengths
// of all its texts. Of the dates it notes the documents instead.
func (w *writer) writeField(f index.Field, texts *Text) error {
	dict, err := w.segment.Dictionary(string(f))
	if err != nil {
		return err
	}
	var list segment.PostingsList
	for terms := dict.AutomatonIterator(nil, nil, nil); ; {
		entry, err := terms.Next()
		if entry == nil || err != nil {
			return err
		}
		if list, err = dict.PostingsList([]byte(entry.Term), nil, list); err != nil {
			return err
		}
		if f == FieldDay {
			w.addEntry(f, entry.Term, 0)
			number := uint32(len(w.entries) / entrySize)
			err := Each(list, func(doc uint64) { binary.LittleEndian.PutUint32(w.dates[4*doc:], number) })
			if err != nil {
				return fmt.Errorf("date %q: %w", entry.Term, err)
			}
			continue
		}
		count := int(list.Count()) // entry.Count is wrong after a term with a single posting (bleve 2.6.3)
		common := count >= postingsPerWindow*w.windows
		if !common && texts == nil {
			continue
		}
		w.packed, err = w.packer.Pack(w.packed[:0], list, w.windows, texts)
		if err == nil && common {
			w.addEntry(f, entry.Term, count)
			err = w.append(w.packed)
		}
		if err != nil {
			return fmt.Errorf("term %q: %w", entry.Term, err)
		}
	}
}

// addEntry adds the entry of a term whose postings come next.
func (w *writer) addEntry(f index.Field, term string, count int) {
	w.keys = append(w.keys, termKey(f, term)...)
	w.entries, _ = binary.Append(w.entries, binary.LittleEndian, entry{uint32(len(w.keys)), uint32(count), w.at})
}

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
