package bleveindex

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/mmap-go"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"parley/index"
	"parley/index/bm25"
)

// A side file stands beside a segment of bleve and holds what makes searching it fast:
// the lengths of all texts, the postings of common terms as package bm25 wants them, and
// the dates, of which bleve unpacks a thousand to read one. It is derived from the segment alone. A segment never changes, so neither does
// its side file; what was deleted since is the snapshot's matter. One that is missing, or
// that belongs to another segment, costs speed and nothing else.
//
// The file holds, in this order: for each scored field the lengths; for each document a
// uint32, the number of the entry of its date and one, or 0; the packed postings, one list
// after the other; for each list and each date a sideEntry, by term; the terms, each with
// its field before it, in the same order; a sideFooter.

// sideSuffix is what stands in a side file's name for the segment's ".zap".
const sideSuffix = ".side"

// sideFields are those of which it holds the postings, in alphabetical order. The others
// that a clause may name serve to filter only.
var sideFields = []index.Field{
	index.FieldActor, index.FieldDate, fieldDay, index.FieldKind, index.FieldStatement, index.FieldText, index.FieldTitle, index.FieldTopic, index.FieldVoice,
}

// sideEntry is where a term and its postings stand in a side file.
type sideEntry struct {
	KeyEnd   uint32 // in the terms
	Count    uint32 // of postings; 0 for a date
	Postings uint64 // from the start of the file
}

// sideFooter ends a side file.
type sideFooter struct {
	Averages [len(scoredFields)]float64 // lengths to which the bounds of the postings refer
	Entries  uint64                     // where they begin
	Keys     uint64                     // where the terms begin
	Docs     uint32                     // of the segment
	Segment  uint32                     // its checksum
	Magic    uint64
}

// sideMagic names the format; its last digit is the version.
const sideMagic = 0x7061726c65790002

var (
	entrySize  = binary.Size(sideEntry{})
	footerSize = binary.Size(sideFooter{})
)

// persisted is what a side file needs to know of a segment on disk.
type persisted interface {
	segment.PersistedSegment
	CRC() uint32
}

// sidePath is where the side file of a segment stands.
func sidePath(p persisted) string { return strings.TrimSuffix(p.Path(), ".zap") + sideSuffix }

// side is an open side file.
type side struct {
	mapped  mmap.MMap
	footer  sideFooter
	entries []byte
	keys    []byte
	users   int // see sides
}

// openSide opens the side file of a segment; nil if it has none that fits.
func openSide(p persisted, docs int) (*side, error) {
	f, err := os.Open(sidePath(p))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	}
	defer f.Close()
	mapped, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("map %s: %w", f.Name(), err)
	}
	s := &side{mapped: mapped}
	if !s.readFooter() || s.footer.Segment != p.CRC() || int(s.footer.Docs) != docs {
		return nil, mapped.Unmap()
	}
	s.entries, s.keys = mapped[s.footer.Entries:s.footer.Keys], mapped[s.footer.Keys:len(mapped)-footerSize]
	return s, nil
}

func (s *side) readFooter() bool {
	size := len(s.mapped)
	if size < footerSize {
		return false
	}
	if _, err := binary.Decode(s.mapped[size-footerSize:], binary.LittleEndian, &s.footer); err != nil {
		return false
	}
	return s.footer.Magic == sideMagic && s.footer.Entries <= s.footer.Keys && s.footer.Keys <= uint64(size-footerSize)
}

func (s *side) windows() int { return bm25.Windows(int(s.footer.Docs)) }

// lengths are the packed lengths of the i-th of scoredFields.
func (s *side) lengths(i int) []byte {
	size := lengthsSize(s.windows())
	return s.mapped[i*size : (i+1)*size]
}

// date is that of a document as it was written; empty if it is unknown. The number is the
// same for the same date.
func (s *side) date(doc uint64) (number uint32, written string) {
	at := len(scoredFields)*lengthsSize(s.windows()) + 4*int(doc)
	if number = binary.LittleEndian.Uint32(s.mapped[at:]); number == 0 {
		return 0, ""
	}
	return number, string(s.key(int(number - 1))[len(sideKey(fieldDay, "")):])
}

