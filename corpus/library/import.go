package library

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"parley/corpus/database"
	"parley/corpus/library/fingerprint"
)

const (
	// maxLine is the most bytes of a line: a long text with many revisions.
	maxLine = 512 << 20
	// A transaction of an import has so many documents, or so many bytes of them.
	importDocuments = 200
	importBytes     = 16 << 20
	// maxProblems are told one by one.
	maxProblems = 1000
)

// Imported counts the outcomes of an import.
type Imported struct {
	Feeds, Documents int // that are new
	Unchanged        int // that the library has already, just so
	Problems         []Problem
	Untold           int // problems beyond the first 1,000
}

// Problem is a fault of a line.
type Problem struct {
	Line int // from 1
	Err  error
}

// Error is "line 3: what is wrong".
func (p Problem) Error() string { return fmt.Sprintf("line %d: %v", p.Line, p.Err) }

// Unwrap gives what is wrong without the line.
func (p Problem) Unwrap() error { return p.Err }

// IsExport reports whether a file with that beginning is one that Import reads.
func IsExport(beginning []byte) bool {
	return bytes.HasPrefix(beginning, []byte(`{"parley_library":`))
}

// Import reads what Export has written. It adds what the library does not have and never
// changes what it has: what is there, but not just so, is a problem, as is a line that is
// broken; the others are kept. It may be called again with the same, as after a crash. The
// error is that of the reader or the database: what came before is kept.
func (l *Library) Import(ctx context.Context, from io.Reader) (Imported, error) {
	i := importer{library: l, lines: bufio.NewReaderSize(from, 1<<16), seen: ending{Hash: fingerprint.Set{}.String()}}
	err := i.run(ctx)
	return i.result, database.Wrap(err, "import into the library, line %d", i.number)
}

// importer reads lines and keeps them in batches.
type importer struct {
	library *Library
	lines   *bufio.Reader
	number  int // of the line
	result  Imported
	seen    ending
	sum     fingerprint.Set
	end     *ending
	batch   []archivedLine
	bytes   int
}

// archivedLine is a document that can be kept, and where it stands.
type archivedLine struct {
	archived
	checked
	number int
}

func (i *importer) run(ctx context.Context) error {
	for {
		content, err := i.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := i.line(ctx, content); err != nil {
			return err
		}
	}
	if err := i.flush(ctx); err != nil {
		return err
	}
	i.seen.Hash = i.sum.String()
	switch {
	case i.end == nil:
		i.problem(i.number, errors.New("the export is cut off: its last line is missing; export it again"))
	case *i.end != i.seen && len(i.result.Problems) == 0:
		i.problem(i.number, fmt.Errorf("the export should have %d feeds and %d documents with the hash %s, and has %d and %d with %s; export it again",
			i.end.Feeds, i.end.Documents, i.end.Hash, i.seen.Feeds, i.seen.Documents, i.seen.Hash))
	}
	return nil
}

// next reads a line that is not empty.
func (i *importer) next() ([]byte, error) {
	for {
		var content []byte
		i.number++
		for {
			part, err := i.lines.ReadSlice('\n')
			content = append(content, part...)
			if err == nil || errors.Is(err, io.EOF) && len(content) > 0 {
				break
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				return nil, err
			}
			if len(content) > maxLine {
				return nil, fmt.Errorf("the line has more than %d bytes; this is no export of a library", maxLine)
			}
		}
		if content = bytes.TrimSpace(content); len(content) > 0 {
			return content, nil
		}
	}
}

func (i *importer) problem(line int, err error) {
	if len(i.result.Problems) == maxProblems {
		i.result.Untold++
		return
	}
	i.result.Problems = append(i.result.Problems, Problem{line, err})
}

// line takes one line in. The error is that of the database.
func (i *importer) line(ctx context.Context, content []byte) error {
	l, err := decode(content)
	switch {
	case err != nil:
	case l.Format != 0:
		if l.Format != format {
			err = fmt.Errorf("the export has format %d, and this Parley reads %d; update Parley", l.Format, format)
		}
	case l.Feed != nil:
		i.seen.Feeds++
		return i.feed(ctx, *l.Feed)
	case l.Document != nil:
		i.seen.Documents++
		return i.document(ctx, *l.Document, len(content))
	case l.End != nil:
		i.end = l.End
	default:
		err = errors.New("there is neither a feed nor a document here")
	}
	if err != nil {
		i.problem(i.number, err)
	}
	return nil
}

// decode reads a line. What is not UTF-8 would be replaced in silence by encoding/json.
func decode(content []byte) (l line, err error) {
	if err := checkText("the line", string(content)); err != nil {
		return l, err
	}
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return l, fmt.Errorf("this is not a line of an export: %w", err)
	}
	if d.InputOffset() != int64(len(content)) {
		return l, errors.New("something follows the JSON object")
	}
	return l, nil
}

func (i *importer) feed(ctx context.Context, f Feed) error {
	if err := errors.Join(checkFeed(f), checkMoments(f.Added)); err != nil {
		i.problem(i.number, err)
		return nil
	}
	rows, err := i.library.db.Exec(ctx, insertFeed+` VALUES (`+database.Parameters(1, 14)+`) ON CONFLICT (id) DO NOTHING`, feedValues(f)...)
	if err != nil || rows > 0 {
		i.result.Feeds += int(rows)
		return err
	}
	have, err := i.library.Feed(ctx, f.ID)
	if err != nil {
		return err
	}
	have.Documents = 0
	i.unlessSame(i.number, have, f, "the feed "+shown(f.ID))
	return nil
}

