// Package bleveindex keeps the passages of a record in a bleve index on disk
// and answers posting lists, stored passages and near spellings from it. It is
// the only importer of bleve. Scores are package bm25's, not bleve's: bleve
// 2.6.3 averages field lengths over unique terms, and its match queries read
// more of every posting than a sum of BM25 weights needs. Bleve's segments are the
// truth; beside each stands a side file with what the first stage reads (side.go).
//
// An index directory holds generations: complete, sealed indexes, each in a folder of
// its own. The file CURRENT names the one in use and is replaced by rename, so
// that whoever writes the next one may be killed at any moment and the old one stays in
// use. A generation carries its schema, the hash of its mapping (the lexicon
// included), what it contains and the checksums of its files; what does not fit is
// never searched. Writers exclude each other with the lock file LOCK; readers (Index)
// need no lock and may be many.
//
// Live follows a library that changes. It works in a clone of the current generation, a
// folder of its process alone that shares the segments, which never change, by hard
// links. A change is one step: a snapshot has all of it or none, and those taken before
// stay as they were. Publish seals what there is as the next generation. A clone is worth
// nothing without its process, whose lock in it tells that it lives; the next who opens
// a live index or swaps in a generation removes the others. So a crash costs the changes
// since the last generation, and its State tells the caller which to apply again.
//
// What sums up the documents (Contents) is stored in the same step as they are, and each
// document with its share of it, so that it can go again. A live index tells the same as
// a fresh build of its documents, to the last bit of a score. Only refs differ, as they
// do from build to build: package index orders passages of the same score by their ids.
//
// # Speed
//
// BenchmarkScale measures records of any size. What a question took of a million synthetic
// passages, in ms of processor time (median, 99th percentile), on one of two 2026 EPYC cores:
//
//	bleve's match query for its words, 100 hits, no text    80    237
//	the first stage with all clauses of its plan           3.2    5.8
//	the same with its words alone                          1.7    3.7
//	the whole answer, from passages not yet decoded        8.5   12.5
//	the same again                                         5.5    8.5
//
// What was tried for the first stage, over BenchmarkTop's lists: exact scores in the order
// of documents, with bounds for windows and candidates sought one by one, 12.6 and 64 ms;
// sums in an array, and lists added whole where that is cheaper than seeking, 4.5 and 10.3;
// small integers that bound the scores, and exact ones only for what remains, 2.8 and 5.3.
// To know the final threshold from the start would save a tenth more, windows of 256
// documents a third of the postings but not their own cost.
//
// The rest: dates from the side file instead of doc values, which unpack a thousand to read
// one, take a timeline of ten thousand statements from 40 ms to 4; fewer postings of words as
// written, a share of the contents in 40 bytes instead of JSON and no side postings of
// rare terms save a third of the disk.
//
// A build on all processors, with terms made once, was 2.4 times as fast as bleve's own
// offline builder. Names found once a document instead of three times, room for words that
// is used again, and parts that are not forced to the disk made it half as fast again:
// 6,100 passages a second, at 291 µs of processor time each, where bleve's default mapping
// takes 555. What remains is bleve's segments (28 in a hundred) and joining them (11),
// reading who says what (19), terms and mapping (15) and garbage (8). To collect half as
// often is a tenth faster and takes 400 MB more. What was read of segments that are being
// joined is dropped from memory, so that the peak is 0.84 GB instead of 1.40.
//
// An open index of a million passages maps 900 MB and holds 120 MB of its own, the lexicon
// and word tables included. The working set is the side file (130 MB) and what is read of
// the stored passages, 1 KB each.
package bleveindex

import (
	"cmp"
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
	"parley/index/generation"
)

// Index is an open generation; many processes may have the same one open. It
// implements index.Engine and is safe for concurrent use.
type Index struct {
	store
	meta Meta
}

// store is an open bleve index. A segment never changes: what was decoded from it is
// remembered by its place there and holds for every snapshot that has the segment.
type store struct {
	bleve bleve.Index
	// By far most questions ask for the same few.
	passages *lru.Cache[place, *index.Passage]
	sources  *lru.Cache[place, corpus.Source]
	sides    *sides
}

// place is where a row stands.
type place struct{ segment, number uint64 }

// defaultCache is the memory in which decoded passages and sources are remembered, in
// bytes: half for each, of about these sizes.
const (
	defaultCache = 16 << 20
	passageBytes = 2 << 10
	sourceBytes  = 1 << 10
)

// storeDir is the folder of bleve's index in a generation or a clone.
const storeDir = "bleve"

