package bot

import (
	"bytes"
	"context"
	"image/png"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/bot/argument"
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/when"
)

// testLexicon is the lexicon of all tests.
var testLexicon = sync.OnceValue(func() *lexicon.Lexicon {
	l, err := lexicon.Default()
	if err != nil {
		panic(err)
	}
	return l
})

// positions is the part of the fake record that knows statements: it filters and cuts
// as the index does, and remembers what it was asked.
type positions struct {
	statements []index.Statement // newest first
	publishers []index.Publisher
	comparison index.Comparison
	checked    index.Check
	line       index.Timeline

	queries  []index.StatementQuery
	byTopic  int      // calls of StatementsByTopic
	compared []string // topic and actors
}

func (p *positions) Statements(_ context.Context, q index.StatementQuery) (index.Statements, error) {
	p.queries = append(p.queries, q)
	return p.find(q), nil
}

func (p *positions) find(q index.StatementQuery) (found index.Statements) {
	found.Record = index.Record{Documents: 3273, Newest: date("2026-05-08")}
	for _, st := range p.statements {
		if (q.Actor == "" || slices.Contains(st.Actors, q.Actor)) && (q.Topic == "" || slices.Contains(st.Topics, q.Topic)) {
			found.List = append(found.List, st)
		}
	}
	if n := len(found.List); n > 0 {
		found.Passages, found.First = n, &found.List[n-1]
	}
	found.List = found.List[min(q.Skip, len(found.List)):]
	found.More = len(found.List) > q.Limit
	found.List = found.List[:min(q.Limit, len(found.List))]
	return found
}

func (p *positions) StatementsByTopic(_ context.Context, actor string, within when.Period) (topics []index.TopicStatements, record index.Record, err error) {
	p.byTopic++
	for _, t := range testLexicon().Topics() {
		found := p.find(index.StatementQuery{Actor: actor, Topic: t.ID, Period: within, Limit: 1})
		if record = found.Record; len(found.List) > 0 {
			topics = append(topics, index.TopicStatements{Topic: t.ID, Statements: found})
		}
	}
	return topics, record, nil
}

func (p *positions) Compare(_ context.Context, topic string, actors []string, _ when.Period, _ time.Time) (index.Comparison, error) {
	p.compared = append([]string{topic}, actors...)
	return p.comparison, nil
}

func (p *positions) Timeline(context.Context, string, []string, when.Period, bool) (index.Timeline, error) {
	return p.line, nil
}

func (p *positions) Check(context.Context, string, time.Time) (index.Check, error) {
	return p.checked, nil
}

func (p *positions) Publishers() ([]index.Publisher, error) { return p.publishers, nil }

// said is a statement of Russia's on a day.
func said(day, text, stance string, topics ...string) index.Statement {
	return index.Statement{
		Passage: "kr-" + day + "#3", Text: text, Actors: []string{"russia"}, Speaker: "Peskov", Topics: topics, Stance: stance,
		Source: corpus.Source{ID: "kr-" + day, Title: "A briefing", Publisher: "Interfax", Published: date(day)},
	}
}

func russians() []index.Statement {
	later := said("2026-03-01", "He ruled out a swap.", "opposes", "territory")
	later.Before, later.More.After = "Peskov spoke. ", true
	return []index.Statement{
		later,
		said("2025-06-02", "We ask for Crimea.", "demands", "territory", "ceasefire"),
		said("2025-02", "A truce is possible, Peskov said.", "offers", "ceasefire"),
	}
}

func TestStanceShowsTheLatestAndTheFirstOnATopic(t *testing.T) {
	f := newFixture(index.Answer{})
	f.record.statements = russians()
	want := `# Russia on Territory
opposes · latest
1 false "Peskov spoke. He ruled out a swap." true
Peskov, reported by Interfax, “A briefing”, 1 March 2026
demands · first in the record
2 false "We ask for Crimea." false
Peskov, reported by Interfax, “A briefing”, 2 June 2025
Statements on this stand in 2 passages. The record has 3,273 documents and goes through 8 May 2026.`
	for _, line := range []string{"/stance russia territory", "/stance Kremlin on territory", "/stance crimea moscow", "/stance topic:territory actor:russia"} {
		if diff := cmp.Diff(want, text(f.say(line))); diff != "" {
			t.Errorf("%s: %s", line, diff)
		}
	}
	if got := text(f.say("/source 2")); !strings.Contains(got, "Document: kr-2025-06-02") {
		t.Errorf("/source 2: %s", got)
	}
}

