package bleveindex

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/gofrs/flock"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/analysis"
)

// BuildOptions are what a build needs besides the documents.
type BuildOptions struct {
	Lexicon     *lexicon.Lexicon
	Fingerprint string   // of the files that the documents were read from
	Problems    []string // of those files, kept in Meta
	Now         time.Time
	// Progress is called with the number of documents done; may be nil.
	Progress func(done, total int)
}

// How long a second builder waits for the first, and how often it looks.
const (
	lockPatience = 1500 * time.Millisecond
	lockInterval = 50 * time.Millisecond
)

// Build makes the index of docs beside the current one and swaps it in when it
// is complete. It fails with ErrLocked within two seconds while another process
// builds in the same dir.
func Build(ctx context.Context, dir string, docs []corpus.Document, opt BuildOptions) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("build index: %w; choose another data_dir", err)
	}
	unlock, err := lock(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	gen, err := os.MkdirTemp(dir, genPrefix)
	if err != nil {
		return fmt.Errorf("build index: %w", err)
	}
	meta, err := fill(ctx, gen, docs, opt)
	if err != nil {
		return errors.Join(fmt.Errorf("build index in %s: %w", dir, err), os.RemoveAll(gen))
	}
	line := currentLine(filepath.Base(gen), meta)
	if err := writeAtomic(filepath.Join(dir, currentFile), []byte(line)); err != nil {
		return errors.Join(fmt.Errorf("swap in index: %w", err), os.RemoveAll(gen))
	}
	return removeOthers(dir, filepath.Base(gen))
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
// and what killed builds left. Processes that still read one keep its files.
func removeOthers(dir, keep string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), genPrefix) && e.Name() != keep {
			// A reader on another system may hold its files open: the next build removes it then.
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
	return nil
}

// fill writes a complete generation and returns the checksum of its meta.
func fill(ctx context.Context, gen string, docs []corpus.Document, opt BuildOptions) (uint32, error) {
	b, err := newBuilder(gen, opt.Lexicon)
	if err != nil {
		return 0, err
	}
	for i, doc := range docs {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if err := b.add(doc); err != nil {
			return 0, fmt.Errorf("document %s: %w", doc.ID, err)
		}
		if opt.Progress != nil {
			opt.Progress(i+1, len(docs))
		}
	}
	if b.passages == 0 {
		return 0, errors.New("there is no text to index")
	}
	if err := b.bleve.Close(); err != nil {
		return 0, err
	}
	meta := Meta{
		Schema: schema, Mapping: Mapping(opt.Lexicon), Corpus: Corpus(docs), Fingerprint: opt.Fingerprint,
		Built: opt.Now.UTC(), Problems: opt.Problems, AverageLength: b.averageLength(),
		Publishers: slices.SortedFunc(maps.Values(b.publishers), func(x, y index.Publisher) int { return cmp.Compare(x.Name, y.Name) }),
	}
	meta.Record = index.Record{Documents: len(docs), Passages: b.passages, Newest: b.newest, Version: meta.Corpus}
	if err := addSides(gen, meta.AverageLength, minSideDocs); err != nil {
		return 0, err
	}
	return seal(gen, meta)
}

// addSides writes the side files of a new generation.
func addSides(gen string, averages map[index.Field]float64, minDocs int64) (err error) {
	b, err := bleve.OpenUsing(filepath.Join(gen, storeDir), map[string]any{"read_only": true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	snap, err := snapshotOf(b)
	if err != nil {
		return err
	}
	return errors.Join(writeSides(snap, averages, minDocs), snap.Close())
}

// builder writes the passages of documents into a new bleve index.
type builder struct {
	bleve    bleve.Builder
	annotate *index.Annotator
	analyzer analysis.Analyzer
	added    map[string]bool // the documents' ids
	passages int
	newest   corpus.PartialDate
	length   map[index.Field]int

	publishers map[string]index.Publisher
}

// batchPassages is how many passages make a segment before merging: about 60 MB of memory.
const batchPassages = 5000

func newBuilder(gen string, lex *lexicon.Lexicon) (*builder, error) {
	b, err := bleve.NewBuilder(filepath.Join(gen, storeDir), indexMapping(), map[string]any{
		"batchSize": batchPassages, "buildPathPrefix": gen,
	})
	if err != nil {
		return nil, err
	}
	return &builder{bleve: b, annotate: index.NewAnnotator(lex), added: map[string]bool{},
		publishers: map[string]index.Publisher{}, length: map[index.Field]int{}}, nil
}

// add writes a document's source and its passages.
func (b *builder) add(doc corpus.Document) error {
	switch {
	case b.added[doc.ID]:
		return errors.New("another document has this id")
	case strings.Contains(doc.ID, "#"):
		return errors.New("an id must not contain '#', which parts it from a passage's number")
	}
	b.added[doc.ID] = true
	source, err := json.Marshal(doc.Source)
	if err != nil {
		return err
	}
	if err := b.bleve.Index(doc.ID, map[string]any{fieldSource: string(source)}); err != nil {
		return err
	}
	if doc.Published.Compare(b.newest) > 0 {
		b.newest = doc.Published
	}
	b.publishers[doc.Publisher] = b.publishers[doc.Publisher].With(doc.Source)
	title := b.count(doc.Title)
	for _, p := range b.annotate.Passages(doc) {
		b.passages++
		b.length[index.FieldText] += b.count(p.Text)
		b.length[index.FieldTitle] += title
		if err := b.bleve.Index(p.ID, fields(doc, &p)); err != nil {
			return err
		}
	}
	return nil
}

// fields are what bleve indexes and stores of a passage.
func fields(doc corpus.Document, p *index.Passage) map[string]any {
	return map[string]any{
		string(index.FieldText):  p.Text,
		string(index.FieldTitle): doc.Title,
		string(index.FieldActor): actorTerms(p),
		string(index.FieldVoice): p.Voices(),
		string(index.FieldTopic): p.Topics,
		string(index.FieldKind):  p.Kinds,
		string(index.FieldDate):  dateTerms(doc.Published),

		string(index.FieldStatement): index.StatementTerms(p),

		fieldDay:   doc.Published.String(),
		fieldWord:  doc.Title + "\n" + p.Text,
		fieldBody:  p.Text,
		fieldNotes: string(appendNotes(nil, p)),
	}
}

// actorTerms are the actors and the people that a passage names.
func actorTerms(p *index.Passage) []string {
	terms := slices.Clone(p.Actors)
	for _, m := range p.Mentions {
		if t := index.PersonTerm(m.Person); m.Person != "" && !slices.Contains(terms, t) {
			terms = append(terms, t)
		}
	}
	return terms
}

// dateTerms are the year, the month and the day of a date, as far as known.
func dateTerms(d corpus.PartialDate) (terms []string) {
	for i, layout := range []string{"2006", "2006-01", "2006-01-02"} {
		if d.Precision() > corpus.Precision(i) {
			terms = append(terms, d.Start().Format(layout))
		}
	}
	return terms
}

// count is the number of terms in a text.
func (b *builder) count(text string) (n int) {
	for _, tok := range b.analyzer.Tokens(text) {
		if tok.Term != "" {
			n++
		}
	}
	return n
}

func (b *builder) averageLength() map[index.Field]float64 {
	average := map[index.Field]float64{}
	for f, total := range b.length {
		average[f] = max(1, float64(total)/float64(b.passages))
	}
	return average
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
