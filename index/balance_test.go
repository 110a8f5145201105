package index_test

import (
	"slices"
	"testing"

	"parley/index"
)

// disputed are questions about a dispute that name no actor.
var disputed = []string{"what is said about territory?", "what is said about sanctions?", "what about peacekeepers?", "what about security guarantees?"}

func TestADisputedQuestionGivesEveryActorShownTheWord(t *testing.T) {
	t.Parallel()
	for _, question := range disputed {
		got := ask(t, question)
		if got.Balance == nil || len(got.Balance.Order) != len(got.Passages) || len(got.Passages) < 2 {
			t.Errorf("%q shows %v with balance %+v", question, shown(got), got.Balance)
			continue
		}
		for i, id := range got.Balance.Order {
			if !slices.Contains(passage(t, got.Passages[i]).Speakers(), id) {
				t.Errorf("%q: %s does not speak in %s", question, id, got.Passages[i].ID)
			}
		}
	}
}

func TestBalanceNamesEveryActorOnce(t *testing.T) {
	t.Parallel()
	for _, question := range disputed {
		b := ask(t, question).Balance
		all := slices.Concat(b.Order, b.More, b.Silent)
		slices.Sort(all)
		if once := slices.Compact(slices.Clone(all)); len(once) != len(all) {
			t.Errorf("%q: an actor stands twice in %+v", question, *b)
		}
		for _, id := range all {
			if a, ok := names().Actor(id); !ok || !a.Main {
				t.Errorf("%q: %s is no actor over which answers are balanced", question, id)
			}
		}
		if b.Silent == nil {
			t.Errorf("%q: silent is null in JSON", question)
		}
	}
}

func TestTheOrderTurnsFromDayToDay(t *testing.T) {
	t.Parallel()
	for _, question := range disputed {
		first := ask(t, question).Balance
		speaking := len(first.Order) + len(first.More)
		led := map[string]bool{}
		for day := range speaking {
			b := answer(t, shared(), index.Question{Text: question, Now: today.AddDate(0, 0, day)}).Balance
			led[b.Order[0]] = true
			if len(b.Order)+len(b.More) != speaking {
				t.Errorf("%q: day %d has other actors: %+v", question, day, *b)
			}
		}
		if len(led) < 2 || len(first.More) == 0 && len(led) != speaking {
			t.Errorf("%q: in %d days only %v came first", question, speaking, led)
		}
	}
}

func TestTheOrderIsTheSameAllDay(t *testing.T) {
	t.Parallel()
	morning := ask(t, disputed[0]).Balance
	evening := answer(t, shared(), index.Question{Text: disputed[0], Now: today.Add(14 * 60 * 60 * 1e9)}).Balance
	if !slices.Equal(morning.Order, evening.Order) {
		t.Errorf("%v in the morning, %v in the evening", morning.Order, evening.Order)
	}
}

func TestAQuestionThatNamesAnActorIsNotBalanced(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"what does Kyiv want on territory?", "who launched the coalition of the willing?", "what does Moscow want?"} {
		if got := ask(t, question); got.Balance != nil {
			t.Errorf("%q is balanced: %+v", question, *got.Balance)
		}
	}
}

func TestAComparisonGivesTheActorsNamedAsManyPassagesEach(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"compare Russia and Ukraine on territory", "Moscow versus Kyiv on a ceasefire", "how do France and Germany differ on peacekeepers?"} {
		got := ask(t, question)
		if got.Balance == nil || !got.Balance.Named || len(got.Balance.Order) != 2 {
			t.Errorf("%q: balance %+v", question, got.Balance)
			continue
		}
		each := len(got.Passages) / 2
		for i, h := range got.Passages {
			if id := got.Balance.Order[min(i/max(each, 1), 1)]; !slices.Contains(passage(t, h).Speakers(), id) {
				t.Errorf("%q: %s does not speak in %s", question, id, h.ID)
			}
		}
		if len(got.Passages) != 2*each || each == 0 {
			t.Errorf("%q shows %d passages for 2 actors", question, len(got.Passages))
		}
	}
}
