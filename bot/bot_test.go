package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"parley/bot/argument"
	"parley/bot/wording"
	"parley/corpus"
	"parley/index"
	"parley/index/when"
)

// record is a small fake of the index: it answers with what it is told to, and
// remembers what it was asked.
type record struct {
	answer index.Answer
	err    error
	asked  []index.Question
	topics []string    // of every plan
	period when.Period // of every plan

	positions // positions_test.go
}

func (r *record) Ask(_ context.Context, q index.Question) (index.Answer, error) {
	r.asked = append(r.asked, q)
	a := r.answer
	a.Question, a.Plan = q.Text, &index.Plan{Topics: r.topics, Period: r.period}
	return a, r.err
}

func (r *record) Plan(_ context.Context, now time.Time, questions ...string) (plan *index.Plan, err error) {
	for _, text := range questions {
		r.asked = append(r.asked, index.Question{Text: text, Previous: plan, Now: now})
		plan = &index.Plan{Topics: r.topics, Period: r.period}
	}
	return plan, r.err
}

func (r *record) Document(_ context.Context, id string) (corpus.Source, []*index.Passage, bool, error) {
	if id != "rtw-1" && id != "2025" && !strings.HasPrefix(id, "kr-") {
		return corpus.Source{}, nil, false, nil
	}
	return rtw(id), []*index.Passage{
		{Passage: corpus.Passage{ID: id + "#0", Text: "It opens."}},
		{Passage: corpus.Passage{ID: id + "#1", Text: pentagon, Sentences: []corpus.Span{spanOf(pentagonKey)}}, Number: 1},
	}, true, nil
}

func (r *record) Record() (index.Record, error) {
	return index.Record{Documents: 3273, Newest: date("2026-05-08")}, r.err
}

const pentagon = "NATO met on Wednesday. Hegseth said a return to the old borders was unrealistic. Others disagreed."

const pentagonKey = "Hegseth said a return to the old borders was unrealistic."

func rtw(id string) corpus.Source {
	return corpus.Source{ID: id, Title: "The negotiations", Publisher: "RTW News", URL: "https://rtw.example/1", Published: date("2025-02")}
}

// hit is a passage of which the second sentence answers.
func hit() index.Hit {
	return index.Hit{
		ID: "rtw-1#1", Text: pentagon, End: len(pentagon),
		Excerpt:  spanOf(pentagonKey),
		Key:      spanOf(pentagonKey),
		Matches:  []corpus.Span{spanOf("borders")},
		Speakers: []string{"united-states"}, Speaker: "Hegseth", Source: rtw("rtw-1"),
	}
}

func spanOf(part string) corpus.Span {
	i := strings.Index(pentagon, part)
	return corpus.Span{Start: i, End: i + len(part)}
}

