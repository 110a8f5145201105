package bleveindex

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"parley/index/bleveindex/contents"
	"parley/index/bleveindex/offline"
	"parley/index/bleveindex/sidecar"
	"parley/index/generation"
)

// Scorch writes segments and merges them in the background. It calls functions that it
// knows by name: with an error, after which it tries again at once, for ever; and before
// it puts a merged segment in the place of those that it was made of.
const (
	errorCallback = "parley-error"
	mergeCallback = "parley-merge"
)

// liveIndexes are the open *Live by the folder that scorch names in its errors.
var liveIndexes sync.Map

func init() {
	scorch.RegistryAsyncErrorCallbacks[errorCallback] = func(err error, path string) {
		if l, ok := liveIndexes.Load(path); ok {
			l.(*Live).failedInBackground(err)
		}
	}
	scorch.RegistryEventCallbacks[mergeCallback] = func(e scorch.Event) bool {
		if e.Kind == scorch.EventKindMergeTaskIntroductionStart {
			_ = addMergedSidecars(e.Scorch) // a sidecar that cannot be written costs speed only
		}
		return true
	}
}

// scorchPath is the folder in the form in which scorch reports it.
func (l *Live) scorchPath() string { return filepath.Join(l.clone.Path, storeDir, "store") }

// retryPause holds scorch up after an error, so that a full disk does not
// keep it busy.
const retryPause = 500 * time.Millisecond

// failedInBackground notes an error, unless what writes has come to an end, which no later
// error of another of scorch's goroutines may hide. It runs in the goroutine that failed.
func (l *Live) failedInBackground(err error) {
	for {
		known := l.backgroundError.Load()
		ended := known != nil && errors.Is(*known, scorch.ErrAsyncPanic)
		if ended || l.backgroundError.CompareAndSwap(known, &err) {
			break
		}
	}
	select {
	case <-l.closing:
	case <-time.After(retryPause):
	}
}

// writable returns an error while there can be no more changes: those that cannot be
// written would fill the memory. That is after an error in the background until all there
// is has been written, or for good if what writes has come to an end.
func (l *Live) writable() error {
	failed := l.backgroundError.Load()
	if failed == nil {
		return nil
	}
	if errors.Is(*failed, scorch.ErrAsyncPanic) {
		return fmt.Errorf("%w: %w", generation.ErrCorrupt, *failed)
	}
	s, err := l.scorch()
	if err != nil {
		return err
	}
	stats := s.StatsMap()
	if stats == nil {
		return errClosed
	}
	written, _ := stats["LastPersistedEpoch"].(uint64)
	newest, _ := stats["CurRootEpoch"].(uint64) // 0 until something changes, whatever was opened
	if written < newest {
		return fmt.Errorf("changes cannot be written: %w", *failed)
	}
	l.backgroundError.CompareAndSwap(failed, nil)
	return nil
}

// addMergedSidecars writes the sidecars of segments that no snapshot has yet, so that no
// question ever does without, and removes those of segments that are gone.
func addMergedSidecars(s *scorch.Scorch) (err error) {
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
	dir := ""
	for _, s := range reader.Segments() {
		if p, ok := s.Segment().(sidecar.Segment); ok {
			dir = filepath.Dir(p.Path())
		}
	}
	known := reader.Internal()[contentsKey]
	if known == nil || dir == "" {
		return nil // nothing has changed yet, or nothing is on the disk yet
	}
	c := &contents.Summary{}
	if err := json.Unmarshal(known, c); err != nil {
		return err
	}
	if err := sidecar.RemoveStale(dir); err != nil {
		return err
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*"+offline.SegmentExt))
	for _, path := range paths {
		err = errors.Join(err, addSidecarTo(path, c))
	}
	return err
}

// addSidecarTo writes the sidecar of the segment in a file, if it lacks one. It fails where
// the segment is still being written.
func addSidecarTo(path string, c *contents.Summary) (err error) {
	defer recoverCorrupt(&err)()
	s, err := offline.Segments.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if p, ok := s.(sidecar.Segment); ok && s.Count() >= sidecar.MinDocs {
		return sidecar.Add(p, int(s.Count()), c)
	}
	return nil
}
