package bleveindex

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Names inside an index directory and inside a generation.
const (
	currentFile = "CURRENT"
	lockFile    = "LOCK"
	metaFile    = "meta.json"
	storeDir    = "bleve"
	genPrefix   = "gen-"
	livePrefix  = "live-"
)

// State says how an index on disk fits what is wanted.
type State int

// The states of an index directory.
const (
	Missing  State = iota // no index: build it
	Equal                 // usable as it is
	Outdated              // another schema, mapping or lexicon: rebuild
	Other                 // of other documents: rebuild
	Corrupt               // torn or damaged: rebuild
)

func (s State) String() string {
	return [...]string{"missing", "current", "outdated", "of another corpus", "damaged"}[s]
}

// Want identifies the index that a record needs. An empty hash fits any.
type Want struct {
	Mapping     string // see Mapping
	Corpus      string // see Corpus
	Fingerprint string // of the files that the documents are read from
	State       string // of the library, see Contents
}

// Status is what Inspect found.
type Status struct {
	State State
	// Why explains the state in a sentence for the operator.
	Why string
	// Building tells that a process is building this index now.
	Building bool
	// Meta is what the index says of itself; zero when Missing or Corrupt.
	Meta Meta
	// Bytes is its size on disk.
	Bytes int64
}

// Meta is what a generation says of itself.
type Meta struct {
	Schema  int    `json:"schema"`
	Mapping string `json:"mapping"`
	// Fingerprint is that of the files from which the generation was built, or the one
	// from which it was brought up to date: changes do not come from those files.
	Fingerprint string    `json:"fingerprint"`
	Built       time.Time `json:"built"` // or brought up to date
	// Problems are those of the files that could not be read.
	Problems []string `json:"problems,omitempty"`
	Contents
	// Files are the sizes and CRC-32C checksums of the generation's files.
	Files map[string]fileSum `json:"files"`
}

type fileSum struct {
	Bytes  int64  `json:"bytes"`
	CRC32C uint32 `json:"crc32c"`
}

// Inspect says how the index in dir fits, without opening it. It compares the
// checksums of files of up to maxChecked bytes, and the sizes of all.
func Inspect(dir string, want Want) (Status, error) {
	building, err := isLocked(dir)
	if err != nil {
		return Status{}, err
	}
	st := Status{Building: building}
	st.Meta, err = whileCurrent(dir, func(gen generation) (m Meta, err error) {
		if m, err = gen.readMeta(); err != nil {
			return Meta{}, err
		}
		st.Bytes, err = gen.verify(m, maxChecked)
		return m, err
	})
	switch m := st.Meta; {
	case errors.Is(err, ErrCorrupt):
		return Status{State: Corrupt, Why: err.Error(), Building: building}, nil
	case errors.Is(err, fs.ErrNotExist):
		st.Why = "there is no index yet"
		return st, nil
	case err != nil:
		return Status{}, fmt.Errorf("index in %s: %w", dir, err)
	case m.Schema != schema:
		st.State, st.Why = Outdated, fmt.Sprintf("it has schema %d, this version of parley needs %d", m.Schema, schema)
	case differs(want.Mapping, m.Mapping):
		st.State, st.Why = Outdated, "it was built with another lexicon or another version of parley"
	case differs(want.Corpus, m.Record.Version), differs(want.Fingerprint, m.Fingerprint):
		st.State, st.Why = Other, "it was built from other documents"
	case differs(want.State, m.State):
		st.State, st.Why = Other, "the library has changed since it was brought up to date"
	default:
		st.State, st.Why = Equal, "it fits"
	}
	return st, nil
}

// differs compares what is wanted, if anything is, with what there is.
func differs(want, is string) bool { return want != "" && want != is }

// generation is one complete index, as CURRENT names it: its folder, and the
// checksum of its meta, which has those of all other files.
type generation struct {
	path string
	meta uint32
}

// currentLine is what CURRENT holds of a generation.
func currentLine(name string, meta uint32) string { return fmt.Sprintf("%s %08x\n", name, meta) }

