package bleveindex

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// clone is a folder with a copy of a generation for one process to change. A lock tells
// that its owner lives.
type clone struct {
	path string
	lock *flock.Flock
}

// cloneTries is how often a new folder is made when removeDead takes it for one without an owner.
const cloneTries = 8

func newClone(dir string) (c clone, err error) {
	for range cloneTries {
		if c.path, err = os.MkdirTemp(dir, livePrefix); err != nil {
			return clone{}, err
		}
		c.lock = flock.New(filepath.Join(c.path, lockFile))
		ok, err := c.lock.TryLock()
		if ok && c.exists() {
			return c, nil
		}
		removed := c.remove()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return clone{}, errors.Join(err, removed)
		}
	}
	return clone{}, fmt.Errorf("%s: every new folder is removed at once", dir)
}

// exists reports whether what we locked is still in its place.
func (c clone) exists() bool {
	locked, err := c.lock.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(c.lock.Path())
	return err == nil && os.SameFile(locked, there)
}

// remove leaves the lock file to the end: without it nobody would know that the rest is rubbish.
func (c clone) remove() error {
	return errors.Join(os.RemoveAll(filepath.Join(c.path, storeDir)), c.lock.Close(), os.RemoveAll(c.path))
}

// fill puts the bleve index of a generation into the clone.
func (c clone) fill(gen generation) error {
	from, to := filepath.Join(gen.path, storeDir), filepath.Join(c.path, storeDir)
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		switch {
		case d.IsDir():
			return os.MkdirAll(target, 0o755)
		case filepath.Ext(name) == segmentExt, filepath.Ext(name) == sideSuffix:
			return linkFile(path, target)
		}
		return copyFile(path, target)
	})
}

// segmentExt is that of bleve's segments, which are written once and never changed.
const segmentExt = ".zap"

// linkFile gives a file a second name, or a copy where the system allows no second name,
// as for a file of another user.
func linkFile(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return copyFile(from, to)
}

func copyFile(from, to string) (err error) {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	return errors.Join(err, dst.Close())
}

// removeDead removes the clones whose owner has ended without doing so. One that cannot
// be removed is left to whoever comes next.
func removeDead(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), livePrefix) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		// The lock file is not created here, or its owner could not remove the folder.
		dead := clone{path, flock.New(filepath.Join(path, lockFile), flock.SetFlag(os.O_RDONLY))}
		switch ok, err := dead.lock.TryLock(); {
		case ok:
			_ = dead.remove()
		case errors.Is(err, fs.ErrNotExist):
			_ = os.Remove(path) // if it is empty: it may be another's, who makes a new one then
		}
	}
}
