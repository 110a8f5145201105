package index_test

import (
	"slices"
	"testing"
	"time"

	"parley/index"
)

func TestAFollowUpTakesWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	const first = "what does Kyiv want on territory?"
	march := index.Period{Since: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	for _, c := range []struct {
		question       string
		kind           index.Kind
		actors, topics []string
		period         index.Period
	}{
		{"and Russia?", index.Stance, []string{"russia"}, []string{"territory"}, index.Period{}},
		{"а Росія?", index.Stance, []string{"russia"}, []string{"territory"}, index.Period{}},
		{"но Россия?", index.Stance, []string{"russia"}, []string{"territory"}, index.Period{}},
		{"but the Kremlin?", index.Stance, []string{"russia"}, []string{"territory"}, index.Period{}},
		{"what about Moscow?", index.Stance, []string{"russia"}, []string{"territory"}, index.Period{}},
		{"what about sanctions?", index.Stance, []string{"ukraine"}, []string{"sanctions"}, index.Period{}},
		{"why?", index.Why, []string{"ukraine"}, []string{"territory"}, index.Period{}},
		{"when was that?", index.When, []string{"ukraine"}, []string{"territory"}, index.Period{}},
		{"since march 2026?", index.Stance, []string{"ukraine"}, []string{"territory"}, march},
		{"since 14 march 2026?", index.Stance, []string{"ukraine"}, []string{"territory"}, index.Period{Since: march.Since.AddDate(0, 0, 13)}},
	} {
		p := followUp(t, first, c.question).Plan
		switch {
		case p.Kind != c.kind:
			t.Errorf("%q asks %v, want %v", c.question, p.Kind, c.kind)
		case !slices.Equal(p.Actors, c.actors):
			t.Errorf("%q asks about %v, want %v", c.question, p.Actors, c.actors)
		case !slices.Equal(p.Topics, c.topics):
			t.Errorf("%q asks on %v, want %v", c.question, p.Topics, c.topics)
		case p.Period != c.period:
			t.Errorf("%q asks for %v, want %v", c.question, p.Period, c.period)
		}
	}
}

func TestAFullQuestionTakesNothingFromTheOneBefore(t *testing.T) {
	t.Parallel()
	for _, question := range []string{
		"who paid for the summit in Rome in July 2025?",
		"what does Germany say about peacekeepers?",
		"what changed since april 2026?",
		"how many prisoners were swapped in the exchange that they agreed in Istanbul?",
		"did Russia accept the ceasefire?",
		"",
	} {
		got, want := followUp(t, "what does Kyiv want on territory since 2024?", question), ask(t, question)
		if got.Plan.String() != want.Plan.String() {
			t.Errorf("%q is read as %s, alone as %s", question, got.Plan, want.Plan)
		}
	}
}

func TestFollowUpsGoOnFromOneAnother(t *testing.T) {
	t.Parallel()
	p := followUp(t, "what does Kyiv want on territory since 2025?", "and Russia?", "what about sanctions?").Plan
	if !slices.Equal(p.Actors, []string{"russia"}) || !slices.Equal(p.Topics, []string{"sanctions"}) || p.Period.Since.Year() != 2025 {
		t.Errorf("the third question is about %v on %v in %v", p.Actors, p.Topics, p.Period)
	}
}

func TestAFollowUpIsAnsweredAsIfAskedInFull(t *testing.T) {
	t.Parallel()
	got, want := followUp(t, "what does Kyiv want on territory?", "and Russia?"), ask(t, "what does Russia want on territory?")
	if !got.Answered || !slices.Equal(shown(got), shown(want)) {
		t.Errorf("the follow-up shows %v, the question in full %v", shown(got), shown(want))
	}
}

func TestWithoutAQuestionBeforeAFollowUpTakesNothing(t *testing.T) {
	t.Parallel()
	if a := ask(t, "why?"); a.Answered || len(a.Plan.Actors) > 0 || len(a.Plan.Topics) > 0 {
		t.Errorf("%v was answered", a.Plan)
	}
}

func TestAFollowUpLeavesThePlanBeforeAsItWas(t *testing.T) {
	t.Parallel()
	first := ask(t, "what does Kyiv want on territory?")
	before := first.Plan.String()
	for _, next := range []string{"and Russia?", "what about sanctions?", "why?", "since march 2026?"} {
		answer(t, shared(), index.Question{Text: next, Previous: first.Plan, Now: today})
		if after := first.Plan.String(); after != before {
			t.Errorf("%q changed the plan before it to %s", next, after)
		}
	}
}
