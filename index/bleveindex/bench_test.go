package bleveindex

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"

	"parley/corpus"
	"parley/corpus/briefs"
	"parley/corpus/files"
	"parley/index"
	"parley/index/annotate"
	"parley/index/when"
)

// shared is where the record of the talks and its questions are, if they are.
const shared = "../../../shared"

// talks is the record of the talks, indexed once a run.
type talks struct {
	dir   string
	docs  []corpus.Document
	took  time.Duration // of the build
	bytes int64
}

var (
	talksFolder string // for removeTalks
	buildTalks  = sync.OnceValues(func() (x talks, err error) {
		if talksFolder, err = os.MkdirTemp("", "parley-talks"); err != nil {
			return x, err
		}
		if x.docs, err = briefs.Documents(); err != nil {
			return x, err
		}
		read, problems, err := files.Reader{}.Read(context.Background(), filepath.Join(shared, "seed"), filepath.Join(shared, "corpora"))
		if err != nil || len(problems) > 0 {
			return x, errors.Join(err, fmt.Errorf("problems: %v", problems))
		}
		x.docs = append(x.docs, read...)
		x.dir = filepath.Join(talksFolder, "index")
		began := time.Now()
		if err := Build(context.Background(), x.dir, x.docs, options()); err != nil {
			return x, err
		}
		x.took = time.Since(began)
		st, err := Inspect(x.dir, Want{})
		x.bytes = st.Bytes
		return x, err
	})
)

// removeTalks tidies up at the end of a run.
func removeTalks() { _ = os.RemoveAll(talksFolder) }

func talksOf(b *testing.B) talks {
	b.Helper()
	if _, err := os.Stat(filepath.Join(shared, "eval", "talks.jsonl")); err != nil {
		b.Skip("needs the record of the talks in ../shared:", err)
	}
	x, err := buildTalks()
	if err != nil {
		b.Fatal(err)
	}
	return x
}

// questions are those of the talks.
func questions() (all []string, err error) {
	f, err := os.Open(filepath.Join(shared, "eval", "talks.jsonl"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var q struct{ Question string }
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return nil, err
		}
		all = append(all, q.Question)
	}
	return all, nil
}

// BenchmarkBuild reports the one build of a run, whatever the number of iterations.
func BenchmarkBuild(b *testing.B) {
	x := talksOf(b)
	for b.Loop() {
	}
	passages := open(b, x.dir).Meta().Record.Passages
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(x.took.Seconds(), "s/build")
	b.ReportMetric(float64(passages), "passages")
	b.ReportMetric(float64(passages)/x.took.Seconds(), "passages/s")
	b.ReportMetric(float64(x.bytes)/1e6, "MB")
}

