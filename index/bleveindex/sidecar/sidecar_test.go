package sidecar

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"parley/index"
	"parley/index/bleveindex/contents"
	"parley/index/bleveindex/offline"
	"parley/index/bm25"
)

func TestPassagesKeepTheirExactLength(t *testing.T) {
	for words := range bm25.MaxLength + 2 {
		norm := float64(float32(1 / math.Sqrt(float64(words))))
		if length := lengthOf(norm); words > 0 && length != min(words, bm25.MaxLength) {
			t.Errorf("%d words are taken for %v", words, length)
		}
	}
}

// segmentsOf are the segments of a new index of n documents, each with the topic "all", a
// text of its number of words, and a date.
func segmentsOf(t *testing.T, n int) []*scorch.SegmentSnapshot {
	t.Helper()
	m := bleve.NewIndexMapping()
	for _, f := range Fields {
		field := bleve.NewTextFieldMapping()
		field.SkipFreqNorm = contents.ScoredField(f) < 0
		if field.SkipFreqNorm {
			field.Analyzer = keyword.Name
		}
		m.DefaultMapping.AddFieldMappingsAt(string(f), field)
	}
	path := filepath.Join(t.TempDir(), "index")
	w, err := offline.New(path, m)
	if err != nil {
		t.Fatal(err)
	}
	const batches = 3
	for b := range batches {
		var docs []offline.Document
		for i := b * n / batches; i < (b+1)*n/batches; i++ {
			docs = append(docs, offline.Document{ID: fmt.Sprintf("%06d", i), Fields: map[string]any{
				string(index.FieldText): strings.Repeat("word ", 1+i%50), string(index.FieldTopic): "all", FieldDay: fmt.Sprint(2000 + i%9),
			}})
		}
		if err := w.Add(b, docs); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	x, err := bleve.OpenUsing(path, map[string]any{"read_only": true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	advanced, err := x.Advanced()
	if err != nil {
		t.Fatal(err)
	}
	reader, err := advanced.(*scorch.Scorch).Reader()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Close() })
	return reader.(*scorch.IndexSnapshot).Segments()
}

func TestASidecarTellsWhatItsSegmentHas(t *testing.T) {
	const n = 300
	segments := segmentsOf(t, n)
	if len(segments) != 1 || segments[0].FullSize() != n {
		t.Fatalf("%d segments", len(segments))
	}
	c := &contents.Summary{}
	c.Record.Passages, c.Terms[0] = n, n*25
	if err := Add(segments[0].Segment().(Segment), n, c); err != nil {
		t.Fatal(err)
	}
	var set Set
	f := set.Acquire(segments)[0]
	if f == nil || f.AverageLength(0) != 25 {
		t.Fatalf("%+v", f)
	}
	for doc := range n {
		if got := f.Lengths(0)[2*doc]; int(got) != 1+doc%50 {
			t.Errorf("document %d has length %d", doc, got)
		}
		if got := string(f.Date(uint64(doc))); got != fmt.Sprint(2000+doc%9) {
			t.Errorf("document %d has the date %q", doc, got)
		}
	}
	for _, x := range []struct {
		field index.Field
		term  string
		found bool
	}{{index.FieldText, "word", true}, {index.FieldTopic, "all", true}, {index.FieldTopic, "none", false}, {index.FieldTitle, "word", false}} {
		if _, ok := f.Find(x.field, x.term); ok != x.found {
			t.Errorf("%s:%s is found: %t", x.field, x.term, ok)
		}
	}
}

func TestASidecarStaysMappedWhileItIsUsed(t *testing.T) {
	segments := segmentsOf(t, 300)
	if err := Add(segments[0].Segment().(Segment), 300, &contents.Summary{}); err != nil {
		t.Fatal(err)
	}
	var set Set
	first, second := set.Acquire(segments), set.Acquire(segments)
	if first[0] == nil || first[0] != second[0] {
		t.Fatal("no sidecar, or one for each")
	}
	if err := set.Release(set.Acquire(nil)); err != nil { // as if the segment were gone
		t.Fatal(err)
	}
	if users := first[0].users; users != 2 {
		t.Errorf("%d users", users)
	}
	for i, list := range [][]*File{first, second} {
		if first[0].mapped == nil {
			t.Errorf("unmapped before the %dth is released", i)
		}
		if err := set.Release(list); err != nil {
			t.Error(err)
		}
	}
	if first[0].mapped != nil {
		t.Error("it is mapped after all were released")
	}
}
