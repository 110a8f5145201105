package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Problem is why a file, a line of it or a folder gave no document.
type Problem struct {
	Path string
	Line int // from 1; 0 when the problem is not of one line
	Err  error
}

// Error is "path:line: what is wrong; what to do".
func (p Problem) Error() string { return p.Place() + ": " + p.Err.Error() }

// Unwrap gives what is wrong without the place.
func (p Problem) Unwrap() error { return p.Err }

// Place is "path:line", or the path alone.
func (p Problem) Place() string {
	if p.Line == 0 {
		return p.Path
	}
	return fmt.Sprintf("%s:%d", p.Path, p.Line)
}

// file is a file that Read reads.
type file struct {
	path   string // as opened and reported
	rel    string // below the folder that was named, for the id
	inside bool   // found in a folder, not named itself
	format format
	info   fs.FileInfo
}

// format is how a file is written.
type format uint8

const (
	unknown format = iota
	markdown
	plain
	webPage
	jsonLines
	jsonValue
)

var formats = map[string]format{
	".md": markdown, ".markdown": markdown, ".txt": plain, ".html": webPage, ".htm": webPage,
	".jsonl": jsonLines, ".ndjson": jsonLines, ".json": jsonValue,
}

// formatOf tells the format by the extension. JSON Lines may be packed with gzip: many are
// too large to be kept otherwise.
func formatOf(path string) format {
	name := strings.ToLower(path)
	if inner, ok := strings.CutSuffix(name, packedExt); ok && formats[filepath.Ext(inner)] == jsonLines {
		return jsonLines
	}
	return formats[filepath.Ext(name)]
}

const packedExt = ".gz"

// isPacked reports whether the file is one packed with gzip.
func (f file) isPacked() bool { return strings.HasSuffix(strings.ToLower(f.path), packedExt) }

// find lists the files below paths, each once.
func find(paths []string) ([]file, []Problem) {
	f := finder{seen: map[string]bool{}}
	for _, path := range paths {
		if path == "" { // would be the working directory
			f.problem(path, "a path is empty; name a file or a folder")
			continue
		}
		path = filepath.Clean(path)
		info, err := os.Stat(path)
		switch {
		case err != nil:
			f.missing(path, err)
		case info.IsDir():
			f.folder(path, "")
		case formatOf(path) == unknown:
			f.problem(path, "the extension %q is none of .md .txt .html .jsonl .jsonl.gz .json; rename or convert the file",
				filepath.Ext(path))
		default:
			f.file(file{path: path, rel: filepath.Base(path), info: info})
		}
	}
	return f.files, f.problems
}

type finder struct {
	files    []file
	problems []Problem
	seen     map[string]bool
}

func (f *finder) problem(path, format string, args ...any) {
	f.problems = append(f.problems, Problem{Path: path, Err: fmt.Errorf(format, args...)})
}

// missing reports a path that os.Stat refuses.
func (f *finder) missing(path string, err error) {
	_, linkErr := os.Lstat(path)
	switch missing := errors.Is(err, fs.ErrNotExist); {
	case missing && linkErr == nil:
		f.problem(path, "the link leads nowhere (%w); mend or remove it", cause(err))
	case missing:
		f.problem(path, "there is no such file or folder (%w); check the path", cause(err))
	default:
		f.problem(path, "it cannot be looked at (%w); check the permissions", cause(err))
	}
}

// folder adds what is in a folder, in the order of names; rel is its path below the named one.
func (f *finder) folder(path, rel string) {
	entries, err := os.ReadDir(path)
	if err != nil {
		f.problem(path, "the folder cannot be read (%w); check its permissions", cause(err))
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path, rel := filepath.Join(path, e.Name()), filepath.Join(rel, e.Name())
		known, isLink := formatOf(path) != unknown, e.Type()&fs.ModeSymlink != 0
		switch {
		case e.IsDir():
			f.folder(path, rel)
			continue
		case !known && !isLink:
			continue
		}
		info, err := os.Stat(path)
		switch {
		case err != nil:
			f.missing(path, err)
		case info.IsDir(): // links to folders can lead in circles
			f.problem(path, "a link to a folder is not followed; name that folder itself")
		case known:
			f.file(file{path: path, rel: rel, inside: true, info: info})
		}
	}
}

func (f *finder) file(x file) {
	key := x.path
	if abs, err := filepath.Abs(key); err == nil {
		key = abs
	}
	if f.seen[key] {
		return
	}
	f.seen[key] = true
	if !x.info.Mode().IsRegular() { // reading a pipe could wait for ever
		f.problem(x.path, "it is no regular file; copy what it holds into one")
		return
	}
	x.format = formatOf(x.path)
	f.files = append(f.files, x)
}

// cause is the reason in an error of package os, without the path, which the Problem has.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
