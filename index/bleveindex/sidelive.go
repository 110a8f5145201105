package bleveindex

import (
	"encoding/json"
	"errors"
	"path/filepath"

	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Scorch merges the segments of a live index in the background. It tells a function that
// it knows by name before it puts a merged one in the place of those that it was made of:
// the side file is written then, so that no question ever does without.

const sidesCallback = "parley-sides"

func init() {
	scorch.RegistryEventCallbacks[sidesCallback] = func(e scorch.Event) bool {
		if e.Kind == scorch.EventKindMergeTaskIntroductionStart {
			_ = addMergedSides(e.Scorch) // a side file that cannot be written costs speed only
		}
		return true
	}
}

// addMergedSides writes the side files of segments that no snapshot has yet, and removes
// those of segments that are gone.
func addMergedSides(s *scorch.Scorch) (err error) {
	defer recoverCorrupt(&err)()
	snap, err := s.Reader()
	if err != nil {
		return err
	}
	reader, ok := snap.(*scorch.IndexSnapshot)
	if !ok || reader == nil {
		return errClosed
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	dir := storeOf(reader)
	contents := &Contents{}
	if stored := reader.Internal()[contentsKey]; stored == nil || dir == "" {
		return nil // nothing has changed yet
	} else if err := json.Unmarshal(stored, contents); err != nil {
		return err
	}
	if err := removeStaleSides(dir); err != nil {
		return err
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*"+segmentExt))
	for _, path := range paths {
		err = errors.Join(err, addSide(path, contents))
	}
	return err
}

// storeOf is the folder of the segments of a snapshot; empty if none is on the disk yet.
func storeOf(reader *scorch.IndexSnapshot) string {
	for _, s := range reader.Segments() {
		if p, ok := s.Segment().(segment.PersistedSegment); ok {
			return filepath.Dir(p.Path())
		}
	}
	return ""
}

// addSide writes the side file of the segment in a file, if it lacks one. It fails where
// the segment is still being written.
func addSide(path string, contents *Contents) (err error) {
	defer recoverCorrupt(&err)()
	s, err := segments.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if p, ok := s.(persisted); ok && s.Count() >= minSideDocs {
		return writeMissing(p, int(s.Count()), contents)
	}
	return nil
}
