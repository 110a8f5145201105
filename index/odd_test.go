package index_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"parley/corpus"
	"parley/index"
)

func TestAQuestionWithoutAWordIsNotAnswered(t *testing.T) {
	t.Parallel()
	for name, question := range map[string]string{
		"empty": "", "space": " \t\n ", "emoji": "🎉🕊️🇺🇦", "punctuation": "?!… —", "control": "\x00\x01\x1b[\x7f", "stop words": "what is it that they were to be",
		"bad UTF-8": "\xff\xfe\xc3", "marks": "\u0301\u200d\u202e",
	} {
		got := ask(t, question)
		for _, problem := range faults(t, got) {
			t.Errorf("%s: %s", name, problem)
		}
		if got.Answered || !strings.Contains(got.Why, "no word to look for") || got.Question != question || len(got.Ranked) > 0 {
			t.Errorf("%s: answered %v, why %q", name, got.Answered, got.Why)
		}
	}
}

func TestAnOddQuestionIsSurvived(t *testing.T) {
	t.Parallel()
	for name, question := range map[string]string{
		"one long word":   strings.Repeat("a", 10_000),
		"many words":      strings.Repeat("what does Kyiv want on territory? ", 300),
		"different words": strings.Join(strings.Fields(reported), " x") + strings.Repeat(" peace 1 2", 900),
		"control":         "what\x00does\x1bKyiv want\x07on territory",
		"bad UTF-8":       "what does Kyiv \xff\xfe want on territory?",
		"apostrophes":     "''''russias' 's s' ’s",
		"mixed scripts":   "что хочет Київ 乌克兰 كييف עיר",
		"format verbs":    "%s %d %!v(MISSING) Kyiv",
		"long digits":     strings.Repeat("9", 400) + " prisoners in may 99999999999999999999",
	} {
		got := ask(t, question)
		for _, problem := range faults(t, got) {
			t.Errorf("%s: %s", name, problem)
		}
		if !got.Answered && (len(got.Why) > 1000 || !utf8.ValidString(got.Why)) {
			t.Errorf("%s: why is %d bytes long", name, len(got.Why))
		}
	}
}

func TestControlCharactersDoNotHideTheQuestion(t *testing.T) {
	t.Parallel()
	if got := ask(t, "what\x00does\x1bKyiv want\x07on territory"); !got.Answered {
		t.Errorf("not answered: %s", got.Why)
	}
}

func TestACancelledQuestionEndsWithItsError(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := shared().Ask(ctx, index.Question{Text: "what does Moscow want?", Now: today}); !errors.Is(err, context.Canceled) {
		t.Errorf("Ask: error %v", err)
	}
	if _, _, _, err := shared().Document(ctx, "F001"); !errors.Is(err, context.Canceled) {
		t.Errorf("Document: error %v", err)
	}
}

var errDisk = errors.New("the disk is gone")

// broken is an engine of which one method fails.
type broken struct {
	index.Engine
	fails  string
	opened int
	closed int
}

func (b *broken) Snapshot() (index.Snapshot, error) {
	if b.fails == "Snapshot" {
		return nil, errDisk
	}
	s, err := b.Engine.Snapshot()
	b.opened++
	return &brokenSnapshot{s, b}, err
}

type brokenSnapshot struct {
	index.Snapshot
	engine *broken
}

func (s *brokenSnapshot) fail(method string, err error) error {
	if s.engine.fails == method {
		return errDisk
	}
	return err
}

func (s *brokenSnapshot) DocFreq(f index.Field, term string) (int, error) {
	n, err := s.Snapshot.DocFreq(f, term)
	return n, s.fail("DocFreq", err)
}

func (s *brokenSnapshot) Search(ctx context.Context, clauses []index.Clause, k int) ([]index.Candidate, error) {
	found, err := s.Snapshot.Search(ctx, clauses, k)
	return found, s.fail("Search", err)
}

func (s *brokenSnapshot) Passage(ref uint64) (*index.Passage, error) {
	p, err := s.Snapshot.Passage(ref)
	return p, s.fail("Passage", err)
}

