package index_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"parley/corpus"
	"parley/index"
)

func TestAnswersKeepTheRules(t *testing.T) {
	t.Parallel()
	answered := 0
	for _, q := range devQuestions(t, 5) {
		got := ask(t, q.Question)
		if got.Answered {
			answered++
		}
		for _, problem := range faults(t, got) {
			t.Errorf("%s %q: %s", q.ID, q.Question, problem)
		}
	}
	if answered < 20 {
		t.Errorf("only %d questions were answered: the rules of an answer were hardly tested", answered)
	}
}

// faults are the rules that an answer from the briefs breaks.
func faults(t testing.TB, a index.Answer) (broken []string) {
	t.Helper()
	rule := func(kept bool, name string) {
		if !kept {
			broken = append(broken, name)
		}
	}
	rule(a.Answered == (a.Grade == index.GradeAnswer), "answered is another grade than answer")
	rule((a.Grade == index.GradeNone) == (len(a.Passages) == 0), "only of grade none has an answer no passage")
	rule(a.Answered == (a.Why == ""), "why is for what is not answered")
	rule((a.Grade == index.GradeNone) == (a.Coverage == nil), "coverage is for what is shown")
	rule(a.Grade != index.GradeClosest || len(a.Passages) <= 3, "more than three passages are closest")
	rule(a.Passages != nil, "passages are null in JSON")
	rule(len(a.Passages) <= 5, "more than five passages are shown")
	rule(len(a.Ranked) <= 10, "more than ten passages are ranked")
	rule(a.Confidence >= 0 && a.Confidence <= 1, "the confidence is no probability")
	rule(a.Plan != nil, "no plan for the next question")
	ids := shown(a)
	slices.Sort(ids)
	rule(len(slices.Compact(ids)) == len(a.Passages), "a passage is shown twice")
	for _, h := range append(a.Passages, a.Ranked...) {
		broken = append(broken, hitFaults(t, h)...)
	}
	if a.Coverage != nil {
		broken = append(broken, coverageFaults(a)...)
	}
	return broken
}

// hitFaults are the rules that a passage of the briefs breaks.
func hitFaults(t testing.TB, h index.Hit) (broken []string) {
	t.Helper()
	rule := func(kept bool, name string) {
		if !kept {
			broken = append(broken, h.ID+": "+name)
		}
	}
	doc := documents()[h.Source.ID]
	if rule(within(corpus.Span{Start: h.Start, End: h.End}, doc.Text), "the span is not in the document"); len(broken) > 0 {
		return broken
	}
	rule(h.Text == doc.Text[h.Start:h.End], "the text is not that of the document")
	rule(h.Source.IsBrief() && slices.Equal(h.Source.BasedOn, doc.BasedOn), "the brief does not name what it is based on")
	if rule(within(h.Excerpt, h.Text) && within(h.Key, h.Text), "excerpt or key is not in the text"); len(broken) > 0 {
		return broken
	}
	rule(h.Excerpt.Contains(h.Key), "the key is not in the excerpt")
	from, to, key := sentencesOf(t, h)
	rule(from >= 0 && to >= from && to-from < 3, "the excerpt is not one to three sentences")
	rule(key, "the key is no sentence")
	rule(h.Speakers != nil && h.Topics != nil, "a list is null in JSON")
	for _, id := range h.Speakers {
		_, known := names().Actor(id)
		rule(known, "the lexicon has no speaker "+id)
	}
	end := 0
	for _, m := range h.Matches {
		rule(m.Start >= end && m.Len() > 0 && within(m, h.Text), "matches overlap or leave the text")
		end = m.End
	}
	return broken
}

// within reports whether a span lies in a text and does not cut a character.
func within(s corpus.Span, text string) bool {
	return s.Start >= 0 && s.Start <= s.End && s.End <= len(text) && utf8.ValidString(s.In(text))
}

