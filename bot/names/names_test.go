package names

import (
	"strings"
	"testing"

	"parley/bot/wording"
	"parley/corpus/lexicon"
)

func TestEveryNameOfTheInterfaceIsUnderstood(t *testing.T) {
	lex, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	actors, topics := Actors(lex), Topics(lex)
	for _, tag := range wording.Languages() {
		l := wording.In(tag)
		for _, a := range lex.Actors() {
			name := strings.ToUpper(actors.In(l, a.ID))
			if id, err := actors.Resolve(name); err != nil || id != a.ID {
				t.Errorf("%s: %s, %v", name, id, err)
			}
		}
		for _, topic := range lex.Topics() {
			name := strings.ReplaceAll(topics.In(l, topic.ID), " ", "  ")
			if id, err := topics.Resolve(name); err != nil || id != topic.ID {
				t.Errorf("%s: %s, %v", name, id, err)
			}
		}
	}
}
