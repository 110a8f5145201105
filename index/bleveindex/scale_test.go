package bleveindex

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"

	"parley/corpus"
	"parley/corpus/files"
	"parley/index"
	"parley/index/annotate"
)

// BenchmarkScale measures a large record against plain bleve. Its data sets are built
// once and kept in a folder (-scale.cache); they are synthetic and of any size
// (-scale.passages), or the text in ../shared/text (-scale.real):
//
//	go test -run '^$' -bench Scale -timeout 2h ./index/bleveindex -args -scale.passages 1000000
//
// All that is compared is measured in one run and in turn, question by question: the
// first stage with the clauses of the question's plan, the same with its words alone,
// bleve's match query for the same words (100 hits each, no text), and the whole answer.
var (
	scalePassages  = flag.Int("scale.passages", 10_000, "passages of the synthetic record of BenchmarkScale")
	scaleReal      = flag.Bool("scale.real", false, "measure the documents of ../shared/text instead")
	scaleCache     = flag.String("scale.cache", filepath.Join(os.TempDir(), "parley-bench"), "folder in which BenchmarkScale keeps its data sets")
	scaleQuestions = flag.Int("scale.questions", 1000, "questions a round of BenchmarkScale")
)

// scaled is a large record with an index of ours and one of bleve's defaults.
type scaled struct {
	dir       string // holds ours and plain
	passages  int    // of a synthetic record; 0 for the real one
	questions []string
}

// built tells what it took to build an index.
type buildFigures struct {
	Passages int
	Seconds  float64
	CPU      float64 // seconds, of all threads
	PeakMB   float64 // resident, mapped files included
	OwnMB    float64 // resident without them, the greatest seen
}

func BenchmarkScale(b *testing.B) {
	s := scaled{passages: *scalePassages}
	if *scaleReal {
		if _, err := os.Stat(filepath.Join(shared, "text")); err != nil {
			b.Skip("needs the large record in ../shared:", err)
		}
		s.passages = 0
	}
	s.dir = filepath.Join(*scaleCache, fmt.Sprintf("synthetic-%d", s.passages))
	if *scaleReal {
		s.dir = filepath.Join(*scaleCache, "real")
	}
	ours, theirs := s.build(b, "ours"), s.build(b, "plain")
	var err error
	if s.questions, err = s.ask(*scaleQuestions); err != nil {
		b.Fatal(err)
	}
	s.opened(b)
	s.answered(b)
	report(b, "build", map[string]float64{
		"passages": float64(ours.Passages), "passages/s": float64(ours.Passages) / ours.Seconds, "peak-MB": ours.PeakMB, "peak-anonymous-MB": ours.OwnMB,
		"cpu-us/passage": ours.CPU / float64(ours.Passages) * 1e6, "bleve-cpu-us/passage": theirs.CPU / float64(theirs.Passages) * 1e6,
		"B/passage":        float64(sizeOf(b, filepath.Join(s.dir, "ours"))) / float64(ours.Passages),
		"bleve-passages/s": float64(theirs.Passages) / theirs.Seconds, "bleve-peak-MB": theirs.PeakMB, "bleve-peak-anonymous-MB": theirs.OwnMB,
		"bleve-B/passage": float64(sizeOf(b, filepath.Join(s.dir, "plain"))) / float64(theirs.Passages),
	})
}

// report prints figures as a benchmark of their own.
func report(b *testing.B, name string, figures map[string]float64) {
	b.Helper()
	b.Run(name, func(b *testing.B) {
		for b.Loop() {
		}
		b.ReportMetric(0, "ns/op")
		for unit, value := range figures {
			b.ReportMetric(value, unit)
		}
	})
}

