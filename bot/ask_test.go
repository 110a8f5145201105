package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/index"
)

// labels are those of a reply's actions.
func labels(r Reply) (labels []string) {
	for _, a := range r.Actions {
		labels = append(labels, a.Label)
	}
	return labels
}

// press carries out the action with a label, found again by its key, on any bot.
func (f *fixture) press(t *testing.T, r Reply, label string) Reply {
	t.Helper()
	i := slices.IndexFunc(r.Actions, func(a Action) bool { return a.Label == label })
	if i < 0 {
		t.Fatalf("no action %q among %v", label, labels(r))
	}
	key, err := f.ActionKey(t.Context(), r.Actions[i])
	if err != nil {
		t.Fatal(err)
	}
	command, args, ok, err := f.ActionOf(t.Context(), key)
	if err != nil || !ok {
		t.Fatalf("%s: %t, %v", key, ok, err)
	}
	return f.Handle(t.Context(), Request{User: "u", Conversation: "c", Command: command, Args: args})
}

// ranked are n passages of different ids.
func ranked(n int) (hits []index.Hit) {
	for i := range n {
		h := hit()
		h.ID = fmt.Sprintf("rtw-1#%d", i+1)
		h.Source.Title = fmt.Sprintf("Title %d", i+1)
		hits = append(hits, h)
	}
	return hits
}

// titles are the numbers of the passages of ranked that a reply shows.
func titles(r Reply) (shown string) {
	for _, block := range r.Blocks {
		if q, ok := block.(Quote); ok {
			shown += strings.TrimPrefix(q.Citation.Title, "Title ") + " "
		}
	}
	return strings.TrimSpace(shown)
}

func TestAnAnswerGoesOnOnTheNextPages(t *testing.T) {
	a := answered(ranked(3)...)
	a.Ranked = ranked(10)
	a.Balance = &index.Balance{Order: []string{"united-states"}}
	f := newFixture(a)
	first := f.say("borders?")
	second := f.press(t, first, "Next")
	third := f.press(t, second, "Next")
	for i, page := range []struct {
		reply  Reply
		titles string
		beyond bool
		turns  string
	}{
		{first, "1 2 3", false, "Next"}, {second, "4 5 6 7 8", true, "Previous Next"}, {third, "9 10", true, "Previous"},
		{f.press(t, second, "Previous"), "1 2 3", false, "Next"},
	} {
		if got := titles(page.reply); got != page.titles {
			t.Errorf("page %d shows %s; want %s", i+1, got, page.titles)
		}
		if got := strings.Contains(text(page.reply), en("further")); got != page.beyond {
			t.Errorf("page %d says that it is beyond the answer: %t", i+1, got)
		}
		turns := slices.DeleteFunc(labels(page.reply), func(l string) bool { return l != "Next" && l != "Previous" })
		if got := strings.Join(turns, " "); got != page.turns {
			t.Errorf("page %d: %s; want %s", i+1, got, page.turns)
		}
		if n := len(page.reply.Actions); n > maxActions {
			t.Errorf("page %d has %d actions", i+1, n)
		}
	}
	if got := text(f.say("/source 2")); !strings.Contains(got, "Document: rtw-1") {
		t.Errorf("/source 2: %s", got)
	}
	if got := text(f.say("/ask page:7 borders?")); !strings.HasPrefix(got, en("no_further")) {
		t.Errorf("page 7: %s", got)
	}
}