// What a bound leaves out may be older than the oldest shown, or newer than the newest.
func TestWithinAPeriodNothingIsCalledFirstOrLatestOfTheRecord(t *testing.T) {
	f := newFixture(index.Answer{})
	f.record.statements = russians()
	for line, want := range map[string][2]bool{ // "latest", "first in the record"
		"/stance russia territory":             {true, true},
		"/stance russia territory since:2025":  {true, false},
		"/stance russia territory until:2026":  {false, true},
		"/stance russia since:2025":            {true, false},
		"/stance russia until:2026":            {false, true},
		"/stance russia since:2025 until:2026": {false, false},
	} {
		got := text(f.say(line))
		if has := [2]bool{strings.Contains(got, "latest"), strings.Contains(got, "first in")}; has != want {
			t.Errorf("%s says latest, first: %v, want %v:\n%s", line, has, want, got)
		}
	}
}

func TestStanceWithoutATopicGroupsByTopicTheLatestFirst(t *testing.T) {
	f := newFixture(index.Answer{})
	f.record.statements = russians()
	want := `# Russia on Territory
opposes · latest
1 false "Peskov spoke. He ruled out a swap." true
Peskov, reported by Interfax, “A briefing”, 1 March 2026
demands · first in the record
2 false "We ask for Crimea." false
Peskov, reported by Interfax, “A briefing”, 2 June 2025
# Russia on Ceasefire
demands · latest
3 false "We ask for Crimea." false
Peskov, reported by Interfax, “A briefing”, 2 June 2025
offers · first in the record
4 false "A truce is possible, Peskov said." false
Peskov, reported by Interfax, “A briefing”, February 2025
The record has 3,273 documents and goes through 8 May 2026.`
	if diff := cmp.Diff(want, text(f.say("/stance russia"))); diff != "" {
		t.Error(diff)
	}
	if f.record.byTopic != 1 || len(f.record.queries) > 0 {
		t.Errorf("one reply asked the record %d times, and %d times for a topic: they may be of different states", f.record.byTopic, len(f.record.queries))
	}
}

func TestALongListGoesOnOnTheNextPage(t *testing.T) {
	f := newFixture(index.Answer{})
	for i := range 12 {
		f.record.statements = append(f.record.statements, said("2025-01-"+string(rune('0'+i/10))+string(rune('1'+i%9)), strings.Repeat("x", i+1)+".", "says", "sanctions"))
	}
	first := f.say("/stance russia sanctions since 2025 page 1")
	if got := text(first); !strings.Contains(got, "More: /stance actor:russia topic:sanctions since:2025-01-01 page:2") || strings.Contains(got, "first in the record") {
		t.Errorf("page 1: %s", got)
	}
	older := first.Actions[0]
	if older.Label != "Older" || older.Args["page"] != "2" {
		t.Fatalf("actions %v", first.Actions)
	}
	second := f.Handle(context.Background(), Request{User: "u", Command: older.Command, Args: older.Args})
	if q := f.record.queries[len(f.record.queries)-1]; q.Skip != statementsPerPage || q.Period.Since.IsZero() {
		t.Errorf("asked for %+v", q)
	}
	if got := text(second); strings.Contains(got, "latest") || strings.Contains(got, "first in") {
		t.Errorf("page 2: %s", got)
	}
	if got := text(f.say("/stance russia sanctions page 4")); !strings.HasPrefix(got, en("no_further")) {
		t.Errorf("page 4: %s", got)
	}
}

func TestWhereThereIsNoStatementTheBotSaysSo(t *testing.T) {
	f := newFixture(index.Answer{})
	const record = "\nThe record has 3,273 documents and goes through 8 May 2026."
	for line, want := range map[string]string{
		"/stance nato sanctions": "The record has no statement by NATO on Sanctions." + record,
		"/stance nato":           "The record has no statement by NATO." + record,
		"/stance nato sanctions since 2025 until 2025":   "The record has no statement by NATO on Sanctions from 1 January 2025 to 31 December 2025." + record,
		"/stance nato since 2025":                        "The record has no statement by NATO since 1 January 2025." + record,
		"/us since:14 march 2025 until:December 2025":    "The record has no statement by the United States from 14 March 2025 to 31 December 2025." + record,
		"/us topic:sanctions since:march 2025":           "The record has no statement by the United States on Sanctions since 1 March 2025." + record,
		"/us sanctions since march 2025":                 "The record has no statement by the United States on Sanctions since 1 March 2025." + record,
		"/stance nato sanctions until:2025-03":           "The record has no statement by NATO on Sanctions until 31 March 2025." + record,
		"/timeline":                                      en("no_marks") + record,
		"/timeline until 2020":                           en("no_marks") + " The time asked about: until 31 December 2020." + record,
		"/stance atlantis":                               "No actor is called “atlantis”. Known are: Ukraine, Russia, ",
		"/stance russia pandas":                          "No topic is called “pandas”. Known are: Territory, ",
		"/stance russia territory since tomorrow":        "“tomorrow” is no date.",
		"/stance russia territory since 2026 until 2025": "The time from 1 January 2026 until 31 December 2025 is empty.",
		"/stance russia territory page 0":                "The page must be a number from 1 to 1000.",
		"/compare":                                       "The topic is missing: /compare topic [actors] [since] [until]",
		"/compare territory russia, atlantis":            "No actor is called “atlantis”.",
	} {
		if got := text(f.say(line)); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q; want %q", line, got, want)
		}
	}
}

