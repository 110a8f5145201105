package index_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/corpus"
	"parley/index"
	"parley/index/when"
)

// statements asks the built-in briefs.
func statements(t *testing.T, a *index.Asker, q index.StatementQuery) index.Statements {
	t.Helper()
	found, err := a.Statements(t.Context(), q)
	if err != nil {
		t.Fatalf("Statements(%+v): %v", q, err)
	}
	return found
}

func TestStatementsAreVerbatimTheNewestFirstAndOnlyWhatWasAskedFor(t *testing.T) {
	for _, actor := range []string{"", "russia", "ukraine", "united-states", "european-union"} {
		for _, topic := range names().Topics() {
			found := statements(t, shared(), index.StatementQuery{Actor: actor, Topic: topic.ID, Limit: 100})
			for i, st := range found.List {
				doc := documents()[st.Source.ID]
				switch {
				case doc.Text[st.Start:st.End] != st.Text:
					t.Errorf("%s %d-%d: %q is not in the document", st.Passage, st.Start, st.End, st.Text)
				case !strings.HasSuffix(doc.Text[:st.Start], st.Before):
					t.Errorf("%s: %q does not stand before %q", st.Passage, st.Before, st.Text)
				case actor != "" && !slices.Contains(st.Actors, actor), !slices.Contains(st.Topics, topic.ID), st.Stance == index.StanceEvent:
					t.Errorf("%s/%s: %+v", actor, topic.ID, st)
				case i > 0 && found.List[i-1].Source.Published.Compare(st.Source.Published) < 0:
					t.Errorf("%s/%s: %s stands after %s", actor, topic.ID, st.Source.Published, found.List[i-1].Source.Published)
				}
			}
			if n := len(found.List); n > 0 && (found.First.Text != found.List[n-1].Text || found.First.Passage != found.List[n-1].Passage) {
				t.Errorf("%s/%s: the first is %s; the last listed %s", actor, topic.ID, found.First.Passage, found.List[n-1].Passage)
			}
		}
	}
}

// counting counts the snapshots that are taken of an engine.
type counting struct {
	index.Engine
	taken int
}

func (c *counting) Snapshot() (index.Snapshot, error) {
	c.taken++
	return c.Engine.Snapshot()
}

func TestStatementsByTopicAreOfOneStateOfTheRecord(t *testing.T) {
	shared()
	engine := &counting{Engine: opened}
	topics, record, err := must(index.NewAsker(engine, names())).StatementsByTopic(t.Context(), "russia", when.Period{})
	if err != nil {
		t.Fatal(err)
	}
	if engine.taken != 1 || record.Documents != len(documents()) {
		t.Errorf("%d snapshots were taken, the last of %d documents", engine.taken, record.Documents)
	}
	for i, found := range topics {
		alone := statements(t, shared(), index.StatementQuery{Actor: "russia", Topic: found.Topic, Limit: 1})
		if !reflect.DeepEqual(alone, found.Statements) {
			t.Errorf("%s: found %+v, alone %+v", found.Topic, found.Statements, alone)
		}
		if i > 0 && topics[i-1].List[0].Source.Published.Compare(found.List[0].Source.Published) < 0 {
			t.Errorf("%s stands after %s", found.Topic, topics[i-1].Topic)
		}
	}
	for _, topic := range names().Topics() {
		listed := slices.ContainsFunc(topics, func(f index.TopicStatements) bool { return f.Topic == topic.ID })
		if n := len(statements(t, shared(), index.StatementQuery{Actor: "russia", Topic: topic.ID, Limit: 1}).List); (n > 0) != listed {
			t.Errorf("%s: listed: %t, with %d statements", topic.ID, listed, n)
		}
	}
}

// brief is a document with nothing but a text and what a citation needs.
func brief(id, published, publisher, text string) corpus.Document {
	return corpus.Document{Source: corpus.Source{ID: id, Title: "A report", Publisher: publisher, Published: date(published)}, Text: text}
}

func date(s string) corpus.PartialDate { return must(corpus.ParsePartialDate(s)) }

const ceasefire = "Kremlin spokesman Dmitry Peskov said that Russia rejects any ceasefire before its demands on Ukraine are met in full."

