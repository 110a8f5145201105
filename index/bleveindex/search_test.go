package bleveindex

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/corpus"
	"parley/corpus/briefs"
	"parley/index"
	"parley/index/analysis"
	"parley/index/annotate"
	"parley/index/bleveindex/contents"
	"parley/index/bm25"
	"parley/index/generation"
)

// batches writes a bleve index whose every batch stays a segment of its own, as
// those of bleve's offline builder do not.
type batches struct {
	index bleve.Index
	batch *bleve.Batch
	size  int
}

func (b *batches) Index(id string, data any) error {
	if err := b.batch.Index(id, data); err != nil || b.batch.Size() < b.size {
		return err
	}
	return b.flush()
}

func (b *batches) flush() error {
	defer b.batch.Reset()
	return b.index.Batch(b.batch)
}

func (b *batches) Close() error { return errors.Join(b.flush(), b.index.Close()) }

// builtInSegments is a new index directory with segments of so many passages.
func builtInSegments(t *testing.T, docs []corpus.Document, size int) string {
	t.Helper()
	dir := t.TempDir()
	_, err := generation.Write(dir, func(gen string) (any, error) { return fillSegments(t, gen, docs, size), nil })
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// fillSegments writes an index in segments of so many bleve documents.
func fillSegments(t *testing.T, gen string, docs []corpus.Document, size int) Meta {
	t.Helper()
	store, err := bleve.NewUsing(filepath.Join(gen, storeDir), indexMapping(), scorch.Name, scorch.Name, map[string]any{
		"scorchMergePlanOptions": map[string]any{"maxSegmentsPerTier": 1000, "maxSegmentSize": 1, "floorSegmentSize": 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	batches := &batches{store, store.NewBatch(), size}
	indexer, sum := newIndexer(names()), contents.Summary{}
	for _, doc := range docs {
		d, err := indexer.prepare(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range d.docs {
			if err := batches.Index(x.ID, x.Fields); err != nil {
				t.Fatal(err)
			}
		}
		sum.Add(d.source, d.share)
	}
	if err := batches.Close(); err != nil {
		t.Fatal(err)
	}
	sum.Finish()
	return Meta{Schema: schema, Mapping: Mapping(names()), Summary: sum}
}

// searchFields are all fields that a clause may name.
var searchFields = []index.Field{index.FieldText, index.FieldTitle, index.FieldActor, index.FieldTopic, index.FieldDate, index.FieldSourceKind}

// model is what the index should know, computed from the documents.
type model struct {
	passages []modelled
	average  map[index.Field]float64
	docFreq  map[index.Field]map[string]int
	terms    map[index.Field][]string // those of docFreq in order, and one that no passage has
}

type modelled struct {
	ref    uint64
	terms  map[index.Field]map[string]int
	length map[index.Field]int
}

func modelOf(t *testing.T, s *snapshot, docs []corpus.Document) (m model) {
	t.Helper()
	var analyzer analysis.Analyzer
	annotator := annotate.New(names())
	total := map[index.Field]int{}
	for _, doc := range docs {
		_, refs, ok, err := s.Document(doc.ID)
		passages := annotator.Passages(doc)
		if err != nil || !ok || len(refs) != len(passages) {
			t.Fatalf("document %s: refs %v, %v, %v; want %d", doc.ID, refs, ok, err, len(passages))
		}
		for i, p := range passages {
			x := modelled{refs[i], map[index.Field]map[string]int{}, map[index.Field]int{}}
			x.count(index.FieldText, termsOf(&analyzer, p.Text))
			x.count(index.FieldTitle, termsOf(&analyzer, doc.Title))
			x.count(index.FieldActor, actorTerms(&p))
			x.count(index.FieldTopic, p.Topics)
			x.count(index.FieldSourceKind, p.SourceKinds)
			x.count(index.FieldDate, index.DateTerms(doc.Published))
			for f, n := range x.length {
				total[f] += n
			}
			m.passages = append(m.passages, x)
		}
	}
	m.average = map[index.Field]float64{}
	for f, n := range total {
		m.average[f] = float64(n) / float64(len(m.passages))
	}
	m.countPassages()
	return m
}

func (m *model) countPassages() {
	m.docFreq, m.terms = map[index.Field]map[string]int{}, map[index.Field][]string{}
	for _, f := range searchFields {
		m.docFreq[f] = map[string]int{"unheard": 0}
		for _, p := range m.passages {
			for term := range p.terms[f] {
				m.docFreq[f][term]++
			}
		}
		m.terms[f] = slices.Sorted(maps.Keys(m.docFreq[f]))
	}
}

func termsOf(a *analysis.Analyzer, text string) (terms []string) {
	for _, tok := range a.Tokens(text) {
		if tok.Term != "" {
			terms = append(terms, tok.Term)
		}
	}
	return terms
}

func (m modelled) count(f index.Field, terms []string) {
	m.terms[f] = map[string]int{}
	for _, t := range terms {
		m.terms[f][t]++
	}
	m.length[f] = len(terms)
}

// search scores every passage and sorts those that a clause finds.
func (m model) search(clauses []index.Clause, k int) []index.Candidate {
	all := []index.Candidate{}
	for _, p := range m.passages {
		score := 0.0
		for _, c := range clauses {
			tf := p.terms[c.Field][c.Term]
			if tf == 0 {
				continue
			}
			if c.Field == index.FieldText || c.Field == index.FieldTitle {
				idf := bm25.IDF(m.docFreq[c.Field][c.Term], len(m.passages))
				score += c.Weight * idf * bm25.TF(float64(min(tf, bm25.MaxFreq)), float64(p.length[c.Field]), m.average[c.Field])
			} else {
				score += c.Weight
			}
		}
		if score > 0 {
			all = append(all, index.Candidate{Ref: p.ref, Score: score})
		}
	}
	slices.SortFunc(all, func(a, b index.Candidate) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Ref, b.Ref))
	})
	return all[:min(k, len(all))]
}

// randomClauses asks for texts more often than for the rest.
func (m model) randomClauses(r *rand.Rand) []index.Clause {
	clauses := make([]index.Clause, 1+r.IntN(9))
	for i := range clauses {
		f := index.FieldText
		if r.IntN(2) == 0 {
			f = searchFields[r.IntN(len(searchFields))]
		}
		clauses[i] = index.Clause{Field: f, Term: m.terms[f][r.IntN(len(m.terms[f]))], Weight: r.ExpFloat64()}
		if r.IntN(10) == 0 {
			clauses[i].Weight = 0
		}
	}
	return clauses
}

func TestSearchIsExactlyBM25OverTheDocuments(t *testing.T) {
	t.Parallel()
	docs := append(generate(1, 120), corpus.Document{Source: corpus.Source{ID: "untitled"}, Text: "The of and."})
	whole, parts, beside := built(t, docs), builtInSegments(t, docs, 37), builtInSegments(t, docs, 37)
	writeAllSidecars(t, beside)
	for name, dir := range map[string]string{"one segment": whole, "segments": parts, "segments with sidecars": beside} {
		t.Run(name, func(t *testing.T) {
			s := view(t, open(t, dir))
			if n := len(s.reader.Segments()); (name == "one segment") != (n == 1) {
				t.Fatalf("there are %d segments", n)
			}
			if has := s.sidecars[0] != nil; has != (name != "segments") {
				t.Fatalf("a sidecar: %t", has)
			}
			mustSearchExactly(t, s, docs)
		})
		t.Run(name+" and changes", func(t *testing.T) {
			l := liveIndex(t, dir)
			gone := []string{docs[0].ID, docs[7].ID, docs[50].ID, docs[119].ID}
			more := generate(9, 20)
			apply(t, l, index.Batch{Withdraw: gone, Put: more, State: "changed"})
			left := slices.DeleteFunc(slices.Clone(docs), func(d corpus.Document) bool { return slices.Contains(gone, d.ID) })
			s, err := l.snapshot()
			if err != nil {
				t.Fatal(err)
			}
			mustSearchExactly(t, s, append(left, more...))
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// writeAllSidecars writes sidecars for all segments of the current generation.
func writeAllSidecars(t *testing.T, dir string) {
	t.Helper()
	gen, meta := current(t, dir), Meta{}
	if _, err := gen.ReadManifest(&meta); err != nil {
		t.Fatal(err)
	}
	if err := addSidecars(gen.Path, &meta.Summary, 0); err != nil {
		t.Fatal(err)
	}
}

// mustSearchExactly compares searches with what brute force finds.
func mustSearchExactly(t *testing.T, s *snapshot, docs []corpus.Document) {
	t.Helper()
	m := modelOf(t, s, docs)
	r := rand.New(rand.NewPCG(5, 5))
	for range 500 {
		clauses, k := m.randomClauses(r), 1+r.IntN(80)
		got, err := s.Search(t.Context(), clauses, k)
		if err != nil {
			t.Fatal(err)
		}
		if diff := differ(m.search(clauses, k), got); diff != "" {
			t.Fatalf("%v, k=%d (-brute force +index):\n%s", clauses, k, diff)
		}
	}
}

// differ shows how candidates differ, but for a billionth of their scores; empty if they do not.
func differ(want, got []index.Candidate) string {
	alike := func(x, y index.Candidate) bool {
		return x.Ref == y.Ref && math.Abs(x.Score-y.Score) <= 1e-9*min(math.Abs(x.Score), math.Abs(y.Score))
	}
	if slices.EqualFunc(want, got, alike) && (want == nil) == (got == nil) {
		return "" // cmp is slow
	}
	return gocmp.Diff(want, got, cmpopts.EquateApprox(1e-9, 0))
}

func TestDocFreqCountsPassages(t *testing.T) {
	t.Parallel()
	docs := generate(2, 60)
	for _, dir := range []string{built(t, docs), builtInSegments(t, docs, 25)} {
		s := view(t, open(t, dir))
		m := modelOf(t, s, docs)
		for _, f := range searchFields {
			for term, want := range m.docFreq[f] {
				if n, err := s.DocFreq(f, term); n != want || err != nil {
					t.Errorf("%s:%s is in %d passages, %v; want %d", f, term, n, err, want)
				}
			}
		}
	}
}

func TestSearchStopsWhenCancelled(t *testing.T) {
	s := view(t, open(t, built(t, generate(1, 20))))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Search(ctx, []index.Clause{{Field: index.FieldText, Term: "ceasefir", Weight: 1}}, 3)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestPassagesComeBackAsTheyWereAnnotated(t *testing.T) {
	docs := generate(4, 40)
	s := view(t, open(t, built(t, docs)))
	annotator := annotate.New(names())
	for _, doc := range docs {
		source, refs, ok, err := s.Document(doc.ID)
		if err != nil || !ok {
			t.Fatalf("%s: %v, %v", doc.ID, ok, err)
		}
		if diff := gocmp.Diff(doc.Source, source, dates, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("source (-want +got):\n%s", diff)
		}
		var got []index.Passage
		for _, ref := range refs {
			p, err := s.Passage(ref)
			if err != nil {
				t.Fatal(err)
			}
			if p.Text != doc.Text[p.Start:p.End] {
				t.Errorf("%s is not the text of its span", p.ID)
			}
			got = append(got, *p)
		}
		if diff := gocmp.Diff(annotator.Passages(doc), got, dates, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("passages (-want +got):\n%s", diff)
		}
	}
}

// dates are equal if they are written alike.
var dates = gocmp.Comparer(func(a, b corpus.PartialDate) bool { return a.String() == b.String() })

func TestDocumentsThatAreNotThereAreNotFound(t *testing.T) {
	s := view(t, open(t, built(t, []corpus.Document{document("a", "One sentence."), document("empty", " ")})))
	for _, id := range []string{"b", "", "a#0", "a#", "#", "A", "a ", "\x00", "a\xff"} {
		if _, refs, ok, err := s.Document(id); ok || err != nil || refs != nil {
			t.Errorf("%q: %v, %v, %v", id, refs, ok, err)
		}
	}
	if _, refs, ok, err := s.Document("empty"); !ok || err != nil || len(refs) != 0 {
		t.Errorf("a document without text: %v, %v, %v", refs, ok, err)
	}
}

func TestADocumentOfManyPassagesHasThemInOrder(t *testing.T) {
	text := ""
	for i := range 130 { // more than ten and a hundred: numbers do not sort as words
		text += fmt.Sprintf("# Part %d\n\nParagraph %d says that the talks go on.\n\n", i, i)
	}
	s := view(t, open(t, built(t, []corpus.Document{document("long", text), document("lon", "Short."), document("longer", "Short.")})))
	_, refs, ok, err := s.Document("long")
	if err != nil || !ok || len(refs) < 13 {
		t.Fatalf("%d passages, %v, %v", len(refs), ok, err)
	}
	end := 0
	for i, ref := range refs {
		p, err := s.Passage(ref)
		if err != nil || p.Number != i || p.Of != len(refs) || p.Start < end || p.Source.ID != "long" {
			t.Errorf("passage %d is %+v, %v", i, p, err)
		}
		end = p.End
	}
}

func TestARefThatIsNoPassageIsAnError(t *testing.T) {
	s := view(t, open(t, built(t, []corpus.Document{document("a", "One sentence.")})))
	source, ok, err := s.ref("a")
	if err != nil || !ok {
		t.Fatalf("the source: %v, %v", ok, err)
	}
	for _, ref := range []uint64{source, 2, 1 << 40, math.MaxUint64} {
		if p, err := s.Passage(ref); !errors.Is(err, generation.ErrCorrupt) {
			t.Errorf("%d: %v, %v", ref, p, err)
		}
	}
}

func TestOneIndexServesManyAtOnce(t *testing.T) {
	t.Parallel()
	docs := generate(1, 80)
	x := open(t, builtInSegments(t, docs, 50))
	m := modelOf(t, view(t, x), docs)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(g), 1))
			for range 40 {
				if err := m.checkOnce(r, x, docs[r.IntN(len(docs))]); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// checkOnce compares one search and one document of an own snapshot with the model.
func (m model) checkOnce(r *rand.Rand, x *Index, doc corpus.Document) (err error) {
	s, err := x.Snapshot()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	clauses := m.randomClauses(r)
	found, err := s.Search(context.Background(), clauses, 10)
	if err != nil {
		return err
	}
	if diff := differ(m.search(clauses, 10), found); diff != "" {
		return fmt.Errorf("%v (-brute force +index):\n%s", clauses, diff)
	}
	_, refs, ok, err := s.Document(doc.ID)
	if err != nil || !ok {
		return fmt.Errorf("%s: %v, %w", doc.ID, ok, err)
	}
	for i, ref := range refs {
		if p, err := s.Passage(ref); err != nil || p.ID != fmt.Sprintf("%s#%d", doc.ID, i) {
			return fmt.Errorf("passage %d of %s: %v, %w", i, doc.ID, p, err)
		}
	}
	_, err = s.Near("mediater", 2)
	return err
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	dir := built(t, generate(1, 20))
	before := runtime.NumGoroutine()
	for range 5 {
		x, err := Open(t.Context(), dir, 0)
		if err != nil {
			t.Fatal(err)
		}
		mustAnswer(t, x)
		if err := x.Close(); err != nil {
			t.Error(err)
		}
		build(t, dir, generate(1, 20))
	}
	for range 50 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
}

func TestDatedFindsExactlyThePassagesWithTheTermAndTheirDates(t *testing.T) {
	t.Parallel()
	docs, err := briefs.Documents()
	if err != nil {
		t.Fatal(err)
	}
	docs[0].Published = corpus.PartialDate{}
	if docs[1].Published, err = corpus.ParsePartialDate("2025-02-14T09:30:00+02:00"); err != nil {
		t.Fatal(err)
	}
	without, with := builtInSegments(t, docs, 20), builtInSegments(t, docs, 20)
	writeAllSidecars(t, with)
	want := map[string]map[string]corpus.PartialDate{} // by term and passage
	for _, doc := range docs {
		for _, p := range annotate.New(names()).Passages(doc) {
			for _, term := range index.StatementTerms(&p) {
				if want[term] == nil {
					want[term] = map[string]corpus.PartialDate{}
				}
				want[term][p.ID] = doc.Published
			}
		}
	}
	for _, dir := range []string{without, with} {
		mustBeDated(t, view(t, open(t, dir)), want)
	}
}

// mustBeDated compares what Dated finds with the passages and dates by term.
func mustBeDated(t *testing.T, snap *snapshot, want map[string]map[string]corpus.PartialDate) {
	t.Helper()
	for term, passages := range want {
		list, err := snap.Dated(t.Context(), index.FieldStatement, term)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != len(passages) {
			t.Errorf("%s: %d passages; want %d", term, len(list), len(passages))
		}
		for _, d := range list {
			p, err := snap.Passage(d.Ref)
			if err != nil {
				t.Fatal(err)
			}
			if date, ok := passages[p.ID]; !ok || date.String() != d.Date.String() {
				t.Errorf("%s: %s of %s; want %s, %t", term, p.ID, d.Date, date, ok)
			}
		}
	}
	if list, err := snap.Dated(t.Context(), index.FieldStatement, "nobody/*/*"); err != nil || len(list) != 0 {
		t.Errorf("nobody: %v, %v", list, err)
	}
}
