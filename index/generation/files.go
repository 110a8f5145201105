package generation

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// CopyFolder copies a folder with all in it. A file that never changes gets a second name
// instead, as LinkFile gives it.
func CopyFolder(from, to string, neverChanges func(name string) bool) error {
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
		case neverChanges(name):
			return LinkFile(path, target)
		}
		return CopyFile(path, target)
	})
}

// LinkFile gives a file a second name, or makes a copy where the system allows no second
// name, as for a file of another user.
func LinkFile(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return CopyFile(from, to)
}

// CopyFile copies a file to a path at which there is none.
func CopyFile(from, to string) (err error) {
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

// replaceFile gives a file a new content. Whenever the machine stops, it has either the
// old or the new one.
func replaceFile(path string, content []byte) error {
	tmp := path + ".tmp"
	if err := os.WriteFile(tmp, content, 0o644); err != nil {
		return err
	}
	if err := syncPath(tmp); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return syncPath(filepath.Dir(path))
}

// syncPath forces a file or folder to the disk.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
