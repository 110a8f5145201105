package main

import (
	"encoding/json"
	"image/png"
	"os"
	"strings"
	"testing"

	"parley/index"
)

// positions is a folder with three documents in which sides take positions.
func positions(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.Mkdir("talks", 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, "talks/reports.jsonl", `{"id":"march","title":"Kremlin on the truce","publisher":"Harbour News","published":"2025-03-01","text":"Kremlin spokesman Dmitry Peskov said Russia rejects any ceasefire with Ukraine before its demands are met."}
{"id":"june","title":"Moscow's terms","publisher":"Rail Times","published":"2025-06-02","text":"Moscow demanded that Ukraine withdraw from Donetsk region before any ceasefire."}
{"id":"july","title":"Kyiv answers","publisher":"Rail Times","published":"2025-07","text":"Ukrainian President Volodymyr Zelensky said Ukraine supports an unconditional ceasefire with Russia."}
`)
}

func TestStanceShowsStatementsOfAnActorByAnyName(t *testing.T) {
	positions(t)
	for _, args := range [][]string{{"stance", "Russia", "ceasefire"}, {"stance", "Kremlin", "truce"}, {"stance", "Москва", "ceasefire"}} {
		parley(t, "", with(args...)...).want(t, exitOK, []string{
			"Russia on Ceasefire", "demands · latest: “Moscow demanded that Ukraine withdraw", "first in the record: “Kremlin spokesman Dmitry Peskov said",
			"Rail Times, “Moscow's terms”, 2 June 2025",
		})
	}
	parley(t, "", with("stance", "Russia", "ceasefire", "--until", "2025-03")...).want(t, exitOK, []string{"opposes · first in the record: “Kremlin"})
	parley(t, "", with("stance", "Russia", "ceasefire", "--since", "2025")...).want(t, exitOK, []string{"demands · latest: “Moscow", "opposes: “Kremlin"})
	parley(t, "", with("stance", "China")...).want(t, exitOK, []string{"The record has no statement by China."})
}

func TestStancePrintsJSON(t *testing.T) {
	positions(t)
	r := parley(t, "", with("stance", "--json", "Russia", "ceasefire")...)
	r.want(t, exitOK, nil)
	var found index.Statements
	if err := json.Unmarshal([]byte(r.stdout), &found); err != nil {
		t.Fatal(err)
	}
	if len(found.List) != 2 || found.List[0].Source.ID != "june" || found.First.Source.ID != "march" || found.List[0].Actors[0] != "russia" {
		t.Errorf("got %s", r.stdout)
	}
}

func TestCompareSetsActorsSideBySide(t *testing.T) {
	positions(t)
	parley(t, "", with("compare", "ceasefire", "Kyiv", "Moscow", "NATO")...).want(t, exitOK, []string{
		"Ukraine on Ceasefire", "Russia on Ceasefire", "The record has no statement by NATO on Ceasefire.", "The newest 1 statement of each, in an order that turns from day to day.",
	})
	parley(t, "", with("compare", "--json", "ceasefire")...).want(t, exitOK, []string{`"topic":"ceasefire"`, `"actors":["russia"]`})
}

func TestTimelineDrawsAPicture(t *testing.T) {
	positions(t)
	parley(t, "", with("timeline", "ceasefire", "--png", "out.png")...).want(t, exitOK, []string{"Timeline: Ceasefire", "July 2025 · Ukraine · supports"})
	f, err := os.Open("out.png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := png.Decode(f); err != nil {
		t.Error(err)
	}
	parley(t, "", with("timeline", "sanctions", "--png", "none.png")...).want(t, exitError, nil, "nothing to draw", "none.png was not written")
	parley(t, "", with("timeline", "ceasefire", "--png", "no/such/out.png")...).want(t, exitError, nil, "picture: open no/such/out.png")
	parley(t, "", with("timeline", "--json", "--actor", "Russia")...).want(t, exitOK, []string{`"actor":"russia"`, `"stance":"demands"`})
}

func TestCheckReadsATextOrAPipe(t *testing.T) {
	positions(t)
	const claim = "Putin wants all of Donetsk region before a ceasefire."
	for _, r := range []result{parley(t, "", with("check", claim)...), parley(t, claim, with("check")...)} {
		r.want(t, exitOK, []string{"“" + claim + "”", "Moscow demanded that Ukraine withdraw", "is not judged here."})
	}
	parley(t, "", with("check", "--json", claim)...).want(t, exitOK, []string{`"claims":[{"sentence":"Putin wants`})
}

func TestSourcesListsThePublishers(t *testing.T) {
	positions(t)
	parley(t, "", with("sources")...).want(t, exitOK, []string{"3 documents from 2 publishers", "Rail Times", "2 documents, 2 June 2025 to July 2025"})
}

