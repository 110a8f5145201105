package bleveindex

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"parley/index/generation"
)

// Scorch writes segments and merges them in the background. It reports what goes wrong
// there to functions that it knows by name, with the folder of the index, and tries
// again at once, for ever.

const troubleCallback = "parley-trouble"

// living are the live indexes by that folder.
var living sync.Map

func init() {
	scorch.RegistryAsyncErrorCallbacks[troubleCallback] = func(err error, path string) {
		if l, ok := living.Load(path); ok {
			l.(*Live).stumbled(err)
		}
	}
}

func (l *Live) watch()   { living.Store(l.storePath(), l) }
func (l *Live) unwatch() { living.Delete(l.storePath()) }

// storePath is how scorch names its folder.
func (l *Live) storePath() string { return filepath.Join(l.clone.Path, storeDir, "store") }

// retryPause is how long scorch is held up after an error, so that a full disk does not
// keep it busy.
const retryPause = 500 * time.Millisecond

// stumbled notes an error. It runs in scorch's goroutine.
func (l *Live) stumbled(err error) {
	l.trouble.Store(&err)
	select {
	case <-l.closing:
	case <-time.After(retryPause):
	}
}

// writable says why there can be no more changes: those that cannot be written would
// fill the memory. It is so until all there is has been written, or for good if what
// writes has come to an end.
func (l *Live) writable() error {
	trouble := l.trouble.Load()
	if trouble == nil {
		return nil
	}
	if errors.Is(*trouble, scorch.ErrAsyncPanic) {
		return fmt.Errorf("%w: %w", generation.ErrCorrupt, *trouble)
	}
	s, err := l.scorch()
	if err != nil {
		return err
	}
	stats := s.StatsMap()
	if stats == nil {
		return errClosed
	}
	if stats["LastPersistedEpoch"] != stats["CurRootEpoch"] {
		return fmt.Errorf("changes cannot be written: %w", *trouble)
	}
	l.trouble.CompareAndSwap(trouble, nil)
	return nil
}
