package index_test

import (
	"slices"
	"testing"

	"parley/index"
)

func TestRepairReadsMisspelledWords(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]index.Repair{
		"what did hegseht say?":        {Written: "hegseht", Read: "hegseth"},
		"who leads ukriane?":           {Written: "ukriane", Read: "ukraine"},
		"when were the abu dabi talks": {Written: "dabi", Read: "dhabi"},
		"what does putn want?":         {Written: "putn", Read: "putin"},
		"Ceasfire in may 2026":         {Written: "Ceasfire", Read: "ceasefire"},
		"sancitons on Moscow":          {Written: "sancitons", Read: "sanctions"},
	} {
		if got := ask(t, question).Repairs; !slices.Equal(got, []index.Repair{want}) {
			t.Errorf("%q: repairs %v, want %v", question, got, want)
		}
	}
}

func TestRepairLeavesWhatIsNoMistake(t *testing.T) {
	t.Parallel()
	for _, question := range []string{
		"best borscht",                         // far from any word of the record
		"what about resolution 2775?",          // a number is never another
		"the 99th of nvr",                      // too short to guess
		"zxq of the ukr",                       // too short to guess
		"Zelenskiy and Erdogan",                // the lexicon knows the spelling
		"Київ",                                 // another script
		"blue helmets",                         // an alternative of the lexicon
		"whats up",                             // chat
		"who said what in february",            // a month
		"what are russias demands?",            // only an apostrophe
		"RUSSIAS demands",                      // in capitals
		"Kyivs demands",                        // with one capital
		"is Moscow's price lower than Kyiv’s?", // nothing to mend
	} {
		if got := ask(t, question).Repairs; len(got) > 0 {
			t.Errorf("%q: repairs %v, want none", question, got)
		}
	}
}

func TestRepairTakesLettersToBeLeftOutRatherThanSwapped(t *testing.T) {
	t.Parallel()
	want := []index.Repair{{Written: "nutralty", Read: "neutrality"}}
	if got := ask(t, "did ukraine offer nutralty in istanbul").Repairs; !slices.Equal(got, want) {
		t.Errorf("repairs %v, want %v", got, want)
	}
}

func TestRepairLeavesWordsThatAreOnlyMissing(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"best borscht recipe", "who won the eurovision final"} {
		if got := ask(t, question).Repairs; len(got) > 0 {
			t.Errorf("%q: repairs %v, want none", question, got)
		}
	}

}

func TestARepairedQuestionIsAnsweredAsTheRightOne(t *testing.T) {
	t.Parallel()
	for wrong, right := range map[string]string{
		"what does putn want?":         "what does putin want?",
		"what did hegseht say?":        "what did hegseth say?",
		"what are russias demands?":    "what are russia's demands?",
		"when were the abu dabi talks": "when were the abu dhabi talks",
	} {
		got, want := ask(t, wrong), ask(t, right)
		if !slices.Equal(shown(got), shown(want)) || len(shown(got)) == 0 {
			t.Errorf("%q shows %v, %q shows %v", wrong, shown(got), right, shown(want))
		}
	}
}
