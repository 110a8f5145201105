package lexicon

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/corpus"
	"parley/corpus/briefs"
)

// tally counts labels found, missed and found in addition.
type tally struct{ hit, missed, extra int }

func (t *tally) add(want, got []string) {
	for _, id := range want {
		if slices.Contains(got, id) {
			t.hit++
		} else {
			t.missed++
		}
	}
	for _, id := range got {
		if !slices.Contains(want, id) {
			t.extra++
		}
	}
}

func (t tally) recall() float64    { return float64(t.hit) / float64(t.hit+t.missed) }
func (t tally) precision() float64 { return float64(t.hit) / float64(t.hit+t.extra) }

// unnamed are actors that the label of a fact has and its text does not name, for
// it speaks of "European leaders" or of "each side".
var unnamed = map[string][]string{
	"F035": {"france"}, "F048": {"turkiye"}, "F050": {"russia"}, "F055": {"germany"}, "F086": {"germany"}, "F097": {"ukraine"},
	"F064": {"france", "united-kingdom", "germany"}, "F076": {"france", "united-kingdom", "germany"}, "F085": {"france", "united-kingdom", "germany"},
}

// Precision is low by nature: the labels say who acts, and a text names others too.
func TestMentionsCoverTheLabelsOfTheFacts(t *testing.T) {
	l := loadDefault(t)
	docs, err := briefs.Documents()
	if err != nil {
		t.Fatal(err)
	}
	var actors, named, topics tally
	for _, d := range docs {
		mentions := l.Find(d.Text, At(d.Published))
		a, s := IDs(KindActor, mentions), IDs(KindTopic, mentions)
		a = slices.DeleteFunc(a, func(id string) bool { // those that only comment are labelled where they act
			actor, _ := l.Actor(id)
			return !actor.Main && !slices.Contains(d.Actors, id)
		})
		actors.add(d.Actors, a)
		named.add(slices.DeleteFunc(slices.Clone(d.Actors), func(id string) bool { return slices.Contains(unnamed[d.ID], id) }), a)
		topics.add(d.Topics, s)
		report(t, d, a, s)
	}
	t.Logf("actors: recall %.3f, precision %.3f; recall of those that the text names %.3f", actors.recall(), actors.precision(), named.recall())
	t.Logf("topics: recall %.3f, precision %.3f", topics.recall(), topics.precision())
	if named.recall() < 0.95 || actors.recall() < 0.91 || actors.precision() < 0.55 {
		t.Error("actors: want recall 0.91, 0.95 of those named, precision 0.55")
	}
	if topics.recall() < 0.78 || topics.precision() < 0.75 {
		t.Error("topics: want recall 0.78, precision 0.75: a label may stand for what a text implies")
	}
}

// notActors are the capitalised runs of words in the facts that name nobody.
var notActors = []string{
	"Munich Security Conference", "Financial Times", "Wall Street Journal", "Ukraine Defense Contact Group", "Black Sea", "Orthodox Easter",
	"World Bank", "UN Charter", "Zaporizhzhia", "Coalition of the Willing", "Vice President", "The Hague", "Budapest Memorandum",
	"Non-Proliferation Treaty", "Eastern Europe", "South Caucasus", "Central Asia", "Membership Action Plan", "St Petersburg", "Global South",
	"Genocide Convention", "International Claims Commission", "Peace Facility", "Prime Minister", "Secretary General", "Orthodox Church",
	"South Ossetia", "East Asia", "Montreux Convention", "Crimea Platform", "Crimean Tatars", "Arab League", "Davos President", "Castel Gandolfo",
	"International Coalition", "Red Cross", "Die Zeit", "Crown Prince", "Sky News", "Lieutenant General", "Deputy Foreign Minister",
	"Çırağan Palace", "National Security Adviser", "Defence Council", "National Guard", "New Year", "Oval Office", "Morning Post",
	"After African", "The Istanbul",
}

func TestEveryPersonInTheFactsIsKnown(t *testing.T) {
	l := loadDefault(t)
	docs, err := briefs.Documents()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		text := startsSentence.ReplaceAllString(d.Text, "${1}in ")
		for _, m := range slices.Backward(l.Find(text, Only(KindActor), At(d.Published))) {
			text = text[:m.Start] + "|" + text[m.End:]
		}
		for _, run := range capitalRuns.FindAllString(text, -1) {
			if !slices.ContainsFunc(notActors, func(s string) bool { return strings.Contains(run, s) || strings.Contains(s, run) }) {
				t.Errorf("%s: who is %q?", d.ID, run)
			}
		}
	}
}

// startsSentence is an "In" whose capital is that of its sentence.
var startsSentence = regexp.MustCompile(`((?:^|[.] ))In `)

// capitalRuns are two capitalised words and more in a row.
var capitalRuns = regexp.MustCompile(`\p{Lu}[\pL’-]+(?: \p{Lu}[\pL’-]+)+`)

func report(t *testing.T, d corpus.Document, actors, topics []string) {
	missing := func(want, got []string) (out []string) {
		for _, id := range want {
			if !slices.Contains(got, id) {
				out = append(out, id)
			}
		}
		return out
	}
	missed := slices.Concat(missing(d.Actors, actors), missing(d.Topics, topics))
	extra := missing(topics, d.Topics)
	if len(missed)+len(extra) > 0 {
		t.Logf("%s: misses %v; topics in addition %v", d.ID, missed, extra)
	}
}
