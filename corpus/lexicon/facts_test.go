package lexicon

import (
	"slices"
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

// The labels of the facts say who acts and what it is about; some actors ("European
// leaders" for France) and topics are not in the words of the text at all, and who is
// only mentioned is not labelled, so neither figure can reach 1.
func TestMentionsCoverTheLabelsOfTheFacts(t *testing.T) {
	l := loadDefault(t)
	docs, err := briefs.Documents()
	if err != nil {
		t.Fatal(err)
	}
	var actors, topics tally
	for _, d := range docs {
		mentions := l.Find(d.Text, At(d.Published))
		a, s := mainOnly(l, IDs(KindActor, mentions)), IDs(KindTopic, mentions)
		actors.add(d.Actors, a)
		topics.add(d.Topics, s)
		report(t, d, a, s)
	}
	t.Logf("actors: recall %.3f, precision %.3f", actors.recall(), actors.precision())
	t.Logf("topics: recall %.3f, precision %.3f", topics.recall(), topics.precision())
	if actors.recall() < 0.93 || actors.precision() < 0.55 {
		t.Error("actors: recall below 0.93 or precision below 0.55")
	}
	if topics.recall() < 0.85 || topics.precision() < 0.55 {
		t.Error("topics: recall below 0.85 or precision below 0.55")
	}
}

func mainOnly(l *Lexicon, ids []string) []string {
	return slices.DeleteFunc(ids, func(id string) bool { a, _ := l.Actor(id); return !a.Main })
}

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
