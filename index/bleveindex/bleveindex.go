// Package bleveindex keeps the passages of a record in a bleve index on disk and searches
// it. With its subpackages it is the only importer of bleve.
//
// Build writes a whole index as a generation (package generation). Index answers from one;
// many processes may have the same one open. Live follows a library that changes: it works
// in a clone of the current generation that shares bleve's segments, which never change. A
// change is one step, so that a snapshot has all of it or none, and snapshots that were
// taken before stay as they are. Publish makes what there is the next generation. A crash
// costs the changes since the last generation, whose State tells the caller which to apply
// again. A live index tells the same as a new build of its documents, to the last bit of a
// score; only refs differ, as they do from build to build.
//
// An index has a document in bleve's sense for each passage, and one for each document of
// the record with its source and its share of the contents (package contents), which are
// stored in the same step. Scores are package bm25's. Beside each segment stands a sidecar
// file, from which most of a search is read (sidecar.go).
//
// What was measured and tried is in docs/measurements.md.
package bleveindex

import (
	"context"
	"fmt"

	"parley/index"
	"parley/index/generation"
)

// Index is an open generation. It implements index.Engine and is safe for concurrent use.
type Index struct {
	store
	meta Meta
}

// maxSmall is the number of bytes of the smallest files that Open compares with their checksums: that is
// bolt's file, which is read through unsafe pointers, and bleve's description of the index.
const maxSmall = 4 << 20

// Open opens the current generation in dir for questions. cacheBytes bounds the memory for
// what was decoded of it; 0 stands for 16 MB. A missing or damaged index is an error: ask
// Inspect first, which compares the checksums of more files.
func Open(ctx context.Context, dir string, cacheBytes int) (*Index, error) {
	x, err := generation.Use(dir, func(gen generation.Generation) (x *Index, err error) {
		defer recoverCorrupt(&err)()
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		x = &Index{}
		files, err := gen.ReadManifest(&x.meta)
		if err != nil {
			return nil, err
		}
		if _, err := gen.Verify(files, maxSmall); err != nil {
			return nil, err
		}
		if x.store, err = openStore(gen.Path, readOnly, cacheBytes); err != nil {
			return nil, err
		}
		return x, nil
	})
	if err != nil {
		return nil, fmt.Errorf("open index in %s: %w", dir, err)
	}
	return x, nil
}

// Meta describes an index: its schema, mapping, contents and state.
func (x *Index) Meta() Meta { return x.meta }

// Close lets the index go. Snapshots must be closed before.
func (x *Index) Close() error { return x.close() }

// Snapshot implements index.Engine.
func (x *Index) Snapshot() (snap index.Snapshot, err error) {
	defer recoverCorrupt(&err)()
	reader, err := x.reader()
	if err != nil {
		return nil, err
	}
	return x.view(reader, &x.meta.Summary), nil
}