// build builds an index in a process of its own, or finds it built.
func (s scaled) build(b *testing.B, kind string) (f buildFigures) {
	b.Helper()
	dir := filepath.Join(s.dir, kind)
	key := "plain"
	if kind == "ours" {
		key = Mapping(names())
	}
	note := filepath.Join(s.dir, kind+".json")
	var known struct {
		Key string
		buildFigures
	}
	if content, err := os.ReadFile(note); err == nil && json.Unmarshal(content, &known) == nil && known.Key == key {
		return known.buildFigures
	}
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(s.dir, 0o755)); err != nil {
		b.Fatal(err)
	}
	b.Logf("building %s; this takes minutes for a large record", dir)
	if _, err := fmt.Sscan(start(b, "scale", kind, dir, strconv.Itoa(s.passages)).line(b), &f.Passages, &f.Seconds, &f.CPU, &f.PeakMB, &f.OwnMB); err != nil {
		b.Fatal(err)
	}
	known.Key, known.buildFigures = key, f
	content, err := json.Marshal(known)
	if err = errors.Join(err, os.WriteFile(note, content, 0o644)); err != nil {
		b.Fatal(err)
	}
	return f
}

// playScaleBuilder builds an index and prints its passages, the seconds it took and the
// peak of the resident memory: kind, directory, passages.
func playScaleBuilder(args []string) error {
	passages, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	docs, err := scaled{dir: filepath.Dir(args[1]), passages: passages}.documents()
	if err != nil {
		return err
	}
	own := watchMemory()
	var n int
	began := time.Now()
	if args[0] == "ours" {
		n, err = buildOurs(args[1], docs)
	} else {
		n, err = buildPlain(args[1], docs)
	}
	if err != nil {
		return err
	}
	took := time.Since(began)
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	fmt.Println(n, took.Seconds(), processTime().Seconds(), megabytes(string(status), "VmHWM:"), own())
	return nil
}

// watchMemory looks at the anonymous memory of the process ten times a second until most
// is asked for, which is in megabytes.
func watchMemory() (most func() float64) {
	stop, peak := make(chan struct{}), make(chan float64)
	go func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		mb := 0.0
		for {
			if status, err := os.ReadFile("/proc/self/status"); err == nil {
				mb = max(mb, megabytes(string(status), "RssAnon:"))
			}
			select {
			case <-tick.C:
			case <-stop:
				peak <- mb
				return
			}
		}
	}()
	return func() float64 { close(stop); return <-peak }
}

func buildOurs(dir string, docs iter.Seq[corpus.Document]) (int, error) {
	if err := buildFrom(context.Background(), dir, docs, 0, options()); err != nil {
		return 0, err
	}
	st, err := Inspect(dir, Want{})
	return st.Meta.Record.Passages, err
}

// buildPlain indexes the same passages with bleve's English analyzer and otherwise its defaults.
func buildPlain(dir string, docs iter.Seq[corpus.Document]) (n int, err error) {
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = en.AnalyzerName
	builder, err := bleve.NewBuilder(dir, m, map[string]any{"batchSize": 5000, "buildPathPrefix": filepath.Dir(dir)})
	if err != nil {
		return 0, err
	}
	annotator := annotate.New(names())
	for doc := range docs {
		for _, p := range annotator.Passages(doc) {
			if err := builder.Index(p.ID, map[string]any{"text": p.Text}); err != nil {
				return 0, err
			}
			n++
		}
	}
	return n, builder.Close()
}

// documents reads or makes the documents.
func (s scaled) documents() (iter.Seq[corpus.Document], error) {
	if s.passages > 0 {
		return synthetic{s.passages}.documents(), nil
	}
	docs, problems, err := files.Reader{MaxBytes: 1 << 30}.Read(context.Background(), filepath.Join(shared, "text"))
	if err == nil && len(problems) > 0 {
		err = fmt.Errorf("problems: %v", problems[:min(3, len(problems))])
	}
	return slices.Values(docs), err
}

// ask makes questions; for the real record, of 8 to 14 words of passages and those of the talks.
func (s scaled) ask(n int) ([]string, error) {
	if s.passages > 0 {
		return synthetic{s.passages}.questions(n), nil
	}
	all, err := questions()
	if err != nil {
		return nil, err
	}
	x, err := Open(context.Background(), filepath.Join(s.dir, "ours"), 0)
	if err != nil {
		return nil, err
	}
	snap, err := x.Snapshot()
	if err != nil {
		return nil, errors.Join(err, x.Close())
	}
	r := rand.New(rand.NewPCG(1, 1))
	dated, err := snap.Dated(context.Background(), index.FieldSourceKind, index.SourceDedicated)
	for len(all) < n && err == nil {
		var p *index.Passage
		if p, err = snap.Passage(dated[r.IntN(len(dated))].Ref); err == nil {
			words := strings.Fields(p.Text)
			from := r.IntN(max(1, len(words)-8))
			all = append(all, strings.Join(words[from:min(len(words), from+8+r.IntN(7))], " "))
		}
	}
	return all, errors.Join(err, snap.Close(), x.Close())
}

