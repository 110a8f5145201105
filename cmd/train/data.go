package main

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley/cmd/internal/measure"
	"parley/corpus"
	"parley/corpus/briefs"
	"parley/corpus/files"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/bleveindex"
)

// How many questions of SQuAD are asked of other records than its articles.
const (
	farQuestions   = 300  // of the talks, which answer none
	smallQuestions = 1500 // of small records
)

// notOfHandful leaves a record of the paragraphs that answer and about one in forty of the others.
func notOfHandful(q measure.Question, p *index.Passage) bool {
	return !answers(q, p) && crc32.ChecksumIEEE([]byte(q.ID+p.Source.ID))%40 != 0
}

type data struct {
	names, signalNames []string  // of the features of candidates and of the judges' signals
	squad              []example // asked of SQuAD's own articles
	dev                []example // our questions, asked of the talks
	briefs             []example // our questions, asked of the first briefs alone
	grown              []example // questions in other words than the briefs', asked of all briefs
	chat               []example // what people post to a bot, asked of all briefs and of the talks
	strange            []example // our questions, asked of SQuAD's articles, which are not about them
	large              []example // our questions, asked of the talks among twenty years of other news
	far                []example // SQuAD's questions, asked of the talks
	squadBereft        []example // SQuAD's questions, asked of its articles without the paragraphs that answer
	small, smallBereft []example // some of SQuAD's questions, asked of a handful of its paragraphs
	bereft             []example // our answerable questions, asked of the talks without what answers them
}

type example struct {
	question measure.Question
	features []float64 // of the candidates, one row after the other, best first
	right    []bool    // which candidates answer
	signals  []float64
	kind     index.QuestionKind
}

// ask asks all questions, each of its record.
func ask(ctx context.Context, shared, testdata string) (d data, err error) {
	eval := filepath.Join(shared, "eval")
	first, err := readDocuments(ctx, filepath.Join(eval, "briefs-104.jsonl"))
	if err != nil {
		return d, err
	}
	talks, err := readDocuments(ctx, filepath.Join(shared, "corpora"), filepath.Join(shared, "seed"))
	if err != nil {
		return d, err
	}
	talks = slices.Concat(first, talks)
	grown, err := briefs.Documents()
	if err != nil {
		return d, err
	}
	var squad, own, other, chat []measure.Question
	for path, to := range map[string]*[]measure.Question{
		filepath.Join(eval, "squad", "questions.jsonl"): &squad,
		filepath.Join(eval, "train-F.jsonl"):            &other,
		filepath.Join(testdata, "dev.jsonl"):            &own,
		filepath.Join(testdata, "chat.jsonl"):           &chat,
	} {
		if *to, err = readQuestions(path); err != nil {
			return d, err
		}
	}
	e := examiner{data: &d, now: newest(talks)} // SQuAD's articles have no dates
	for _, examine := range []func() error{
		func() error { return e.askArticles(ctx, filepath.Join(eval, "squad", "corpus.jsonl"), squad, own) },
		func() error { return e.askFirstBriefs(ctx, first, own) },
		func() error { return e.askBriefs(ctx, grown, other, chat) },
		func() error { return e.askTalks(ctx, talks, own, chat, squad) },
		func() error { return e.askAmongOthers(ctx, filepath.Join(shared, "text"), talks, own) },
	} {
		if err := examine(); err != nil {
			return d, err
		}
	}
	return d, nil
}

// askArticles asks SQuAD's questions of its articles, whole, without answers, and by the
// handful, and questions that are not about them.
func (e *examiner) askArticles(ctx context.Context, path string, questions, strange []measure.Question) error {
	articles, err := readDocuments(ctx, path)
	if err != nil {
		return err
	}
	d := e.data
	return e.withRecord(ctx, articles, func(a *index.Asker) (err error) {
		if d.squad, err = e.examine(ctx, a, questions, nil); err != nil {
			return err
		}
		if d.squadBereft, err = e.examine(ctx, a, questions, answers); err != nil {
			return err
		}
		if d.strange, err = e.examine(ctx, a, thin(strange, farQuestions), nil); err != nil {
			return err
		}
		some := thin(questions, smallQuestions)
		if d.small, err = e.examine(ctx, a, some, notOfHandful); err != nil {
			return err
		}
		d.smallBereft, err = e.examine(ctx, a, some, func(q measure.Question, p *index.Passage) bool {
			return notOfHandful(q, p) || answers(q, p)
		})
		return err
	})
}

// askFirstBriefs asks our questions of the briefs for which they were written, alone.
func (e *examiner) askFirstBriefs(ctx context.Context, first []corpus.Document, questions []measure.Question) error {
	return e.withRecord(ctx, first, func(a *index.Asker) (err error) {
		e.data.briefs, err = e.examine(ctx, a, ofBriefs(questions), nil)
		return err
	})
}

// askBriefs asks questions of all briefs.
func (e *examiner) askBriefs(ctx context.Context, built []corpus.Document, questions, chat []measure.Question) error {
	d := e.data
	return e.withRecord(ctx, built, func(a *index.Asker) (err error) {
		if d.grown, err = e.examine(ctx, a, questions, nil); err != nil {
			return err
		}
		posted, err := e.examine(ctx, a, chat, nil)
		d.chat = append(d.chat, posted...)
		return err
	})
}