// segmentExt is that of bleve's segments, which are written once and never changed.
const segmentExt = ".zap"

// Open opens the current generation in dir for questions. A missing or damaged
// index is an error: ask Inspect first, which compares the checksums of all
// files, where Open compares those of the small ones and the sizes of the rest.
func Open(ctx context.Context, dir string, options ...Option) (*Index, error) {
	var o openOptions
	for _, set := range options {
		set(&o)
	}
	x, err := generation.Use(dir, func(gen generation.Generation) (*Index, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return openGeneration(gen, o)
	})
	if err != nil {
		return nil, fmt.Errorf("open index in %s: %w", dir, err)
	}
	return x, nil
}

// Option changes how an index is opened.
type Option func(*openOptions)

type openOptions struct{ cacheBytes int }

// CacheBytes bounds the memory for what was decoded of an index; 0 is the default, 16 MB.
// What is mapped of its files is the system's to keep or drop.
func CacheBytes(n int) Option { return func(o *openOptions) { o.cacheBytes = n } }

// maxSmall is how much of the smallest files Open checks: that is bolt's, which is read
// through unsafe pointers, and bleve's description of the index.
const maxSmall = 4 << 20

func openGeneration(gen generation.Generation, o openOptions) (x *Index, err error) {
	defer recoverCorrupt(&err)()
	var meta Meta
	files, err := gen.ReadManifest(&meta)
	if err != nil {
		return nil, err
	}
	if _, err := gen.Verify(files, maxSmall); err != nil {
		return nil, err
	}
	opened, err := openStore(gen.Path, map[string]any{"read_only": true, "bolt_timeout": "1500ms"}, o.cacheBytes)
	if err != nil {
		return nil, err
	}
	return &Index{opened, meta}, nil
}

// openStore opens the bleve index in the folder of a generation or a clone.
func openStore(path string, config map[string]any, cacheBytes int) (st store, err error) {
	if st.bleve, err = bleve.OpenUsing(filepath.Join(path, storeDir), config); err != nil {
		return store{}, err
	}
	st.sides = &sides{}
	half := cmp.Or(cacheBytes, defaultCache) / 2
	st.passages, _ = lru.New[place, *index.Passage](max(1, half/passageBytes)) // no error for a size above 0
	st.sources, _ = lru.New[place, corpus.Source](max(1, half/sourceBytes))
	return st, nil
}

// Meta is what the index says of itself.
func (x *Index) Meta() Meta { return x.meta }

// Close lets the index go. Snapshots must be closed before.
func (x *Index) Close() error { return x.close() }

func (st *store) close() error { return errors.Join(st.bleve.Close(), st.sides.close()) }

// Snapshot implements index.Engine.
func (x *Index) Snapshot() (snap index.Snapshot, err error) {
	defer recoverCorrupt(&err)()
	reader, err := x.reader()
	if err != nil {
		return nil, err
	}
	return x.view(reader, &x.meta.Contents), nil
}

// view makes a snapshot of a state of the index.
func (st *store) view(reader *scorch.IndexSnapshot, contents *Contents) *snapshot {
	return &snapshot{store: st, contents: contents, reader: reader, sides: st.sides.acquire(reader.Segments())}
}

// errClosed is that of an index that was closed.
var errClosed = errors.New("the index is closed")

// scorch is the engine inside bleve.
func (st *store) scorch() (*scorch.Scorch, error) {
	advanced, err := st.bleve.Advanced()
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	s, ok := advanced.(*scorch.Scorch)
	if !ok {
		return nil, fmt.Errorf("index: bleve has a %T, not scorch", advanced)
	}
	return s, nil
}

// reader is the present state of the index.
func (st *store) reader() (*scorch.IndexSnapshot, error) {
	s, err := st.scorch()
	if err != nil {
		return nil, err
	}
	reader, err := s.Reader()
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	is, ok := reader.(*scorch.IndexSnapshot)
	switch {
	case !ok:
		return nil, errors.Join(fmt.Errorf("index: bleve gave a %T, not scorch's snapshot", reader), reader.Close())
	case is == nil:
		return nil, errClosed
	}
	return is, nil
}

// recoverCorrupt makes the function that, deferred, turns a panic into
// generation.ErrCorrupt: bleve reads memory-mapped segments without checking them. A
// damaged one makes it index out of range, and one that was cut short since it
// was opened makes it fault, which would end the process.
func recoverCorrupt(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if r := recover(); r != nil {
			*err = fmt.Errorf("%w (%v)", generation.ErrCorrupt, r)
		}
	}
}
