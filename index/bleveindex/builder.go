package bleveindex

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

	"parley/corpus"
	"parley/index"
)

// builder writes a new bleve index. Batches of documents are annotated and made into
// segments on all processors, each by one goroutine from beginning to end, and the
// segments joined afterwards. Bleve's own offline builder does the same on one.
type builder struct {
	gen     string
	mapping mapping.IndexMapping
	indexer indexer
	opt     BuildOptions
	total   int

	mu       sync.Mutex
	contents Contents
	done     int      // documents
	parts    []string // segments, by number of batch
}

// partsDir is the folder of a generation for its segments until they are joined.
const partsDir = "parts"

func newBuilder(gen string, opt BuildOptions) *builder {
	b := &builder{
		gen: gen, mapping: indexMapping(), indexer: newIndexer(opt.Lexicon), opt: opt,
		contents: Contents{State: opt.State, Terms: map[index.Field]int{}},
	}
	b.indexer.words = &wordCounts{}
	return b
}

// batch is a run of documents that becomes a segment.
type batch struct {
	number int
	docs   []corpus.Document
}

// batchBytes is how much text makes a batch: with what is made of it, about 80 MB of memory.
const batchBytes = 1 << 20

// run makes segments of all documents. The first error stops it.
func (b *builder) run(ctx context.Context, docs Documents) error {
	if err := os.MkdirAll(filepath.Join(b.gen, partsDir), 0o755); err != nil {
		return err
	}
	b.total = docs.Total
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	batches := make(chan batch)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for batch := range batches {
				if err := b.index(ctx, batch); err != nil {
					cancel(err)
				}
			}
		})
	}
	err := readBatches(ctx, docs, batches)
	close(batches)
	workers.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// readBatches sends the documents in batches until the context ends.
func readBatches(ctx context.Context, docs Documents, batches chan<- batch) error {
	var next batch
	send := func() {
		select {
		case batches <- next:
		case <-ctx.Done():
		}
		next = batch{number: next.number + 1}
	}
	added, size := map[string]bool{}, 0
	for doc, err := range docs.All {
		switch {
		case err != nil:
			return err
		case added[doc.ID]:
			return fmt.Errorf("document %s: %w", doc.ID, errTwice)
		case ctx.Err() != nil:
			return ctx.Err()
		}
		added[doc.ID] = true
		next.docs = append(next.docs, doc)
		if size += len(doc.Text); size >= batchBytes {
			send()
			size = 0
		}
	}
	if len(next.docs) > 0 {
		send()
	}
	return nil
}

// index makes a segment of a batch.
func (b *builder) index(ctx context.Context, batch batch) error {
	var rows []bleveindex.Document
	for _, doc := range batch.docs {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, err := b.indexer.read(doc)
		if err != nil {
			return err
		}
		for _, r := range d.rows {
			analysed, err := b.analyse(r)
			if err != nil {
				return fmt.Errorf("document %s: %w", doc.ID, err)
			}
			rows = append(rows, analysed)
		}
		b.add(d)
	}
	part := filepath.Join(b.gen, partsDir, fmt.Sprintf("%06d%s", batch.number, segmentExt))
	if err := writeSegment(part, rows); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parts = append(b.parts, part)
	return nil
}

// add counts a document.
func (b *builder) add(d indexed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.contents.add(d.source, d.share)
	if b.done++; b.opt.Progress != nil {
		b.opt.Progress(b.done, b.total)
	}
}

// analyse makes bleve's document of a row, ready for a segment.
func (b *builder) analyse(r row) (bleveindex.Document, error) {
	doc := blevedoc.NewDocument(r.id)
	if err := b.mapping.MapDocument(doc, r.fields); err != nil {
		return nil, err
	}
	doc.AddIDField()
	doc.VisitFields(func(f bleveindex.Field) {
		if f.Options().IsIndexed() {
			f.Analyze()
		}
	})
	return doc, nil
}

// segments is how bleve's index writes its segments.
var segments zap.ZapPlugin

// writeSegment writes a segment that is only read by this process, and soon: unlike
// Persist it does not wait for the disk.
func writeSegment(path string, rows []bleveindex.Document) (err error) {
	s, _, err := segments.New(rows)
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

// joined is how many segments are joined at a time: a million passages in two rounds.
const joined = 24

// join makes one segment of all and an index of it.
func (b *builder) join(ctx context.Context) error {
	slices.Sort(b.parts)
	if len(b.parts) > 1 {
		debug.FreeOSMemory() // that of the batches: the segments are mapped now
	}
	for len(b.parts) > 1 {
		groups := slices.Collect(slices.Chunk(b.parts, joined))
		if err := joinGroups(ctx, groups); err != nil {
			return err
		}
		b.parts = b.parts[:0]
		for _, g := range groups {
			b.parts = append(b.parts, joinedPath(g))
		}
	}
	if err := makeStore(filepath.Join(b.gen, storeDir), b.mapping, b.parts[0]); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Join(b.gen, partsDir))
}

// joinedPath is that of the segment that is made of several.
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
				errs[i] = joinSegments(g)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// joinSegments makes one segment of several, which it removes.
func joinSegments(paths []string) (err error) {
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
		s, err := segments.Open(path)
		if err != nil {
			return err
		}
		all = append(all, s)
	}
	defer forgetRead(all)()
	_, _, err = segments.Merge(all, make([]*roaring.Bitmap, len(all)), joinedPath(paths), nil, nil)
	return err
}

// forgetting is how often what was read of the segments that are joined is dropped from
// memory: a few hundred megabytes are read meanwhile at most.
const forgetting = 200 * time.Millisecond

// forgetRead keeps mapped segments, each of which is read once from beginning to end, from
// filling the memory until stop is called.
func forgetRead(all []segment.Segment) (stop func()) {
	done := make(chan struct{})
	var forgets sync.WaitGroup
	forgets.Go(func() {
		tick := time.NewTicker(forgetting)
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

// makeStore makes a bleve index of one segment. Only bleve's builder writes the files
// around a segment, so it is given one row to index, whose segment is then replaced.
func makeStore(path string, m mapping.IndexMapping, part string) error {
	b, err := bleve.NewBuilder(path, m, map[string]any{"buildPathPrefix": filepath.Dir(path)})
	if err != nil {
		return err
	}
	if err := errors.Join(b.Index("placeholder", map[string]any{}), b.Close()); err != nil {
		return err
	}
	only, err := filepath.Glob(filepath.Join(path, "store", "*"+segmentExt))
	if err == nil && len(only) != 1 {
		err = fmt.Errorf("bleve's builder wrote the segments %v", only)
	}
	if err != nil {
		return err
	}
	return os.Rename(part, only[0])
}