// currentGeneration is the generation in use; fs.ErrNotExist if there is none.
func currentGeneration(dir string) (generation, error) {
	path := filepath.Join(dir, currentFile)
	line, err := os.ReadFile(path)
	if err != nil {
		return generation{}, err
	}
	name, hexSum, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), " ")
	number, found := strings.CutPrefix(name, genPrefix)
	_, notNumber := strconv.ParseUint(number, 10, 64) // as os.MkdirTemp makes them
	sum, notSum := strconv.ParseUint(hexSum, 16, 32)
	if !found || notNumber != nil || notSum != nil {
		return generation{}, fmt.Errorf("%w: %s does not name a generation", ErrCorrupt, path)
	}
	return generation{path: filepath.Join(dir, name), meta: uint32(sum)}, nil
}

// swapTries is how often a reader follows builders that swap the generation under its eyes.
const swapTries = 4

// whileCurrent uses the current generation. A builder may remove it between our
// reading of CURRENT and the use: where that fails and CURRENT has changed, the
// newer one is used.
func whileCurrent[T any](dir string, use func(generation) (T, error)) (result T, err error) {
	gen, err := currentGeneration(dir)
	if err != nil {
		return result, err
	}
	for range swapTries {
		if result, err = use(gen); err == nil {
			return result, nil
		}
		now, changed := currentGeneration(dir)
		if changed != nil || now == gen {
			break
		}
		gen = now
	}
	return result, err
}

// readMeta reads and checks what the generation says of itself.
func (g generation) readMeta() (m Meta, err error) {
	path := filepath.Join(g.path, metaFile)
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Meta{}, fmt.Errorf("%w: %s names a generation without %s", ErrCorrupt, currentFile, path)
	case err != nil:
		return Meta{}, err
	case checksumOf(b) != g.meta:
		return Meta{}, fmt.Errorf("%w: %s does not have its checksum", ErrCorrupt, path)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return Meta{}, fmt.Errorf("%w: %s: %w", ErrCorrupt, path, err)
	}
	return m, nil
}

// maxChecked bounds what a start reads to compare checksums, in bytes: about 50 ms. What
// is larger is told by its size, and by the checksums inside, when it is read.
const maxChecked = 256 << 20

// verify compares the files of a generation with what its meta says: the sizes of all,
// and the checksums of the smallest, up to so many bytes altogether. It returns the size
// of all.
func (g generation) verify(m Meta, maxChecked int64) (total int64, err error) {
	names := slices.SortedFunc(maps.Keys(m.Files), func(a, b string) int {
		return cmp.Or(cmp.Compare(m.Files[a].Bytes, m.Files[b].Bytes), cmp.Compare(a, b))
	})
	for _, name := range names {
		path, want := filepath.Join(g.path, name), m.Files[name]
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return 0, fmt.Errorf("%w: %s is missing", ErrCorrupt, path)
		case err != nil:
			return 0, err
		case info.Size() != want.Bytes:
			return 0, fmt.Errorf("%w: %s has %d bytes instead of %d", ErrCorrupt, path, info.Size(), want.Bytes)
		}
		total += want.Bytes
	}
	for _, name := range names {
		path, want := filepath.Join(g.path, name), m.Files[name]
		if maxChecked -= want.Bytes; maxChecked < 0 {
			break
		}
		got, err := checksum(path)
		if err != nil {
			return 0, err
		}
		if got != want {
			return 0, fmt.Errorf("%w: %s does not have its checksum", ErrCorrupt, path)
		}
	}
	return total, nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksumOf(content []byte) uint32 { return crc32.Checksum(content, castagnoli) }

func checksum(path string) (fileSum, error) {
	f, err := os.Open(path)
	if err != nil {
		return fileSum{}, err
	}
	defer f.Close()
	h := crc32.New(castagnoli)
	n, err := io.Copy(h, f)
	return fileSum{Bytes: n, CRC32C: h.Sum32()}, err
}

// ErrLocked tells that another process is building the same index.
var ErrLocked = errors.New("another process is building this index")

// isLocked reports whether a builder is at work in dir.
func isLocked(dir string) (bool, error) {
	path := filepath.Join(dir, lockFile)
	if _, err := os.Stat(path); err != nil {
		return false, nil // no builder was ever here
	}
	l := flock.New(path)
	free, err := l.TryRLock()
	if err != nil {
		return false, fmt.Errorf("lock %s: %w", path, err)
	}
	return !free, l.Close()
}

// writeAtomic replaces a file so that it has either its old or its new content, whenever the machine stops.
func writeAtomic(path string, content []byte) error {
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