// unlessSame counts what the library has already.
func (i *importer) unlessSame(line int, have, want any, what string) {
	a, err := json.Marshal(have)
	b, err2 := json.Marshal(want)
	switch {
	case errors.Join(err, err2) != nil:
		i.problem(line, errors.Join(err, err2))
	case bytes.Equal(a, b):
		i.result.Unchanged++
	default:
		i.problem(line, fmt.Errorf("the library has %s already, with something in it that differs; it stays as it is", what))
	}
}

func (i *importer) document(ctx context.Context, a archived, size int) error {
	c, err := checkArchived(a)
	if err != nil {
		i.problem(i.number, err)
		return nil
	}
	if a.Withdrawn == nil {
		digest, err := digest(c.Document, c.wording)
		if err != nil {
			return err
		}
		if err := i.sum.Toggle(digest); err != nil {
			return err
		}
	}
	i.batch = append(i.batch, archivedLine{a, c, i.number})
	if i.bytes += size; len(i.batch) == importDocuments || i.bytes >= importBytes {
		return i.flush(ctx)
	}
	return nil
}

// checkArchived checks all that a document consists of.
func checkArchived(a archived) (checked, error) {
	if a.ID == "" || a.Key == "" {
		return checked{}, errors.New("the document has no id, or no key")
	}
	c, err := check(Item{Document: a.document(), Origin: a.Origin, Key: a.Key})
	if err != nil {
		return c, err
	}
	err = checkMoments(a.FirstSeen, a.Fetched, a.Revised)
	for n, v := range a.Earlier {
		doc := c.Document
		doc.Title, doc.Text = v.Title, v.Text
		err = errors.Join(err, database.Wrap(errors.Join(checkDocument(doc), checkMoments(v.Seen)), "revision %d", n+1))
	}
	if w := a.Withdrawn; w != nil {
		err = errors.Join(err, checkMoments(w.At), checkName("the reason", w.Reason))
		if w.By != BySource && w.By != ByOperator {
			err = errors.Join(err, fmt.Errorf("it is withdrawn by %q, who is neither source nor operator", w.By))
		}
	}
	return c, database.Wrap(err, "document %s", a.ID)
}

func checkMoments(moments ...time.Time) error {
	for _, t := range moments {
		if t.Unix() <= 0 {
			return errors.New("a moment is missing: when it was first seen, fetched, revised, withdrawn or added")
		}
	}
	return nil
}

// flush keeps the batch.
func (i *importer) flush(ctx context.Context) error {
	if len(i.batch) == 0 {
		return nil
	}
	var before Imported
	err := i.library.write(ctx, func(w *writer) error {
		before = i.result
		for _, d := range i.batch {
			if err := i.keep(ctx, w, d); err != nil {
				return fmt.Errorf("document %s: %w", d.archived.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		i.result = before // nothing of the batch is kept
	}
	i.batch, i.bytes = i.batch[:0], 0
	return err
}

// keep adds a document, unless the library has it.
func (i *importer) keep(ctx context.Context, w *writer, d archivedLine) error {
	var other string
	taken, err := database.ReadRow(ctx, w, []any{&other}, `SELECT id FROM documents WHERE id = $1 OR identity = $2 ORDER BY id = $1 DESC LIMIT 1`, d.checked.ID, d.identity)
	switch {
	case err != nil:
		return err
	case taken && other != d.checked.ID:
		i.problem(d.number, fmt.Errorf("document %s: the library has what %v calls %s already, as document %s", d.checked.ID, d.checked.Origin, d.checked.Key, other))
		return nil
	case taken:
		have, err := w.archived(ctx, other)
		if err == nil {
			i.unlessSame(d.number, have, d.archived, "document "+other)
		}
		return err
	}
	i.result.Documents++
	return w.restoreArchived(ctx, d)
}

// archived reads a document as an export has it.
func (w *writer) archived(ctx context.Context, id string) (doc *archived, err error) {
	_, err = database.ReadRows(ctx, w, func(r database.Scanner) (_ bool, err error) {
		doc, _, _, err = scanArchive(r, doc)
		return true, err
	}, selectArchive+`WHERE d.id = $1 ORDER BY r.revision`, id)
	return doc, err
}

// restoreArchived adds a document as it was when it was exported.
func (w *writer) restoreArchived(ctx context.Context, d archivedLine) error {
	e := d.entry()
	k, err := w.insert(ctx, d.checked, e)
	for n, v := range append(d.Earlier, earlier{e.Revised, e.Title, e.Text}) {
		if err == nil {
			err = w.insertRevision(ctx, k.number, int64(n+1), database.Seconds(v.Seen), v.Title, v.Text)
		}
	}
	if err != nil {
		return err
	}
	if k.withdrawn != 0 {
		return w.note(ctx, k, ChangeWithdrawn)
	}
	return w.enter(ctx, k, ChangeAdded, e.Document)
}