func TestCompareDisclosesOrderAndWhoIsSilent(t *testing.T) {
	f := newFixture(index.Answer{})
	ukraine := said("2026-02-01", "Kyiv will not cede land.", "opposes", "territory")
	ukraine.Actors, ukraine.Speaker = []string{"ukraine"}, ""
	f.record.comparison = index.Comparison{
		Topic: "territory", Silent: []string{"china", "nato"}, Record: index.Record{Documents: 2},
		Sides: []index.Side{{Actors: []string{"ukraine"}, Statements: []index.Statement{ukraine}}, {Actors: []string{"russia"}, Statements: russians()[:1]}},
	}
	want := `# Ukraine on Territory
opposes · latest
1 false "Kyiv will not cede land." false
Ukraine, reported by Interfax, “A briefing”, 1 February 2026
# Russia on Territory
opposes · latest
2 false "Peskov spoke. He ruled out a swap." true
Peskov, reported by Interfax, “A briefing”, 1 March 2026
The record has no statement by China or NATO on Territory.
The newest 1 statement of each, in an order that turns from day to day.
The record has 2 documents.`
	if diff := cmp.Diff(want, text(f.say("/compare russia vs Kyiv, NATO and china on territory"))); diff != "" {
		t.Error(diff)
	}
	if want := []string{"territory", "russia", "ukraine", "nato", "china"}; !slices.Equal(f.record.compared, want) {
		t.Errorf("compared %v", f.record.compared)
	}
	bounded := text(f.say("/compare territory since 2025 until 2026"))
	if want := "The record has no statement by China or NATO on Territory from 1 January 2025 to 31 December 2026."; !strings.Contains(bounded, want) || strings.Contains(bounded, "latest") {
		t.Errorf("within a period: %s", bounded)
	}
}

