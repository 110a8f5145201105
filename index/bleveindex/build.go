package bleveindex

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"parley/corpus"
	"parley/corpus/lexicon"
)

// BuildOptions are what a build needs besides the documents.
type BuildOptions struct {
	Lexicon     *lexicon.Lexicon
	Fingerprint string   // of the files that the documents were read from
	State       string   // of the library that they were read from, in any form; kept in Contents
	Problems    []string // of those files, kept in Meta
	Now         time.Time
	// Progress is called with the number of documents done and of all, as far as it is
	// known; may be nil.
	Progress func(done, total int)
}

// Documents are what an index is built of. They are read once, and only some of them are
// in memory at a time.
type Documents struct {
	All   iter.Seq2[corpus.Document, error]
	Total int // 0 if it is not known
}

// Listed are documents in memory.
func Listed(docs []corpus.Document) Documents {
	return Documents{Total: len(docs), All: func(yield func(corpus.Document, error) bool) {
		for _, doc := range docs {
			if !yield(doc, nil) {
				return
			}
		}
	}}
}

// How long a second builder waits for the first, and how often it looks.
const (
	lockPatience = 1500 * time.Millisecond
	lockInterval = 50 * time.Millisecond
)

// Build makes the index of docs beside the current one and swaps it in when it
// is complete. It fails with ErrLocked within two seconds while another process
// builds in the same dir.
func Build(ctx context.Context, dir string, docs []corpus.Document, opt BuildOptions) error {
	return BuildFrom(ctx, dir, Listed(docs), opt)
}

// BuildFrom is Build for documents that need not all be in memory.
func BuildFrom(ctx context.Context, dir string, docs Documents, opt BuildOptions) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("build index: %w; choose another data_dir", err)
	}
	unlock, err := lock(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	_, err = swapIn(dir, func(path string) (uint32, error) { return fill(ctx, path, docs, opt) })
	if err != nil {
		return fmt.Errorf("build index in %s: %w", dir, err)
	}
	return nil
}

// swapIn has a generation written in a new folder, makes it the current one and removes
// what is not in use any more. The builders' lock must be held. write returns the
// checksum of the generation's meta.
func swapIn(dir string, write func(path string) (uint32, error)) (gen generation, err error) {
	if gen.path, err = os.MkdirTemp(dir, genPrefix); err != nil {
		return generation{}, err
	}
	if gen.meta, err = write(gen.path); err != nil {
		return generation{}, errors.Join(err, os.RemoveAll(gen.path))
	}
	line := currentLine(filepath.Base(gen.path), gen.meta)
	if err := writeAtomic(filepath.Join(dir, currentFile), []byte(line)); err != nil {
		return generation{}, errors.Join(fmt.Errorf("swap in: %w", err), os.RemoveAll(gen.path))
	}
	removeOthers(dir, filepath.Base(gen.path))
	removeDead(dir)
	return gen, nil
}

// lock takes the builders' lock of dir.
func lock(ctx context.Context, dir string) (unlock func() error, err error) {
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

// removeOthers removes the generations that are not in use any more: older ones
// and what killed builds left. Processes that still read one keep its files. One that
// cannot be removed, as another system may keep what is open, is left to the next build.
func removeOthers(dir, keep string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), genPrefix) && e.Name() != keep {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}

// fill writes a complete generation and returns the checksum of its meta.
func fill(ctx context.Context, gen string, docs Documents, opt BuildOptions) (uint32, error) {
	b := newBuilder(gen, opt)
	if err := b.run(ctx, docs); err != nil {
		return 0, err
	}
	if b.contents.Record.Passages == 0 {
		return 0, errors.New("there is no text to index")
	}
	if err := b.join(ctx); err != nil {
		return 0, err
	}
	b.contents.finish()
	if err := addSides(gen, &b.contents, minSideDocs); err != nil {
		return 0, err
	}
	return seal(gen, Meta{
		Schema: schema, Mapping: Mapping(opt.Lexicon), Fingerprint: opt.Fingerprint,
		Built: opt.Now.UTC(), Problems: opt.Problems, Contents: b.contents,
	})
}

// addSides writes the side files that the segments of a new generation lack.
func addSides(gen string, contents *Contents, minDocs int64) (err error) {
	st, err := openStore(gen, map[string]any{"read_only": true}, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.close()) }()
	reader, err := st.reader()
	if err != nil {
		return err
	}
	return errors.Join(writeSides(reader, contents, minDocs), reader.Close())
}

// seal writes a generation's meta with the checksums of its files, all forced to
// the disk with the folders that hold them, and returns the checksum of the meta.
func seal(gen string, meta Meta) (uint32, error) {
	meta.Files = map[string]fileSum{}
	err := filepath.WalkDir(gen, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return syncPath(path)
		}
		name, err := filepath.Rel(gen, path)
		if err != nil {
			return err
		}
		if meta.Files[name], err = checksum(path); err != nil {
			return err
		}
		return syncPath(path)
	})
	if err != nil {
		return 0, err
	}
	content, err := json.MarshalIndent(meta, "", "\t")
	if err != nil {
		return 0, err
	}
	return checksumOf(content), writeAtomic(filepath.Join(gen, metaFile), content)
}
