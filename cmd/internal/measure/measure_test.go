package measure

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// at is a question about a document with the kind and the confidence of its answer,
// ranked so that the right passage stands at rank, 0 for nowhere.
func at(kind string, answerable, answered bool, confidence float64, rank int, took time.Duration) (Question, Result) {
	q := Question{ID: "q", Question: "?", Kind: kind, Answerable: answerable, Relevant: []Relevant{{Doc: "right"}}}
	r := Result{Grade: "closest", Confidence: confidence, Took: took}
	if answered {
		r.Grade = "answer"
	}
	for i := 1; i <= 12; i++ {
		p := Passage{Doc: "wrong"}
		if i == rank {
			p.Doc = "right"
		}
		r.Ranked = append(r.Ranked, p)
	}
	r.Shown = r.Ranked[:3]
	return q, r
}

func TestAKnownRankingHasKnownFigures(t *testing.T) {
	var qs []Question
	var rs []Result
	add := func(q Question, r Result) { qs, rs = append(qs, q), append(rs, r) }
	add(at("who", true, true, 0.9, 1, 10*time.Millisecond))
	add(at("who", true, true, 0.8, 2, 20*time.Millisecond))
	add(at("when", true, false, 0.5, 10, 30*time.Millisecond))
	add(at("when", true, true, 0.7, 11, 40*time.Millisecond))
	add(at("trick", false, true, 0.8, 5, 50*time.Millisecond))
	q, r := at("off", false, false, 0.1, 0, 60*time.Millisecond)
	q.Relevant = nil // nothing could have been found
	q.Note, r.Grade, r.Shown = "off-topic: sport", "none", nil
	add(q, r)

	report := Measure(qs, rs)
	if report.Questions != 6 || report.Answerable != 4 {
		t.Errorf("%d questions, %d answerable", report.Questions, report.Answerable)
	}
	for _, want := range []Figure{
		{"recall@1", 1.0 / 5, 5},
		{"recall@5", 3.0 / 5, 5},
		{"recall@10", 4.0 / 5, 5},
		{"mrr@10", (1 + 0.5 + 0.1 + 0.2) / 5, 5},
		{"shown_right", 0.5, 4},
		{"false_answers", 0.5, 2},
		{"off_topic_none", 1, 1},
		{"on_topic_none", 0, 5},
		// 0.1: none of 1; 0.5: none; 0.7: none; 0.8: one of two; 0.9: one.
		{"calibration", (0.1 + 0.5 + 0.7 + 2*0.3 + 0.1) / 6, 6},
		{"answers", 0.75, 4},
		{"first_right", 1.0 / 3, 3},
		// Pairs won: 0.9 two, 0.8 one and a tie, 0.5 one, 0.7 one of two each.
		{"auc", 5.5 / 8, 6},
		{"p50_ms", 30, 6},
		{"p95_ms", 60, 6},
		{"p99_ms", 60, 6},
	} {
		got, ok := report.Figure(want.Name)
		if !ok || got.N != want.N || math.Abs(got.Value-want.Value) > 1e-12 {
			t.Errorf("got %+v; want %+v", got, want)
		}
	}
	wantGrades := []Grade{{"answer", 4, 3, 0, 2}, {"closest", 1, 1, 0, 0}, {"none", 1, 0, 1, 0}}
	if diff := cmp.Diff(wantGrades, report.Grades); diff != "" {
		t.Error(diff)
	}
	if f, ok := report.Figure("answers/en"); !ok || f.Value != 0.75 {
		t.Errorf("answers/en: %+v, %v", f, ok)
	}
	if _, ok := report.Figure("answers/uk"); ok {
		t.Error("there is a figure of a language without questions")
	}
	if len(report.Languages) != 1 || report.Languages[0].Language != "en" || report.Languages[0].Questions != 6 {
		t.Errorf("%+v", report.Languages)
	}
	var kinds []string
	for _, k := range report.Kinds {
		kinds = append(kinds, k.Kind)
	}
	if diff := cmp.Diff([]string{"off", "trick", "when", "who"}, kinds); diff != "" {
		t.Error(diff)
	}
	if got := report.Kinds[3].Figures[0]; got != (Figure{"recall@1", 0.5, 2}) {
		t.Errorf("who: %+v", got)
	}
}

func TestAllEqualConfidenceTellsNothing(t *testing.T) {
	q1, r1 := at("", true, true, 0.5, 1, 0)
	q2, r2 := at("", false, true, 0.5, 1, 0)
	f, _ := Measure([]Question{q1, q2, q2}, []Result{r1, r2, r2}).Figure("auc")
	if f.Value != 0.5 {
		t.Errorf("auc %v; want 0.5", f.Value)
	}
}

func TestAFigureWithoutCasesIsNone(t *testing.T) {
	q, r := at("", true, true, 0.5, 1, 0)
	report := Measure([]Question{q}, []Result{r})
	f, _ := report.Figure("auc")
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if string(b) != `{"name":"auc","value":null,"n":0}` || f.String() != "-" {
		t.Errorf("%s, %s", b, f)
	}
}

func TestRight(t *testing.T) {
	from, to := 100, 120
	p := Passage{Doc: "a", Text: "Putin said so.", Start: 90, End: 130}
	for _, tc := range []struct {
		r    Relevant
		want bool
	}{
		{Relevant{Doc: "a"}, true},
		{Relevant{Doc: "b"}, false},
		{Relevant{Doc: "a", Contains: "said"}, true},
		{Relevant{Doc: "a", Contains: "Said"}, false},
		{Relevant{Doc: "a", Start: &from, End: &to}, true},
		{Relevant{Doc: "a", Start: new(int), End: &to}, false},
	} {
		if got := (Question{Relevant: []Relevant{tc.r}}).Right(p); got != tc.want {
			t.Errorf("%+v: %t; want %t", tc.r, got, tc.want)
		}
	}
}

