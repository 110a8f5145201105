package bleveindex

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

// A sidecar is a file beside a segment of bleve with what makes searching it fast: the
// lengths of all texts, the postings of common terms as package bm25 wants them, and the
// dates, of which bleve unpacks a thousand to read one. It is derived from the segment
// alone and, like the segment, never changes: documents that are deleted later are the
// snapshot's matter. A sidecar that is missing, or that belongs to another segment, costs
// speed and nothing else.
//
// The file holds, in this order: for each scored field the lengths; for each document a
// uint32, 0 or one more than the number of the entry of its date; the packed postings, one
// list after the other; for each list and each date a sidecarEntry, by term; the terms, each
// with its field before it, in the same order; a sidecarFooter.

// sidecarExt stands in a sidecar's name for the segment's extension.
const sidecarExt = ".sidecar"

// sidecarEntry says where a term and its postings stand in a sidecar.
type sidecarEntry struct {
	KeyEnd   uint32 // in the terms
	Count    uint32 // of postings; 0 for a date
	Postings uint64 // from the start of the file
}

// sidecarFooter ends a sidecar.
type sidecarFooter struct {
	Averages [len(contents.ScoredFields)]float64 // lengths to which the bounds of the postings refer
	Entries  uint64                              // where they begin
	Keys     uint64                              // where the terms begin
	Docs     uint32                              // of the segment
	Segment  uint32                              // its checksum
	Magic    uint64
}

// sidecarMagic names the format; its last digit is the version.
const sidecarMagic = 0x7061726c65790002

var (
	entrySize  = binary.Size(sidecarEntry{})
	footerSize = binary.Size(sidecarFooter{})
)

// persisted is what a sidecar needs to know of a segment on disk.
type persisted interface {
	segment.PersistedSegment
	CRC() uint32
}

// sidecarPath is where the sidecar of a segment stands.
func sidecarPath(p persisted) string {
	return strings.TrimSuffix(p.Path(), offline.SegmentExt) + sidecarExt
}

// sidecar is an open file.
type sidecar struct {
	mapped  mmap.MMap
	footer  sidecarFooter
	entries []byte
	keys    []byte
	users   int // see sidecars
}

// openSidecar opens the sidecar of a segment; nil if it has none that fits.
func openSidecar(p persisted, docs int) (*sidecar, error) {
	f, err := os.Open(sidecarPath(p))
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
	s := &sidecar{mapped: mapped}
	if !s.readFooter() || s.footer.Segment != p.CRC() || int(s.footer.Docs) != docs {
		return nil, mapped.Unmap()
	}
	s.entries, s.keys = mapped[s.footer.Entries:s.footer.Keys], mapped[s.footer.Keys:len(mapped)-footerSize]
	return s, nil
}

func (s *sidecar) readFooter() bool {
	size := len(s.mapped)
	if size < footerSize {
		return false
	}
	if _, err := binary.Decode(s.mapped[size-footerSize:], binary.LittleEndian, &s.footer); err != nil {
		return false
	}
	f := s.footer
	return f.Magic == sidecarMagic && f.Entries <= f.Keys && f.Keys <= uint64(size-footerSize)
}

func (s *sidecar) windows() int { return bm25.Windows(int(s.footer.Docs)) }

// lengths are the packed lengths of the texts of the i-th of contents.ScoredFields.
func (s *sidecar) lengths(i int) []byte {
	size := lengthsSize(s.windows())
	return s.mapped[i*size : (i+1)*size]
}

// date is the date of a document as it was written; empty if it is unknown.
func (s *sidecar) date(doc uint64) (written []byte) {
	at := len(contents.ScoredFields)*lengthsSize(s.windows()) + 4*int(doc)
	if number := binary.LittleEndian.Uint32(s.mapped[at:]); number > 0 {
		return s.key(int(number - 1))[len(sidecarKey(fieldDay, "")):]
	}
	return nil
}

// sidecarKey is a term with its field, as it stands in a sidecar.
func sidecarKey(f index.Field, term string) string { return string(f) + "\x00" + term }

// find finds a term's postings; a nil sidecar has none.
func (s *sidecar) find(f index.Field, term string) (p bm25.Postings, ok bool) {
	if s == nil {
		return p, false
	}
	key := []byte(sidecarKey(f, term))
	n := len(s.entries) / entrySize
	i := sort.Search(n, func(i int) bool { return bytes.Compare(s.key(i), key) >= 0 })
	if i == n || !bytes.Equal(s.key(i), key) {
		return p, false
	}
	e := s.entry(i)
	return bm25.Unpack(s.mapped[e.Postings:], int(e.Count), s.windows(), scoredField(f) < 0), true
}

func (s *sidecar) entry(i int) sidecarEntry {
	b, le := s.entries[i*entrySize:], binary.LittleEndian
	return sidecarEntry{le.Uint32(b), le.Uint32(b[4:]), le.Uint64(b[8:])}
}

func (s *sidecar) key(i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = s.entry(i - 1).KeyEnd
	}
	return s.keys[start:s.entry(i).KeyEnd]
}

// sidecars are the open sidecars of an index. Each stays mapped while a snapshot uses it or
// the newest snapshot has its segment. The zero value is ready.
type sidecars struct {
	mu     sync.Mutex
	mapped map[string]*sidecar // by path; nil for a segment without one
}

// acquire returns the sidecars of segments, in their order, nil for a segment without one.
// The caller must release them. One that cannot be opened costs speed only, and counts as
// missing.
func (s *sidecars) acquire(segments []*scorch.SegmentSnapshot) []*sidecar {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := make(map[string]*sidecar, len(segments))
	list := make([]*sidecar, len(segments))
	for i, seg := range segments {
		p, ok := seg.Segment().(persisted)
		if !ok {
			continue
		}
		path := sidecarPath(p)
		known, ok := s.mapped[path]
		if !ok {
			known, _ = openSidecar(p, int(seg.FullSize()))
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

// release gives back what acquire returned.
func (s *sidecars) release(list []*sidecar) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range list {
		err = errors.Join(err, one.unuse())
	}
	return err
}

// close unmaps what no snapshot uses any more.
func (s *sidecars) close() (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.mapped {
		err = errors.Join(err, one.unuse())
	}
	s.mapped = nil
	return err
}

// use counts one more user, unuse one less; the last one unmaps the file. sidecars.mu
// guards both.
func (s *sidecar) use() {
	if s != nil {
		s.users++
	}
}

func (s *sidecar) unuse() error {
	if s == nil {
		return nil
	}
	if s.users--; s.users > 0 {
		return nil
	}
	return s.mapped.Unmap()
}

// removeStaleSidecars removes the sidecars of segments that are gone.
func removeStaleSidecars(dir string) error {
	paths, err := filepath.Glob(filepath.Join(dir, "*"+sidecarExt))
	if err != nil {
		return err
	}
	for _, path := range paths {
		_, err := os.Stat(strings.TrimSuffix(path, sidecarExt) + offline.SegmentExt)
		if errors.Is(err, fs.ErrNotExist) {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}
