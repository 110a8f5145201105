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
)

// snapshot is one state of the index.
type snapshot struct {
	index  *Index
	reader *scorch.IndexSnapshot
	sides  []*side // of the segments; nil for one without
}

func (s *snapshot) Close() error {
	return errors.Join(s.index.sides.release(s.sides), s.reader.Close())
}

func (s *snapshot) Record() index.Record { return s.index.meta.Record }

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
	if p, ok := s.index.passages.Get(ref); ok {
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
		return nil, fmt.Errorf("passage %s: %w: its document is missing", p.ID, ErrCorrupt)
	}
	p.Source = source
	s.index.passages.Add(ref, p)
	return p, nil
}

// stored fetches the stored fields of a bleve document.
func (s *snapshot) stored(ref uint64) (map[string]string, error) {
	fields := make(map[string]string, 4)
	for _, segment := range s.reader.Segments() {
		if size := uint64(segment.FullSize()); ref >= size {
			ref -= size
			continue
		}
		err := segment.VisitDocument(ref, func(field string, _ byte, value []byte, _ []uint64) bool {
			fields[field] = string(value)
			return true
		})
		return fields, err
	}
	return nil, fmt.Errorf("%w: no stored passage %d", ErrCorrupt, ref)
}

// source fetches a document's source.
func (s *snapshot) source(id string) (source corpus.Source, ok bool, err error) {
	if source, ok := s.index.sources.Get(id); ok {
		return source, true, nil
	}
	ref, ok, err := s.ref(id)
	if !ok || err != nil {
		return corpus.Source{}, false, err
	}
	stored, err := s.stored(ref)
	if err != nil {
		return corpus.Source{}, false, err
	}
	if err := json.Unmarshal([]byte(stored[fieldSource]), &source); err != nil {
		return corpus.Source{}, false, fmt.Errorf("document %s: %w: %w", id, ErrCorrupt, err)
	}
	s.index.sources.Add(id, source)
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
		ref, found, err := s.ref(fmt.Sprintf("%s#%d", id, len(refs)))
		if err != nil {
			return corpus.Source{}, nil, false, err
		}
		if !found {
			return source, refs, true, nil
		}
		refs = append(refs, ref)
	}
}
