package index_test

import (
	"testing"

	"parley/index"
)

// The record is in English; these are asked as their readers would.
func TestQuestionsInUkrainianAndRussianAreAnswered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		question string
		kind     index.QuestionKind
		doc      string // shown first
	}{
		{"Який був обмін полоненими у травні 2025?", index.What, "F048"},
		{"Скільки полонених обміняли у травні 2025 року?", index.HowMany, "F048"},
		{"Сколько пленных обменяли в мае 2025 года?", index.HowMany, "F048"},
		{"Когда встретились Трамп и Путин?", index.When, "F063"},
		{"Коли зустрілися Трамп і Путін?", index.When, "F063"},
		{"Що сталося з 1 по 10 березня 2026?", index.What, "F102"},
		{"Что произошло между 1 и 10 марта 2026 года?", index.What, "F102"},
	} {
		a := ask(t, c.question)
		if !a.Answered || a.Plan.Kind != c.kind || a.Passages[0].Source.ID != c.doc {
			t.Errorf("%q, asking %v, shows %v, want %s", c.question, a.Plan.Kind, shown(a), c.doc)
		}
	}
}

func TestADateAloneAsksWhatHappened(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]string{"16 May 2025": "F048", "between 1 and 10 March 2026": "F102", "1-10 березня 2026": "F102"} {
		if a := ask(t, question); !a.Answered || a.Passages[0].Source.ID != want {
			t.Errorf("%q shows %v, want %s", question, shown(a), want)
		}
	}
}
