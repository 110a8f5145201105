package generation

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// write brings a generation with the given files into use, its description being a number.
func write(t *testing.T, dir string, description int, files map[string]string) Generation {
	t.Helper()
	gen, err := Write(dir, func(path string) (any, error) { return description, fill(path, files) })
	if err != nil {
		t.Fatal(err)
	}
	return gen
}

// fill writes files by their paths in a folder.
func fill(path string, files map[string]string) error {
	for name, content := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(path, name)), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(path, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// read is the description of the generation in use, all of whose files are compared.
func read(dir string) (description int, err error) {
	return Use(dir, func(gen Generation) (description int, err error) {
		files, err := gen.ReadManifest(&description)
		if err != nil {
			return 0, err
		}
		_, err = gen.Verify(files, 1<<20)
		return description, err
	})
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestTheNewestGenerationIsInUseAndTheOthersAreGone(t *testing.T) {
	dir := t.TempDir()
	if _, err := read(dir); !errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrCorrupt) {
		t.Errorf("of an empty folder: %v", err)
	}
	write(t, dir, 1, map[string]string{"a": "one"})
	gen := write(t, dir, 2, map[string]string{"a": "two", "b/c": "three"})
	if now, err := Current(dir); now != gen || err != nil {
		t.Errorf("%v, %v; want %v", now, err, gen)
	}
	if got, err := read(dir); got != 2 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
	if got, want := names(t, dir), []string{currentFile, filepath.Base(gen.Path)}; !slices.Equal(got, want) {
		t.Errorf("there are %v, want %v", got, want)
	}
	var description int
	files, err := gen.ReadManifest(&description)
	if err != nil {
		t.Fatal(err)
	}
	if size, err := gen.Verify(files, 0); size != int64(len("two")+len("three")) || err != nil {
		t.Errorf("it has %d bytes, %v", size, err)
	}
}

func TestAWriterThatFailsLeavesTheGenerationInUse(t *testing.T) {
	dir := t.TempDir()
	gen := write(t, dir, 1, map[string]string{"a": "one"})
	failure := errors.New("no")
	if _, err := Write(dir, func(string) (any, error) { return nil, failure }); !errors.Is(err, failure) {
		t.Errorf("%v", err)
	}
	if _, err := Write(dir, func(string) (any, error) { return func() {}, nil }); err == nil {
		t.Error("a description that is no JSON was written")
	}
	if got, want := names(t, dir), []string{currentFile, filepath.Base(gen.Path)}; !slices.Equal(got, want) {
		t.Errorf("there are %v, want %v", got, want)
	}
}

func TestDamageIsFound(t *testing.T) {
	for name, damage := range map[string]func(dir, gen string) error{
		"no CURRENT line": func(dir, _ string) error { return os.WriteFile(filepath.Join(dir, currentFile), nil, 0o644) },
		"no folder":       func(_, gen string) error { return os.RemoveAll(gen) },
		"no manifest":     func(_, gen string) error { return os.Remove(filepath.Join(gen, manifestFile)) },
		"other manifest":  func(_, gen string) error { return os.WriteFile(filepath.Join(gen, manifestFile), []byte("{}"), 0o644) },
		"no file":         func(_, gen string) error { return os.Remove(filepath.Join(gen, "b", "c")) },
		"a longer file":   func(_, gen string) error { return os.WriteFile(filepath.Join(gen, "a"), []byte("longer"), 0o644) },
		"another content": func(_, gen string) error { return os.WriteFile(filepath.Join(gen, "a"), []byte("two"), 0o644) },
	} {
		dir := t.TempDir()
		gen := write(t, dir, 1, map[string]string{"a": "one", "b/c": "more"})
		if err := damage(dir, gen.Path); err != nil {
			t.Fatal(err)
		}
		if _, err := read(dir); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
		write(t, dir, 2, nil)
		if got, err := read(dir); got != 2 || err != nil {
			t.Errorf("%s, written again: %d, %v", name, got, err)
		}
	}
}

func TestAReaderFollowsWritersThatSwapMeanwhile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, 1, nil)
	calls := 0
	got, err := Use(dir, func(gen Generation) (description int, err error) {
		if calls++; calls == 1 {
			write(t, dir, 2, nil)
		}
		_, err = gen.ReadManifest(&description)
		return description, err
	})
	if got != 2 || calls != 2 || err != nil {
		t.Errorf("%d after %d calls, %v", got, calls, err)
	}
}

