package index_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/index"
	"parley/index/when"
)

func TestPlanUnderstandsAConversationAsAskingItDoes(t *testing.T) {
	questions := []string{"what does Ukraine say about territory since march 2026?", "and Russia?", "why?"}
	for n := range len(questions) + 1 {
		plan, err := shared().Plan(t.Context(), today, questions[:n]...)
		if err != nil {
			t.Fatal(err)
		}
		if asked := followUp(t, questions[:n]...).Plan; fmt.Sprint(plan) != fmt.Sprint(asked) {
			t.Errorf("after %d questions: %v, asked: %v", n, plan, asked)
		}
	}
}

func TestAFollowUpTakesWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	const first = "what does Kyiv want on territory?"
	march := when.Period{Since: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	for _, c := range []struct {
		question       string
		kind           index.QuestionKind
		actors, topics []string
		period         when.Period
	}{
		{"and Russia?", index.Stance, []string{"russia"}, []string{"territory"}, when.Period{}},
		{"а Росія?", index.Stance, []string{"russia"}, []string{"territory"}, when.Period{}},
		{"но Россия?", index.Stance, []string{"russia"}, []string{"territory"}, when.Period{}},
		{"but the Kremlin?", index.Stance, []string{"russia"}, []string{"territory"}, when.Period{}},
		{"what about Moscow?", index.Stance, []string{"russia"}, []string{"territory"}, when.Period{}},
		{"what about sanctions?", index.Stance, []string{"ukraine"}, []string{"sanctions"}, when.Period{}},
		{"why?", index.Why, []string{"ukraine"}, []string{"territory"}, when.Period{}},
		{"when was that?", index.When, []string{"ukraine"}, []string{"territory"}, when.Period{}},
		{"since march 2026?", index.Stance, []string{"ukraine"}, []string{"territory"}, march},
		{"since 14 march 2026?", index.Stance, []string{"ukraine"}, []string{"territory"}, when.Period{Since: march.Since.AddDate(0, 0, 13)}},
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

func TestAFollowUpReplacesWhoActsOrWhatItIsAbout(t *testing.T) {
	t.Parallel()
	const (
		russia, ukraine, nato, us, belarus = "russia", "ukraine", "nato", "united-states", "belarus"
		onNATO                             = "what does Moscow say about NATO?"
		onLand                             = "what does Putin want on territory?"
	)
	for _, c := range []struct {
		first, question string
		actors          []string
		words           string // of those asked for besides the actors, the words of both questions
	}{
		{onNATO, "and Kyiv?", []string{ukraine, nato}, "say"},
		{onNATO, "what about Kyiv?", []string{ukraine, nato}, "say"},
		{onNATO, "а Київ?", []string{ukraine, nato}, "say"},
		{onNATO, "а что Киев?", []string{ukraine, nato}, "say"},
		{onNATO, "and on Ukraine?", []string{russia, ukraine}, ""},
		{onLand, "what about NATO membership?", []string{russia, nato}, "membership"},
		{onNATO, "what about sanctions?", []string{russia}, "sanction"},
		{onNATO, "а щодо санкцій?", []string{russia}, "sanction"},
		{onNATO, "since March?", []string{russia, nato}, "sinc march say"},
		{onNATO, "why?", []string{russia, nato}, "say"},
		{onNATO, "what did they say about it?", []string{russia, nato}, "say"},
		{onNATO, "did Ukraine accept it?", []string{ukraine, nato}, "accept say"},
		{onLand, "and on NATO?", []string{russia, nato}, ""},
		{onLand, "what did he say about NATO?", []string{russia, nato}, "say"},
		{onLand, "what did he say about it?", []string{russia}, "say want territori"},
		{onLand, "what did Trump say about him?", []string{us, russia}, "say want territori"},
		{onLand, "and Trump?", []string{us}, "want territori"},
		{"did Trump call Putin?", "and Zelensky?", []string{ukraine, russia}, "call"},
		{"when did Trump and Putin meet?", "why?", []string{us, russia}, "meet"},
		{"which sanctions on Russia are planned?", "and Belarus?", []string{belarus}, "sanction plan"},
		{"what does Kyiv say about the talks between Russia and Belarus?", "and Washington?", []string{us, russia, belarus}, "say talk"},
		{"how many captives were exchanged in May 2025?", "and the ceasefire?", nil, "ceasefir 2025"},
	} {
		p := followUp(t, c.first, c.question).Plan
		if !slices.Equal(p.Actors, c.actors) {
			t.Errorf("%q, %q asks about %v, want %v", c.first, c.question, p.Actors, c.actors)
		}
		if got := p.Words(); got != c.words {
			t.Errorf("%q, %q looks for %q, want %q", c.first, c.question, got, c.words)
		}
	}
}

func TestAFollowUpOnAnotherMatterCountsNothing(t *testing.T) {
	t.Parallel()
	const first = "how many captives were exchanged in May 2025?"
	for question, want := range map[string]index.QuestionKind{"and the ceasefire?": index.What, "and in August?": index.HowMany, "and Ukraine?": index.HowMany} {
		if p := followUp(t, first, question).Plan; p.Kind != want {
			t.Errorf("%q asks %v, want %v", question, p.Kind, want)
		}
	}
}

func TestAQuestionForNewsIsNoFollowUp(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"what's new?", "any news?", "Що нового?", "Что нового?"} {
		got := followUp(t, "what does Kyiv want on territory?", question)
		if !got.Answered || len(got.Plan.Actors) > 0 || len(got.Plan.Topics) > 0 {
			t.Errorf("%q is read as %s, answered %v", question, got.Plan, got.Answered)
		}
	}
}

func TestAFullQuestionTakesNothingFromTheOneBefore(t *testing.T) {
	t.Parallel()
	for _, question := range []string{
		"who paid for the summit in Rome in July 2025?",
		"what does Germany say about peacekeepers?",
		"what changed since april 2026?",
		"what happened this week?",
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

func TestAMonthAfterAPeriodIsOfTheSameYear(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ first, then, since string }{
		{"what happened in May 2025?", "and in June?", "2025-06-01"},
		{"what happened in May 2025?", "and in March?", "2025-03-01"},
		{"що сталося у травні 2025?", "а в червні?", "2025-06-01"},
		{"what happened in May 2025?", "and in June 2024?", "2024-06-01"},
		{"what does Moscow want?", "and in March?", "2026-03-01"},
	} {
		if got := followUp(t, c.first, c.then).Plan.Period.Since.Format("2006-01-02"); got != c.since {
			t.Errorf("%q, %q: since %s, want %s", c.first, c.then, got, c.since)
		}
	}
}

func TestMoreShowsTheNextPassagesAndNotTheSame(t *testing.T) {
	t.Parallel()
	for first, more := range map[string]string{
		"what does Moscow want?":            "more",
		"what is said about sanctions?":     "what else?",
		"що каже Київ про гарантії?":        "ще",
		"who was the first man on the moon": "show me more please",
	} {
		one := ask(t, first)
		two := answer(t, shared(), index.Question{Text: more, Previous: one.Plan, Now: today})
		three := answer(t, shared(), index.Question{Text: more, Previous: two.Plan, Now: today})
		seen := slices.Concat(shown(one), shown(two), shown(three))
		if slices.Sort(seen); len(slices.Compact(slices.Clone(seen))) != len(seen) {
			t.Errorf("%q, %q: a passage is shown twice: %v", first, more, seen)
		}
		if two.Grade != one.Grade || one.Grade == index.GradeAnswer && len(two.Passages) == 0 {
			t.Errorf("%q, %q: grade %v after %v, shows %v", first, more, two.Grade, one.Grade, shown(two))
		}
	}
	if a := ask(t, "more"); a.Grade == index.GradeAnswer {
		t.Errorf("more of nothing shows %v", shown(a))
	}
}

func TestEventsDateOtherThings(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]string{
		"what did Kyiv demand before Istanbul":      "until 2025-05-16",
		"what did Moscow say after the Alaska":      "since 2025-08-16",
		"що казав Путін після Аляски":               "since 2025-08-16",
		"что предлагал Киев до Стамбула":            "until 2025-05-16",
		"what did the sides agree on in Istanbul":   "",
		"who spoke after Istanbul in November 2025": "since 2025-11-01 until 2025-12-01",
	} {
		p := ask(t, question).Plan.Period
		var got []string
		if !p.Since.IsZero() {
			got = append(got, "since "+p.Since.Format("2006-01-02"))
		}
		if !p.Until.IsZero() {
			got = append(got, "until "+p.Until.Format("2006-01-02"))
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%q: %q, want %q", question, text, want)
		}
	}
}

func TestWhoIsAskedToHaveSpokenSpeaks(t *testing.T) {
	t.Parallel()
	for question, actor := range map[string]string{
		"why did russia reject european troops": "russia",
		"what conditions does Hungary set":      "hungary",
		"does ukraine agree to give up donbas":  "ukraine",
		"Чи погодилась росія на перемир'я?":     "russia",
	} {
		a := ask(t, question)
		if len(a.Passages) == 0 {
			t.Errorf("%q shows nothing", question)
		}
		for _, h := range a.Passages {
			if p := passage(t, h); len(p.Speakers()) > 0 && !slices.Contains(p.Speakers(), actor) {
				t.Errorf("%q shows %s, in which %s does not speak", question, h.ID, actor)
			}
		}
	}
}

func TestADelegationIsMoreThanItsState(t *testing.T) {
	t.Parallel()
	if a := ask(t, "who leads the russian delegation"); len(a.Passages) == 0 || !strings.Contains(a.Passages[0].Text, "delegation") && !strings.Contains(a.Passages[0].Text, "team") {
		t.Errorf("shows %v", shown(a))
	}
}

func TestAReactionIsToTheQuestionBefore(t *testing.T) {
	t.Parallel()
	for then, doc := range map[string]string{"how did the Kremlin react?": "F221", "як відреагував кремль?": "F221"} {
		one := ask(t, "did the ICC issue a warrant for Putin?")
		a := answer(t, shared(), index.Question{Text: then, Previous: one.Plan, Now: today})
		if !slices.Contains(shown(a), doc+"#0") {
			t.Errorf("%q shows %v, without %s", then, shown(a), doc)
		}
	}
}