// askTalks asks our questions, what people post, and some far off, of the talks.
func (e *examiner) askTalks(ctx context.Context, talks []corpus.Document, questions, chat, far []measure.Question) error {
	d := e.data
	return e.withRecord(ctx, talks, func(a *index.Asker) (err error) {
		if d.dev, err = e.examine(ctx, a, questions, nil); err != nil {
			return err
		}
		if d.far, err = e.examine(ctx, a, thin(far, farQuestions), nil); err != nil {
			return err
		}
		posted, err := e.examine(ctx, a, chat, nil)
		if err != nil {
			return err
		}
		d.chat = append(d.chat, posted...)
		answerable := slices.DeleteFunc(slices.Clone(questions), func(q measure.Question) bool { return !q.Answerable })
		d.bereft, err = e.examine(ctx, a, answerable, answers)
		return err
	})
}

// askAmongOthers asks our questions of the talks among the documents of a folder.
func (e *examiner) askAmongOthers(ctx context.Context, dir string, talks []corpus.Document,
	questions []measure.Question) error {
	others, err := readOthers(ctx, dir, talks)
	if err != nil {
		return err
	}
	return e.withRecord(ctx, slices.Concat(talks, others), func(a *index.Asker) (err error) {
		e.data.large, err = e.examine(ctx, a, questions, nil)
		return err
	})
}

// readOthers reads documents without those that are among the talks.
func readOthers(ctx context.Context, dir string, talks []corpus.Document) ([]corpus.Document, error) {
	all, err := readDocuments(ctx, dir)
	known := map[string]bool{}
	for _, doc := range talks {
		known[doc.ID] = true
	}
	return slices.DeleteFunc(all, func(doc corpus.Document) bool { return known[doc.ID] }), err
}

// readDocuments reads document files; none may have a problem, since a document
// that is missing would make a passage that answers into one that does not.
func readDocuments(ctx context.Context, paths ...string) ([]corpus.Document, error) {
	docs, problems, err := files.Reader{MaxBytes: 1 << 30}.Read(ctx, paths...)
	for _, p := range problems {
		err = errors.Join(err, p)
	}
	return docs, err
}

func readQuestions(path string) (questions []measure.Question, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return measure.Read(path, f)
}

// newest is the first moment of the newest day of the documents.
func newest(docs []corpus.Document) (t time.Time) {
	for _, d := range docs {
		if start := d.Published.Start(); start.After(t) {
			t = start
		}
	}
	return t.Truncate(24 * time.Hour)
}

// thin takes n of the questions, evenly spread.
func thin(questions []measure.Question, n int) []measure.Question {
	n = min(n, len(questions))
	some := make([]measure.Question, n)
	for i := range some {
		some[i] = questions[i*len(questions)/n]
	}
	return some
}

// ofBriefs judges the questions for the briefs alone: others may have no answer there.
func ofBriefs(questions []measure.Question) []measure.Question {
	own := slices.Clone(questions)
	for i, q := range own {
		own[i].Relevant = slices.DeleteFunc(slices.Clone(q.Relevant), func(r measure.Relevant) bool {
			return r.Start != nil || !strings.HasPrefix(r.Doc, "F")
		})
		own[i].Answerable = len(own[i].Relevant) > 0
	}
	return own
}

// examiner asks questions of records and notes the names of the features.
type examiner struct {
	data *data
	now  time.Time // when every question is asked
}

// withRecord indexes documents in a temporary folder and lends who answers from them.
func (e *examiner) withRecord(ctx context.Context, docs []corpus.Document, use func(*index.Asker) error) (err error) {
	dir, err := os.MkdirTemp("", "parley-train-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	lex, err := lexicon.Default()
	if err != nil {
		return err
	}
	if err := bleveindex.Build(ctx, dir, docs, bleveindex.BuildOptions{Lexicon: lex, Now: e.now}); err != nil {
		return err
	}
	x, err := bleveindex.Open(ctx, dir, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	asker, err := index.NewAsker(x, lex)
	if err != nil {
		return err
	}
	return use(asker)
}

// examine asks questions on all processors and keeps their order. The passages that
// skip, if not nil, names for a question are not there for it.
func (e *examiner) examine(ctx context.Context, a *index.Asker, questions []measure.Question,
	skip func(measure.Question, *index.Passage) bool) ([]example, error) {
	examples := make([]example, len(questions))
	errs := make([]error, len(questions))
	var next atomic.Int64
	var names sync.Once
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(questions) {
					return
				}
				var without func(*index.Passage) bool
				if skip != nil {
					without = func(p *index.Passage) bool { return skip(questions[i], p) }
				}
				x, err := a.Examine(ctx, index.Question{Text: questions[i].Question, Now: e.now}, without)
				if err != nil {
					errs[i] = fmt.Errorf("question %s: %w", questions[i].ID, err)
					continue
				}
				names.Do(func() { e.data.names, e.data.signalNames = x.Names, x.SignalNames })
				examples[i] = newExample(questions[i], x)
			}
		})
	}
	wg.Wait()
	return examples, errors.Join(append(errs, ctx.Err())...)
}

func newExample(q measure.Question, x index.Examination) example {
	e := example{question: q, signals: x.Signals, kind: x.Plan.Kind}
	for i, p := range x.Passages {
		e.features = append(e.features, x.Features[i]...)
		e.right = append(e.right, answers(q, p))
	}
	return e
}

func answers(q measure.Question, p *index.Passage) bool {
	return q.Right(measure.Passage{Doc: p.Source.ID, Text: p.Text, Start: p.Start, End: p.End})
}

func (e example) list(weight float64) list {
	return list{rows: e.features, right: e.right, weight: weight}
}

// article is the id that the passages of one article of SQuAD have in common.
func (e example) article() string {
	id := e.question.Relevant[0].Doc
	return id[:max(0, strings.LastIndexByte(id, '-'))]
}
