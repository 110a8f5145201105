package lexicon

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCompleteProposesActorsAndTopicsByAnyOfTheirNames(t *testing.T) {
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		kind  Kind
		typed string
		want  string // the first proposal: id, name, as
	}{
		{KindActor, "rus", "russia Russia "},
		{KindActor, "RUSSIA", "russia Russia "},
		{KindActor, "krem", "russia Russia Kremlin"},
		{KindActor, "lavr", "russia Russia Lavrov"},
		{KindActor, "mosc", "russia Russia Moscow"},
		{KindActor, "Укра", "ukraine Ukraine Україн"},
		{KindActor, "Моск", "russia Russia Москва"},
		{KindActor, "kiev", "ukraine Ukraine Kiev"},
		{KindActor, "turk", "turkiye Türkiye "},
		{KindActor, "türk", "turkiye Türkiye "},
		{KindActor, "states", "united-states United States United States"},
		{KindTopic, "cease", "ceasefire Ceasefire "},
		{KindTopic, "перемир", "ceasefire Ceasefire перемир'я"},
		{KindTopic, "crim", "territory Territory Crimea"},
	} {
		got := "nothing"
		if found := l.Complete(test.kind, test.typed, 5); len(found) > 0 {
			got = fmt.Sprintf("%s %s %s", found[0].ID, found[0].Name, found[0].As)
		}
		if got != test.want {
			t.Errorf("Complete(%q) = %q, want %q", test.typed, got, test.want)
		}
	}
}

func TestCompleteOfNothingProposesTheMainActorsAndAllTopics(t *testing.T) {
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	var main []string
	for _, a := range l.Actors() {
		if a.Main {
			main = append(main, a.ID)
		}
	}
	var got []string
	for _, p := range l.Complete(KindActor, " ", 25) {
		got = append(got, p.ID)
	}
	if diff := cmp.Diff(main, got); diff != "" {
		t.Error(diff)
	}
	if got, want := len(l.Complete(KindTopic, "", 25)), len(l.Topics()); got != want {
		t.Errorf("%d topics, want %d", got, want)
	}
	if got := l.Complete(KindActor, "zzz", 25); len(got) > 0 {
		t.Errorf("Complete(zzz) = %v", got)
	}
	if got := l.Complete(KindActor, "", 3); len(got) != 3 {
		t.Errorf("%d proposals, want 3", len(got))
	}
}
