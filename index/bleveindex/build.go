package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"time"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index/generation"
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

// Build makes the index of docs beside the current one and swaps it in when it
// is complete. It fails with generation.ErrLocked within two seconds while another process
// builds in the same dir.
func Build(ctx context.Context, dir string, docs []corpus.Document, opt BuildOptions) error {
	return BuildFrom(ctx, dir, Listed(docs), opt)
}

// BuildFrom is Build for documents that need not all be in memory.
func BuildFrom(ctx context.Context, dir string, docs Documents, opt BuildOptions) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("build index: %w; choose another data_dir", err)
	}
	unlock, err := generation.Lock(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	_, err = generation.Write(dir, func(path string) (any, error) { return fill(ctx, path, docs, opt) })
	if err != nil {
		return fmt.Errorf("build index in %s: %w", dir, err)
	}
	return nil
}

// fill writes the files of a generation and returns what it says of itself.
func fill(ctx context.Context, gen string, docs Documents, opt BuildOptions) (meta Meta, err error) {
	b := newBuilder(gen, opt)
	if err := b.run(ctx, docs); err != nil {
		return Meta{}, err
	}
	if b.contents.Record.Passages == 0 {
		return Meta{}, errors.New("there is no text to index")
	}
	if err := b.join(ctx); err != nil {
		return Meta{}, err
	}
	b.contents.finish()
	return Meta{
		Schema: schema, Mapping: Mapping(opt.Lexicon), Fingerprint: opt.Fingerprint,
		Built: opt.Now.UTC(), Problems: opt.Problems, Contents: b.contents,
	}, addSides(gen, &b.contents, minSideDocs)
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
