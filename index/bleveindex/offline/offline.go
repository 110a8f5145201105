// Package offline writes a new bleve index: several goroutines make segments of batches of
// documents, and the segments are then joined into one. Bleve's own offline builder does
// the same on one processor.
package offline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2"
	blevedoc "github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/mapping"
	bleveindex "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
)

// Segments is the plugin by which bleve reads and writes segments.
var Segments zap.ZapPlugin

// SegmentExt is the extension of their files.
const SegmentExt = ".zap"

// Document is a document in bleve's sense, with its fields by their names in the mapping.
type Document struct {
	ID     string
	Fields map[string]any
}

// Writer writes one index.
type Writer struct {
	path    string
	mapping mapping.IndexMapping

	mu       sync.Mutex
	segments []string
}

// New makes a writer of the index at path, which must not exist. Meanwhile it keeps
// segments in the folder path + ".segments".
func New(path string, m mapping.IndexMapping) (*Writer, error) {
	w := &Writer{path: path, mapping: m}
	return w, os.MkdirAll(w.segmentsDir(), 0o755)
}

func (w *Writer) segmentsDir() string { return w.path + ".segments" }

// Add makes a segment of a batch of documents. The index has the batches in the order of
// their numbers, which must differ. It is safe for concurrent use.
func (w *Writer) Add(batch int, docs []Document) error {
	analysed := make([]bleveindex.Document, len(docs))
	for i, d := range docs {
		doc := blevedoc.NewDocument(d.ID)
		if err := w.mapping.MapDocument(doc, d.Fields); err != nil {
			return fmt.Errorf("document %s: %w", d.ID, err)
		}
		doc.AddIDField()
		doc.VisitFields(func(f bleveindex.Field) {
			if f.Options().IsIndexed() {
				f.Analyze()
			}
		})
		analysed[i] = doc
	}
	path := filepath.Join(w.segmentsDir(), fmt.Sprintf("%06d%s", batch, SegmentExt))
	if err := writeSegment(path, analysed); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.segments = append(w.segments, path)
	return nil
}

// writeSegment does not wait for the disk, unlike the segment's Persist: only this process
// reads the file, and soon.
func writeSegment(path string, docs []bleveindex.Document) (err error) {
	s, _, err := Segments.New(docs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	writer, ok := s.(io.WriterTo)
	if !ok {
		return fmt.Errorf("a new segment is a %T", s)
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = writer.WriteTo(f)
	return errors.Join(err, f.Close())
}

// joinedAtATime is the number of segments joined at a time: a million passages in two rounds.
const joinedAtATime = 24

// Finish joins the segments, of which there must be one, and writes the index.
func (w *Writer) Finish(ctx context.Context) error {
	slices.Sort(w.segments)
	if len(w.segments) > 1 {
		debug.FreeOSMemory() // that of the batches: the segments are mapped now
	}
	for len(w.segments) > 1 {
		groups := slices.Collect(slices.Chunk(w.segments, joinedAtATime))
		if err := joinGroups(ctx, groups); err != nil {
			return err
		}
		w.segments = w.segments[:0]
		for _, g := range groups {
			w.segments = append(w.segments, joinedPath(g))
		}
	}
	if err := writeIndex(w.path, w.mapping, w.segments[0]); err != nil {
		return err
	}
	return os.RemoveAll(w.segmentsDir())
}

// joinedPath is the path of the segment that is made of several.
func joinedPath(group []string) string {
	if len(group) == 1 {
		return group[0]
	}
	return group[0] + ".joined"
}

// joinGroups makes one segment of each group, on all processors.
func joinGroups(ctx context.Context, groups [][]string) error {
	errs := make([]error, len(groups))
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i, g := range groups {
		free <- struct{}{}
		wg.Go(func() {
			defer func() { <-free }()
			if errs[i] = ctx.Err(); errs[i] == nil && len(g) > 1 {
				errs[i] = join(g)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// join makes one segment of several, which it removes.
func join(paths []string) (err error) {
	var all []segment.Segment
	defer func() {
		for _, s := range all {
			err = errors.Join(err, s.Close())
		}
		for _, path := range paths {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	for _, path := range paths {
		s, err := Segments.Open(path)
		if err != nil {
			return err
		}
		all = append(all, s)
	}
	defer forgetRead(all)()
	_, _, err = Segments.Merge(all, make([]*roaring.Bitmap, len(all)), joinedPath(paths), nil, nil)
	return err
}

// forgetInterval is the time between two drops of mapped segments from memory: at most a
// few hundred megabytes are read meanwhile.
const forgetInterval = 200 * time.Millisecond

// forgetRead keeps mapped segments, each of which is read once from beginning to end, from
// filling the memory until stop is called.
func forgetRead(all []segment.Segment) (stop func()) {
	done := make(chan struct{})
	var forgets sync.WaitGroup
	forgets.Go(func() {
		tick := time.NewTicker(forgetInterval)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				for _, s := range all {
					if mapped, ok := s.(interface{ Data() []byte }); ok {
						dropResident(mapped.Data())
					}
				}
			}
		}
	})
	return func() { close(done); forgets.Wait() }
}

// writeIndex makes a bleve index of one segment. Only bleve's builder writes the files
// around a segment, so it is given one document to index, whose segment is then replaced.
func writeIndex(path string, m mapping.IndexMapping, segment string) error {
	b, err := bleve.NewBuilder(path, m, map[string]any{"buildPathPrefix": filepath.Dir(path)})
	if err != nil {
		return err
	}
	if err := errors.Join(b.Index("placeholder", map[string]any{}), b.Close()); err != nil {
		return err
	}
	only, err := filepath.Glob(filepath.Join(path, "store", "*"+SegmentExt))
	if err == nil && len(only) != 1 {
		err = fmt.Errorf("bleve's builder wrote the segments %v", only)
	}
	if err != nil {
		return err
	}
	return os.Rename(segment, only[0])
}