func (s *brokenSnapshot) Document(id string) (corpus.Source, []uint64, bool, error) {
	source, refs, ok, err := s.Snapshot.Document(id)
	return source, refs, ok, s.fail("Document", err)
}

func (s *brokenSnapshot) Near(word string, edits int) ([]index.Near, error) {
	near, err := s.Snapshot.Near(word, edits)
	return near, s.fail("Near", err)
}

func (s *brokenSnapshot) Close() error {
	s.engine.closed++
	return s.fail("Close", s.Snapshot.Close())
}

func TestErrorsOfTheEngineArePassedOn(t *testing.T) {
	t.Parallel()
	shared()
	for _, fails := range []string{"Snapshot", "DocFreq", "Search", "Passage", "Document", "Near", "Close", ""} {
		engine := &broken{Engine: opened, fails: fails}
		a := must(index.NewAsker(engine, names()))
		_, err := a.Ask(t.Context(), index.Question{Text: "what does putn want on sancitons?", Now: today})
		if wrong := fails != "" && fails != "Document"; errors.Is(err, errDisk) != wrong {
			t.Errorf("%s fails: Ask gives %v", fails, err)
		}
		_, _, _, err = a.Document(t.Context(), "F001")
		if wrong := fails == "Snapshot" || fails == "Document" || fails == "Passage" || fails == "Close"; errors.Is(err, errDisk) != wrong {
			t.Errorf("%s fails: Document gives %v", fails, err)
		}
		_, err = a.Record()
		if wrong := fails == "Snapshot" || fails == "Close"; errors.Is(err, errDisk) != wrong {
			t.Errorf("%s fails: Record gives %v", fails, err)
		}
		if engine.opened != engine.closed {
			t.Errorf("%s fails: %d snapshots were opened, %d closed", fails, engine.opened, engine.closed)
		}
	}
}

func TestAnUnknownDocumentIsNotThere(t *testing.T) {
	t.Parallel()
	if _, _, ok, err := shared().Document(t.Context(), "F999"); ok || err != nil {
		t.Errorf("ok %v, error %v", ok, err)
	}
	source, passages, ok, err := shared().Document(t.Context(), "F001")
	if err != nil || !ok || source.ID != "F001" || len(passages) == 0 || passages[0].Number != 0 {
		t.Errorf("F001: ok %v, error %v, %d passages", ok, err, len(passages))
	}
}

func TestARecordOfOneDocumentAnswersOnlyFromIt(t *testing.T) {
	t.Parallel()
	a := asker(t, []corpus.Document{article(t, "gazette", "Strelsau Gazette", "", reported)})
	for _, question := range []string{"what does Kyiv want?", "what is said about territory?", "what changed since april 2026?", "who is hegseht?", ""} {
		if got := answer(t, a, index.Question{Text: question, Now: today}); got.Answered || got.Why == "" || got.Passages == nil {
			t.Errorf("%q: answered %v, why %q", question, got.Answered, got.Why)
		}
	}
}

func FuzzAsk(f *testing.F) {
	for _, seed := range [][2]string{
		{"what does Kyiv want on territory?", ""},
		{"and Russia?", "what does Kyiv want on territory?"},
		{"why?", "what is said about sanctions since march 2025"},
		{"how many POWs \xff in may", "🎉"},
		{"Зеленський russias 2026-05-08", "latest"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, question, previous string) {
		if len(question)+len(previous) > 20_000 {
			t.Skip("no platform lets that through")
		}
		q := index.Question{Text: question, Now: today}
		if previous != "" {
			q.Previous = answer(t, shared(), index.Question{Text: previous, Now: today}).Plan
		}
		got := answer(t, shared(), q)
		for _, problem := range faults(t, got) {
			t.Error(problem)
		}
		if utf8.ValidString(question) && !utf8.ValidString(got.Why) {
			t.Errorf("why is no UTF-8: %q", got.Why)
		}
		if diff := difference(got, answer(t, shared(), q)); diff != "" {
			t.Errorf("asked again:\n%s", diff)
		}
	})
}
