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
	sides    sides
}

// Sizes of the caches, in entries. A passage is about 2 KB, a source 1 KB.
const (
	cachedPassages = 4096
	cachedSources  = 8192
)

// ErrCorrupt marks an index that is damaged on disk; building it again mends it.
var ErrCorrupt = errors.New("the index is damaged")

// Open opens the current generation in dir for questions. A missing or damaged
// index is an error: ask Inspect first, which compares the checksums of all
// files, where Open compares those of the small ones and the sizes of the rest.
func Open(ctx context.Context, dir string) (*Index, error) {
	x, err := whileCurrent(dir, func(gen generation) (*Index, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return openGeneration(gen)
	})
	if err != nil {
		return nil, fmt.Errorf("open index in %s: %w", dir, err)
	}
	return x, nil
}

// maxSmall is the size of the files that Open checks: bolt's, which is read
// through unsafe pointers, and bleve's description of the index.
const maxSmall = 1 << 20

func openGeneration(gen generation) (x *Index, err error) {
	defer recoverCorrupt(&err)()
	meta, err := gen.readMeta()
	if err != nil {
		return nil, err
	}
	if _, err := gen.verify(meta, maxSmall); err != nil {
		return nil, err
	}
	b, err := bleve.OpenUsing(filepath.Join(gen.path, storeDir), map[string]any{"read_only": true, "bolt_timeout": "1500ms"})
	if err != nil {
		return nil, err
	}
	x = &Index{bleve: b, meta: meta}
	x.passages, _ = lru.New[uint64, *index.Passage](cachedPassages)
	x.sources, _ = lru.New[string, corpus.Source](cachedSources)
	return x, nil
}

// Meta is what the index says of itself.
func (x *Index) Meta() Meta { return x.meta }

// Close lets the index go. Snapshots must be closed before.
func (x *Index) Close() error { return errors.Join(x.bleve.Close(), x.sides.close()) }

// Snapshot implements index.Engine.
func (x *Index) Snapshot() (snap index.Snapshot, err error) {
	defer recoverCorrupt(&err)()
	reader, err := snapshotOf(x.bleve)
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	return &snapshot{index: x, reader: reader, sides: x.sides.acquire(reader.Segments())}, nil
}

// snapshotOf opens a snapshot of a bleve index.
func snapshotOf(b bleve.Index) (*scorch.IndexSnapshot, error) {
	advanced, err := b.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := advanced.Reader()
	if err != nil {
		return nil, err
	}
	is, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, errors.Join(fmt.Errorf("bleve gave a %T, not scorch's snapshot", reader), reader.Close())
	}
	return is, nil
}

// recoverCorrupt makes the function that, deferred, turns a panic into
// ErrCorrupt: bleve reads memory-mapped segments without checking them. A
// damaged one makes it index out of range, and one that was cut short since it
// was opened makes it fault, which would end the process.
func recoverCorrupt(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if r := recover(); r != nil {
			*err = fmt.Errorf("%w (%v)", ErrCorrupt, r)
		}
	}
}
