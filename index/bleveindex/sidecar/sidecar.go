// Package sidecar keeps a file beside each segment of bleve with what makes searching it
// fast: the lengths of all texts, the postings of common terms as package bm25 wants them,
// and the dates, of which bleve unpacks a thousand to read one. A sidecar is derived from
// its segment alone and, like the segment, never changes: documents that are deleted later
// are the snapshot's matter. One that is missing, or that belongs to another segment, costs
// speed and nothing else.
package sidecar

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/mmap-go"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"parley/index"
	"parley/index/bleveindex/contents"
	"parley/index/bleveindex/offline"
	"parley/index/bm25"
)

// FieldDay is the field of the date of a document, or of a passage's document.
const FieldDay = "day"

// Fields are those of which a sidecar has the postings, and of FieldDay the dates. The
// entries of a file need them in the order of their values.
var Fields = []index.Field{
	index.FieldActor, index.FieldDate, FieldDay, index.FieldSourceKind, index.FieldStatement,
	index.FieldText, index.FieldTitle, index.FieldTopic, index.FieldSpeaker,
}

// The file holds, in this order: for each scored field the lengths; for each document a
// uint32, 0 or one more than the number of the entry of its date; the packed postings, one
// list after the other; for each list and each date an entry, by term; the terms, each with
// its field before it, in the same order; the footer.

// Ext stands in a sidecar's name for the segment's extension.
const Ext = ".sidecar"

// entry says where a term and its postings stand in a sidecar.
type entry struct {
	KeyEnd   uint32 // in the terms
	Count    uint32 // of postings; 0 for a date
	Postings uint64 // from the start of the file
}

// footer ends a sidecar.
type footer struct {
	Averages [len(contents.ScoredFields)]float64 // lengths to which the bounds of the postings refer
	Entries  uint64                              // where they begin
	Keys     uint64                              // where the terms begin
	Docs     uint32                              // of the segment
	Segment  uint32                              // its checksum
	Magic    uint64
}

// magic names the format; its last digit is the version.
const magic = 0x7061726c65790002

var (
	entrySize  = binary.Size(entry{})
	footerSize = binary.Size(footer{})
)

// Segment is a segment of bleve on disk.
type Segment interface {
	segment.PersistedSegment
	CRC() uint32
}

// Path is where the sidecar of a segment stands.
func Path(p Segment) string {
	return strings.TrimSuffix(p.Path(), offline.SegmentExt) + Ext
}

// File is an open sidecar.
type File struct {
	mapped  mmap.MMap
	footer  footer
	entries []byte
	keys    []byte
	users   int // see Set
}

// open opens the sidecar of a segment; nil if it has none that fits.
func open(p Segment, docs int) (*File, error) {
	f, err := os.Open(Path(p))
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
	s := &File{mapped: mapped}
	if !s.readFooter() || s.footer.Segment != p.CRC() || int(s.footer.Docs) != docs {
		return nil, mapped.Unmap()
	}
	s.entries, s.keys = mapped[s.footer.Entries:s.footer.Keys], mapped[s.footer.Keys:len(mapped)-footerSize]
	return s, nil
}

func (s *File) readFooter() bool {
	size := len(s.mapped)
	if size < footerSize {
		return false
	}
	if _, err := binary.Decode(s.mapped[size-footerSize:], binary.LittleEndian, &s.footer); err != nil {
		return false
	}
	f := s.footer
	return f.Magic == magic && f.Entries <= f.Keys && f.Keys <= uint64(size-footerSize)
}

func (s *File) windows() int { return bm25.Windows(int(s.footer.Docs)) }

// Lengths are the packed lengths of the texts of the i-th of contents.ScoredFields.
func (s *File) Lengths(i int) []byte {
	size := LengthsSize(s.windows())
	return s.mapped[i*size : (i+1)*size]
}

// AverageLength is the average of the lengths of the i-th of contents.ScoredFields for
// which the postings were packed.
func (s *File) AverageLength(i int) float64 { return s.footer.Averages[i] }

// Date is the date of a document as it was written; empty if it is unknown.
func (s *File) Date(doc uint64) (written []byte) {
	at := len(contents.ScoredFields)*LengthsSize(s.windows()) + 4*int(doc)
	if number := binary.LittleEndian.Uint32(s.mapped[at:]); number > 0 {
		return s.key(int(number - 1))[len(termKey(FieldDay, "")):]
	}
	return nil
}

// termKey is a term with its field, as it stands in a sidecar.
func termKey(f index.Field, term string) string { return string(f) + "\x00" + term }

// Find finds a term's postings; a nil File has none.
func (s *File) Find(f index.Field, term string) (p bm25.Postings, ok bool) {
	if s == nil {
		return p, false
	}
	key := []byte(termKey(f, term))
	n := len(s.entries) / entrySize
	i := sort.Search(n, func(i int) bool { return bytes.Compare(s.key(i), key) >= 0 })
	if i == n || !bytes.Equal(s.key(i), key) {
		return p, false
	}
	e := s.entry(i)
	return bm25.Unpack(s.mapped[e.Postings:], int(e.Count), s.windows(), contents.ScoredField(f) < 0), true
}

func (s *File) entry(i int) entry {
	b, le := s.entries[i*entrySize:], binary.LittleEndian
	return entry{le.Uint32(b), le.Uint32(b[4:]), le.Uint64(b[8:])}
}

func (s *File) key(i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = s.entry(i - 1).KeyEnd
	}
	return s.keys[start:s.entry(i).KeyEnd]
}

// Set has the open sidecars of an index. Each stays mapped while a snapshot uses it or
// the newest snapshot has its segment. The zero value is ready.
type Set struct {
	mu     sync.Mutex
	mapped map[string]*File // by path; nil for a segment without one
}

// Acquire returns the sidecars of segments, in their order, nil for a segment without one.
// The caller must release them. One that cannot be opened costs speed only, and counts as
// missing.
func (s *Set) Acquire(segments []*scorch.SegmentSnapshot) []*File {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := make(map[string]*File, len(segments))
	list := make([]*File, len(segments))
	for i, seg := range segments {
		p, ok := seg.Segment().(Segment)
		if !ok {
			continue
		}
		path := Path(p)
		known, ok := s.mapped[path]
		if !ok {
			known, _ = open(p, int(seg.FullSize()))
			known.use()
		}
		now[path], list[i] = known, known
		known.use()
	}
	for path, old := range s.mapped {
		if _, ok := now[path]; !ok {
			_ = old.unuse() // there is nothing to do about it
		}
	}
	s.mapped = now
	return list
}

// Release gives back what Acquire returned.
func (s *Set) Release(list []*File) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range list {
		err = errors.Join(err, one.unuse())
	}
	return err
}

// Close unmaps what no snapshot uses any more.
func (s *Set) Close() (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.mapped {
		err = errors.Join(err, one.unuse())
	}
	s.mapped = nil
	return err
}

// use counts one more user, unuse one less; the last one unmaps the file. Set.mu
// guards both.
func (s *File) use() {
	if s != nil {
		s.users++
	}
}

func (s *File) unuse() error {
	if s == nil {
		return nil
	}
	if s.users--; s.users > 0 {
		return nil
	}
	return s.mapped.Unmap()
}

// RemoveStale removes the sidecars in dir whose segments are gone.
func RemoveStale(dir string) error {
	paths, err := filepath.Glob(filepath.Join(dir, "*"+Ext))
	if err != nil {
		return err
	}
	for _, path := range paths {
		_, err := os.Stat(strings.TrimSuffix(path, Ext) + offline.SegmentExt)
		if errors.Is(err, fs.ErrNotExist) {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}