// lengthsSize is the size of packed lengths, which fill whole windows.
func lengthsSize(windows int) int { return 2 * bm25.Window * windows }

// sideKey is a term with its field, as it stands in a side file.
func sideKey(f index.Field, term string) string { return string(f) + "\x00" + term }

// find finds a term's postings; nil has none.
func (s *side) find(f index.Field, term string) (p bm25.Postings, ok bool) {
	if s == nil {
		return p, false
	}
	key := []byte(sideKey(f, term))
	n := len(s.entries) / entrySize
	i := sort.Search(n, func(i int) bool { return bytes.Compare(s.key(i), key) >= 0 })
	if i == n || !bytes.Equal(s.key(i), key) {
		return p, false
	}
	e := s.entry(i)
	return bm25.Unpack(s.mapped[e.Postings:], int(e.Count), s.windows(), scoredField(f) < 0), true
}

func (s *side) entry(i int) sideEntry {
	b := s.entries[i*entrySize:]
	return sideEntry{binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint64(b[8:])}
}

func (s *side) key(i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = s.entry(i - 1).KeyEnd
	}
	return s.keys[start:s.entry(i).KeyEnd]
}

// Which segments and which terms are worth a side file: a small segment is quickly read
// without, and so is a list of few postings a window.
const (
	minSideDocs       = 256
	postingsPerWindow = 12
)

// writeSides writes the side files that the segments of at least so many documents lack.
// Those of later snapshots will have lengths near those in contents.
func writeSides(reader *scorch.IndexSnapshot, contents *Contents, minDocs int64) error {
	for _, s := range reader.Segments() {
		p, ok := s.Segment().(persisted)
		if !ok || s.FullSize() < minDocs {
			continue
		}
		if err := writeMissing(p, int(s.FullSize()), contents); err != nil {
			return fmt.Errorf("side file of %s: %w", p.Path(), err)
		}
	}
	return nil
}

// writeMissing writes the side file of a segment, if it has none that fits.
func writeMissing(p persisted, docs int, contents *Contents) error {
	switch known, err := openSide(p, docs); {
	case err != nil:
		return err
	case known != nil:
		return known.mapped.Unmap()
	}
	return writeSide(p, docs, contents)
}

