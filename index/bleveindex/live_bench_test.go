package bleveindex

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/corpus"
	"parley/index"
)

// developed are the questions on which Parley is developed.
func developed(b testing.TB) (all []string) {
	b.Helper()
	f, err := os.Open("../testdata/dev.jsonl")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var q struct{ Question string }
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			b.Fatal(err)
		}
		all = append(all, q.Question)
	}
	return all
}

// tenPassages is a document of ten passages, another text each time.
func tenPassages(n int) corpus.Document {
	var b strings.Builder
	for i := range 10 {
		fmt.Fprintf(&b, "# Part %d\n\n%s\n\n", i, strings.Repeat(fmt.Sprintf("Ministers %d met in Ankara on a ceasefire and prisoners. ", n), 12))
	}
	doc := document(fmt.Sprint("changing-", n%20), b.String())
	doc.Title, doc.Publisher = "A day of talks", "Strelsau Gazette"
	return doc
}

// putOne puts the nth document of ten passages and returns how long it took until it could be found.
func putOne(ctx context.Context, l *Live, n int) (time.Duration, error) {
	doc := tenPassages(n)
	began := time.Now()
	err := l.Apply(ctx, index.Batch{Put: []corpus.Document{doc}, State: fmt.Sprint(n)})
	return time.Since(began), err
}

// BenchmarkApply puts a document of ten passages into the record of the talks an iteration.
func BenchmarkApply(b *testing.B) {
	l := liveIndex(b, copied(b, talksOf(b).dir))
	var took times
	n := 0
	for b.Loop() {
		t, err := putOne(b.Context(), l, n)
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, t)
		n++
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(took.percentile(50), "p50-ms")
	b.ReportMetric(took.percentile(99), "p99-ms")
	b.ReportMetric(float64(len(view(b, l).reader.Segments())), "segments")
}

// BenchmarkQuestionsDuringChanges asks the questions of development of the record of the
// talks, idle and while a document of ten passages is put ten times a second.
func BenchmarkQuestionsDuringChanges(b *testing.B) {
	l := liveIndex(b, copied(b, talksOf(b).dir))
	asker, err := index.NewAsker(l, names())
	if err != nil {
		b.Fatal(err)
	}
	now := l.Meta().Record.Newest.Start()
	ask := func(q string) error {
		_, err := asker.Ask(b.Context(), index.Question{Text: q, Now: now})
		return err
	}
	var idle, busy, took times
	changing := func(until context.Context) {
		for tick := time.NewTicker(100 * time.Millisecond); ; {
			select {
			case <-until.Done():
				tick.Stop()
				return
			case <-tick.C:
			}
			t, err := putOne(b.Context(), l, len(took))
			if err != nil {
				b.Error(err)
			}
			took = append(took, t)
		}
	}
	all := developed(b)
	for _, q := range all {
		new(times).measure(b, ask, q)
	}
	for b.Loop() {
		for _, q := range all {
			idle.measure(b, ask, q)
		}
		ctx, cancel := context.WithCancel(b.Context())
		var wg sync.WaitGroup
		wg.Go(func() { changing(ctx) })
		for _, q := range all {
			busy.measure(b, ask, q)
		}
		cancel()
		wg.Wait()
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(idle.percentile(50), "idle-p50-ms")
	b.ReportMetric(idle.percentile(99), "idle-p99-ms")
	b.ReportMetric(busy.percentile(50), "busy-p50-ms")
	b.ReportMetric(busy.percentile(99), "busy-p99-ms")
	b.ReportMetric(took.percentile(50), "apply-p50-ms")
	b.ReportMetric(took.percentile(99), "apply-p99-ms")
}

// BenchmarkOpenLive clones and opens the record of the talks, and removes the clone.
func BenchmarkOpenLive(b *testing.B) {
	dir := talksOf(b).dir
	for b.Loop() {
		l, err := OpenLive(b.Context(), dir, liveOptions())
		if err != nil {
			b.Fatal(err)
		}
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPublish publishes the record of the talks with one more change an iteration.
func BenchmarkPublish(b *testing.B) {
	l := liveIndex(b, copied(b, talksOf(b).dir))
	n := 0
	for b.Loop() {
		b.StopTimer()
		if _, err := putOne(b.Context(), l, n); err != nil {
			b.Fatal(err)
		}
		n++
		b.StartTimer()
		publish(b, l)
	}
}