// spy notes the clauses of a search.
type spy struct {
	*Index
	clauses []index.Clause
}

func (s *spy) Snapshot() (index.Snapshot, error) {
	snap, err := s.Index.Snapshot()
	return spySnapshot{snap, s}, err
}

type spySnapshot struct {
	index.Snapshot
	spy *spy
}

func (s spySnapshot) Search(ctx context.Context, clauses []index.Clause, k int) ([]index.Candidate, error) {
	s.spy.clauses = clauses
	return s.Snapshot.Search(ctx, clauses, k)
}

// firstHits is how many candidates the first stage is asked for.
const firstHits = 100

// subject is one way to treat a question, with what it took: wall-clock time, the median
// of the rounds for each question, and processor time of the thread, the least.
type subject struct {
	name      string
	do        func(question int) error
	wall, cpu []times // by question and round
}

func (s *subject) measure(b *testing.B, question int) {
	b.Helper()
	began, had := time.Now(), threadTime()
	if err := s.do(question); err != nil {
		b.Fatalf("%s, question %d: %v", s.name, question, err)
	}
	s.cpu[question] = append(s.cpu[question], threadTime()-had)
	s.wall[question] = append(s.wall[question], time.Since(began))
}

// perQuestion picks one of the rounds of each question: 0 the quickest, 50 the median.
func perQuestion(rounds []times, percentile int) (picked times) {
	for _, r := range rounds {
		picked = append(picked, slices.Sorted(slices.Values(r))[(len(r)-1)*percentile/100])
	}
	return picked
}

func (s *subject) figures() map[string]float64 {
	figures := map[string]float64{}
	for _, p := range []int{50, 95, 99} {
		figures[fmt.Sprintf("p%d-ms", p)] = perQuestion(s.wall, 50).percentile(p)
		figures[fmt.Sprintf("p%d-cpu-ms", p)] = perQuestion(s.cpu, 0).percentile(p)
	}
	return figures
}

// scaleRounds is how often every subject gets every question.
const scaleRounds = 3

// answered measures what a question takes.
func (s scaled) answered(b *testing.B) {
	b.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	x := open(b, filepath.Join(s.dir, "ours"))
	engine := &spy{Index: x}
	asker, err := index.NewAsker(engine, names())
	if err != nil {
		b.Fatal(err)
	}
	plain, err := bleve.OpenUsing(filepath.Join(s.dir, "plain"), map[string]any{"read_only": true})
	if err != nil {
		b.Fatal(err)
	}
	defer plain.Close()
	ask := func(q int) error {
		_, err := asker.Ask(context.Background(), index.Question{Text: s.questions[q], Now: x.Meta().Record.Newest.Start()})
		return err
	}
	all, words := make([][]index.Clause, len(s.questions)), make([][]index.Clause, len(s.questions))
	subjects := []*subject{
		{name: "answer-first", do: func(q int) error { // most of what it reads was not read for a while
			err := ask(q)
			all[q] = engine.clauses
			words[q] = slices.DeleteFunc(slices.Clone(all[q]), func(c index.Clause) bool { return c.Field != index.FieldText || c.Expansion })
			return err
		}},
		{name: "first-stage", do: func(q int) error { return searchOnce(x, all[q]) }},
		{name: "first-stage-words", do: func(q int) error { return searchOnce(x, words[q]) }},
		{name: "bleve-match", do: func(q int) error { return matchOnce(plain, s.questions[q]) }},
		{name: "answer-again", do: ask},
	}
	for _, each := range subjects {
		each.wall, each.cpu = make([]times, len(s.questions)), make([]times, len(s.questions))
	}
	for range scaleRounds {
		for q := range s.questions {
			for _, each := range subjects {
				each.measure(b, q)
			}
		}
	}
	bleves := subjects[3].figures()
	for i, each := range subjects {
		figures := each.figures()
		if i == 1 || i == 2 {
			figures["clauses"] = float64(len(slices.Concat([][][]index.Clause{all, words}[i-1]...))) / float64(len(s.questions))
			for _, p := range []string{"p50", "p99"} {
				figures["bleve-"+p+"/"+p] = bleves[p+"-cpu-ms"] / figures[p+"-cpu-ms"]
			}
		}
		report(b, each.name, figures)
	}
	s.threads(b, ask)
}

