// Package files reads document files and folders of them: Markdown with YAML
// front matter, plain text, HTML and JSON Lines, the latter also packed with gzip. It is strict about what a file
// says of itself, since a misspelled key loses a date: every mistake is
// reported with its file, line and remedy, and none hides the other documents.
//
// It passes texts on as they are, apart from line ends, a byte order mark and
// trailing white space. It renders no markup and keeps nothing; Markdown stays
// Markdown. Of a page that was saved from a site the article is read, as package
// article does it for a page that is fetched; of any other HTML all visible text
// is kept, apart from <nav>.
package files

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
	"syscall"

	"parley/corpus"
	"parley/corpus/charset"
)

// DefaultMaxBytes is the size up to which a file is read when the Reader says nothing else.
const DefaultMaxBytes = 32 << 20

// Reader reads document files. The zero value is ready and safe for concurrent use.
type Reader struct {
	// MaxBytes is the size, unpacked, beyond which a file is refused; 0 means DefaultMaxBytes.
	MaxBytes int64
}

func (r Reader) maxBytes() int64 { return cmp.Or(r.MaxBytes, DefaultMaxBytes) }

// Read reads the files and folders named by paths, folders with all that is in
// them and in the order of names. In folders it skips hidden files, extensions
// that it does not know and any README.md without front matter.
//
// A file without an id gets one made of its path below the path that was named;
// a line of JSON Lines needs its own, as lines have no place that lasts.
//
// Whatever cannot be read, a path that does not exist included, is a problem
// and never keeps the rest from being read. The error is that of ctx alone.
func (r Reader) Read(ctx context.Context, paths ...string) ([]corpus.Document, []Problem, error) {
	located, problems, err := r.Locate(ctx, paths...)
	docs := make([]corpus.Document, len(located))
	for i, l := range located {
		docs[i] = l.Document
	}
	return docs, problems, err
}

// Located is a document and where it stands.
type Located struct {
	corpus.Document
	Path   string // of its file, as reached from the path that was named
	Line   int    // where it begins, from 1; 0 if it is the whole file
	Made   bool   // the document states no id: its own is made of its path
	IsPage bool   // it was read from HTML
}

// Locate reads as Read does, and says where each document stands.
func (r Reader) Locate(ctx context.Context, paths ...string) ([]Located, []Problem, error) {
	found, problems := find(paths)
	c := collection{places: map[string]string{}, problems: problems}
	for _, f := range found {
		if err := ctx.Err(); err != nil {
			return nil, nil, fmt.Errorf("reading documents: %w", err)
		}
		raw, err := r.load(f)
		if err != nil {
			c.problems = append(c.problems, Problem{Path: f.path, Err: err})
			continue
		}
		c.addAll(f, parse(f, raw))
	}
	return c.docs, c.problems, nil
}

// maxProblems is how many problems of one file are told one by one.
const maxProblems = 1000

// collection gathers what all files gave.
type collection struct {
	docs     []Located
	problems []Problem
	places   map[string]string // of documents, by id
}

// addAll adds what one file gave.
func (c *collection) addAll(f file, results iter.Seq[result]) {
	failed := 0
	for r := range results {
		err := c.add(f, r)
		if err == nil {
			continue
		}
		if failed++; failed <= maxProblems {
			c.problems = append(c.problems, Problem{Path: f.path, Line: r.line, Err: err})
		}
	}
	if failed > maxProblems {
		err := fmt.Errorf("%d more problems of this file are not told; mend the first %d", failed-maxProblems, maxProblems)
		c.problems = append(c.problems, Problem{Path: f.path, Err: err})
	}
}

// add adds a document, or says why not.
func (c *collection) add(f file, r result) error {
	if r.err != nil {
		return r.err
	}
	if first, taken := c.places[r.doc.ID]; taken {
		return fmt.Errorf("the id %q is that of the document at %s already, which stays; give this one an id of its own",
			r.doc.ID, first)
	}
	c.places[r.doc.ID] = Problem{Path: f.path, Line: r.line}.Place()
	c.docs = append(c.docs, Located{r.doc, f.path, r.line, r.made, f.format == webPage})
	return nil
}

