package generation

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
)

// manifestFile is the name of the manifest inside a generation.
const manifestFile = "meta.json"

// ErrCorrupt marks a generation that is damaged on disk; writing another mends it.
var ErrCorrupt = errors.New("the index is damaged")

// Files are the files of a generation, by their paths inside it.
type Files map[string]checksum

type checksum struct {
	Bytes  int64  `json:"bytes"`
	CRC32C uint32 `json:"crc32c"`
}

type manifest struct {
	Description json.RawMessage `json:"description"`
	Files       Files           `json:"files"`
}

// ReadManifest decodes the description of a generation from JSON and returns which files
// it has. An error that wraps ErrCorrupt tells that the manifest is missing or damaged.
func (g Generation) ReadManifest(description any) (Files, error) {
	path := filepath.Join(g.Path, manifestFile)
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: %s names a generation without %s", ErrCorrupt, currentFile, path)
	case err != nil:
		return nil, err
	case crc32.Checksum(b, castagnoli) != g.manifest:
		return nil, fmt.Errorf("%w: %s does not have its checksum", ErrCorrupt, path)
	}
	var m manifest
	if err = json.Unmarshal(b, &m); err == nil {
		err = json.Unmarshal(m.Description, description)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrCorrupt, path, err)
	}
	return m.Files, nil
}

// Verify compares the files of a generation with its manifest: the sizes of all, and the
// checksums of the smallest, up to maxRead bytes altogether. It returns the size of all. An
// error that wraps ErrCorrupt names the first file that differs.
func (g Generation) Verify(files Files, maxRead int64) (total int64, err error) {
	names := slices.SortedFunc(maps.Keys(files), func(a, b string) int {
		return cmp.Or(cmp.Compare(files[a].Bytes, files[b].Bytes), cmp.Compare(a, b))
	})
	for _, name := range names {
		path, want := filepath.Join(g.Path, name), files[name]
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
		path, want := filepath.Join(g.Path, name), files[name]
		if maxRead -= want.Bytes; maxRead < 0 {
			break
		}
		switch got, err := checksumOf(path); {
		case err != nil:
			return 0, err
		case got != want:
			return 0, fmt.Errorf("%w: %s does not have its checksum", ErrCorrupt, path)
		}
	}
	return total, nil
}

// seal writes the manifest of a generation, forces all of its files and folders to the
// disk, and returns the checksum of the manifest.
func seal(gen string, description any) (uint32, error) {
	files := Files{}
	err := filepath.WalkDir(gen, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() {
			name, err := filepath.Rel(gen, path)
			if err != nil {
				return err
			}
			if files[name], err = checksumOf(path); err != nil {
				return err
			}
		}
		return syncPath(path)
	})
	if err != nil {
		return 0, err
	}
	described, err := json.Marshal(description)
	if err != nil {
		return 0, err
	}
	content, err := json.MarshalIndent(manifest{described, files}, "", "\t")
	if err != nil {
		return 0, err
	}
	return crc32.Checksum(content, castagnoli), replaceFile(filepath.Join(gen, manifestFile), content)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksumOf(path string) (checksum, error) {
	f, err := os.Open(path)
	if err != nil {
		return checksum{}, err
	}
	defer f.Close()
	h := crc32.New(castagnoli)
	n, err := io.Copy(h, f)
	return checksum{Bytes: n, CRC32C: h.Sum32()}, err
}
