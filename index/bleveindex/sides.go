package bleveindex

import (
	"errors"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// sides are the side files of an open index. Each stays mapped while a snapshot uses it
// or the newest snapshot has its segment. The zero value is ready.
type sides struct {
	mu     sync.Mutex
	mapped map[string]*side // by path; nil for a segment without one
}

// acquire gives the side files of segments, in their order, nil for one without. They
// must be released. One that cannot be opened costs speed only, and counts as missing.
func (s *sides) acquire(segments []*scorch.SegmentSnapshot) []*side {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := make(map[string]*side, len(segments))
	list := make([]*side, len(segments))
	for i, seg := range segments {
		p, ok := seg.Segment().(persisted)
		if !ok {
			continue
		}
		path := sidePath(p)
		known, ok := s.mapped[path]
		if !ok {
			known, _ = openSide(p, int(seg.FullSize()))
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

// release gives back what acquire gave.
func (s *sides) release(list []*side) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range list {
		err = errors.Join(err, one.unuse())
	}
	return err
}

// close unmaps what no snapshot uses any more.
func (s *sides) close() (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.mapped {
		err = errors.Join(err, one.unuse())
	}
	s.mapped = nil
	return err
}

// use counts one more user, unuse one less; the last unmaps the file. sides.mu guards both.
func (s *side) use() {
	if s != nil {
		s.users++
	}
}

func (s *side) unuse() error {
	if s == nil {
		return nil
	}
	if s.users--; s.users > 0 {
		return nil
	}
	return s.mapped.Unmap()
}
