package index_test

import (
	"slices"
	"testing"

	"parley/index"
)

// The record is in English; these are asked as their readers would.
func TestQuestionsInUkrainianAndRussianAreAnswered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		question string
		kind     index.QuestionKind
		doc      string // one that is shown
	}{
		{"Який був обмін полоненими у травні 2025?", index.What, "F048"},
		{"Скільки полонених обміняли у травні 2025 року?", index.HowMany, "F048"},
		{"Сколько пленных обменяли в мае 2025 года?", index.HowMany, "F048"},
		{"Когда Трамп и Путин встретились на Аляске?", index.When, "F063"},
		{"Коли Трамп і Путін зустрілися на Алясці?", index.When, "F063"},
		{"Що сталося з 1 по 3 березня 2026?", index.What, "F102"},
		{"Что произошло между 1 и 3 марта 2026 года?", index.What, "F102"},
	} {
		a := ask(t, c.question)
		if a.Plan.Kind != c.kind || !slices.Contains(shown(a), c.doc+"#0") {
			t.Errorf("%q, asking %v, shows %v, want %s", c.question, a.Plan.Kind, shown(a), c.doc)
		}
	}
}

func TestADateAloneAsksWhatHappened(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]string{"16 May 2025": "F048", "between 1 and 3 March 2026": "F102", "1-3 березня 2026": "F102"} {
		if a := ask(t, question); !a.Answered || !slices.Contains(shown(a), want+"#0") {
			t.Errorf("%q shows %v, want %s", question, shown(a), want)
		}
	}
}

func TestAQuestionInAnotherScriptSaysThatTheSourcesAreInEnglish(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]bool{"Що каже Київ про гарантії безпеки?": true, "what does Kyiv say on guarantees?": false} {
		if got := ask(t, question).EnglishOnly; got != want {
			t.Errorf("%q: %v, want %v", question, got, want)
		}
	}
}

func TestNamesInCyrillicFindThoseOfTheRecord(t *testing.T) {
	t.Parallel()
	for question, doc := range map[string]string{
		"що сказав Ейде про дешеве перемир'я": "F372",
		"что сказал Эйде о дешёвом перемирии": "F372",
		"з ким зустрічався Бонн у Москві":     "F421",
	} {
		if a := ask(t, question); !slices.ContainsFunc(a.Ranked, func(h index.Hit) bool { return h.Source.ID == doc }) {
			t.Errorf("%q finds %v, without %s", question, shown(a), doc)
		}
	}
}