// load reads a file that is not over the limit.
func (r Reader) load(f file) (raw []byte, err error) {
	limit := r.maxBytes()
	tooLarge := func(size int64) error {
		return fmt.Errorf("the file has %d bytes and the limit is %d; split it or raise the limit", size, limit)
	}
	if f.info.Size() > limit {
		return nil, tooLarge(f.info.Size())
	}
	in, err := os.Open(f.path)
	if err != nil {
		return nil, fmt.Errorf("the file cannot be opened (%w); check its permissions", cause(err))
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	var content io.Reader = in
	if f.isPacked() {
		if content, err = gzip.NewReader(in); err != nil {
			return nil, fmt.Errorf("the file cannot be unpacked (%w); pack it with gzip again, or take .gz off its name", err)
		}
	}
	raw = make([]byte, 0, f.info.Size()+1)
	raw, err = appendAll(raw, io.LimitReader(content, limit+1)) // it may have grown since
	switch {
	case int64(len(raw)) > limit && f.isPacked():
		return nil, fmt.Errorf("unpacked, the file has more than %d bytes, which is the limit; split it or raise the "+
			"limit", limit)
	case int64(len(raw)) > limit:
		return nil, tooLarge(int64(len(raw)))
	case err != nil && f.isPacked():
		return nil, fmt.Errorf("the file cannot be unpacked (%w); it may be cut off: pack it again", err)
	case err != nil:
		return nil, fmt.Errorf("the file cannot be read (%w); check the disk and its permissions", cause(err))
	}
	return raw, nil
}

// appendAll is io.ReadAll into a buffer that has the right size already.
func appendAll(buf []byte, in io.Reader) ([]byte, error) {
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := in.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if errors.Is(err, io.EOF) {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}

// parse yields what the bytes of a file hold, in the order of the file.
func parse(f file, raw []byte) iter.Seq[result] {
	if f.format == webPage {
		raw = charset.SavedPage(raw)
	}
	if bytes.HasPrefix(raw, []byte("\xfe\xff")) || bytes.HasPrefix(raw, []byte("\xff\xfe")) {
		return slices.Values([]result{failure(1, "the file is UTF-16; save it as UTF-8")})
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if f.format == jsonLines {
		return parseLines(raw)
	}
	if line, err := checkText(raw); err != nil {
		return slices.Values([]result{{line: line, err: err}})
	}
	switch f.format {
	case markdown:
		return slices.Values(parseMarkdown(f, lineFeeds(string(raw))))
	case plain:
		return slices.Values(entry{Text: string(raw)}.in(f).results(at(0)))
	case webPage:
		return slices.Values(parseHTML(f, string(raw)))
	default:
		return parseJSON(f, raw)
	}
}

// readerVersion is part of every fingerprint. Count it up when a change of the program makes
// other documents of the same files.
const readerVersion = 2

// Fingerprint is a hash of what Read would read: path, size and time of change of every file,
// and of whatever stands in the way, such as a path that does not exist. While it stays the
// same, reading again gives the same documents. The error says that a folder or a file could
// not be looked at.
func (r Reader) Fingerprint(paths ...string) (string, error) {
	found, problems := find(paths)
	lines := []string{fmt.Sprintf("reading\x00%d", readerVersion), fmt.Sprintf("limit\x00%d", r.maxBytes())}
	for _, f := range found {
		lines = append(lines, fmt.Sprintf("file\x00%s\x00%d\x00%d", f.path, f.info.Size(), f.info.ModTime().UnixNano()))
	}
	for _, p := range problems {
		if errno, ok := errors.AsType[syscall.Errno](p); ok && !errors.Is(errno, fs.ErrNotExist) {
			return "", fmt.Errorf("fingerprint of the documents: %w", p)
		}
		lines = append(lines, "problem\x00"+p.Error())
	}
	slices.Sort(lines)
	sum := sha256.New()
	for _, line := range lines {
		fmt.Fprintf(sum, "%d\x00%s", len(line), line)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