func BenchmarkOpen(b *testing.B) {
	x := talksOf(b)
	for b.Loop() {
		i, err := Open(b.Context(), x.dir, 0)
		if err != nil {
			b.Fatal(err)
		}
		if err := i.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInspect(b *testing.B) {
	x := talksOf(b)
	for b.Loop() {
		if st, err := Inspect(x.dir, Want{}); err != nil || st.State != Equal {
			b.Fatal(st, err)
		}
	}
}

// BenchmarkQuestions asks all questions of the talks once an iteration, each of
// Parley and of bleve in turn, and compares whole answers of ours, from the
// question to the ranked and cut passages, with bleve's bare ten best.
func BenchmarkQuestions(b *testing.B) {
	x := talksOf(b)
	all, err := questions()
	if err != nil {
		b.Fatal(err)
	}
	ours, theirs := asking(b, open(b, x.dir)), matching(b, x.docs)
	var cold, warm, baseline times
	for _, q := range all { // fills the caches, ours and the system's
		cold.measure(b, ours, q)
		new(times).measure(b, theirs, q)
	}
	for b.Loop() {
		for _, q := range all {
			warm.measure(b, ours, q)
			baseline.measure(b, theirs, q)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(cold.percentile(50), "cold-p50-ms")
	b.ReportMetric(cold.percentile(99), "cold-p99-ms")
	b.ReportMetric(warm.percentile(50), "p50-ms")
	b.ReportMetric(warm.percentile(99), "p99-ms")
	b.ReportMetric(baseline.percentile(50), "bleve-p50-ms")
	b.ReportMetric(baseline.percentile(99), "bleve-p99-ms")
	b.ReportMetric(warm.percentile(50)/baseline.percentile(50), "p50/bleve")
	b.ReportMetric(warm.percentile(99)/baseline.percentile(99), "p99/bleve")
}

// asking answers whole questions from our index.
func asking(b *testing.B, x *Index) func(string) error {
	b.Helper()
	asker, err := index.NewAsker(x, names())
	if err != nil {
		b.Fatal(err)
	}
	return func(q string) error {
		_, err := asker.Ask(context.Background(), index.Question{Text: q, Now: x.Meta().Record.Newest.Start()})
		return err
	}
}

// matching searches the same passages with bleve's English analyzer, its match
// query and otherwise its defaults.
func matching(b *testing.B, docs []corpus.Document) func(string) error {
	b.Helper()
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = en.AnalyzerName
	dir := filepath.Join(b.TempDir(), "bleve")
	builder, err := bleve.NewBuilder(dir, m, map[string]any{"batchSize": 5000, "buildPathPrefix": b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	annotator := annotate.New(names())
	for _, doc := range docs {
		for _, p := range annotator.Passages(doc) {
			if err := builder.Index(p.ID, map[string]any{"text": p.Text}); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := builder.Close(); err != nil {
		b.Fatal(err)
	}
	x, err := bleve.OpenUsing(dir, map[string]any{"read_only": true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = x.Close() })
	return func(q string) error {
		query := bleve.NewMatchQuery(q)
		query.SetField("text")
		found, err := x.Search(bleve.NewSearchRequestOptions(query, 10, 0, false))
		if err == nil && len(found.Hits) == 0 {
			err = errors.New("bleve found nothing")
		}
		return err
	}
}

// times are how long questions took.
type times []time.Duration

func (ts *times) measure(b *testing.B, answer func(string) error, question string) {
	b.Helper()
	began := time.Now()
	if err := answer(question); err != nil {
		b.Fatalf("%s: %v", question, err)
	}
	*ts = append(*ts, time.Since(began))
}

// percentile is in milliseconds.
func (ts times) percentile(p int) float64 {
	sorted := slices.Sorted(slices.Values(ts))
	return sorted[(len(sorted)-1)*p/100].Seconds() * 1e3
}

// BenchmarkMemory reports what a process of its own holds in memory when it has
// answered all questions of the talks.
func BenchmarkMemory(b *testing.B) {
	x := talksOf(b)
	for b.Loop() {
	}
	p := start(b, "questions", x.dir)
	var rss, anonymous, first float64
	if _, err := fmt.Sscan(p.line(b), &rss, &anonymous, &first); err != nil {
		b.Skip("the system does not tell the memory of a process:", err)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(rss, "resident-MB")
	b.ReportMetric(anonymous, "anonymous-MB")
	b.ReportMetric(first, "first-answer-ms")
}

// playAsker answers all questions and prints its resident memory, that without
// mapped files, and how long the first answer took from the opening.
func playAsker(args []string) error {
	all, err := questions()
	if err != nil {
		return err
	}
	began := time.Now()
	x, err := Open(context.Background(), args[0], 0)
	if err != nil {
		return err
	}
	asker, err := index.NewAsker(x, names())
	if err != nil {
		return err
	}
	var first time.Duration
	for i, q := range all {
		if _, err := asker.Ask(context.Background(), index.Question{Text: q, Now: x.Meta().Record.Newest.Start()}); err != nil {
			return err
		}
		if i == 0 {
			first = time.Since(began)
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	fmt.Println(megabytes(string(status), "VmRSS:"), megabytes(string(status), "RssAnon:"), first.Seconds()*1e3)
	return x.Close()
}

// megabytes reads a line of /proc/self/status, which counts in units of 1024 bytes.
func megabytes(status, name string) float64 {
	_, line, _ := strings.Cut(status, name)
	var kb float64
	_, _ = fmt.Sscan(line, &kb)
	return kb * 1024 / 1e6
}

// BenchmarkStatements asks for the newest statements of every main actor, on every topic
// and on any, and for the timeline of every topic, each once an iteration.
func BenchmarkStatements(b *testing.B) {
	x := open(b, talksOf(b).dir)
	asker, err := index.NewAsker(x, names())
	if err != nil {
		b.Fatal(err)
	}
	topics := []string{""}
	for _, t := range names().Topics() {
		topics = append(topics, t.ID)
	}
	var cold, warm, timelines times
	query := func(actor string) func(string) error {
		return func(topic string) error {
			_, err := asker.Statements(b.Context(), index.StatementQuery{Actor: actor, Topic: topic, Limit: 5})
			return err
		}
	}
	all := func(ts *times) {
		for _, actor := range names().Actors() {
			for _, topic := range topics {
				if actor.Main {
					ts.measure(b, query(actor.ID), topic)
				}
			}
		}
	}
	all(&cold)
	for b.Loop() {
		all(&warm)
		for _, topic := range topics {
			timelines.measure(b, func(topic string) error {
				_, err := asker.Timeline(b.Context(), topic, nil, when.Period{}, true)
				return err
			}, topic)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(cold.percentile(50), "cold-p50-ms")
	b.ReportMetric(cold.percentile(100), "cold-max-ms")
	b.ReportMetric(warm.percentile(50), "p50-ms")
	b.ReportMetric(warm.percentile(99), "p99-ms")
	b.ReportMetric(timelines.percentile(50), "timeline-p50-ms")
	b.ReportMetric(timelines.percentile(100), "timeline-max-ms")
}