func TestPagesOfStatementsFollowOnEachOtherWithoutGapOrRepetition(t *testing.T) {
	all := statements(t, shared(), index.StatementQuery{Limit: 1000})
	if all.More || len(all.List) < 50 {
		t.Fatalf("%d statements, more: %t", len(all.List), all.More)
	}
	var paged []string
	for skip := 0; ; skip += 7 {
		page := statements(t, shared(), index.StatementQuery{Skip: skip, Limit: 7})
		for _, st := range page.List {
			paged = append(paged, st.Text)
		}
		if page.More != (skip+7 < len(all.List)) {
			t.Fatalf("from %d of %d: more is %t", skip, len(all.List), page.More)
		}
		if !page.More {
			break
		}
	}
	for i, st := range all.List {
		if i >= len(paged) || paged[i] != st.Text {
			t.Fatalf("statement %d differs between pages and the whole", i)
		}
	}
}

func TestTheSameSentenceInSeveralOutletsIsOneStatementWithThemNamed(t *testing.T) {
	a := asker(t, []corpus.Document{
		brief("a", "2025-03-01", "Alpha", ceasefire),
		brief("b", "2025-03-02", "Beta", ceasefire),
		brief("c", "2025-03-03", "Gamma", strings.Replace(ceasefire, "said that", "said again that", 1)),
		brief("d", "2025-06-01", "Delta", ceasefire), // three months on it is said again
	})
	found := statements(t, a, index.StatementQuery{Actor: "russia", Topic: "ceasefire", Limit: 5})
	if len(found.List) != 2 {
		t.Fatalf("%d statements: %+v", len(found.List), found.List)
	}
	first := found.List[1]
	var also []string
	for _, s := range first.AlsoIn {
		also = append(also, s.Publisher)
	}
	slices.Sort(also)
	if first.Source.Publisher != "Alpha" || !slices.Equal(also, []string{"Beta", "Gamma"}) {
		t.Errorf("%s, also in %v; want Alpha, also in Beta and Gamma", first.Source.Publisher, also)
	}
}

func TestUndatedStatementsComeLastAndAreNeverTheFirst(t *testing.T) {
	a := asker(t, []corpus.Document{
		brief("a", "", "Alpha", ceasefire),
		brief("b", "2025", "Beta", "Ukraine's foreign minister Andrii Sybiha said Kyiv supports an unconditional ceasefire with Russia."),
		brief("c", "2025-04", "Gamma", "Moscow demanded an end to sanctions before any ceasefire with Ukraine."),
	})
	found := statements(t, a, index.StatementQuery{Topic: "ceasefire", Limit: 5})
	var order []string
	for _, st := range found.List {
		order = append(order, st.Source.ID)
	}
	if !slices.Equal(order, []string{"c", "b", "a"}) || found.First.Source.ID != "b" {
		t.Errorf("order %v, first %s", order, found.First.Source.ID)
	}
	within := when.Period{Since: date("2025-02").Start()}
	if n := len(statements(t, a, index.StatementQuery{Topic: "ceasefire", Period: within, Limit: 5}).List); n != 2 {
		t.Errorf("%d statements since February 2025; want 2: the whole of 2025 may lie in it, an unknown date not", n)
	}
}

func TestEventsAreListedOnlyWhereTheyAreAskedFor(t *testing.T) {
	a := asker(t, []corpus.Document{
		brief("a", "2025-03-01", "Alpha", ceasefire),
		brief("b", "2025-03-02", "Beta", "Delegations of Russia and Ukraine exchanged 175 prisoners of war each at the border with Belarus."),
	})
	if n := len(statements(t, a, index.StatementQuery{Topic: "prisoners-children", Limit: 5}).List); n != 0 {
		t.Errorf("%d statements", n)
	}
	found := statements(t, a, index.StatementQuery{Actor: "ukraine", Topic: "prisoners-children", Events: true, Limit: 5})
	if len(found.List) != 1 || found.List[0].Stance != index.StanceEvent {
		t.Errorf("found %+v", found.List)
	}
}

func TestCompareGivesEverySideTheSameNumberInAnOrderThatTurns(t *testing.T) {
	starts := map[string]bool{}
	for day := range 5 {
		c, err := shared().Compare(t.Context(), "territory", nil, when.Period{}, today.AddDate(0, 0, day))
		if err != nil {
			t.Fatal(err)
		}
		starts[c.Sides[0].Actors[0]] = true
		seen := map[string]bool{}
		for _, s := range c.Sides {
			if len(s.Statements) != len(c.Sides[0].Statements) || len(s.Statements) == 0 {
				t.Errorf("%v has %d statements", s.Actors, len(s.Statements))
			}
			for _, id := range s.Actors {
				seen[id] = true
			}
		}
		for _, id := range c.Silent {
			if seen[id] || len(statements(t, shared(), index.StatementQuery{Actor: id, Topic: "territory", Limit: 1}).List) > 0 {
				t.Errorf("%s is called silent", id)
			}
		}
	}
	if len(starts) < 2 {
		t.Errorf("always %v first", starts)
	}
}