func TestReadReportsEveryProblemWithItsLine(t *testing.T) {
	in := strings.Join([]string{
		`{"id":"1","question":"a?","answerable":true,"relevant":[{"doc":"x","start":1,"end":2}],"note":"n","asked_by":"someone"}`,
		``,
		`{"id":"1","question":"b?","answerable":false}`,
		`{"id":"2","question":" ","answerable":false}`,
		`{"question":"c?"}`,
		`not json`,
		`{"id":"3","question":"d?","answerable":true}`,
		`{"id":"4","question":"e?","answerable":false,"relevant":[{"contains":"x"}]}`,
		`{"id":"5","question":"f?","answerable":false,"relevant":[{"doc":"x","start":3,"end":3}]}`,
		`{"id":"6","question":"g?","answerable":false,"relevant":[{"doc":"x","end":3}]}`,
		"{\"id\":\"7\",\"question\":\"\xff\"}",
	}, "\n")
	_, err := Read("q.jsonl", strings.NewReader(in))
	want := `q.jsonl:3: the id "1" stands in line 1 already
q.jsonl:4: "question" is missing
q.jsonl:5: "id" is missing
q.jsonl:6: not a question in JSON: invalid character 'o' in literal null (expecting 'u')
q.jsonl:7: the question is answerable, but "relevant" names no passage
q.jsonl:8: relevant[0] has no "doc"
q.jsonl:9: relevant[0]: "start" 3 is not before "end" 3
q.jsonl:10: relevant[0] has only one of "start" and "end"
q.jsonl:11: the line is not UTF-8`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}
	if _, err := Read("empty.jsonl", strings.NewReader("\n")); err == nil {
		t.Error("an empty file was read")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"id":"1","question":"a?","answerable":true,"relevant":[{"doc":"x","start":1,"end":2}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		questions, err := Read("f", strings.NewReader(s))
		if err == nil && len(questions) == 0 {
			t.Error("neither questions nor an error")
		}
		results := make([]Result, len(questions))
		for i := range results {
			results[i].Ranked = []Passage{{Doc: "x", Text: s, End: len(s)}}
		}
		Measure(questions, results)
	})
}

func TestStatementsCountActorsTopicsAndPairs(t *testing.T) {
	got := Statements("x", []Pair{
		{Found: Stated{[]string{"a", "b"}, []string{"t"}}, Labelled: Stated{[]string{"a"}, []string{"t", "u"}}},
		{Found: Stated{}, Labelled: Stated{[]string{"c"}, []string{"t"}}},
		{Found: Stated{[]string{"d"}, []string{"t"}}, Labelled: Stated{}},
	})
	want := []Figure{
		{"x_actors_precision", 1.0 / 3, 3}, {"x_actors_recall", 0.5, 2}, {"x_actors_f1", 0.4, 2},
		{"x_topics_precision", 0.5, 2}, {"x_topics_recall", 1.0 / 3, 3}, {"x_topics_f1", 0.4, 3},
		{"x_pairs_precision", 1.0 / 3, 3}, {"x_pairs_recall", 1.0 / 3, 3}, {"x_pairs_f1", 1.0 / 3, 3},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Error(diff)
	}
	for _, f := range Statements("none", nil) {
		if f.N != 0 || f.Value != 0 {
			t.Errorf("%+v", f)
		}
	}
}

func TestADialogueIsReadAsItsTurns(t *testing.T) {
	got, err := Read("q.jsonl", strings.NewReader(`{"id":"T","lang":"uk","turns":[{"question":"one?","answerable":true,"relevant":[{"doc":"a"}]},{"question":"and two?","kind":"why"}]}
{"id":"S","question":"alone?"}
`))
	if err != nil {
		t.Fatal(err)
	}
	var read []string
	for _, q := range got {
		read = append(read, fmt.Sprintf("%s %d %s %s %v", q.ID, q.Turn, q.Language, q.Kind, q.Answerable))
	}
	if diff := cmp.Diff([]string{"T.1 1 uk  true", "T.2 2 uk why false", "S 0   false"}, read); diff != "" {
		t.Error(diff)
	}
	for line, want := range map[string]string{
		`{"id":"T","turns":[]}`:                                  `"turns" has no question`,
		`{"turns":[{"question":"one?"}]}`:                        `"id" is missing`,
		`{"id":"T","question":"q","turns":[{"question":"one"}]}`: `both "question" and "turns"`,
		`{"id":"T","turns":[{"question":"one"},{}]}`:             `turn 2: "question" is missing`,
	} {
		if _, err := Read("q.jsonl", strings.NewReader(line)); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "q.jsonl:1: ") {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}

func TestOffTopicIsToldByKindOrNote(t *testing.T) {
	for _, c := range []struct {
		q    Question
		want bool
	}{
		{Question{Kind: "off-topic"}, true},
		{Question{Kind: "smalltalk"}, true},
		{Question{Kind: "who", Note: "small talk"}, true},
		{Question{Kind: "who", Note: "off-topic: sport"}, true},
		{Question{Kind: "who", Note: "near-miss: name not told"}, false},
		{Question{Kind: "off-topic", Answerable: true}, false},
	} {
		if got := c.q.OffTopic(); got != c.want {
			t.Errorf("%+v: %v", c.q, got)
		}
	}
}
