package index_test

import (
	"fmt"
	"testing"

	"parley/corpus"
	"parley/index"
)

// releases are texts of one office on what Russia holds, and some in which Russia speaks.
func releases(t *testing.T, own int) []corpus.Document {
	docs := []corpus.Document{}
	for i, text := range []string{
		"Russia holds a fifth of the territory of Ukraine, Representative Rassendyll said in the village of Zenda on Monday after the harvest.",
		"The territory that Russia holds grew by a tenth in the spring, Representative Rassendyll said to the millers of Hentzau.",
		"Of the territory of Ukraine Russia holds less than it did, Representative Rassendyll said in a letter about the railway.",
		"How much territory Russia holds is known to few, Representative Rassendyll said at the fair before the fireworks began.",
	} {
		docs = append(docs, article(t, fmt.Sprint("office", i), "Office of Representative Rassendyll", "2025-03-0"+fmt.Sprint(i+1), text))
	}
	for i := range own {
		text := fmt.Sprintf("Russian President Vladimir Putin said that Russia holds %d0 percent of the territory that it claims in Ukraine.", i+7)
		docs = append(docs, article(t, fmt.Sprint("paper", i), "Strelsau Gazette", "2025-04-0"+fmt.Sprint(i+1), text))
	}
	return docs
}

func TestOneOfficeDoesNotCrowdOutTheActorsOfAQuestion(t *testing.T) {
	t.Parallel()
	for own, most := range map[int]int{0: 4, 1: 2, 2: 2} {
		a := answer(t, asker(t, releases(t, own)), index.Question{Text: "how much territory of Ukraine does Russia hold?", Now: today})
		ofOffice := 0
		for _, h := range a.Passages {
			if h.Source.Publisher != "Strelsau Gazette" {
				ofOffice++
			}
		}
		if ofOffice > most || own == 0 && ofOffice < 3 {
			t.Errorf("with %d passages of Russia's own %d of the office are shown: %v", own, ofOffice, shown(a))
		}
	}
}

func TestTheOutcomeGoesBeforeThePlan(t *testing.T) {
	t.Parallel()
	docs := []corpus.Document{
		article(t, "plan", "Strelsau Gazette", "2025-03-01", "The presidents of Ruritania and Graustark will meet in the castle of Zenda to sign the treaty on the river."),
		article(t, "done", "Strelsau Gazette", "2025-03-09", "The presidents of Ruritania and Graustark met in the castle of Zenda and signed the treaty on the river."),
		article(t, "other", "Strelsau Gazette", "2025-03-05", "The harbour of Hentzau sold more herring than in any spring before. Fishermen blamed the weather."),
	}
	for _, question := range []string{"when did the presidents of Ruritania and Graustark meet in Zenda?", "what happened with the treaty on the river in Zenda?"} {
		a := answer(t, asker(t, docs), index.Question{Text: question, Now: today})
		if len(a.Ranked) == 0 || a.Ranked[0].Source.ID != "done" {
			t.Errorf("%q: %v", question, shown(a))
		}
	}
}
