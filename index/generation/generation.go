// Package generation keeps successive versions of a folder of files on disk and lets one
// of them be in use at any time. It knows nothing of what the files hold.
//
// A directory holds generations: complete folders that never change, named gen-N. The
// file CURRENT names the one in use and is replaced by rename, so that whoever writes the
// next one may be killed at any moment and the old one stays in use. Each generation has a
// manifest with a description by its writer and the checksums of its files, and CURRENT
// has the checksum of the manifest. Writers exclude each other with the file LOCK; readers
// need no lock. A process that wants to change files works in a Clone.
package generation

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Names inside a directory.
const (
	currentFile = "CURRENT"
	lockFile    = "LOCK"
	prefix      = "gen-"
)

// ErrLocked tells that another process is writing a generation in the same directory.
var ErrLocked = errors.New("another process is building this index")

// Generation is a complete folder of files. Two values are equal if they are the same folder.
type Generation struct {
	Path     string
	manifest uint32 // checksum of the manifest
}

// Current is the generation in use in dir; an error that wraps fs.ErrNotExist if there is
// none, or ErrCorrupt. The folder itself is not looked at.
func Current(dir string) (Generation, error) {
	path := filepath.Join(dir, currentFile)
	line, err := os.ReadFile(path)
	if err != nil {
		return Generation{}, err
	}
	name, hexSum, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), " ")
	number, found := strings.CutPrefix(name, prefix)
	_, notNumber := strconv.ParseUint(number, 10, 64) // as os.MkdirTemp makes them
	sum, notSum := strconv.ParseUint(hexSum, 16, 32)
	if !found || notNumber != nil || notSum != nil {
		return Generation{}, fmt.Errorf("%w: %s does not name a generation", ErrCorrupt, path)
	}
	return Generation{Path: filepath.Join(dir, name), manifest: uint32(sum)}, nil
}

// swapTries bounds how often Use starts again because another generation came into use.
const swapTries = 4

// Use calls use with the generation in use in dir. A writer may remove it meanwhile: where
// use fails and another generation has come into use, it is called again with that one.
func Use[T any](dir string, use func(Generation) (T, error)) (result T, err error) {
	gen, err := Current(dir)
	if err != nil {
		return result, err
	}
	for range swapTries {
		if result, err = use(gen); err == nil {
			return result, nil
		}
		now, changed := Current(dir)
		if changed != nil || now == gen {
			break
		}
		gen = now
	}
	return result, err
}

// How long a second writer waits for the first, and how often it looks.
const (
	lockPatience = 1500 * time.Millisecond
	lockInterval = 50 * time.Millisecond
)

// Lock takes the writers' lock of dir, which must exist. It fails with ErrLocked within
// two seconds while another process has it.
func Lock(ctx context.Context, dir string) (unlock func() error, err error) {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	l := flock.New(filepath.Join(dir, lockFile))
	ok, err := l.TryLockContext(ctx, lockInterval)
	switch {
	case ok:
		return l.Close, nil
	case err == nil, errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("%w (%s); wait until it is done, or choose another data_dir", ErrLocked, dir)
	}
	return nil, fmt.Errorf("lock %s: %w", l.Path(), err)
}

// Locked reports whether a process has the writers' lock of dir.
func Locked(dir string) (bool, error) {
	path := filepath.Join(dir, lockFile)
	if _, err := os.Stat(path); err != nil {
		return false, nil // no writer was ever here
	}
	l := flock.New(path)
	free, err := l.TryRLock()
	if err != nil {
		return false, fmt.Errorf("lock %s: %w", path, err)
	}
	return !free, l.Close()
}

// Write has a generation written and brings it into use. write fills the new folder and
// returns the description for the manifest, which is stored as JSON. The caller must hold
// the lock. Where Write fails, the generation that was in use stays.
//
// Afterwards it removes what is not in use any more: other generations, what killed
// writers left, and abandoned clones. Processes that have a removed file open keep it; one
// that cannot be removed, as on systems that keep what is open, is left to the next writer.
func Write(dir string, write func(path string) (description any, err error)) (gen Generation, err error) {
	if gen.Path, err = os.MkdirTemp(dir, prefix); err != nil {
		return Generation{}, err
	}
	description, err := write(gen.Path)
	if err == nil {
		gen.manifest, err = seal(gen.Path, description)
	}
	if err != nil {
		return Generation{}, errors.Join(err, os.RemoveAll(gen.Path))
	}
	name := filepath.Base(gen.Path)
	line := fmt.Appendf(nil, "%s %08x\n", name, gen.manifest)
	if err := replaceFile(filepath.Join(dir, currentFile), line); err != nil {
		return Generation{}, errors.Join(fmt.Errorf("swap in: %w", err), os.RemoveAll(gen.Path))
	}
	if entries, err := os.ReadDir(dir); err == nil {
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), prefix) && e.Name() != name {
				_ = os.RemoveAll(filepath.Join(dir, e.Name()))
			}
		}
	}
	RemoveAbandoned(dir)
	return gen, nil
}
