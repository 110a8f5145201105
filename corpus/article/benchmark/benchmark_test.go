package benchmark

import (
	"math"
	"testing"
)

func TestCompare(t *testing.T) {
	for name, c := range map[string]struct {
		want, got string
		score     Score
	}{
		"other words":       {"one two three four five", "six seven eight", Score{0, 0, true}},
		"case counts":       {"one two three four", "One two three four", Score{0, 0, true}},
		"punctuation":       {"one two, three four.", "one two\n\nthree four", Score{1, 1, true}},
		"half found":        {"a b c d e f g h", "a b c d e", Score{1, 2.0 / 5, true}},
		"more than there":   {"a b c d", "a b c d e f", Score{1.0 / 3, 1, true}},
		"repeated once":     {"a b c d a b c d", "a b c d", Score{1, 1.0 / 5, true}},
		"nothing found":     {"a b c d", " – ", Score{1, 0, false}},
		"short":             {"a b", "a b", Score{1, 1, true}},
		"nothing to find":   {"", "", Score{1, 1, false}},
		"letters and marks": {"переговори у Києві тривають далі", "переговори у Києві тривають", Score{1, 1.0 / 2, true}},
	} {
		if got := Compare(c.want, c.got); math.Abs(got.Precision-c.score.Precision) > 1e-9 || math.Abs(got.Recall-c.score.Recall) > 1e-9 || got.Found != c.score.Found {
			t.Errorf("%s: %+v, want %+v", name, got, c.score)
		}
	}
}

func TestAverage(t *testing.T) {
	f := Average([]Score{{1, 0.5, true}, {0.5, 1, true}, {0, 0, false}})
	if f.Precision != 0.75 || f.Recall != 0.5 || f.F1 != 0.6 {
		t.Errorf("%+v, want precision 0.75 of the two pages with text, recall 0.5 of all three, F1 0.6", f)
	}
}

func TestSpread(t *testing.T) {
	if s := Spread([]Score{{0.8, 0.9, true}, {0.8, 0.9, true}}); s.F1 > 1e-6 {
		t.Errorf("equal pages spread by %v", s.F1)
	}
	if s := Spread([]Score{{1, 1, true}, {0.5, 0.5, true}, {0, 0, true}}); s.F1 < 0.1 {
		t.Errorf("unequal pages spread by %v only", s.F1)
	}
}
