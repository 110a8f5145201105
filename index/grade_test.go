package index_test

import (
	"encoding/json"
	"testing"

	"parley/index"
)

func TestAGradeIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	for _, g := range []index.Grade{index.GradeNone, index.GradeClosest, index.GradeAnswer} {
		written, err := json.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		var read index.Grade
		if err := json.Unmarshal(written, &read); err != nil || read != g || string(written) != `"`+g.String()+`"` {
			t.Errorf("%v: %s, %v, %v", g, written, read, err)
		}
	}
	if err := json.Unmarshal([]byte(`"perhaps"`), new(index.Grade)); err == nil {
		t.Error("perhaps is no grade")
	}
}

func TestWhatTheRecordIsNotAboutIsGradedNone(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]index.Grade{
		"best borscht recipe please":        index.GradeNone,
		"яка завтра погода у Києві":         index.GradeNone,
		"you stupid bot":                    index.GradeNone,
		"":                                  index.GradeNone,
		"how many troops will Warsaw send?": index.GradeClosest,
		"when did Ukraine apply for fast-track NATO membership?": index.GradeAnswer,
	} {
		if got := ask(t, question).Grade; got != want {
			t.Errorf("%q: %v, want %v", question, got, want)
		}
	}
}
