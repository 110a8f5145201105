package article_test

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	readability "codeberg.org/readeck/go-readability/v2"

	"parley/corpus/article"
	"parley/corpus/article/benchmark"
	"parley/corpus/sharedtest"
)

func TestMain(m *testing.M) { sharedtest.Main(m) }

// wanted is the F1 to reach over all pages.
const wanted = 0.97

// TestBenchmark prints the figures of this package and of readability alone. Every other
// page was for designing, the rest held back.
func TestBenchmark(t *testing.T) {
	pages, err := benchmark.Load(sharedtest.Path(t, "html"))
	if err != nil {
		t.Fatal(err)
	}
	var ours, library, design, held []benchmark.Score
	var times []time.Duration
	for i, p := range pages {
		start := time.Now()
		d, err := article.Extract(p.HTML, "text/html; charset=utf-8", p.URL)
		times = append(times, time.Since(start))
		if err != nil {
			t.Errorf("%s: %v", p.URL, err)
		}
		score := benchmark.Compare(p.Body, d.Text)
		ours = append(ours, score)
		if i%2 == 0 {
			design = append(design, score)
		} else {
			held = append(held, score)
		}
		library = append(library, benchmark.Compare(p.Body, readable(t, p)))
	}
	t.Log(benchmark.Line("readability alone", library))
	t.Log(benchmark.Line("article, designed on", design))
	t.Log(benchmark.Line("article, held back", held))
	t.Log(benchmark.Line("article", ours))
	slices.Sort(times)
	t.Logf("time of a page: median %v, p95 %v", times[len(times)/2], times[len(times)*95/100])
	if f := benchmark.Average(ours).F1; f < wanted {
		t.Errorf("F1 %.4f, want %.2f at least", f, wanted)
	}
}

func readable(t *testing.T, p benchmark.Page) string {
	at, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	a, err := readability.FromReader(bytes.NewReader(p.HTML), at)
	if err != nil {
		return ""
	}
	var b strings.Builder
	if err := a.RenderText(&b); err != nil {
		t.Error(err)
	}
	return b.String()
}