func TestASecondWriterIsToldWithinTwoSeconds(t *testing.T) {
	dir := t.TempDir()
	if locked, err := Locked(dir); locked || err != nil {
		t.Errorf("before there was any writer: %t, %v", locked, err)
	}
	unlock, err := Lock(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if locked, err := Locked(dir); !locked || err != nil {
		t.Errorf("locked: %t, %v", locked, err)
	}
	began := time.Now()
	if _, err := Lock(t.Context(), dir); !errors.Is(err, ErrLocked) || time.Since(began) > 2*time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Lock(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
	if locked, err := Locked(dir); locked || err != nil {
		t.Errorf("unlocked: %t, %v", locked, err)
	}
}

func TestClonesWithoutAnOwnerAreRemovedAndOthersStay(t *testing.T) {
	dir := t.TempDir()
	mine, err := NewClone(dir)
	if err != nil {
		t.Fatal(err)
	}
	killed, err := NewClone(dir)
	if err == nil {
		err = errors.Join(fill(killed.Path, map[string]string{"a": "one"}), killed.lock.Close())
	}
	if err == nil {
		err = os.Mkdir(filepath.Join(dir, clonePrefix+"1"), 0o755) // killed before it had a lock
	}
	if err != nil {
		t.Fatal(err)
	}
	RemoveAbandoned(dir)
	if got, want := names(t, dir), []string{filepath.Base(mine.Path)}; !slices.Equal(got, want) {
		t.Errorf("there are %v, want %v", got, want)
	}
	if err := errors.Join(fill(mine.Path, map[string]string{"b/c": "two"}), mine.Remove()); err != nil {
		t.Error(err)
	}
	if got := names(t, dir); len(got) > 0 {
		t.Errorf("there are %v", got)
	}
}

func TestAFileThatCannotHaveASecondNameIsCopied(t *testing.T) {
	elsewhere, err := os.MkdirTemp("/dev/shm", "parley-test")
	if err != nil {
		t.Skip("needs a second file system:", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(elsewhere) })
	from, to := filepath.Join(elsewhere, "a.zap"), filepath.Join(t.TempDir(), "b.zap")
	if err := os.WriteFile(from, []byte("segment"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(from, to); err == nil {
		t.Skip("needs a second file system")
	}
	if err := LinkFile(from, to); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(to); string(content) != "segment" || err != nil {
		t.Errorf("%q, %v", content, err)
	}
}

func TestACopiedFolderSharesTheFilesThatNeverChange(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	if err := fill(from, map[string]string{"a.never": "one", "b/c": "two"}); err != nil {
		t.Fatal(err)
	}
	if err := CopyFolder(from, to, func(name string) bool { return filepath.Ext(name) == ".never" }); err != nil {
		t.Fatal(err)
	}
	for name, shared := range map[string]bool{"a.never": true, "b/c": false} {
		x, err := os.Stat(filepath.Join(from, name))
		y, err2 := os.Stat(filepath.Join(to, name))
		if err != nil || err2 != nil || os.SameFile(x, y) != shared {
			t.Errorf("%s: %v, %v", name, err, err2)
		}
	}
}

func FuzzCurrentNamesAGenerationInTheDirectoryOrIsDamaged(f *testing.F) {
	for _, s := range []string{"", "\n", "gen-1 0a0b0c0d\n", "gen-1", "gen-/../.. 00000000", "/gen-1 1", "gen-\\..\\x 1", "gen- +1"} {
		f.Add(s)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, content string) {
		if err := os.WriteFile(filepath.Join(dir, currentFile), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		gen, err := Current(dir)
		if err != nil && !errors.Is(err, ErrCorrupt) {
			t.Errorf("%q: %v", content, err)
		}
		if err == nil && filepath.Dir(gen.Path) != dir {
			t.Errorf("%q leads to %s", content, gen.Path)
		}
		if _, err := gen.ReadManifest(&json.RawMessage{}); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%q: it has a manifest: %v", content, err)
		}
	})
}