// sentencesOf are the numbers of the first and the last sentence of the excerpt, -1 for a
// bound that is none, and whether the key is a sentence.
func sentencesOf(t testing.TB, h index.Hit) (from, to int, key bool) {
	t.Helper()
	_, passages, ok, err := shared().Document(t.Context(), h.Source.ID)
	at := slices.IndexFunc(passages, func(p *index.Passage) bool { return p.ID == h.ID })
	if err != nil || !ok || at < 0 {
		t.Fatalf("passage %s is not in its document (%v)", h.ID, err)
	}
	sentences := passages[at].Sentences
	from = slices.IndexFunc(sentences, func(s corpus.Span) bool { return s.Start == h.Excerpt.Start })
	to = slices.IndexFunc(sentences, func(s corpus.Span) bool { return s.End == h.Excerpt.End })
	return from, to, slices.Contains(sentences, h.Key)
}

func coverageFaults(a index.Answer) (broken []string) {
	first, last := corpus.PartialDate{}, corpus.PartialDate{}
	for d := range maps.Values(documents()) {
		if p := d.Published; first.IsZero() || p.Compare(first) < 0 {
			first = p
		}
		if d.Published.Compare(last) > 0 {
			last = d.Published
		}
	}
	c := a.Coverage
	if c.From.Compare(first) < 0 || c.To.Compare(last) > 0 || c.From.Compare(c.To) > 0 {
		broken = append(broken, "the coverage leaves the dates of the record")
	}
	if c.Documents < 1 || c.Documents > len(documents()) || c.Publishers < 1 {
		broken = append(broken, "the coverage counts wrong")
	}
	if a.Record.Newest.Compare(last) != 0 || a.Record.Documents != len(documents()) || a.Record.Version == "" {
		broken = append(broken, "the record is described wrong")
	}
	return broken
}

func TestJSONHasTheDocumentedKeys(t *testing.T) {
	t.Parallel()
	contract := map[string]struct{ always, sometimes string }{
		"":                             {"question grade answered why confidence passages record", "coverage balance repairs"},
		"record":                       {"documents passages newest version", ""},
		"coverage":                     {"documents publishers from to", ""},
		"balance":                      {"order silent", "more"},
		"repairs[]":                    {"written read", ""},
		"passages[]":                   {"id text start end excerpt key score speakers topics source", "speaker also_in"},
		"passages[].excerpt":           {"start end", ""},
		"passages[].key":               {"start end", ""},
		"passages[].source":            {"id title publisher author url published license language based_on", ""},
		"passages[].source.based_on[]": {"title publisher url published", ""},
	}
	seen := map[string]bool{}
	for _, question := range []string{
		"what does Kyiv want on territory?", "what is said about territory?", "best borscht recipe please", "who is hegseht?", "",
		"did hegseth rule out american boots on the ground?", "is polnd sending soldiers to ukriane?",
	} {
		encoded, err := json.Marshal(ask(t, question))
		if err != nil {
			t.Fatal(err)
		}
		var decoded map[string]any
		if err := json.Unmarshal(encoded, &decoded); err != nil {
			t.Fatal(err)
		}
		walk("", decoded, func(path string, object map[string]any) {
			seen[path] = true
			keys, ok := contract[path]
			if !ok {
				t.Errorf("%q: undocumented object %s", question, path)
			}
			always, sometimes := strings.Fields(keys.always), strings.Fields(keys.sometimes)
			for _, k := range always {
				if _, ok := object[k]; !ok {
					t.Errorf("%q: %s lacks the key %s", question, path, k)
				}
			}
			for k, v := range object {
				if v == nil {
					t.Errorf("%q: %s.%s is null", question, path, k)
				}
				if !slices.Contains(always, k) && !slices.Contains(sometimes, k) {
					t.Errorf("%q: %s has the undocumented key %s", question, path, k)
				}
			}
		})
	}
	for path := range contract {
		if !seen[path] {
			t.Errorf("no answer had %s: the contract was not tested", path)
		}
	}
}

// walk visits all objects of a decoded JSON value with their paths.
func walk(path string, v any, visit func(string, map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(path, v)
		for k, child := range v {
			walk(strings.TrimPrefix(path+"."+k, "."), child, visit)
		}
	case []any:
		for _, child := range v {
			walk(path+"[]", child, visit)
		}
	}
}