func TestCompareOfTwoHasSeveralStatementsOfEach(t *testing.T) {
	c, err := shared().Compare(t.Context(), "ceasefire", []string{"ukraine", "russia", "russia"}, when.Period{}, today)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Sides) != 2 || len(c.Sides[0].Statements) < 2 || len(c.Sides[0].Statements) != len(c.Sides[1].Statements) {
		t.Errorf("sides %+v", c.Sides)
	}
}

func TestTimelineCountsWhatStatementsList(t *testing.T) {
	line, err := shared().Timeline(t.Context(), "territory", nil, when.Period{}, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(line.Lines) < 3 {
		t.Fatalf("%d actors", len(line.Lines))
	}
	for _, l := range line.Lines {
		n := 0
		for i, m := range l.Marks {
			n += m.Passages
			if i > 0 && l.Marks[i-1].Date.Compare(m.Date) > 0 {
				t.Errorf("%s: %s after %s", l.Actor, m.Date, l.Marks[i-1].Date)
			}
		}
		if found := statements(t, shared(), index.StatementQuery{Actor: l.Actor, Topic: "territory", Limit: 1}); n < found.Passages {
			t.Errorf("%s: %d marks for %d passages", l.Actor, n, found.Passages)
		}
	}
}

func TestCheckFindsClaimsAndTheStatementsNearestToThem(t *testing.T) {
	c, err := shared().Check(t.Context(), "Good morning! Peskov says Russia would gladly exchange its territory in Kursk region. It rained. Kyiv has given up on NATO.", today)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Claims) != 2 {
		t.Fatalf("claims %+v", c.Claims)
	}
	kursk := c.Claims[0]
	if len(kursk.Nearest) == 0 || !strings.Contains(kursk.Nearest[0].Text, "Kursk") || kursk.Actors[0] != "russia" {
		t.Errorf("nearest to %q: %+v", kursk.Sentence, kursk.Nearest)
	}
	if kyiv := c.Claims[1]; !slices.Contains(kyiv.Topics, "nato-membership") || len(kyiv.Nearest) == 0 {
		t.Errorf("a name alone hints at the topic: %+v", kyiv)
	}
	for _, claim := range c.Claims {
		for _, st := range claim.Nearest {
			if !slices.ContainsFunc(st.Actors, func(a string) bool { return slices.Contains(claim.Actors, a) }) {
				t.Errorf("%q: %v say %q", claim.Sentence, st.Actors, st.Text)
			}
		}
	}
	if c, err := shared().Check(t.Context(), "", today); err != nil || len(c.Claims) != 0 {
		t.Errorf("nothing: %+v, %v", c, err)
	}
}

func TestPublishersSumUpTheRecord(t *testing.T) {
	a := asker(t, []corpus.Document{
		brief("a", "2025-03-01", "Alpha", ceasefire), brief("b", "2024-03-01", "Alpha", ceasefire), brief("c", "", "Alpha", ceasefire), brief("d", "2020", "Beta", ceasefire),
	})
	got, err := a.Publishers()
	if err != nil {
		t.Fatal(err)
	}
	want := []index.Publisher{
		{Name: "Alpha", Documents: 3, From: date("2024-03-01"), To: date("2025-03-01")},
		{Name: "Beta", Documents: 1, From: date("2020"), To: date("2020")},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}

func FuzzCheckNeverFails(f *testing.F) {
	for _, s := range []string{"", ".", "Russia wants Crimea.", "\xff Київ. «Москва»? NATO sanctions ceasefire", strings.Repeat("Russia ceasefire. ", 50)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := shared().Check(t.Context(), strings.ToValidUTF8(text, "\uFFFD"), time.Time{})
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		for _, claim := range c.Claims {
			if !strings.Contains(strings.ToValidUTF8(text, "\uFFFD"), claim.Sentence) {
				t.Errorf("%q is not in the text", claim.Sentence)
			}
		}
	})
}