func TestTimelineHasAPictureAndTheNewestInWords(t *testing.T) {
	f := newFixture(index.Answer{})
	event := said("2026-01-23", "Delegations met in Abu Dhabi.", index.StanceEvent, "territory")
	event.Speaker = ""
	f.record.statements = []index.Statement{event}
	f.record.line = index.Timeline{Lines: []index.TimeLine{{Actor: "russia", Marks: []index.TimeMark{
		{Date: date("2025"), Stance: "demands", Passages: 2}, {Date: date("2026-01-23"), Stance: index.StanceEvent, Passages: 1},
	}}}}
	reply := f.say("/timeline territory russia")
	got := text(reply)
	for _, want := range []string{
		"# Timeline: Territory, Russia\ntimeline.png: ", "(demands 2, event 1)",
		"23 January 2026 · Russia · event\n1 false \"Delegations met in Abu Dhabi.\" false\nInterfax, “A briefing”, 23 January 2026",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	picture := reply.Blocks[1].(Picture)
	var drawn bytes.Buffer
	if err := picture.Draw(&drawn); err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(&drawn); err != nil {
		t.Error(err)
	}
}

func TestActorsWithFewEntriesAreNamedBesideThePicture(t *testing.T) {
	f := newFixture(index.Answer{})
	f.record.statements = russians()
	for _, id := range []string{"russia", "ukraine", "united-states", "european-union", "france", "germany", "nato", "china"} {
		f.record.line.Lines = append(f.record.line.Lines, index.TimeLine{Actor: id, Marks: []index.TimeMark{{Date: date("2026"), Stance: "says", Passages: 1}}})
	}
	got := text(f.say("/timeline"))
	if !strings.Contains(got, "Not in the picture, with fewer entries: NATO, China.") || strings.Contains(got, "NATO: 1 entry") {
		t.Errorf("got %s", got)
	}
}

func TestTooManyMarksForAPictureAreDrawnOnceADate(t *testing.T) {
	chart := presenter("en").chart(index.Timeline{Lines: []index.TimeLine{{Actor: "russia", Marks: []index.TimeMark{{Date: date("2025-01-01"), Stance: "says", Passages: 1_000_000}}}}})
	if n := len(chart.Rows[0].Marks); n != 1 {
		t.Errorf("%d marks", n)
	}
}

func TestCheckShowsTheNearestStatementsAndNoVerdict(t *testing.T) {
	f := newFixture(index.Answer{})
	f.record.checked = index.Check{More: 1, Record: index.Record{Documents: 2}, Claims: []index.Claim{
		{Sentence: "Russia will swap land.", Actors: []string{"russia"}, Topics: []string{"territory"}, Nearest: russians()[:1]},
		{Sentence: "NATO lifts sanctions.", Actors: []string{"nato"}, Topics: []string{"sanctions"}},
	}}
	want := `# “Russia will swap land.”
Russia · opposes · Territory
1 false "Peskov spoke. He ruled out a swap." true
Peskov, reported by Interfax, “A briefing”, 1 March 2026
# “NATO lifts sanctions.”
The record has no statement by NATO on Sanctions.
1 further sentence of this text could be checked as well; send them separately.
` + en("no_verdict") + `
The record has 2 documents.`
	if diff := cmp.Diff(want, text(f.say("/check Russia will swap land. NATO lifts sanctions."))); diff != "" {
		t.Error(diff)
	}
	f.record.checked = index.Check{}
	if got := text(f.say("/check Hello.")); !strings.HasPrefix(got, en("no_claim")) {
		t.Errorf("got %s", got)
	}
}

func TestSourcesListsPublishersWithCountsAndDates(t *testing.T) {
	f := newFixture(index.Answer{})
	f.record.publishers = []index.Publisher{{Name: "The White House", Documents: 1204, From: date("2022-01-03"), To: date("2026-05-08")}, {Documents: 1}}
	want := "3,273 documents from 2 publishers\nThe White House: 1,204 documents, 3 January 2022 to 8 May 2026\nunnamed publisher: 1 document\nThe record has 3,273 documents and goes through 8 May 2026."
	if diff := cmp.Diff(want, text(f.say("/sources"))); diff != "" {
		t.Error(diff)
	}
	for range 40 {
		f.record.publishers = append(f.record.publishers, index.Publisher{Name: "Another", Documents: 1})
	}
	if got := text(f.say("/sources page 3")); strings.Count(got, "Another") != 2 {
		t.Errorf("page 3: %s", got)
	}
}

func TestActorsAndTopicsCompleteByAnyName(t *testing.T) {
	f := newFixture(index.Answer{})
	for _, test := range []struct{ command, option, typed, want string }{
		{"stance", "actor", "krem", "Russia (Kremlin)=russia"},
		{"stance", "actor", "Укра", "Ukraine (Україн)=ukraine"},
		{"us", "topic", "crim", "Territory (Crimea)=territory"},
		{"compare", "actors", "kyiv, mosc", "Ukraine, Russia=ukraine,russia"},
		{"timeline", "topic", "cease", "Ceasefire=ceasefire"},
	} {
		got := f.Complete(context.Background(), Request{Command: test.command}, test.option, test.typed)
		if len(got) == 0 || got[0].Name+"="+got[0].Value != test.want {
			t.Errorf("/%s %s %q: %v", test.command, test.option, test.typed, got)
		}
	}
	if n := len(f.Complete(context.Background(), Request{Command: "stance"}, "actor", "")); n == 0 || n > argument.MaxChoices {
		t.Errorf("%d proposals for nothing", n)
	}
}

// TestATimelineIsDescribedInTheLanguageOfTheReply finds no English beside a picture.
func TestATimelineIsDescribedInTheLanguageOfTheReply(t *testing.T) {
	found := index.Timeline{Lines: []index.TimeLine{{Actor: "russia", Marks: []index.TimeMark{{Date: date("2026-05-08"), Stance: "demands", Passages: 3}}}}}
	blocks := presenter("uk").TimelinePicture("Останні 14 днів", found, when.Period{})
	const want = "Останні 14 днів. Хронологія, 8 трав. 2026. Росія: 3 записи, 8 трав. 2026 (вимагає 3)."
	if picture, ok := blocks[0].(Picture); !ok || picture.Alt != want {
		t.Errorf("got %+v", blocks[0])
	}
}
