package generation

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// Clone is a folder beside the generations in which one process may change files. It is
// worth nothing without its process, whose lock in it tells that it lives. Where the
// process was killed, RemoveAbandoned removes it.
type Clone struct {
	Path string
	lock *flock.Flock
}

const clonePrefix = "live-"

// cloneTries bounds how often NewClone makes a folder because RemoveAbandoned of another
// process took it away before it was locked.
const cloneTries = 8

// NewClone makes an empty clone in dir.
func NewClone(dir string) (c Clone, err error) {
	for range cloneTries {
		if c.Path, err = os.MkdirTemp(dir, clonePrefix); err != nil {
			return Clone{}, err
		}
		c.lock = flock.New(filepath.Join(c.Path, lockFile))
		ok, err := c.lock.TryLock()
		if ok && c.inPlace() {
			return c, nil
		}
		removed := c.Remove()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return Clone{}, errors.Join(err, removed)
		}
	}
	return Clone{}, fmt.Errorf("%s: every new folder is removed at once", dir)
}

// inPlace reports whether the file that we locked is still in the folder.
func (c Clone) inPlace() bool {
	locked, err := c.lock.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(c.lock.Path())
	return err == nil && os.SameFile(locked, there)
}

// Remove removes the clone. The lock file goes last: without it nobody would know that
// the rest is rubbish.
func (c Clone) Remove() (err error) {
	entries, err := os.ReadDir(c.Path)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	for _, e := range entries {
		if e.Name() != lockFile {
			err = errors.Join(err, os.RemoveAll(filepath.Join(c.Path, e.Name())))
		}
	}
	return errors.Join(err, c.lock.Close(), os.RemoveAll(c.Path))
}

// RemoveAbandoned removes the clones in dir whose process has ended without doing so. One
// that cannot be removed is left to whoever comes next.
func RemoveAbandoned(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), clonePrefix) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		// The lock file is not created here, or its owner could not remove the folder.
		c := Clone{path, flock.New(filepath.Join(path, lockFile), flock.SetFlag(os.O_RDONLY))}
		switch ok, err := c.lock.TryLock(); {
		case ok:
			_ = c.Remove()
		case errors.Is(err, fs.ErrNotExist):
			_ = os.Remove(path) // if it is empty: its owner makes another one then
		}
	}
}
