package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"parley/index/bleveindex/contents"
	"parley/index/bleveindex/sidecar"
	"parley/index/generation"
)

// errSuperseded tells that another process has published a generation since this one was
// opened or last published. Nothing is lost: the other's is a whole index of the same
// library, and a live index that is opened again begins with it.
var errSuperseded = errors.New("another process has published an index meanwhile")

// Publishing is due when dueChanges passages have changed, and dueShare of all. To apply
// them again at the next start takes about 0.6 ms a passage; publishing takes 1 to 4 µs for
// each passage of the whole index.
const (
	dueChanges = 500
	dueShare   = 0.03
)

// Due reports whether enough has changed since the last generation for Publish to be worthwhile.
func (l *Live) Due() bool {
	c := l.newest.Load()
	changed := c.changed - l.published.Load().changed
	return changed >= dueChanges && float64(changed) >= dueShare*float64(c.contents.Record.Passages)
}

// Publish makes what the index holds now a new generation, with which others and the
// next start begin. Questions and changes go on meanwhile. It does nothing if there is
// nothing new. It fails within two seconds while another process builds or publishes in the
// same dir, and where one has published since this index was opened or last published,
// unless LiveOptions.Newer says that ours is newer. Where it fails, the current generation
// stays.
func (l *Live) Publish(ctx context.Context) error {
	l.publishing.Lock()
	defer l.publishing.Unlock()
	if l.isClosed() {
		return fmt.Errorf("publish index in %s: %w", l.dir, errClosed)
	}
	return l.publish(ctx)
}

func (l *Live) publish(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("publish index in %s: %w", l.dir, err)
		}
	}()
	defer recoverCorrupt(&err)()
	if l.published.Load().holds(l.newest.Load().contents) {
		return nil
	}
	unlock, err := generation.Lock(ctx, l.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if done, err := l.adopt(); done || err != nil {
		return err
	}
	next := published{changed: l.newest.Load().changed, Meta: l.published.Load().Meta}
	next.Generation, err = generation.Write(l.dir, func(path string) (any, error) {
		err := l.write(path, &next.Meta)
		return next.Meta, errors.Join(err, ctx.Err())
	})
	if err != nil {
		return err
	}
	l.published.Store(&next)
	return nil
}

// holds reports whether a generation has these contents.
func (m Meta) holds(c *contents.Summary) bool {
	return m.State == c.State && m.Record.Version == c.Record.Version
}

// adopt looks at the current generation before it is replaced. Where another process has
// published the very contents that we would, its generation is taken for ours and nothing
// is left to do. One that is missing or damaged is to be replaced.
func (l *Live) adopt() (done bool, err error) {
	ours := l.published.Load()
	gen, err := generation.Current(l.dir)
	if err != nil || gen == ours.Generation {
		return false, nil
	}
	var meta Meta
	if _, err := gen.ReadManifest(&meta); err != nil {
		return false, nil
	}
	now := l.newest.Load()
	switch {
	case meta.Schema != schema || meta.Mapping != ours.Mapping:
		return false, errSuperseded
	case meta.holds(now.contents):
		l.published.Store(&published{gen, meta, now.changed})
		return true, nil
	case l.newer != nil && l.newer(now.contents.State, meta.State):
		return false, nil
	}
	return false, errSuperseded
}

// write writes what the index holds now into the folder of a generation, and tells it to meta.
func (l *Live) write(path string, meta *Meta) (err error) {
	s, err := l.scorch()
	if err != nil {
		return err
	}
	reader, ok := s.CopyReader().(*scorch.IndexSnapshot)
	if !ok || reader == nil {
		return errClosed
	}
	defer func() { err = errors.Join(err, reader.CloseCopyReader()) }()
	c, err := l.contentsOf(reader)
	if err != nil {
		return err
	}
	meta.Summary, meta.Built = *c, l.now().UTC()
	to := snapshotCopy{filepath.Join(l.clone.Path, storeDir), filepath.Join(path, storeDir), map[string]bool{}}
	var onDisk []sidecar.Segment
	for _, s := range reader.Segments() {
		if p, ok := s.Segment().(sidecar.Segment); ok {
			onDisk = append(onDisk, p)
			to.linked[filepath.Base(p.Path())] = true
		}
	}
	if err := reader.CopyTo(to); err != nil {
		return err
	}
	// Bleve's own file, of which scorch knows nothing.
	const indexMeta = "index_meta.json"
	if err := generation.CopyFile(filepath.Join(to.from, indexMeta), filepath.Join(to.to, indexMeta)); err != nil {
		return err
	}
	for _, p := range onDisk {
		from := sidecar.Path(p)
		name, err := filepath.Rel(l.clone.Path, from)
		if err != nil {
			return err
		}
		if err := generation.LinkFile(from, filepath.Join(path, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return addSidecars(path, c, sidecar.MinDocs)
}

// snapshotCopy tells scorch where to copy a snapshot to. Segments that are on the disk
// already get a second name instead.
type snapshotCopy struct {
	from, to string
	linked   map[string]bool // names of those segments
}

// GetWriter gives scorch no writer for what it need not copy.
func (c snapshotCopy) GetWriter(name string) (io.WriteCloser, error) {
	to := filepath.Join(c.to, name)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return nil, err
	}
	if c.linked[filepath.Base(name)] {
		return nil, generation.LinkFile(filepath.Join(c.from, name), to)
	}
	return os.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}
