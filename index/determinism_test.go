package index_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/corpus"
	"parley/corpus/briefs"
	"parley/index"
)

// difference is how two answers differ; plans are compared as they are printed.
func difference(a, b index.Answer) string {
	return cmp.Diff(a, b, cmp.AllowUnexported(corpus.PartialDate{}), cmpopts.EquateEmpty(),
		cmp.Transformer("plan", func(p *index.Plan) string { return p.String() }))
}

// steady are questions of every kind.
func steady(t testing.TB) (questions []string) {
	for _, q := range devQuestions(t, 24) {
		questions = append(questions, q.Question)
	}
	return append(questions, "what is said about territory?", "what does Moscow want?", "what changed since april 2026?", "latest news", "what changed last year?", "who leads ukriane?", "")
}

// reordered are the briefs from the last to the first.
func reordered() []corpus.Document {
	docs := slices.Clone(must(briefs.Documents()))
	slices.Reverse(docs)
	return docs
}

func TestTwoBuildsOfOneRecordGiveTheSameAnswers(t *testing.T) {
	t.Parallel()
	for name, docs := range map[string][]corpus.Document{"same order": must(briefs.Documents()), "other order": reordered()} {
		other := asker(t, docs)
		for _, question := range steady(t) {
			want, got := ask(t, question), answer(t, other, index.Question{Text: question, Now: today})
			if diff := difference(want, got); diff != "" {
				t.Errorf("%s: %q is answered otherwise:\n%s", name, question, diff)
			}
		}
	}
}

func TestManyAskAtOnceAndGetTheSameAnswers(t *testing.T) {
	t.Parallel()
	questions := steady(t)
	want := make([]index.Answer, len(questions))
	for i, question := range questions {
		want[i] = ask(t, question)
	}
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for i := range questions {
				i = (i + 3*n) % len(questions)
				got, err := shared().Ask(t.Context(), index.Question{Text: questions[i], Now: today})
				if err != nil {
					t.Errorf("%q: %v", questions[i], err)
				} else if diff := difference(want[i], got); diff != "" {
					t.Errorf("%q is answered otherwise:\n%s", questions[i], diff)
				}
			}
		})
	}
	wg.Wait()
}

func TestManyFollowOnePlanAtOnce(t *testing.T) {
	t.Parallel()
	first := ask(t, "what does Kyiv want on territory?")
	want := answer(t, shared(), index.Question{Text: "and Russia?", Previous: first.Plan, Now: today})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := shared().Ask(t.Context(), index.Question{Text: "and Russia?", Previous: first.Plan, Now: today})
			if diff := difference(want, got); err != nil || diff != "" {
				t.Errorf("error %v, difference:\n%s", err, diff)
			}
		})
	}
	wg.Wait()
}
