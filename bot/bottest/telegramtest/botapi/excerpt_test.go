package botapi

import (
	"os"
	"slices"
	"testing"

	"parley/corpus/sharedtest"
)

func TestMain(m *testing.M) { os.Exit(sharedtest.Main(m)) }

// TestTheExcerptAgreesWithTheWhole holds that the excerpt says of every method and type that
// it has what the published description says, and leaves out no parameter that is required.
func TestTheExcerptAgreesWithTheWhole(t *testing.T) {
	sharedtest.Path(t, "specs", "telegram-bot-api.json")
	whole, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	part, err := Excerpt()
	if err != nil {
		t.Fatal(err)
	}
	agree := func(what string, excerpted, published []specField) {
		byName := map[string]specField{}
		for _, f := range excerpted {
			byName[f.Name] = f
		}
		for _, f := range published {
			e, ok := byName[f.Name]
			delete(byName, f.Name)
			switch {
			case !ok && f.Required:
				t.Errorf("%s lacks %s, which is required", what, f.Name)
			case !ok:
			case e.Required != f.Required, e.only != f.only, !slices.Equal(e.limits, f.limits):
				t.Errorf("%s.%s is %+v, published is %+v", what, f.Name, e, f)
			case slices.ContainsFunc(e.Types, func(t string) bool { return !slices.Contains(f.Types, t) }):
				t.Errorf("%s.%s has types %v, published are %v", what, f.Name, e.Types, f.Types)
			}
		}
		for name := range byName {
			t.Errorf("%s has no %s in the published description", what, name)
		}
	}
	for name, m := range part.methods {
		agree(m.Name, m.Fields, whole.methods[name].Fields)
	}
	for name, k := range part.types {
		agree(name, k.Fields, whole.types[name].Fields)
		for _, sub := range k.Subtypes {
			if !slices.Contains(whole.types[name].Subtypes, sub) {
				t.Errorf("%s has no subtype %s in the published description", name, sub)
			}
		}
	}
}
