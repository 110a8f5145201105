package index

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/corpus"
)

func TestASentenceIsQuotedWithWhatIsKnownOfIt(t *testing.T) {
	const text = "Talks began. Peskov spoke. He asked for Crimea. Snow fell."
	p := &Passage{
		Passage: corpus.Passage{ID: "d#0", Start: 100, Text: text, Sentences: []corpus.Span{{Start: 0, End: 12}, {Start: 13, End: 26}, {Start: 27, End: 47}, {Start: 48, End: 58}}},
		Source:  corpus.Source{ID: "d"}, Actors: []string{"russia"},
		Attributions: []Attribution{
			{Sentence: 1, Actors: []string{"russia"}, Speaker: "Peskov"},
			{Sentence: 2, Actors: []string{"russia"}, Speaker: "He", Topics: []string{"territory"}, Stance: "demands"},
			{Sentence: 0, Actors: []string{"ukraine"}, Speaker: "Kyiv"},
			{Sentence: 0, Topics: []string{"format-participation"}, Stance: StanceEvent},
		},
	}
	type quoted struct {
		Before, Text, Speaker, Stance string
		Start                         int
		Actors                        []string
		Position                      bool
	}
	want := []quoted{
		{Text: "Talks began.", Stance: "event", Start: 100, Actors: []string{"russia"}},
		{Text: "Peskov spoke.", Speaker: "Peskov", Start: 113, Actors: []string{"russia"}},
		{Before: "Peskov spoke. ", Text: "He asked for Crimea.", Speaker: "He", Stance: "demands", Start: 127, Actors: []string{"russia"}, Position: true},
		{Text: "Snow fell.", Start: 148},
	}
	for i, w := range want {
		st := p.Quote(i)
		got := quoted{st.Before, st.Text, st.Speaker, st.Stance, st.Start, st.Actors, st.TakesPosition()}
		if diff := cmp.Diff(w, got); diff != "" {
			t.Errorf("sentence %d: %s", i, diff)
		}
	}
}