func date(s string) corpus.PartialDate {
	d, err := corpus.ParsePartialDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// fixture is a bot over a fake record, with a clock that stands still until moved.
type fixture struct {
	*Bot
	record *record
	clock  time.Time
	log    *strings.Builder
}

func newFixture(a index.Answer) *fixture {
	return newFixtureOver(&record{answer: a}, func(*Options) {})
}

// newFixtureOver is a fixture whose options a test sets.
func newFixtureOver(r *record, set func(*Options)) *fixture {
	f := &fixture{record: r, clock: time.Date(2026, 5, 9, 12, 0, 0, 0, time.UTC), log: &strings.Builder{}}
	o := Options{
		Index: f.record, Lexicon: testLexicon(), Now: func() time.Time { return f.clock },
		Log: slog.New(slog.NewTextHandler(f.log, nil)), ActorCommands: []ActorCommand{{"us", "united-states"}},
	}
	set(&o)
	f.Bot = New(o)
	return f
}

func answered(hits ...index.Hit) index.Answer {
	return index.Answer{
		Grade: index.GradeAnswer, Answered: true, Passages: hits,
		Coverage: &index.Coverage{Documents: 4, Publishers: 3, From: date("2025-02-12"), To: date("2026-05-08")},
		Record:   index.Record{Documents: 3273, Newest: date("2026-05-08")},
	}
}

func (f *fixture) say(line string) Reply {
	command, text := SplitCommand(line)
	return f.Handle(context.Background(), Request{User: "u", Conversation: "c", Command: command, Text: text})
}

// presenter speaks a language of the names in the tests.
func presenter(tag string) Presenter { return NewPresenter(testLexicon(), tag) }

// en is a phrase in English.
func en(p wording.Key) string { return wording.In(wording.English).Say(p) }

// text is all that a reply says, a line a block or citation line.
func text(r Reply) string {
	var lines []string
	for _, block := range r.Blocks {
		switch b := block.(type) {
		case Text:
			lines = append(lines, b.Line.String())
		case Note:
			lines = append(lines, b.Line.String())
		case List:
			lines = append(lines, b.Title)
			for _, item := range b.Items {
				lines = append(lines, "- "+item.String())
			}
		case Fields:
			lines = append(lines, b.Title)
			for _, row := range b.Rows {
				lines = append(lines, row.Name+": "+row.Value.String())
			}
		case Heading:
			lines = append(lines, "# "+b.Text)
		case Picture:
			lines = append(lines, b.Name+": "+b.Alt)
		case Quote:
			if len(b.Labels) > 0 {
				lines = append(lines, strings.Join(b.Labels, " · "))
			}
			lines = append(lines, fmt.Sprintf("%d %v %q %v", b.Number, b.CutBefore, b.Text(), b.CutAfter))
			for _, l := range b.Citation.Lines() {
				lines = append(lines, l.String())
			}
		}
	}
	return strings.Join(lines, "\n")
}

// allCommands are the commands of a bot that has all of its own.
func allCommands() (all []Command) {
	return newChat().Commands()
}

func TestTheTableFitsBothPlatforms(t *testing.T) {
	// Discord: docs/interactions/application-commands; Telegram: BotCommand. The stricter
	// of the two counts.
	name := regexp.MustCompile(`^[a-z0-9]{1,32}$`)
	seen := map[string]bool{}
	for _, c := range allCommands() {
		if !name.MatchString(c.Name) || seen[c.Path()] || (c.Run == nil) == (len(c.Parts) == 0) || len(c.Parts) > 25 {
			t.Errorf("command %q: bad or double name, or no handler", c.Path())
		}
		seen[c.Path()] = true
		if n := len([]rune(c.Describe("en"))); n < 1 || n > 100 {
			t.Errorf("/%s: description of %d characters", c.Name, n)
		}
		for i, o := range c.Options {
			if !name.MatchString(o.Name) || len(o.Describe("en")) < 1 || len([]rune(o.Describe("en"))) > 100 {
				t.Errorf("/%s %q: bad name or description", c.Name, o.Name)
			}
			if i > 0 && o.Required && !c.Options[i-1].Required {
				t.Errorf("/%s %s: required after optional", c.Name, o.Name)
			}
			if o.Rest && slices.ContainsFunc(c.Options[:i], func(before argument.Option) bool { return before.Rest }) {
				t.Errorf("/%s %s: a second one takes the rest", c.Name, o.Name)
			}
			if o.Complete != nil && len(o.Choices) > 0 || len(o.Choices) > 25 {
				t.Errorf("/%s %s: choices and completion, or over 25 choices", c.Name, o.Name)
			}
		}
	}
}

func TestAnAnswerQuotesCitesAndSaysWhatItCovers(t *testing.T) {
	brief := index.Hit{
		ID: "F016#0", Text: "A brief.", End: 8, Excerpt: corpus.Span{End: 8}, Key: corpus.Span{End: 8},
		Speakers: []string{"united-states"}, Speaker: "Hegseth",
		Source: corpus.Source{ID: "F016", Published: date("2025-02-12"), BasedOn: []corpus.Reference{
			{Publisher: "The Quint", URL: "https://quint.example/a"}, {Title: "A page", URL: "javascript:alert(1)"}}},
	}
	digest := hit()
	digest.Speaker, digest.Speakers = "", nil
	digest.Source = corpus.Source{ID: "ce-1", Title: "Talks", Publisher: "Wikipedia Current Events", Published: date("2025"), ReportedBy: []string{"Ukrinform"}}
	digest.AlsoIn = []corpus.Source{{Publisher: "Reuters", URL: "https://reuters.example"}, {}}
	own := hit()
	own.Source.Publisher, own.Speaker = "The White House", "The White House"
	unnamed := hit()
	unnamed.Speaker, unnamed.Source = "", corpus.Source{ID: "x"}

	a := answered(hit(), brief, digest, own, unnamed)
	a.Repairs = []index.Repair{{Written: "hegseht", Read: "hegseth"}}
	a.Balance = &index.Balance{Order: []string{"united-states", "ukraine"}, Silent: []string{"russia"}}
	want := `Read “hegseht” as “hegseth”.
1 true "Hegseth said a return to the old borders was unrealistic." true
Hegseth, reported by RTW News, “The negotiations”, February 2025
2 false "A brief." false
Parley’s summary, 12 February 2025, from 2 outlets: The Quint; A page
3 true "Hegseth said a return to the old borders was unrealistic." true
Wikipedia Current Events, citing Ukrinform, “Talks”, 2025
Also in Reuters, unnamed publisher
4 true "Hegseth said a return to the old borders was unrealistic." true
The White House, “The negotiations”, February 2025
5 true "Hegseth said a return to the old borders was unrealistic." true
United States, reported by unnamed publisher, “x”, undated
The question names no side: the passages are spread over the actors, in an order that turns from day to day. Today: United States, Ukraine.
Named in these passages, but not speaking in any that was found: Russia.
4 documents from 3 publishers, 12 February 2025 to 8 May 2026; the record goes through 8 May 2026.`
	reply := newFixture(a).say("what about the borders?")
	if diff := cmp.Diff(want, text(reply)); diff != "" {
		t.Error(diff)
	}
	for _, block := range reply.Blocks {
		if q, ok := block.(Quote); ok && q.Number == 2 {
			if want := []Page{{Run: Run{"The Quint", "https://quint.example/a"}}, {Run: Run{Text: "A page"}}}; !slices.Equal(q.Citation.BasedOn, want) {
				t.Errorf("the brief rests on %v; want %v", q.Citation.BasedOn, want)
			}
		}
	}
}

func TestNoMorePassagesThanFit(t *testing.T) {
	reply := newFixture(answered(hit(), hit(), hit(), hit(), hit(), hit(), hit())).say("borders")
	if n := strings.Count(text(reply), "RTW News"); n != MaxPassages {
		t.Errorf("%d passages; want %d", n, MaxPassages)
	}
}

func TestWhatTheRecordIsNotAboutIsRefused(t *testing.T) {
	a := index.Answer{
		Why:    "Looked for “pandas”.",
		Record: index.Record{Documents: 1, Newest: date("2026-05-08")},
	}
	f := newFixture(a)
	f.record.period = when.Period{Since: date("2026-01").Start()}
	got := text(f.say("pandas since January?"))
	want := `The record is not about this.
Looked for “pandas”. The time asked about: since 1 January 2026.
The record has 1 document and goes through 8 May 2026. It is about: Territory, `
	if !strings.HasPrefix(got, want) || strings.Count(got, "\n") != 2 {
		t.Error(cmp.Diff(want, got))
	}
}

func TestAPeriodAfterTheRecordSaysWhereTheRecordEnds(t *testing.T) {
	for since, want := range map[string]bool{"2026-05-09": true, "2026-05-08": false, "2025-01": false} {
		f := newFixture(index.Answer{Record: index.Record{Documents: 1, Newest: date("2026-05-08")}})
		f.record.period = when.Period{Since: date(since).Start()}
		got := text(f.say("what happened?"))
		if strings.Contains(got, "The record ends before that time, on 8 May 2026.") != want {
			t.Errorf("since %s: %s", since, got)
		}
	}
}

func TestTheClosestIsSetOffFromAnAnswer(t *testing.T) {
	a := answered(hit(), hit())
	a.Grade, a.Answered, a.Why = index.GradeClosest, false, "Looked for “pandas”."
	a.EnglishOnly = true
	reply := newFixture(a).say("панди?")
	if h, ok := reply.Blocks[0].(Heading); !ok || h.Text != "The record may not answer this. The closest that it has:" {
		t.Errorf("it begins with %#v", reply.Blocks[0])
	}
	var marks []string
	for _, block := range reply.Blocks {
		if q, ok := block.(Quote); ok {
			marks = append(marks, q.Mark())
		}
	}
	if diff := cmp.Diff([]string{"≈1", "≈2"}, marks); diff != "" {
		t.Error(diff)
	}
	for _, want := range []string{"Looked for “pandas”.", "The sources on this are in English"} {
		if !strings.Contains(text(reply), want) {
			t.Errorf("%q is missing in %s", want, text(reply))
		}
	}
	if len(reply.Actions) == 0 || !strings.Contains(reply.Actions[0].Label, "context") && len(reply.Actions) < 3 {
		t.Errorf("the buttons of an answer are missing: %+v", reply.Actions)
	}
}

func TestABriefCountsItsOutletsAndAgencies(t *testing.T) {
	for want, publishers := range map[string][]string{
		"1 outlet":              {"Babel"},
		"2 outlets":             {"Babel", "The Quint", "Babel"},
		"3 outlets, 1 agency":   {"The Straits Times (Reuters)", "Devdiscourse (Reuters)", "Babel"},
		"2 outlets, 2 agencies": {"Mittelhessen (dpa/AP)", "The Hindu (AP)"},
		"1 outlet, 1 agency":    {"TASS", "Babel (BBC copy)"},
		"1 agency":              {"Interfax-Ukraine"},
		"1 outlet, 3 agencies":  {"TRT World (citing Reuters, AFP)", "TASS"},
	} {
		var c Citation
		for _, name := range publishers {
			c.BasedOn = append(c.BasedOn, Page{Run: Run{Text: name}})
		}
		if got := c.reports(wording.In("en")); got != want {
			t.Errorf("%q: %q; want %q", publishers, got, want)
		}
	}
}

func TestSegmentsMarkKeyAndMatchesAndLoseNothing(t *testing.T) {
	got := presenter("en").quote(1, hit())
	want := []Segment{
		{"Hegseth said a return to the old ", true, false}, {"borders", true, true}, {" was unrealistic.", true, false},
	}
	if diff := cmp.Diff(want, got.Segments); diff != "" {
		t.Error(diff)
	}
	// Spans outside the excerpt, empty or overlapping mark nothing and cut nothing.
	odd := segments("äbc déf", corpus.Span{Start: 2, End: 8}, corpus.Span{Start: 0, End: 4}, []corpus.Span{{Start: 0, End: 1}, {Start: 3, End: 3}, {Start: 5, End: 9}, {Start: 6, End: 8}})
	if joined := (Quote{Segments: odd}).Text(); joined != "äbc déf"[2:8] {
		t.Errorf("joined %q", joined)
	}
}

func TestAFollowUpBringsTheQuestionBefore(t *testing.T) {
	f := newFixture(answered(hit()))
	f.say("what does Moscow want?")
	f.say("and Kyiv?")
	f.Handle(context.Background(), Request{User: "u", Conversation: "elsewhere", Text: "and Kyiv?"})
	f.clock = f.clock.Add(sessionAge + time.Second)
	f.say("and Kyiv?")
	for i, wantPrevious := range []bool{false, true, false, false} {
		if got := f.record.asked[i].Previous != nil; got != wantPrevious {
			t.Errorf("question %d: previous plan %t; want %t", i, got, wantPrevious)
		}
	}
}

func TestSourceShowsThePassageOrTheDocument(t *testing.T) {
	f := newFixture(answered(hit(), hit()))
	card := "The negotiations\nPublisher: RTW News\nDate: February 2025\nLink: https://rtw.example/1\nDocument: rtw-1, 2 passages"
	passage := "\n0 true \"" + pentagon + "\" false\nRTW News, “The negotiations”, February 2025"
	for _, step := range []struct{ line, want string }{
		{"/source 2", en("nothing_shown")},
		{"/source 2025", strings.ReplaceAll(card, "rtw-1,", "2025,")},
		{"/source nobody", "The record has no document “nobody”."},
		{"/source", "The passage is missing: /source passage"},
		{"borders?", ""},
		{"/source 2", card + passage},
		{"/source 3", "The last answer here showed 2 passages: give a number from 1 to 2, or the id of a document."},
		{"/source rtw-1", card},
		{"/source rtw-1#1", card + passage},
		{"/source rtw-1#9", card},
	} {
		if got := text(f.say(step.line)); step.want != "" && got != step.want {
			t.Errorf("%s: got\n%s\nwant\n%s", step.line, got, step.want)
		}
	}
}

func TestWhatWasShownStaysWhileNothingElseIsShown(t *testing.T) {
	f := newFixture(answered(hit()))
	f.say("borders?")
	f.record.answer = index.Answer{Why: "Nothing."}
	f.say("pandas?")
	if got := text(f.say("/source 1")); !strings.HasPrefix(got, "The negotiations") {
		t.Errorf("got %s", got)
	}
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	f := newFixture(answered(hit()))
	for line, want := range map[string]string{
		"/nonsense":                           "There is no command /nonsense. /help lists the commands.",
		"/ask":                                "The question is missing: /ask [newest] [page] question",
		strings.Repeat("ж ", 251):             "The question has 501 characters; at most 500 can be read.",
		"/source " + strings.Repeat("x", 201): "The passage has 201 characters; at most 200 can be read.",
	} {
		if got := text(f.say(line)); got != want {
			t.Errorf("%.20q: got %q; want %q", line, got, want)
		}
	}
	if len(f.record.asked) != 0 {
		t.Errorf("the record was asked %d times", len(f.record.asked))
	}
}

func TestAFailureIsSafeForTheUserAndPlainInTheLog(t *testing.T) {
	f := newFixture(index.Answer{})
	f.record.err = errors.New("disk on fire at /var/secret")
	if got := text(f.say("borders?")); got != en("failed") {
		t.Errorf("said %q", got)
	}
	if !strings.Contains(f.log.String(), "disk on fire") {
		t.Errorf("logged %q", f.log)
	}
}

func TestWhoAsksTooFastIsNotAnswered(t *testing.T) {
	f := newFixture(answered(hit()))
	f.allow = func(user string) bool { return user != "u" }
	if got := text(f.say("borders?")); got != en("too_fast") || len(f.record.asked) != 0 {
		t.Errorf("said %q", got)
	}
}

func TestHelpListsTheTable(t *testing.T) {
	f := newFixture(index.Answer{})
	got := text(f.say("/help"))
	for _, c := range f.Commands() {
		if !strings.Contains(got, c.Usage()+": "+c.Describe("en")) {
			t.Errorf("/help lacks %s", c.Name)
		}
	}
	for _, want := range []string{"3,273 documents and goes through 8 May 2026.", "Show what the United States said on a topic"} {
		if !strings.Contains(got, want) {
			t.Errorf("/help lacks %s: %s", want, got)
		}
	}
}

func TestCompleteProposesWhatTheOptionProposes(t *testing.T) {
	f := newFixture(index.Answer{})
	f.commands = append(f.commands, Command{Name: "fake", Options: []argument.Option{{
		Name: "actor",
		Complete: func(_ wording.Language, typed string) []argument.Choice {
			return []argument.Choice{{Name: "Russia", Value: typed}}
		},
	}}})
	if got := f.Complete(context.Background(), Request{Command: "fake"}, "actor", "ru"); !slices.Equal(got, []argument.Choice{{Name: "Russia", Value: "ru"}}) {
		t.Errorf("got %v", got)
	}
	if got := f.Complete(context.Background(), Request{Command: "ask"}, "question", "ru"); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestCoverageLineInAllItsForms(t *testing.T) {
	one := &index.Coverage{Documents: 1, Publishers: 1, From: date("2025-02"), To: date("2025-02")}
	undated := &index.Coverage{Documents: 2, Publishers: 1}
	known := index.Record{Documents: 1234567, Newest: date("2026")}
	for want, got := range map[string]string{
		"1 document from 1 publisher, February 2025; the record goes through 2026.": presenter("en").coverageLine(one, known),
		"2 documents from 1 publisher.":                                             presenter("en").coverageLine(undated, index.Record{}),
		"The record has 1,234,567 documents and goes through 2026.":                 presenter("en").coverageLine(nil, known),
		"The record has 0 documents.":                                               presenter("en").RecordLine(index.Record{}),
	} {
		if got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	}
}

func FuzzHandle(f *testing.F) {
	for _, s := range []string{"", "/", "/ask", "what?", "/source 1", "/source a#1", "/SOURCE \"x", "/help me", "\xff/ask", "/ask\u00a0x", "/source 99999999999999999999",
		"/stance russia territory since:2025 page 2", "/settings language uk here:true private", "/doctor", "/context 1", "/context a#1@3-9", "/ask page:2 newest:1 after:- x", "/stance page:0", "/compare territory a, b", "/timeline since \"\"", "/check Russia.", "/us crimea until last week"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		fix := newFixture(answered(hit()))
		fix.say("borders?")
		command, typed := SplitCommand(line)
		for _, language := range append(wording.Languages(), line) {
			reply := fix.Handle(context.Background(), Request{
				User: "u", Conversation: "c", Chat: "x", Channel: "1", Manager: true, Language: language, Command: command, Text: typed,
			})
			if len(reply.Blocks) == 0 || len(reply.Actions) > maxActions {
				t.Errorf("%q: %d blocks, %d actions", line, len(reply.Blocks), len(reply.Actions))
			}
			if said := text(reply); !utf8.ValidString(said) || strings.Contains(said, "<no value>") {
				t.Errorf("%q: said %q", line, said)
			}
			fix.Complete(context.Background(), Request{Command: "compare", Language: language}, "actors", line)
		}
		if strings.ContainsFunc(command, unicode.IsSpace) {
			t.Errorf("%q: command %q", line, command)
		}
		for _, q := range fix.record.asked {
			if n := len([]rune(q.Text)); n < 1 || n > MaxQuestion {
				t.Errorf("%q: asked %d characters", line, n)
			}
		}
		if fix.log.Len() > 0 {
			t.Errorf("%q: failed: %s", line, fix.log)
		}
	})
}
