package bleveindex

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"parley/corpus"
	"parley/index"
	"parley/index/generation"
)

// snapshot is one state of the index.
type snapshot struct {
	store    *store
	contents *Contents
	reader   *scorch.IndexSnapshot
	sides    []*side // of the segments; nil for one without
}

func (s *snapshot) Close() error {
	return errors.Join(s.store.sides.release(s.sides), s.reader.Close())
}

func (s *snapshot) Record() index.Record { return s.contents.Record }

// DocFreq implements index.Snapshot.
func (s *snapshot) DocFreq(f index.Field, term string) (n int, err error) {
	defer recoverCorrupt(&err)()
	postings, err := s.reader.TermFieldReader(context.Background(), []byte(term), string(f), false, false, false)
	if err != nil {
		return 0, fmt.Errorf("postings of %s:%s: %w", f, term, err)
	}
	return int(postings.Count()), postings.Close()
}

// Passage implements index.Snapshot.
func (s *snapshot) Passage(ref uint64) (p *index.Passage, err error) {
	defer recoverCorrupt(&err)()
	at, err := s.place(ref)
	if err != nil {
		return nil, err
	}
	if p, ok := s.store.passages.Get(at); ok {
		return p, nil
	}
	stored, err := s.stored(ref)
	if err != nil {
		return nil, err
	}
	p = &index.Passage{}
	p.ID, p.Text = stored["_id"], stored[fieldBody]
	if err := decodeNotes([]byte(stored[fieldNotes]), p); err != nil {
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
	s.store.passages.Add(at, p)
	return p, nil
}

// stored fetches the stored fields of a bleve document.
func (s *snapshot) stored(ref uint64) (map[string]string, error) {
	fields := make(map[string]string, 4)
	segment, number, err := s.find(ref)
	if err != nil {
		return nil, err
	}
	err = segment.VisitDocument(number, func(field string, _ byte, value []byte, _ []uint64) bool {
		fields[field] = string(value)
		return true
	})
	return fields, err
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

// place is where a bleve document stands, whatever the snapshot.
func (s *snapshot) place(ref uint64) (place, error) {
	segment, number, err := s.find(ref)
	if err != nil {
		return place{}, err
	}
	return place{segment.Id(), number}, nil
}

// source fetches a document's source.
func (s *snapshot) source(id string) (source corpus.Source, ok bool, err error) {
	ref, ok, err := s.ref(id)
	if !ok || err != nil {
		return corpus.Source{}, false, err
	}
	at, err := s.place(ref)
	if err != nil {
		return corpus.Source{}, false, err
	}
	if source, ok := s.store.sources.Get(at); ok {
		return source, true, nil
	}
	stored, err := s.stored(ref)
	if err != nil {
		return corpus.Source{}, false, err
	}
	if err := json.Unmarshal([]byte(stored[fieldSource]), &source); err != nil {
		return corpus.Source{}, false, fmt.Errorf("document %s: %w: %w", id, generation.ErrCorrupt, err)
	}
	s.store.sources.Add(at, source)
	return source, true, nil
}

// ref finds a bleve document by its id.
func (s *snapshot) ref(id string) (ref uint64, ok bool, err error) {
	internal, err := s.reader.InternalID(id)
	if err != nil || internal == nil {
		return 0, false, err
	}
	return internal.Value(), true, nil
}

// Document implements index.Snapshot.
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