// writeSide writes the side file of a segment.
func writeSide(p persisted, docs int, contents *Contents) (err error) {
	tmp := sidePath(p) + ".tmp"
	f, err := os.Create(tmp)
	if err != nil {
		return err
	}
	w := &sideWriter{file: f, out: bufio.NewWriterSize(f, 1<<20), segment: p, windows: bm25.Windows(docs)}
	w.footer = sideFooter{Docs: uint32(docs), Segment: p.CRC(), Magic: sideMagic}
	for i, field := range scoredFields {
		w.footer.Averages[i] = contents.averageLength(field)
	}
	err = errors.Join(w.write(), f.Close())
	if err == nil {
		err = os.Rename(tmp, sidePath(p))
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return nil
}

type sideWriter struct {
	file    *os.File
	out     *bufio.Writer
	segment persisted
	windows int
	footer  sideFooter
	at      uint64 // how much was written
	entries []byte
	keys    []byte
	buffer  []byte
	days    []byte
}

func (w *sideWriter) write() error {
	lengths := make([][]byte, len(scoredFields))
	for i := range lengths {
		lengths[i] = make([]byte, lengthsSize(w.windows))
		if err := w.append(lengths[i]); err != nil { // known only after the postings
			return err
		}
	}
	w.days = make([]byte, 4*int(w.footer.Docs))
	if err := w.append(w.days); err != nil { // the same
		return err
	}
	for _, f := range sideFields {
		var texts *scoredText
		if i := scoredField(f); i >= 0 {
			texts = &scoredText{bm25.NormsOf(w.footer.Averages[i]), lengths[i]}
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
	_, err = w.file.WriteAt(slices.Concat(append(lengths, w.days)...), 0)
	return err
}

func (w *sideWriter) append(b []byte) error {
	n, err := w.out.Write(b)
	w.at += uint64(n)
	return err
}

// writeField writes the postings of the common terms of a field, and notes the lengths
// of all its texts.
func (w *sideWriter) writeField(f index.Field, texts *scoredText) error {
	dict, err := w.segment.Dictionary(string(f))
	if err != nil {
		return err
	}
	var reader postingsReader
	for terms := dict.AutomatonIterator(nil, nil, nil); ; {
		entry, err := terms.Next()
		if entry == nil || err != nil {
			return err
		}
		list, err := dict.PostingsList([]byte(entry.Term), nil, reader.list)
		if err != nil {
			return err
		}
		reader.list = list
		if f == fieldDay {
			if err := w.addDate(entry.Term, list); err != nil {
				return fmt.Errorf("date %q: %w", entry.Term, err)
			}
			continue
		}
		count := int(list.Count()) // entry.Count is wrong after a term with a single posting (bleve 2.6.3)
		common := count >= postingsPerWindow*w.windows
		if !common && texts == nil {
			continue
		}
		w.buffer, err = reader.pack(w.buffer[:0], w.windows, texts)
		if err == nil && common {
			w.addEntry(f, entry.Term, count)
			err = w.append(w.buffer)
		}
		if err != nil {
			return fmt.Errorf("term %q: %w", entry.Term, err)
		}
	}
}

// addEntry adds the entry of a term whose postings come next.
func (w *sideWriter) addEntry(f index.Field, term string, count int) {
	w.keys = append(w.keys, sideKey(f, term)...)
	w.entries, _ = binary.Append(w.entries, binary.LittleEndian, sideEntry{uint32(len(w.keys)), uint32(count), w.at})
}

// addDate notes the documents of a date.
func (w *sideWriter) addDate(date string, list segment.PostingsList) error {
	w.addEntry(fieldDay, date, 0)
	number := uint32(len(w.entries) / entrySize)
	return each(list, func(doc uint64) { binary.LittleEndian.PutUint32(w.days[4*doc:], number) })
}

// scoredText is what packing the postings of a scored field needs and finds out.
type scoredText struct {
	norms   *bm25.Norms
	lengths []byte // packed; those of the documents of the postings are set. Nil if they are known
}

// postingsReader reads postings of bleve.
type postingsReader struct {
	list     segment.PostingsList
	iterator segment.PostingsIterator
}

// pack appends the packed postings of the list to b; without texts, as bare ones.
func (r *postingsReader) pack(b []byte, windows int, texts *scoredText) ([]byte, error) {
	n := int(r.list.Count())
	size := bm25.PackedSize(n, windows, texts == nil)
	b = slices.Grow(b, size)[:len(b)+size]
	var norms *bm25.Norms
	if texts != nil {
		norms = texts.norms
	}
	packer := bm25.NewPacker(b[len(b)-size:], n, windows, norms)
	r.iterator = r.list.Iterator(texts != nil, texts != nil, false, r.iterator)
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
			if texts.lengths != nil {
				binary.LittleEndian.PutUint16(texts.lengths[2*p.Number():], uint16(length))
			}
			packer.Add(uint32(p.Number()), int(min(p.Frequency(), bm25.MaxFreq)), length)
		}
	}
}

// lengthOf is the length that bleve's norm stands for: it is 1/sqrt(length) rounded to a
// float32, and exact again after rounding.
func lengthOf(norm float64) int { return int(min(math.Round(1/(norm*norm)), bm25.MaxLength)) }

// removeStaleSides removes the side files of segments that are gone.
func removeStaleSides(dir string) error {
	sides, err := filepath.Glob(filepath.Join(dir, "*"+sideSuffix))
	if err != nil {
		return err
	}
	for _, path := range sides {
		if _, err := os.Stat(strings.TrimSuffix(path, sideSuffix) + ".zap"); errors.Is(err, fs.ErrNotExist) {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}