func TestStatementsArePrintedAsTheyStandInTheDocuments(t *testing.T) {
	positions(t)
	r := parley(t, "", with("statements", "--json")...)
	r.want(t, exitOK, nil)
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines: %s", len(lines), r.stdout)
	}
	var l statementLine
	if err := json.Unmarshal([]byte(lines[1]), &l); err != nil {
		t.Fatal(err)
	}
	if l.Doc != "june" || l.Sentence != "Moscow demanded that Ukraine withdraw from Donetsk region before any ceasefire." || l.End-l.Start != len(l.Sentence) ||
		l.Actors[0] != "Russia" || l.Stance != "demands" {
		t.Errorf("got %+v", l)
	}
	parley(t, "", with("statements")...).want(t, exitOK, []string{"june:0-79 [Russia] demands"})
}

func TestWrongNamesAndDatesAreErrorsOfUsage(t *testing.T) {
	positions(t)
	for _, test := range []struct {
		args []string
		say  string
	}{
		{[]string{"stance", "Atlantis"}, "No actor is called “Atlantis”. Known are: Ukraine, Russia"},
		{[]string{"stance", "Russia", "herring"}, "No topic is called “herring”"},
		{[]string{"compare", "ceasefire", "Russia", "Atlantis"}, "No actor is called “Atlantis”"},
		{[]string{"stance", "Russia", "--since", "whenever"}, "“whenever” is no date"},
		{[]string{"timeline", "--page", "many"}, "The page must be a number"},
	} {
		parley(t, "", with(test.args...)...).want(t, exitUsage, nil, test.say)
	}
}

func TestEvalOfStatementsMeasuresFactsAndLabels(t *testing.T) {
	positions(t)
	write(t, "labels.jsonl", `{"doc":"june","start":0,"end":79,"actors":["Russia"],"topics":["ceasefire","territory"],"statement":true}
{"doc":"july","start":0,"end":100,"actors":["Ukraine"],"topics":["sanctions"],"statement":true}
{"doc":"march","statement":false}
`)
	r := parley(t, "", with("eval", "--statements", "--json", "--labels", "labels.jsonl", "--max", "events_stated=1")...)
	r.want(t, exitOK, []string{`{"name":"labels_actors_recall","value":1,"n":2}`, `{"name":"events_stated","value":1,"n":1}`, `{"name":"facts_actors_f1","value":null,"n":0}`})
	parley(t, "", with("eval", "--statements", "--labels", "labels.jsonl", "--min", "labels_topics_precision=0.99")...).
		want(t, exitError, []string{"labels_topics_precision"}, "labels_topics_precision is")
	write(t, "bad.jsonl", `{"doc":"june","start":9,"end":3}`)
	parley(t, "", with("eval", "--statements", "--labels", "bad.jsonl")...).want(t, exitError, nil, "bad.jsonl:1: 9 to 3 is no span")
	write(t, "far.jsonl", `{"doc":"nowhere","statement":false}`)
	parley(t, "", with("eval", "--statements", "--labels", "far.jsonl")...).want(t, exitError, nil, `the record has no document "nowhere"`)
	parley(t, "", with("eval")...).want(t, exitUsage, nil, "--questions", "--statements")
}

func TestAnActorCommandMustBeAnActorOfTheLexicon(t *testing.T) {
	positions(t)
	write(t, "parley.toml", "[bot]\nactor_commands = [\"atlantis\"]\n")
	for _, args := range [][]string{{"stance", "Russia"}, {"config", "check"}} {
		parley(t, "", args...).want(t, exitError, nil, `bot.actor_commands: the lexicon has no actor called "atlantis"`)
	}
	write(t, "parley.toml", "[bot]\nactor_commands = [\"The Hague\"]\n")
	parley(t, "", "config", "check").want(t, exitError, nil, `bot.actor_commands holds "The Hague"; a command is 1 to 32 lower-case letters and digits`)
	write(t, "own.toml", "[[actor]]\nid = \"ruritania\"\nname = \"Ruritania\"\nmain = true\n")
	write(t, "parley.toml", "[lexicon]\nfile = \"own.toml\"\nmode = \"replace\"\n")
	parley(t, "", "config", "check").want(t, exitOK, []string{"parley.toml is correct."})
	write(t, "parley.toml", "[bot]\nactor_commands = [\"moscow\"]\n")
	parley(t, "/moscow\n/help\n", with("chat")...).want(t, exitOK, []string{"Russia on ", "/moscow [topic] [since] [until] [page]: Show what Russia said"})
}
