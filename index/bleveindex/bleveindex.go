// Package bleveindex keeps the passages of a record in a bleve index on disk
// and answers posting lists, stored passages and near spellings from it. It is
// the only importer of bleve. Scores are package bm25's, not bleve's: bleve
// 2.6.3 averages field lengths over unique terms, and its match queries read
// more of every posting than a sum of BM25 weights needs.
//
// An index directory holds generations: complete indexes, each in a folder of
// its own. The file CURRENT names the one in use and is replaced by rename, so
// that a build that is killed at any moment leaves the old generation in use.
// A generation carries its schema, the hash of its mapping (the lexicon
// included), the hash of its documents and the checksums of its files; what
// does not fit is never searched. Builders exclude each other with the lock
// file LOCK; readers need no lock and may be many.
package bleveindex

import (
	"context"
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
)

// Index is an open index; many processes may have the same one open. It
// implements index.Engine and is safe for concurrent use.
type Index struct {
	bleve bleve.Index
	meta  Meta
	// passages and sources remember what was decoded: by far most questions ask for the same few.
	passages *lru.Cache[uint64, *index.Passage]
	sources  *lru.Cache[string, corpus.Source]
}

// Sizes of the caches, in entries. A passage is about 2 KB, a source 1 KB.
const (
	cachedPassages = 4096
	cachedSources  = 8192
)

// ErrCorrupt marks an index that is damaged on disk; building it again mends it.
var ErrCorrupt = errors.New("the index is damaged")

// Open opens the current generation in dir for questions. A missing or damaged
// index is an error: ask Inspect first.
func Open(ctx context.Context, dir string) (*Index, error) {
	// A builder may remove the generation between our reading of CURRENT and the opening: then there is a newer one.
	for try := 0; ; try++ {
		x, err := openCurrent(dir)
		if err == nil || try == 3 || ctx.Err() != nil || errors.Is(err, ErrCorrupt) {
			return x, err
		}
	}
}

func openCurrent(dir string) (x *Index, err error) {
	defer recoverCorrupt(&err)
	gen, err := currentGeneration(dir)
	if err != nil {
		return nil, err
	}
	meta, err := readMeta(gen)
	if err != nil {
		return nil, err
	}
	b, err := bleve.OpenUsing(filepath.Join(gen, storeDir), map[string]any{"read_only": true, "bolt_timeout": "1500ms"})
	if err != nil {
		return nil, fmt.Errorf("open index %s: %w", gen, err)
	}
	x = &Index{bleve: b, meta: meta}
	x.passages, _ = lru.New[uint64, *index.Passage](cachedPassages)
	x.sources, _ = lru.New[string, corpus.Source](cachedSources)
	return x, nil
}

// Meta is what the index says of itself.
func (x *Index) Meta() Meta { return x.meta }

// Close lets the index go. Snapshots must be closed before.
func (x *Index) Close() error { return x.bleve.Close() }

// Snapshot implements index.Engine.
func (x *Index) Snapshot() (snap index.Snapshot, err error) {
	defer recoverCorrupt(&err)
	advanced, err := x.bleve.Advanced()
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	reader, err := advanced.Reader()
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	is, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, errors.Join(fmt.Errorf("index: bleve gave a %T, not scorch's snapshot", reader), reader.Close())
	}
	return &snapshot{index: x, reader: is}, nil
}

// recoverCorrupt turns a panic into ErrCorrupt: bleve reads memory-mapped
// segments without checking them, and a damaged one makes it index out of range.
func recoverCorrupt(err *error) {
	if r := recover(); r != nil {
		at, _, _ := strings.Cut(string(debug.Stack()[:min(4096, len(debug.Stack()))]), "\n\n")
		*err = fmt.Errorf("%w (%v); rebuild it with: parley index build\n%.0s", ErrCorrupt, r, at)
	}
}
