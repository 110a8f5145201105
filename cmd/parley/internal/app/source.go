package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/briefs"
	"parley/corpus/database"
	"parley/corpus/lexicon"
	"parley/corpus/library"
	"parley/index/follow"
)

// Files names the documents that are the record. The zero value names none: it is the library.
type Files struct {
	Paths    []string // in place of those of the configuration
	NoBriefs bool
}

// Named reports whether the command line names the documents.
func (f Files) Named() bool { return len(f.Paths) > 0 || f.NoBriefs }

// source is where the documents of a record stand: the library, or files.
type source interface {
	// fill brings in what the configuration names.
	fill(ctx context.Context) error
	// state is what an index of the documents has to remember for behind.
	state(ctx context.Context) (string, error)
	// behind counts the changes that such an index lacks. The error is follow.ErrOther for other documents.
	behind(ctx context.Context, state string) (int64, error)
	// documents reads all documents, and says what could not be read.
	documents(ctx context.Context) (docs []corpus.Document, problems []string, err error)
	close() error
}

// openSource opens the source of a record. dir is the folder of its index; fingerprint changes where an index
// of files has to be built again, and is empty for the library, whose changes are applied.
func (a *App) openSource(ctx context.Context, f Files, lex *lexicon.Lexicon) (s source,
	dir, fingerprint string, err error) {
	if !f.Named() {
		lib, db, err := a.openLibrary(ctx, lex)
		return librarySource{a, lib, db}, filepath.Join(a.Config.DataDir, "index", "library"), "", err
	}
	if len(a.Config.Corpus.Paths) == 0 && !a.Config.Corpus.Briefs {
		return nil, "", "", errors.New("there is no record to ask: name documents with --corpus PATH, or leave the briefs in")
	}
	if fingerprint, err = a.fingerprint(); err != nil {
		return nil, "", "", err
	}
	dir, err = a.filesIndexDir()
	return fileSource{a}, dir, fingerprint, err
}

// librarySource is the library, which remembers its changes.
type librarySource struct {
	app     *App
	library *library.Library
	db      *database.DB
}

func (s librarySource) fill(ctx context.Context) error { return s.app.fill(ctx, s.library) }

func (s librarySource) state(ctx context.Context) (string, error) {
	state, err := s.library.State(ctx)
	return follow.Encode(state), err
}

func (s librarySource) behind(ctx context.Context, state string) (int64, error) {
	return follow.Behind(ctx, s.library, state)
}

func (s librarySource) documents(ctx context.Context) (docs []corpus.Document, problems []string, err error) {
	for doc, err := range follow.Documents(ctx, s.library.All) {
		if err != nil {
			return nil, nil, err
		}
		docs = append(docs, doc)
	}
	return docs, nil, nil
}

func (s librarySource) close() error { return s.db.Close() }

// fileSource is the briefs and the files that the configuration and the command line name, as they are now.
type fileSource struct{ app *App }

func (fileSource) fill(context.Context) error                    { return nil }
func (fileSource) state(context.Context) (string, error)         { return "", nil }
func (fileSource) behind(context.Context, string) (int64, error) { return 0, nil }
func (fileSource) close() error                                  { return nil }

func (s fileSource) documents(ctx context.Context) (docs []corpus.Document, problems []string, err error) {
	c := s.app.Config.Corpus
	if c.Briefs {
		if docs, err = briefs.Documents(); err != nil {
			return nil, nil, err
		}
	}
	if len(c.Paths) == 0 {
		return docs, nil, nil
	}
	read, faults, err := s.app.reader().Read(ctx, c.Paths...)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range faults {
		problems = append(problems, f.Error())
	}
	builtIn := map[string]bool{}
	for _, d := range docs {
		builtIn[d.ID] = true
	}
	for _, d := range read {
		if builtIn[d.ID] {
			problems = append(problems, fmt.Sprintf("document %q has the id of a built-in brief and was left out; "+
				"give it another id, or leave the briefs out with --no-briefs", d.ID))
			continue
		}
		docs = append(docs, d)
	}
	return docs, problems, nil
}

// fingerprint changes when the files, the briefs or the limit on files do; it reads no file.
func (a *App) fingerprint() (string, error) {
	print, err := a.reader().Fingerprint(a.Config.Corpus.Paths...)
	if err != nil {
		return "", err
	}
	print += fmt.Sprintf("+%dMB", a.Config.Corpus.MaxFileMB)
	if a.Config.Corpus.Briefs {
		print += "+" + briefs.Hash()
	}
	return print, nil
}

// filesIndexDir is the folder of the index of files: every set of paths has its own.
func (a *App) filesIndexDir() (string, error) {
	paths := make([]string, len(a.Config.Corpus.Paths))
	for i, p := range a.Config.Corpus.Paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return "", fmt.Errorf("corpus path %q: %w", p, err)
		}
		paths[i] = abs
	}
	slices.Sort(paths)
	spec := fmt.Sprintf("briefs=%t\n%s", a.Config.Corpus.Briefs, strings.Join(slices.Compact(paths), "\n"))
	sum := sha256.Sum256([]byte(spec))
	return filepath.Join(a.Config.DataDir, "index", hex.EncodeToString(sum[:6])), nil
}
