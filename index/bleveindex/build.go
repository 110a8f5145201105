package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index/bleveindex/contents"
	"parley/index/bleveindex/offline"
	"parley/index/bleveindex/sidecar"
	"parley/index/bleveindex/spelling"
	"parley/index/generation"
)

// BuildOptions are what a build needs besides the documents.
type BuildOptions struct {
	Lexicon     *lexicon.Lexicon
	Fingerprint string   // of the files that the documents were read from
	State       string   // of the library that they were read from, in any form; kept in Meta
	Problems    []string // of those files, kept in Meta
	Now         time.Time
	Progress    func(done, total int) // called with numbers of documents; may be nil
}

// Build makes the index of docs beside the current one and swaps it in when it is complete.
// It fails with generation.ErrLocked within two seconds while another process builds in the
// same dir.
func Build(ctx context.Context, dir string, docs []corpus.Document, opt BuildOptions) error {
	return buildFrom(ctx, dir, slices.Values(docs), len(docs), opt)
}

// buildFrom is Build for documents that need not all be in memory: they are read once.
// total is their number for Progress, 0 if it is not known.
func buildFrom(
	ctx context.Context, dir string, docs iter.Seq[corpus.Document], total int, opt BuildOptions,
) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("build index: %w; choose another data_dir", err)
	}
	unlock, err := generation.Lock(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	_, err = generation.Write(dir, func(path string) (any, error) {
		b := &builder{indexer: newIndexer(opt.Lexicon), progress: opt.Progress, total: total}
		b.indexer.words = &spelling.Sampler{}
		b.contents.State = opt.State
		if err := b.write(ctx, path, docs); err != nil {
			return nil, err
		}
		return Meta{
			Schema: schema, Mapping: Mapping(opt.Lexicon), Fingerprint: opt.Fingerprint,
			Built: opt.Now.UTC(), Problems: opt.Problems, Summary: b.contents,
		}, addSidecars(path, &b.contents, sidecar.MinDocs)
	})
	if err != nil {
		return fmt.Errorf("build index in %s: %w", dir, err)
	}
	return nil
}

// builder writes a new bleve index. Batches of documents are annotated and made into
// segments on all processors, each by one goroutine from beginning to end.
type builder struct {
	writer   *offline.Writer
	indexer  indexer
	progress func(done, total int)
	total    int

	mu       sync.Mutex
	contents contents.Summary
	done     int // documents
}

// batch is a run of documents that becomes a segment.
type batch struct {
	number int
	docs   []corpus.Document
}

// batchBytes is the size of a batch in bytes of text: with what is made of it, about 80 MB of memory.
const batchBytes = 1 << 20

// write writes the index of all documents in a folder. The first error stops it.
func (b *builder) write(ctx context.Context, path string, docs iter.Seq[corpus.Document]) (err error) {
	if b.writer, err = offline.New(filepath.Join(path, storeDir), indexMapping()); err != nil {
		return err
	}
	running, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	batches := make(chan batch)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for batch := range batches {
				if err := b.index(running, batch); err != nil {
					cancel(err)
				}
			}
		})
	}
	err = readBatches(running, docs, batches)
	close(batches)
	workers.Wait()
	if cause := context.Cause(running); cause != nil {
		return cause
	}
	if err != nil {
		return err
	}
	if b.contents.Record.Passages == 0 {
		return errors.New("there is no text to index")
	}
	b.contents.Finish()
	return b.writer.Finish(ctx)
}

// readBatches sends the documents in batches until the context ends.
func readBatches(ctx context.Context, docs iter.Seq[corpus.Document], batches chan<- batch) error {
	var next batch
	send := func() {
		select {
		case batches <- next:
		case <-ctx.Done():
		}
		next = batch{number: next.number + 1}
	}
	added, size := map[string]bool{}, 0
	for doc := range docs {
		switch {
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

// index makes a segment of a batch and counts its documents.
func (b *builder) index(ctx context.Context, batch batch) error {
	var docs []offline.Document
	for _, doc := range batch.docs {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, err := b.indexer.prepare(doc)
		if err != nil {
			return err
		}
		docs = append(docs, d.docs...)
		b.mu.Lock()
		b.contents.Add(d.source, d.share)
		if b.done++; b.progress != nil {
			b.progress(b.done, b.total)
		}
		b.mu.Unlock()
	}
	return b.writer.Add(batch.number, docs)
}
