package briefs

import (
	"bufio"
	"encoding/json"
	"net/url"
	"os"
	"testing"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/sharedtest"
)

func TestMain(m *testing.M) { os.Exit(sharedtest.Main(m)) }

func documents(t *testing.T) []corpus.Document {
	t.Helper()
	docs, err := Documents()
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// The facts may be more than the briefs: the record grows on purpose, not with its source.
func TestBriefsAreTheFactsByteForByte(t *testing.T) {
	f, err := os.Open(sharedtest.Path(t, "facts", "facts.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	type fact struct{ ID, Date, Kind, Text string }
	facts := map[string]fact{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var f fact
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		facts[f.ID] = f
	}
	for _, d := range documents(t) {
		if have := (fact{d.ID, d.Published.String(), d.Kind, d.Text}); have != facts[d.ID] {
			t.Errorf("brief %s differs from its fact:\n%+v\n%+v", d.ID, have, facts[d.ID])
		}
	}
}

func TestBriefsSayWhereTheyComeFrom(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range documents(t) {
		if seen[d.ID] {
			t.Errorf("%s: twice", d.ID)
		}
		seen[d.ID] = true
		if n := utf8.RuneCountInString(d.Title); n == 0 || n > 70 {
			t.Errorf("%s: title of %d characters", d.ID, n)
		}
		if d.Published.IsZero() || d.Language != "en" || d.License == "" || d.Publisher == "" || !d.IsBrief() {
			t.Errorf("%s: incomplete: %+v", d.ID, d.Source)
		}
		linked := false
		for _, s := range d.BasedOn {
			u, err := url.Parse(s.URL)
			linked = linked || err == nil && u.Scheme == "https" && u.Host != ""
			if s.Title == "" || s.Publisher == "" {
				t.Errorf("%s: a source without title or publisher: %+v", d.ID, s)
			}
		}
		if !linked {
			t.Errorf("%s: no source with a link", d.ID)
		}
	}
}

func TestLexiconKnowsTheActorsAndTopicsOfBriefs(t *testing.T) {
	l, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents(t) {
		if len(d.Actors) == 0 || len(d.Topics) == 0 {
			t.Errorf("%s: no actors or no topics", d.ID)
		}
		for _, id := range d.Actors {
			if _, ok := l.Actor(id); !ok {
				t.Errorf("%s: actor %q", d.ID, id)
			}
		}
		for _, id := range d.Topics {
			if _, ok := l.Topic(id); !ok {
				t.Errorf("%s: topic %q", d.ID, id)
			}
		}
	}
}
