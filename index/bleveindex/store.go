package bleveindex

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	lru "github.com/hashicorp/golang-lru/v2"

	"parley/corpus"
	"parley/index"
	"parley/index/bleveindex/contents"
	"parley/index/bleveindex/sidecar"
	"parley/index/bleveindex/stored"
	"parley/index/generation"
)

// store is an open bleve index. A segment never changes, so what was decoded from it is
// remembered for every snapshot that has the segment.
type store struct {
	bleve    bleve.Index
	passages *lru.Cache[docKey, *index.Passage] // most questions ask for the same few
	sources  *lru.Cache[docKey, corpus.Source]
	sidecars *sidecar.Set
}

// docKey tells a bleve document from all others, whatever the snapshot.
type docKey struct{ segment, number uint64 }

// storeDir is the folder of bleve's index in a generation or a clone.
const storeDir = "bleve"

// readOnly opens a bleve index that nobody changes.
var readOnly = map[string]any{"read_only": true, "bolt_timeout": "1500ms"}

// Memory for decoded passages and sources, in bytes: half for each, of about these sizes.
const (
	defaultCache = 16 << 20
	passageBytes = 2 << 10
	sourceBytes  = 1 << 10
)

// openStore opens the bleve index in the folder of a generation or a clone.
func openStore(path string, config map[string]any, cacheBytes int) (st store, err error) {
	if st.bleve, err = bleve.OpenUsing(filepath.Join(path, storeDir), config); err != nil {
		return store{}, err
	}
	st.sidecars = &sidecar.Set{}
	half := cmp.Or(cacheBytes, defaultCache) / 2
	st.passages, _ = lru.New[docKey, *index.Passage](max(1, half/passageBytes)) // no error for a size above 0
	st.sources, _ = lru.New[docKey, corpus.Source](max(1, half/sourceBytes))
	return st, nil
}

// addSidecars writes the sidecars that the segments of a closed index lack, as far as they
// have minDocs documents. path is the folder of a generation with contents c.
func addSidecars(path string, c *contents.Summary, minDocs int64) (err error) {
	st, err := openStore(path, readOnly, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close()) }()
	reader, err := st.reader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for _, s := range reader.Segments() {
		p, ok := s.Segment().(sidecar.Segment)
		if !ok || s.FullSize() < minDocs {
			continue
		}
		if err := sidecar.Add(p, int(s.FullSize()), c); err != nil {
			return fmt.Errorf("sidecar of %s: %w", p.Path(), err)
		}
	}
	return nil
}

func (st *store) close() error { return errors.Join(st.bleve.Close(), st.sidecars.Close()) }

// errClosed is the error of an index that was closed.
var errClosed = errors.New("the index is closed")

// scorch is the engine inside bleve.
func (st *store) scorch() (*scorch.Scorch, error) {
	advanced, err := st.bleve.Advanced()
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	s, ok := advanced.(*scorch.Scorch)
	if !ok {
		return nil, fmt.Errorf("index: bleve has a %T, not scorch", advanced)
	}
	return s, nil
}

// reader is scorch's snapshot of the present state of the index.
func (st *store) reader() (*scorch.IndexSnapshot, error) {
	s, err := st.scorch()
	if err != nil {
		return nil, err
	}
	reader, err := s.Reader()
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	is, ok := reader.(*scorch.IndexSnapshot)
	switch {
	case !ok:
		return nil, errors.Join(fmt.Errorf("index: bleve gave a %T, not scorch's snapshot", reader), reader.Close())
	case is == nil:
		return nil, errClosed
	}
	return is, nil
}

// recoverCorrupt returns the function that, deferred, turns a panic into an error that
// wraps generation.ErrCorrupt: bleve reads memory-mapped segments without checking them. A
// damaged one makes it index out of range, and one that was cut short since it was opened
// makes it fault, which would end the process.
func recoverCorrupt(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if r := recover(); r != nil {
			*err = fmt.Errorf("%w (%v)", generation.ErrCorrupt, r)
		}
	}
}

// snapshot implements index.Snapshot: one state of the index. A ref is the number of a bleve document in it.
type snapshot struct {
	store    *store
	contents *contents.Summary
	reader   *scorch.IndexSnapshot
	sidecars []*sidecar.File // of the segments; nil for one without
}

// view makes a snapshot of scorch's, which is closed with it.
func (st *store) view(reader *scorch.IndexSnapshot, c *contents.Summary) *snapshot {
	return &snapshot{store: st, contents: c, reader: reader, sidecars: st.sidecars.Acquire(reader.Segments())}
}

func (s *snapshot) Close() error {
	return errors.Join(s.store.sidecars.Release(s.sidecars), s.reader.Close())
}

func (s *snapshot) Record() index.Record { return s.contents.Record }

func (s *snapshot) Publishers() []index.Publisher { return s.contents.Publishers }

