package statement

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/passage"
	"parley/corpus/sharedtest"
)

func TestMain(m *testing.M) { os.Exit(sharedtest.Main(m)) }

// handLabel is a sentence of the corpora, labelled by hand before the code read it.
type handLabel struct {
	Doc        string
	Start, End int
	Actors     []string // canonical names
	Topics     []string
	Statement  bool
	Stance     string // empty where nobody labelled it
	Direct     bool
}

// score counts things found against things labelled.
type score struct{ both, found, labelled int }

func (s *score) add(found, labelled []string) {
	s.found += len(found)
	s.labelled += len(labelled)
	for _, f := range found {
		if slices.Contains(labelled, f) {
			s.both++
		}
	}
}

func (s score) precision() float64 { return float64(s.both) / max(1, float64(s.found)) }
func (s score) recall() float64    { return float64(s.both) / max(1, float64(s.labelled)) }
func (s score) f1() float64 {
	p, r := s.precision(), s.recall()
	return 2 * p * r / max(1e-9, p+r)
}

func (s score) String() string {
	return fmt.Sprintf("precision %.3f, recall %.3f, F1 %.3f (%d found, %d labelled)", s.precision(), s.recall(), s.f1(), s.found, s.labelled)
}

// The figures reached stand in the package comment; the floors are a little below
// them, since the lexicon's words move them too.
func TestReadingsOfTheCorporaFitTheHandLabels(t *testing.T) {
	docs := sharedDocuments(t, "corpora/*.jsonl")
	e := extractor(t)
	var actors, pairs, stated, stances, direct score
	labels := readLabels(t)
	known := map[string]bool{} // there were no other topics when the labels were written
	for _, l := range labels {
		for _, topic := range l.Topics {
			known[topic] = true
		}
	}
	for _, l := range labels {
		r := e.readingAt(docs[l.Doc], l)
		found := e.names(r.Actors)
		topics := slices.DeleteFunc(slices.Clone(r.topics), func(topic string) bool { return !known[topic] })
		if len(found) == 0 {
			topics = nil
		}
		actors.add(found, l.Actors)
		pairs.add(products(found, topics), products(l.Actors, l.Topics))
		stated.add(yes(len(topics) > 0), yes(l.Statement && len(l.Actors) > 0))
		if l.Stance != "" && len(topics) > 0 {
			stances.add([]string{r.stance.String()}, []string{l.Stance})
			direct.add(yes(r.Direct), yes(l.Direct))
		}
		if testing.Verbose() && (!slices.Equal(sorted(found), sorted(l.Actors)) || !slices.Equal(sorted(topics), sorted(l.Topics))) {
			t.Logf("%v %v, want %v %v: %s %q", found, topics, l.Actors, l.Topics, l.Doc, r.In(docs[l.Doc].Text))
		}
	}
	actors.atLeast(t, "actors of sentences", 0.98, 0.88)
	pairs.atLeast(t, "actors and topics of statements", 0.86, 0.73)
	stated.atLeast(t, "sentences that are statements", 0.90, 0.78)
	stances.atLeast(t, "stances of statements", 0.71, 0.71)
	direct.atLeast(t, "statements in direct speech", 0.95, 0.91)
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }

func yes(b bool) []string {
	if b {
		return []string{"yes"}
	}
	return nil
}

// products are all pairs of an actor and a topic.
func products(actors, topics []string) (out []string) {
	for _, a := range actors {
		for _, t := range topics {
			out = append(out, a+"/"+t)
		}
	}
	return out
}

// nobodysPosition are the facts in which nobody takes a position.
var nobodysPosition = strings.Fields("F001 F002 F010 F015 F029 F032 F033 F034 F045 F048 F050 F055 F056 F058 F073 F077 F081 F086 F090 F094 F097")

// atLeast prints the score and holds it against floors of precision and recall.
func (s score) atLeast(t *testing.T, what string, precision, recall float64) {
	t.Helper()
	t.Logf("%s: %v", what, s)
	if s.precision() < precision || s.recall() < recall {
		t.Errorf("%s: precision %.3f, recall %.3f; the floors are %.2f, %.2f", what, s.precision(), s.recall(), precision, recall)
	}
}

// The facts judged are the first 104: the words of the lexicon know no others.
func TestStatementsOfTheFactsFitTheirHandMadeActorsAndTopics(t *testing.T) {
	docs := sharedDocuments(t, "facts/facts.jsonl")
	maps.DeleteFunc(docs, func(id string, _ corpus.Document) bool { return id > "F104" })
	known := map[string]bool{}
	for _, doc := range docs {
		for _, topic := range doc.Topics {
			known[topic] = true
		}
	}
	e := extractor(t)
	var actors, topics, pairs score
	var wrong []string
	for _, id := range slices.Sorted(maps.Keys(docs)) {
		doc := docs[id]
		names, subjects := e.summary(doc)
		subjects = slices.DeleteFunc(subjects, func(topic string) bool { return !known[topic] })
		switch {
		case doc.Kind == "position":
			actors.add(names, doc.Actors)
			topics.add(subjects, doc.Topics)
			pairs.add(products(names, subjects), products(doc.Actors, doc.Topics))
			if testing.Verbose() && (!slices.Equal(sorted(names), sorted(doc.Actors)) || !slices.Equal(sorted(subjects), sorted(doc.Topics))) {
				t.Logf("%s %v want %v, %v want %v\n    %s", id, names, doc.Actors, subjects, doc.Topics, doc.Text)
			}
		case slices.Contains(nobodysPosition, id) && len(names) > 0:
			wrong = append(wrong, id)
		}
	}
	actors.atLeast(t, "actors of positions", 0.95, 0.82)
	topics.atLeast(t, "topics of positions", 0.83, 0.83)
	pairs.atLeast(t, "actors and topics of positions", 0.80, 0.68)
	t.Logf("statements in %d of %d events in which nobody takes a position: %v", len(wrong), len(nobodysPosition), wrong)
	if len(wrong)*100 > len(nobodysPosition)*15 {
		t.Error("more than 15 % of the events without a position have one")
	}
}