func searchOnce(x *Index, clauses []index.Clause) error {
	snap, err := x.Snapshot()
	if err != nil {
		return err
	}
	_, err = snap.Search(context.Background(), clauses, firstHits)
	return errors.Join(err, snap.Close())
}

func matchOnce(x bleve.Index, q string) error {
	query := bleve.NewMatchQuery(q)
	query.SetField("text")
	_, err := x.Search(bleve.NewSearchRequestOptions(query, firstHits, 0, false))
	return err
}

// threadRounds is how often one thread and two are compared.
const threadRounds = 3

// threads measures whole answers a second on one thread and on two, in turn.
func (s scaled) threads(b *testing.B, ask func(int) error) {
	b.Helper()
	var rate [2][]float64
	for range threadRounds {
		for i := range rate {
			rate[i] = append(rate[i], s.rate(b, ask, i+1))
		}
	}
	for i := range rate {
		slices.Sort(rate[i])
	}
	one, two := rate[0][threadRounds/2], rate[1][threadRounds/2]
	report(b, "threads", map[string]float64{"questions/s-1": one, "questions/s-2": two, "two/one": two / one})
}

// rate is how many questions a second so many threads answer.
func (s scaled) rate(b *testing.B, ask func(int) error, threads int) float64 {
	b.Helper()
	var wg sync.WaitGroup
	began := time.Now()
	for t := range threads {
		wg.Go(func() {
			for i := t; i < len(s.questions); i += threads {
				if err := ask(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(len(s.questions)) / time.Since(began).Seconds()
}

// opened measures, in a process of its own, the opening, the first answer, and the memory
// after all questions.
func (s scaled) opened(b *testing.B) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "questions.json")
	content, err := json.Marshal(s.questions)
	if err = errors.Join(err, os.WriteFile(path, content, 0o644)); err != nil {
		b.Fatal(err)
	}
	var open, first, rss, anonymous float64
	if _, err := fmt.Sscan(start(b, "scale ask", filepath.Join(s.dir, "ours"), path).line(b), &open, &first, &rss, &anonymous); err != nil {
		b.Fatal(err)
	}
	report(b, "open", map[string]float64{"open-ms": open, "first-answer-ms": first, "resident-MB": rss, "anonymous-MB": anonymous})
}

// playScaleAsker inspects and opens an index and asks it: directory, file of questions.
// It prints what the opening and the first answer after it took in milliseconds, and the
// resident memory at the end.
func playScaleAsker(args []string) error {
	content, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	var all []string
	if err := json.Unmarshal(content, &all); err != nil {
		return err
	}
	lex := names()
	began := time.Now()
	if _, err := Inspect(args[0], Want{}); err != nil {
		return err
	}
	x, err := Open(context.Background(), args[0], 0)
	if err != nil {
		return err
	}
	asker, err := index.NewAsker(x, lex)
	if err != nil {
		return err
	}
	opened := time.Since(began)
	var first time.Duration
	for i, q := range all {
		asked := time.Now()
		if _, err := asker.Ask(context.Background(), index.Question{Text: q, Now: x.Meta().Record.Newest.Start()}); err != nil {
			return err
		}
		if i == 0 {
			first = time.Since(asked)
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	fmt.Println(opened.Seconds()*1e3, first.Seconds()*1e3, megabytes(string(status), "VmRSS:"), megabytes(string(status), "RssAnon:"))
	return x.Close()
}

// sizeOf is the size of all files in a folder.
func sizeOf(b *testing.B, dir string) (total int64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		total += info.Size()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return cmp.Or(total, 1)
}