func TestFewerPassagesOnAPageLoseNone(t *testing.T) {
	a := answered(ranked(5)...)
	a.Ranked = ranked(6)
	f := newFixture(a)
	f.maxPassages = 2
	var shown []string
	for reply := f.say("borders?"); ; reply = f.press(t, reply, "Next") {
		shown = append(shown, titles(reply))
		if !slices.Contains(labels(reply), "Next") {
			break
		}
	}
	if diff := cmp.Diff([]string{"1 2", "3 4", "5", "6"}, shown); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsOfferedBelowAnAnswer(t *testing.T) {
	a := answered(ranked(5)...)
	a.Ranked = ranked(10)
	a.Passages[0].Speakers = []string{"united-states", "ukraine"}
	f := newFixture(a)
	f.record.topics = []string{"territory"}
	reply := f.say("territory?")
	want := []string{"Next", "Context", "Who else?", "Newest first", "Source 1", "Source 2", "Source 3", "Source 4", "Source 5"}
	if diff := cmp.Diff(want, labels(reply)); diff != "" {
		t.Error(diff)
	}
	if got := reply.Actions[4].URL; got != "https://rtw.example/1" {
		t.Errorf("the source leads to %q", got)
	}
	f.press(t, reply, "Who else?")
	want = []string{"territory", "russia", "european-union", "france", "united-kingdom", "germany", "nato", "turkiye", "china", "united-nations"}
	if diff := cmp.Diff(want, f.record.compared); diff != "" {
		t.Errorf("compared: %s", diff)
	}
	newest := f.press(t, reply, "Newest first")
	if q := f.record.asked[len(f.record.asked)-1]; !q.Newest || q.Text != "territory?" {
		t.Errorf("asked %+v", q)
	}
	if slices.Contains(labels(newest), "Newest first") {
		t.Error("the newest are offered where they are shown")
	}
	f.press(t, newest, "Next")
	if q := f.record.asked[len(f.record.asked)-1]; !q.Newest {
		t.Errorf("the next page is not of the newest: %+v", q)
	}
	f.record.topics = nil
	if slices.Contains(labels(f.say("borders?")), "Who else?") {
		t.Error("others are offered without a topic")
	}
	f.record.answer = index.Answer{}
	if got := labels(f.say("pandas?")); got != nil {
		t.Errorf("offered below no answer: %v", got)
	}
}

func TestAButtonAsksTheSameAfterARestart(t *testing.T) {
	f := newFixture(answered(hit()))
	f.say("what does Moscow want?")
	f.say("and Kyiv?")
	reply := f.say("why?")

	after := newFixture(answered(hit()))  // knows nothing of the conversation
	after.buttons.Store = f.buttons.Store // but has the store
	after.say("something else?")
	after.record.asked = nil
	after.press(t, reply, "Newest first")
	var asked []string
	for _, q := range after.record.asked {
		asked = append(asked, fmt.Sprintf("%s %t", q.Text, q.Previous != nil))
	}
	want := []string{"what does Moscow want? false", "and Kyiv? true", "why? true"}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
	after.record.asked = nil
	after.press(t, newFixture(answered(hit())).say("borders?"), "Newest first")
	if q := after.record.asked[0]; len(after.record.asked) != 1 || q.Previous != nil {
		t.Errorf("a first question was asked after another: %+v", after.record.asked)
	}
}

func TestOfManyQuestionsAFewAreRemembered(t *testing.T) {
	f := newFixture(answered(hit()))
	var reply Reply
	for i := range 9 {
		reply = f.say(fmt.Sprintf("and %d?", i))
	}
	i := slices.IndexFunc(reply.Actions, func(a Action) bool { return a.Label == "Newest first" })
	if got, want := reply.Actions[i].Args["after"], "and 3?\nand 4?\nand 5?\nand 6?\nand 7?"; got != want {
		t.Errorf("after %q; want %q", got, want)
	}
}

func TestOptionsStandBeforeAQuestionAndNotInIt(t *testing.T) {
	f := newFixture(answered(hit()))
	for line, want := range map[string]string{
		"/ask newest:true what about borders?": "what about borders? true",
		"/ask newest statements on borders":    "newest statements on borders false",
		"/ask question:what about borders?":    "what about borders? false",
		"page:2 is what?":                      "page:2 is what? false",
		"newest:yes":                           "newest:yes false",
		"/ask what is newest:true":             "what is newest:true false",
	} {
		f.say(line)
		q := f.record.asked[len(f.record.asked)-1]
		if got := fmt.Sprintf("%s %t", q.Text, q.Newest); got != want {
			t.Errorf("%s: asked %s; want %s", line, got, want)
		}
	}
}

func TestContextShowsWhatStandsAround(t *testing.T) {
	f := newFixture(answered(hit()))
	around := f.press(t, f.say("borders?"), "Context")
	want := `before it
0 false "It opens." false
RTW News, “The negotiations”, February 2025
the passage
0 false "` + pentagon + `" false
RTW News, “The negotiations”, February 2025`
	if diff := cmp.Diff(want, text(around)); diff != "" {
		t.Error(diff)
	}
	key := around.Blocks[1].(Quote).Segments[1]
	if want := (Segment{Text: "Hegseth said a return to the old borders was unrealistic.", Key: true}); key != want {
		t.Errorf("the key sentence is %+v", key)
	}
	if diff := cmp.Diff([]string{"Previous", "Source"}, labels(around)); diff != "" {
		t.Error(diff)
	}
	opening := f.press(t, around, "Previous")
	want = `the passage
0 false "It opens." false
RTW News, “The negotiations”, February 2025
after it
0 false "` + pentagon + `" false
RTW News, “The negotiations”, February 2025`
	if diff := cmp.Diff(want, text(opening)); diff != "" {
		t.Error(diff)
	}
	if got := text(f.say("/context rtw-1")); got != want {
		t.Errorf("of a document: %s", got)
	}
	source := f.press(t, around, "Source")
	if got := text(source); !strings.Contains(got, "Link: https://rtw.example/1") || !slices.Equal(labels(source), []string{"Context"}) {
		t.Errorf("source: %v, %s", labels(source), got)
	}
	for line, want := range map[string]string{
		"/context rtw-1#7": "The record has no passage “rtw-1#7”.",
		"/context nobody":  "The record has no document “nobody”.",
		"/context":         "The passage is missing: /context passage",
	} {
		if got := text(f.say(line)); got != want {
			t.Errorf("%s: %s", line, got)
		}
	}
}

func TestAMadeUpKeyMarksNothing(t *testing.T) {
	f := newFixture(index.Answer{})
	for _, ref := range []string{"rtw-1#1@1-2", "rtw-1#1@80-20", "rtw-1#1@0-999999999", "rtw-1#0@23-80"} {
		q := f.say("/source " + ref).Blocks[1].(Quote)
		if len(q.Segments) != 1 || q.Segments[0].Key {
			t.Errorf("%s: %+v", ref, q.Segments)
		}
	}
	if got := text(f.say("/source rtw-1#1@9999999999-1")); !strings.HasPrefix(got, "The record has no document") {
		t.Errorf("got %s", got)
	}
}

func TestListsTurnBothWays(t *testing.T) {
	f := newFixture(index.Answer{})
	for i := range 13 {
		f.record.statements = append(f.record.statements, said("2025-01-"+fmt.Sprintf("%02d", 28-i), "x.", "says", "sanctions"))
	}
	for range 50 {
		f.record.publishers = append(f.record.publishers, index.Publisher{Name: "Another", Documents: 1})
	}
	for _, test := range []struct{ line, back, on string }{
		{"/stance russia sanctions", "Newer", "Older"}, {"/us sanctions", "Newer", "Older"}, {"/timeline sanctions", "Newer", "Older"},
		{"/sources", "Previous publishers", "More publishers"},
	} {
		if strings.HasPrefix(test.line, "/us") {
			for i := range f.record.statements {
				f.record.statements[i].Actors = []string{"united-states"}
			}
		}
		first := f.say(test.line)
		second := f.press(t, first, test.on)
		if slices.Contains(labels(first), test.back) || !slices.Contains(labels(second), test.on) {
			t.Errorf("%s: %v, then %v", test.line, labels(first), labels(second))
		}
		if diff := cmp.Diff(text(first), text(f.press(t, second, test.back))); diff != "" {
			t.Errorf("%s: %s", test.line, diff)
		}
	}
}

func TestTopicsTurnBothWays(t *testing.T) {
	f := newFixture(index.Answer{})
	for _, topic := range f.lexicon.Topics() {
		f.record.statements = append(f.record.statements, said("2025-01-01", "x.", "says", topic.ID))
	}
	first := f.say("/stance russia")
	second := f.press(t, first, "More topics")
	if diff := cmp.Diff(text(first), text(f.press(t, second, "Previous topics"))); diff != "" {
		t.Error(diff)
	}
}