func (s *snapshot) DocFreq(f index.Field, term string) (n int, err error) {
	defer recoverCorrupt(&err)()
	postings, err := s.reader.TermFieldReader(context.Background(), []byte(term), string(f), false, false, false)
	if err != nil {
		return 0, fmt.Errorf("postings of %s:%s: %w", f, term, err)
	}
	return int(postings.Count()), postings.Close()
}

func (s *snapshot) Passage(ref uint64) (p *index.Passage, err error) {
	defer recoverCorrupt(&err)()
	segment, number, err := s.find(ref)
	if err != nil {
		return nil, err
	}
	key := docKey{segment.Id(), number}
	if p, ok := s.store.passages.Get(key); ok {
		return p, nil
	}
	fields, err := storedFields(segment, number)
	if err != nil {
		return nil, err
	}
	p = &index.Passage{}
	p.ID, p.Text = fields["_id"], fields[fieldBody]
	if err := stored.DecodePassage([]byte(fields[fieldNotes]), p); err != nil {
		return nil, fmt.Errorf("passage %s: %w", p.ID, err)
	}
	doc, _, _ := strings.Cut(p.ID, "#")
	source, ok, err := s.source(doc)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("passage %s: %w: its document is missing", p.ID, generation.ErrCorrupt)
	}
	p.Source = source
	s.store.passages.Add(key, p)
	return p, nil
}

func (s *snapshot) Document(id string) (source corpus.Source, refs []uint64, ok bool, err error) {
	defer recoverCorrupt(&err)()
	if strings.Contains(id, "#") {
		return corpus.Source{}, nil, false, nil
	}
	if source, ok, err = s.source(id); !ok || err != nil {
		return corpus.Source{}, nil, false, err
	}
	for {
		ref, found, err := s.ref(passageID(id, len(refs)))
		if err != nil {
			return corpus.Source{}, nil, false, err
		}
		if !found {
			return source, refs, true, nil
		}
		refs = append(refs, ref)
	}
}

// source fetches a document's source.
func (s *snapshot) source(id string) (source corpus.Source, ok bool, err error) {
	ref, ok, err := s.ref(id)
	if !ok || err != nil {
		return corpus.Source{}, false, err
	}
	segment, number, err := s.find(ref)
	if err != nil {
		return corpus.Source{}, false, err
	}
	key := docKey{segment.Id(), number}
	if source, ok := s.store.sources.Get(key); ok {
		return source, true, nil
	}
	fields, err := storedFields(segment, number)
	if err != nil {
		return corpus.Source{}, false, err
	}
	if err := json.Unmarshal([]byte(fields[fieldSource]), &source); err != nil {
		return corpus.Source{}, false, fmt.Errorf("document %s: %w: %w", id, generation.ErrCorrupt, err)
	}
	s.store.sources.Add(key, source)
	return source, true, nil
}

// indexedDocument is what the index has stored of a document beside its passages.
type indexedDocument struct {
	ref    uint64
	source corpus.Source
	share  contents.Share
}

// indexed fetches a document; nil if there is none of the id.
func (s *snapshot) indexed(id string) (*indexedDocument, error) {
	ref, ok, err := s.ref(id)
	if !ok || err != nil {
		return nil, err
	}
	d := &indexedDocument{ref: ref}
	segment, number, err := s.find(ref)
	if err != nil {
		return nil, fmt.Errorf("document %s: %w", id, err)
	}
	fields, err := storedFields(segment, number)
	if err != nil {
		return nil, fmt.Errorf("document %s: %w", id, err)
	}
	bad := json.Unmarshal([]byte(fields[fieldSource]), &d.source)
	d.share, err = stored.DecodeShare([]byte(fields[fieldShare]))
	if err = errors.Join(bad, err); err != nil {
		return nil, fmt.Errorf("document %s: %w: %w", id, generation.ErrCorrupt, err)
	}
	return d, nil
}

// ref finds a bleve document by its id.
func (s *snapshot) ref(id string) (ref uint64, ok bool, err error) {
	internal, err := s.reader.InternalID(id)
	if err != nil || internal == nil {
		return 0, false, err
	}
	return internal.Value(), true, nil
}

// find finds the segment of a bleve document and its number there.
func (s *snapshot) find(ref uint64) (*scorch.SegmentSnapshot, uint64, error) {
	number := ref
	for _, segment := range s.reader.Segments() {
		size := uint64(segment.FullSize())
		if number < size {
			return segment, number, nil
		}
		number -= size
	}
	return nil, 0, fmt.Errorf("%w: no stored passage %d", generation.ErrCorrupt, ref)
}

// storedFields fetches the stored fields of a bleve document.
func storedFields(segment *scorch.SegmentSnapshot, number uint64) (map[string]string, error) {
	fields := make(map[string]string, 4)
	err := segment.VisitDocument(number, func(field string, _ byte, value []byte, _ []uint64) bool {
		fields[field] = string(value)
		return true
	})
	return fields, err
}
