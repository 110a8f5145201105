package bleveindex

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/bleveindex/contents"
	"parley/index/bleveindex/offline"
	"parley/index/bleveindex/sidecar"
	"parley/index/generation"
)

// Live is an index that follows a library of documents which change. It answers from a
// clone of the generation that was current when it was opened, which nobody else sees,
// and implements index.Engine. It is safe for concurrent use.
type Live struct {
	store
	dir     string
	clone   generation.Clone
	indexer indexer
	now     func() time.Time
	newer   func(state, than string) bool
	opened  *contents.Summary // before the first change
	newest  atomic.Pointer[newest]

	writing sync.Mutex // held by Apply and Close

	publishing sync.Mutex // held by Publish and Close
	published  atomic.Pointer[published]

	closing         chan struct{}
	backgroundError atomic.Pointer[error] // see writable
}

// newest holds the contents of the newest snapshot.
type newest struct {
	stored   []byte // the contents in the snapshot; nil if they are still those of the generation
	contents *contents.Summary
	changed  int // passages since the index was opened
}

// published is the generation to which the changes since were made.
type published struct {
	generation.Generation
	Meta
	changed int // as in newest, when it was published
}

// LiveOptions are what a live index needs besides its folder.
type LiveOptions struct {
	Lexicon *lexicon.Lexicon // the one with which the generation was built
	Now     func() time.Time // for Meta.Built
	// Newer reports whether a state of the library came after another: then it may be
	// published in the place of that which another process has published. nil: never.
	Newer func(state, than string) bool
	// CacheBytes is as for Open.
	CacheBytes int
}

// liveConfig says how scorch works in a clone. Nothing waits for the disk, as a clone does
// not outlive its process. Segments of batches are kept in memory for up to half a second,
// merged there and written as one; on disk, few are kept, since every term of a question
// is looked up in each: up to four of a size, those below 1,000 passages counting as one size.
func liveConfig() map[string]any {
	return map[string]any{
		"unsafe_batch":           true,
		"bolt_timeout":           "1500ms",
		"asyncErrorCallbackName": errorCallback,
		"eventCallbackName":      mergeCallback,
		"scorchPersisterOptions": map[string]any{"PersisterNapTimeMSec": 500},
		"scorchMergePlanOptions": map[string]any{
			"MaxSegmentsPerTier": 4, "SegmentsPerMergeTask": 8, "FloorSegmentSize": 1000,
		},
	}
}

// OpenLive opens the current generation in dir for questions and changes. It fails as
// Open does, where the generation was built with another schema or lexicon, and where no
// clone can be made, as in a folder that may only be read: there Open still works.
func OpenLive(ctx context.Context, dir string, opt LiveOptions) (*Live, error) {
	generation.RemoveAbandoned(dir)
	l, err := generation.Use(dir, func(gen generation.Generation) (*Live, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return openLive(dir, gen, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("open live index in %s: %w", dir, err)
	}
	return l, nil
}

func openLive(dir string, gen generation.Generation, opt LiveOptions) (*Live, error) {
	var meta Meta
	files, err := gen.ReadManifest(&meta)
	if err != nil {
		return nil, err
	}
	if meta.Schema != schema || meta.Mapping != Mapping(opt.Lexicon) {
		return nil, errors.New("it was built with another lexicon or another version of parley; build it again")
	}
	if _, err := gen.Verify(files, maxSmall); err != nil {
		return nil, err
	}
	clone, err := generation.NewClone(dir)
	if err != nil {
		return nil, err
	}
	l := &Live{
		dir: dir, clone: clone, indexer: newIndexer(opt.Lexicon), now: opt.Now, newer: opt.Newer,
		closing: make(chan struct{}), opened: &meta.Summary,
	}
	l.published.Store(&published{Generation: gen, Meta: meta})
	liveIndexes.Store(l.scorchPath(), l)
	if err := l.start(gen, opt.CacheBytes); err != nil {
		liveIndexes.Delete(l.scorchPath())
		return nil, errors.Join(err, clone.Remove())
	}
	return l, nil
}

// start fills the clone from a generation and opens it.
func (l *Live) start(gen generation.Generation, cacheBytes int) (err error) {
	defer recoverCorrupt(&err)()
	from, to := filepath.Join(gen.Path, storeDir), filepath.Join(l.clone.Path, storeDir)
	err = generation.CopyFolder(from, to, func(name string) bool {
		return filepath.Ext(name) == offline.SegmentExt || filepath.Ext(name) == sidecar.Ext
	})
	if err != nil {
		return err
	}
	if l.store, err = openStore(l.clone.Path, liveConfig(), cacheBytes); err != nil {
		return err
	}
	reader, err := l.reader()
	if err != nil {
		return errors.Join(err, l.store.close())
	}
	l.newest.Store(&newest{stored: reader.Internal()[contentsKey], contents: l.opened})
	return reader.Close()
}

// Close publishes what is not published, unless another process has published or is
// building, and removes the clone. Snapshots must be closed before.
func (l *Live) Close() error {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.publishing.Lock()
	defer l.publishing.Unlock()
	if l.isClosed() {
		return nil
	}
	err := l.publish(context.Background())
	if errors.Is(err, errSuperseded) || errors.Is(err, generation.ErrLocked) {
		err = nil // the other's generation is as good a beginning: changes are applied again
	}
	close(l.closing)
	defer liveIndexes.Delete(l.scorchPath())
	return errors.Join(err, l.store.close(), l.clone.Remove())
}

func (l *Live) isClosed() bool {
	select {
	case <-l.closing:
		return true
	default:
		return false
	}
}

// Meta describes the index: the contents of the newest snapshot, and the rest
// of the generation that was published last.
func (l *Live) Meta() Meta {
	meta := l.published.Load().Meta
	meta.Summary = *l.newest.Load().contents
	return meta
}

// State is that of the last batch that was applied, or of the generation.
func (l *Live) State() string { return l.newest.Load().contents.State }

// Snapshot implements index.Engine.
func (l *Live) Snapshot() (index.Snapshot, error) {
	s, err := l.snapshot()
	if err != nil {
		return nil, err // not s, which would be a Snapshot that is not nil
	}
	return s, nil
}

func (l *Live) snapshot() (s *snapshot, err error) {
	defer recoverCorrupt(&err)()
	reader, err := l.reader()
	if err != nil {
		return nil, err
	}
	c, err := l.contentsOf(reader)
	if err != nil {
		return nil, errors.Join(err, reader.Close())
	}
	return l.view(reader, c), nil
}

// contentsKey is the key of the contents in a snapshot.
const contentsKey = "parley-contents"

// contentsOf are the contents of a snapshot. They were written in one step with its
// documents, and are only decoded for a snapshot that is taken while Apply ends.
func (l *Live) contentsOf(reader *scorch.IndexSnapshot) (*contents.Summary, error) {
	stored := reader.Internal()[contentsKey]
	if c := l.newest.Load(); bytes.Equal(c.stored, stored) {
		return c.contents, nil
	}
	if stored == nil {
		return l.opened, nil
	}
	c := &contents.Summary{}
	if err := json.Unmarshal(stored, c); err != nil {
		return nil, fmt.Errorf("%w: contents: %w", generation.ErrCorrupt, err)
	}
	return c, nil
}