// summary returns the main actors and the topics of all statements of a document.
func (e *testExtractor) summary(doc corpus.Document) (actors, topics []string) {
	for _, s := range e.statements(doc) {
		for _, a := range s.Actors {
			if known, _ := e.lexicon.Actor(a); known.Main && !slices.Contains(actors, known.Name) {
				actors = append(actors, known.Name)
			}
		}
		for _, t := range s.Topics {
			if !slices.Contains(topics, t) {
				topics = append(topics, t)
			}
		}
	}
	return actors, topics
}

// testExtractor is an extractor with what tests need beside it.
type testExtractor struct {
	*Extractor
	split *passage.Splitter
}

var theExtractor = sync.OnceValues(func() (*testExtractor, error) {
	lex, err := lexicon.Default()
	if err != nil {
		return nil, err
	}
	return &testExtractor{New(lex), new(passage.Splitter)}, nil
})

func extractor(t testing.TB) *testExtractor {
	t.Helper()
	e, err := theExtractor()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// names are the canonical names of actors.
func (e *testExtractor) names(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		a, _ := e.lexicon.Actor(id)
		out[i] = a.Name
	}
	return out
}

// readingAt reads a document and returns the sentence that was labelled: the one that
// shares most with the label, for whoever labelled cut sentences by eye.
func (e *testExtractor) readingAt(doc corpus.Document, l handLabel) sentenceReading {
	shared := func(r sentenceReading) int { return min(r.End, l.End) - max(r.Start, l.Start) }
	return slices.MaxFunc(e.newReader(doc, e.Mentions(doc), readingPositions).read(e.split.Sentences(doc.Text)), func(a, b sentenceReading) int {
		return cmp.Compare(shared(a), shared(b))
	})
}

func readLabels(t *testing.T) []handLabel {
	t.Helper()
	var out []handLabel
	lines(t, "testdata/labels.jsonl", func(line []byte) {
		var l handLabel
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	})
	return out
}

// sharedDocuments reads the documents of shared files by id, or skips the test.
func sharedDocuments(t testing.TB, pattern string) map[string]corpus.Document {
	t.Helper()
	folder, file := filepath.Split(pattern)
	paths, _ := filepath.Glob(filepath.Join(sharedtest.Path(t, folder), file))
	if len(paths) == 0 {
		t.Skipf("no %s beside the project", pattern)
	}
	out := map[string]corpus.Document{}
	for _, p := range paths {
		lines(t, p, func(line []byte) {
			doc := parseDocument(t, line)
			out[doc.ID] = doc
		})
	}
	return out
}

func parseDocument(t testing.TB, line []byte) corpus.Document {
	t.Helper()
	var d struct {
		ID, Title, Publisher, Text, Kind string
		Published, Date                  corpus.PartialDate
		Actors, Topics                   []string
		Sources                          []struct{ Title string }
	}
	if err := json.Unmarshal(line, &d); err != nil {
		t.Fatal(err)
	}
	doc := corpus.Document{Text: d.Text, Kind: d.Kind, Actors: d.Actors, Topics: d.Topics}
	doc.ID, doc.Title, doc.Publisher, doc.Published = d.ID, d.Title, d.Publisher, d.Published
	if doc.Published.IsZero() {
		doc.Published = d.Date
	}
	for _, s := range d.Sources {
		doc.BasedOn = append(doc.BasedOn, corpus.Reference{Title: s.Title})
	}
	return doc
}

func lines(t testing.TB, path string, each func([]byte)) {
	t.Helper()
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		each(sc.Bytes())
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkCorpora reads all of the corpora, sentences cut beforehand.
func BenchmarkCorpora(b *testing.B) {
	docs := sharedDocuments(b, "corpora/*.jsonl")
	e := extractor(b)
	sentences := map[string][]corpus.Span{}
	size, n := 0, 0
	for id, d := range docs {
		sentences[id] = e.split.Sentences(d.Text)
		size += len(d.Text)
		n += len(sentences[id])
	}
	for name, read := range map[string]func(corpus.Document, []corpus.Span){
		"Attribute": func(d corpus.Document, s []corpus.Span) { e.Attribute(d, s) },
		"Read":      func(d corpus.Document, s []corpus.Span) { e.Read(d, e.Mentions(d), s) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				for id, d := range docs {
					read(d, sentences[id])
				}
			}
			b.ReportMetric(float64(n), "sentences")
		})
	}
}
