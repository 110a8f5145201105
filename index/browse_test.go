package index_test

import (
	"slices"
	"testing"
	"time"

	"parley/index"
)

// passage is what the briefs hold of a passage that is shown.
func passage(t testing.TB, h index.Hit) *index.Passage {
	t.Helper()
	_, passages, _, err := shared().Document(t.Context(), h.Source.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range passages {
		if p.ID == h.ID {
			return p
		}
	}
	t.Fatalf("the record has no passage %s", h.ID)
	return nil
}

// newestFirst reports whether no passage shown is newer than the one before it.
func newestFirst(a index.Answer) bool {
	return slices.IsSortedFunc(a.Passages, func(x, y index.Hit) int { return y.Source.Published.Compare(x.Source.Published) })
}

func TestBrowsingShowsOnlyWhatHasAllThatIsNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ question, actor, topic string }{
		{"what does Moscow want?", "russia", ""},
		{"what does Kyiv want?", "ukraine", ""},
		{"what are russia's demands?", "russia", ""},
		{"what does Germany say about peacekeepers?", "germany", "peacekeepers-troops"},
		{"what does Kyiv want on territory?", "ukraine", "territory"},
		{"what is China's position on sanctions?", "china", "sanctions"},
	} {
		got := ask(t, c.question)
		if !got.Answered {
			t.Errorf("%q is not answered", c.question)
		}
		for _, h := range got.Passages {
			p := passage(t, h)
			if !slices.Contains(p.Speakers(), c.actor) {
				t.Errorf("%q shows %s, in which %s does not speak", c.question, h.ID, c.actor)
			}
			if c.topic != "" && !slices.Contains(p.Topics, c.topic) {
				t.Errorf("%q shows %s, which is not on %s", c.question, h.ID, c.topic)
			}
		}
	}
}

func TestBrowsingOneActorShowsTheNewestFirst(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"what does Moscow want?", "what does Kyiv want?", "what does Hegseth say?", "what does Putin want?"} {
		if got := ask(t, question); !newestFirst(got) {
			t.Errorf("%q shows %v, not the newest first", question, shown(got))
		}
	}
}

func TestBrowsingATopicShowsTheNewestFirst(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"what does Germany say about peacekeepers?", "what did the german chancellor say about peacekeepers?"} {
		if got := ask(t, question); !got.Answered || !newestFirst(got) {
			t.Errorf("%q shows %v, not the newest first", question, shown(got))
		}
	}

}

func TestBrowsingAPeriodShowsOnlyThatPeriod(t *testing.T) {
	t.Parallel()
	for question, since := range map[string]time.Time{
		"what changed since april 2026?":         time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC),
		"what does Moscow want since 2026?":      time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		"what did Kyiv say since december 2025?": time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC),
	} {
		got := ask(t, question)
		if !got.Answered {
			t.Errorf("%q is not answered", question)
		}
		for _, h := range got.Passages {
			if !h.Source.Published.End().After(since) {
				t.Errorf("%q shows %s of %s", question, h.ID, h.Source.Published)
			}
		}
	}
}

func TestBrowsingARecentPeriodFindsWhatWasPublishedInIt(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"what changed last month?", "what changed since last week?"} {
		if got := ask(t, question); !slices.Contains(shown(got), "F104#0") {
			t.Errorf("%q shows %v, without F104", question, shown(got))
		}
	}

}

func TestBrowsingIsNotAnsweredWithAnotherActorsWord(t *testing.T) {
	t.Parallel()
	for question, actor := range map[string]string{
		"what is Spain's stance on sanctions?":  "spain",
		"what does the pope want?":              "holy-see",
		"what does Erdogan say about NATO?":     "turkiye",
		"what is Italy's position on NATO?":     "italy",
		"what does Japan say about territory?":  "japan",
		"what does Hungary say about sanctions": "hungary",
	} {
		a := ask(t, question)
		if !a.Answered && actor == "spain" {
			continue // it says nothing in the record: the closest are the words of others
		}
		for _, h := range a.Passages {
			if !slices.Contains(passage(t, h).Speakers(), actor) {
				t.Errorf("%q is answered with %s, in which %s does not speak", question, h.ID, actor)
			}
		}
	}
}

func TestTheLatestIsAnsweredNewestFirst(t *testing.T) {
	t.Parallel()
	for _, question := range []string{
		"what's zelenskyy's latest line on getting into nato?",
		"what is Russia's latest position on territory?",
		"what is the latest from Moscow?",
		"what does Kyiv want these days?",
		"newest un general assembly vote on the war, what was the result?",
	} {
		if got := ask(t, question); !got.Answered || !newestFirst(got) {
			t.Errorf("%q shows %v, not the newest first", question, shown(got))
		}
	}
}

func TestTheNewestCanBeAskedForBesideTheWords(t *testing.T) {
	t.Parallel()
	got := answer(t, shared(), index.Question{Text: "what does Moscow want?", Now: today, Newest: true})
	if !got.Plan.Latest || !got.Answered || !newestFirst(got) {
		t.Errorf("shows %v, not the newest first", shown(got))
	}
}

func TestTheLatestOnATopicIsAnsweredNewestFirst(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"what is the latest on sanctions?", "what is the latest on prisoners?", "where does berlin stand now on sending soldiers?"} {
		if got := ask(t, question); !got.Answered || !newestFirst(got) {
			t.Errorf("%q shows %v, not the newest first", question, shown(got))
		}
	}

}

func TestTheLatestNewsIsTheNewestOfTheRecord(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"latest news", "what's new?", "any news?"} {
		if got := ask(t, question); len(got.Passages) == 0 || got.Passages[0].ID != "F426#0" {
			t.Errorf("%q shows %v, not F426 first", question, shown(got))
		}
	}

}

func TestATimeAfterTheRecordShowsItsNewest(t *testing.T) {
	t.Parallel()
	later := today.AddDate(0, 6, 0)
	for _, question := range []string{"what changed since monday?", "що змінилося з понеділка?"} {
		a := answer(t, shared(), index.Question{Text: question, Now: later})
		if a.Grade != index.GradeClosest || a.Passages[0].Source.Published.Compare(a.Record.Newest) != 0 || a.Plan.Period.IsZero() {
			t.Errorf("%q: %v, %v", question, a.Grade, shown(a))
		}
	}
}
