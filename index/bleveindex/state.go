package bleveindex

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"parley/index"
)

// Names inside an index directory and inside a generation.
const (
	currentFile = "CURRENT"
	lockFile    = "LOCK"
	metaFile    = "meta.json"
	storeDir    = "bleve"
	genPrefix   = "gen-"
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
	Schema      int          `json:"schema"`
	Mapping     string       `json:"mapping"`
	Corpus      string       `json:"corpus"`
	Fingerprint string       `json:"fingerprint"`
	Record      index.Record `json:"record"`
	Built       time.Time    `json:"built"`
	// Problems are those of the files that could not be read.
	Problems []string `json:"problems,omitempty"`
	// AverageLength is the mean number of terms in a passage's field.
	AverageLength map[index.Field]float64 `json:"average_length"`
	// Files are the sizes and CRC-32C checksums of the generation's files.
	Files map[string]fileSum `json:"files"`
}

type fileSum struct {
	Bytes  int64  `json:"bytes"`
	CRC32C uint32 `json:"crc32c"`
}

// Inspect says how the index in dir fits, without opening it. Checksums are
// compared for indexes of up to maxChecked bytes, sizes for all.
func Inspect(dir string, want Want) (Status, error) {
	building, err := isLocked(dir)
	if err != nil {
		return Status{}, err
	}
	st := Status{Building: building}
	gen, err := currentGeneration(dir)
	if errors.Is(err, fs.ErrNotExist) {
		st.Why = "there is no index yet"
		return st, nil
	}
	if err == nil {
		st.Meta, err = readMeta(gen)
	}
	if err == nil {
		st.Bytes, err = verify(gen, st.Meta)
	}
	switch m := st.Meta; {
	case errors.Is(err, ErrCorrupt), errors.Is(err, fs.ErrNotExist):
		st.State, st.Why, st.Meta = Corrupt, err.Error(), Meta{}
	case err != nil:
		return Status{}, err
	case m.Schema != schema:
		st.State, st.Why = Outdated, fmt.Sprintf("it has schema %d, this version of parley needs %d", m.Schema, schema)
	case want.Mapping != "" && m.Mapping != want.Mapping:
		st.State, st.Why = Outdated, "it was built with another lexicon or another version of parley"
	case want.Corpus != "" && m.Corpus != want.Corpus, want.Fingerprint != "" && m.Fingerprint != want.Fingerprint:
		st.State, st.Why = Other, "it was built from other documents"
	default:
		st.State, st.Why = Equal, "it fits"
	}
	return st, nil
}

// currentGeneration is the folder of the generation in use; fs.ErrNotExist if there is none.
func currentGeneration(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, currentFile))
	if err != nil {
		return "", fmt.Errorf("index in %s: %w", dir, err)
	}
	name := strings.TrimSpace(string(b))
	if !strings.HasPrefix(name, genPrefix) || filepath.Base(name) != name {
		return "", fmt.Errorf("%w: %s does not name a generation", ErrCorrupt, filepath.Join(dir, currentFile))
	}
	return filepath.Join(dir, name), nil
}

func readMeta(gen string) (m Meta, err error) {
	b, err := os.ReadFile(filepath.Join(gen, metaFile))
	if err != nil {
		return Meta{}, fmt.Errorf("index %s: %w", gen, err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return Meta{}, fmt.Errorf("%w: %s: %w", ErrCorrupt, filepath.Join(gen, metaFile), err)
	}
	return m, nil
}

// maxChecked bounds what a start reads to compare checksums: about 50 ms.
const maxChecked = 256 << 20

// verify compares the files of a generation with what its meta says and returns their size.
func verify(gen string, m Meta) (total int64, err error) {
	for name, want := range m.Files {
		info, err := os.Stat(filepath.Join(gen, name))
		if err != nil {
			return 0, fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
		if info.Size() != want.Bytes {
			return 0, fmt.Errorf("%w: %s has %d bytes instead of %d", ErrCorrupt, filepath.Join(gen, name), info.Size(), want.Bytes)
		}
		total += want.Bytes
	}
	if total > maxChecked {
		return total, nil
	}
	for name, want := range m.Files {
		got, err := checksum(filepath.Join(gen, name))
		if err != nil {
			return 0, err
		}
		if got != want {
			return 0, fmt.Errorf("%w: %s does not have its checksum", ErrCorrupt, filepath.Join(gen, name))
		}
	}
	return total, nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

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
