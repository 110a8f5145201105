package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"parley/cmd/internal/measure"
	"parley/corpus"
	"parley/index"
)

func TestFolds(t *testing.T) {
	keys := []string{"b", "a", "b", "d", "c", "e", "a"}
	got := folds(keys, 2)
	if want := []int{1, 0, 1, 1, 0, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("%v; want %v", got, want)
	}
	if got, want := outside(keys, got, 0), []string{"b", "b", "d"}; !slices.Equal(got, want) {
		t.Errorf("outside fold 0: %v; want %v", got, want)
	}
}

func TestMinimiseFindsTheBottom(t *testing.T) {
	bottom := []float64{1, -2}
	got := minimise(2, 1000, func(w, grad []float64) {
		for i := range grad {
			grad[i] = 2 * (w[i] - bottom[i])
		}
	})
	for i := range got {
		if math.Abs(got[i]-bottom[i]) > 1e-3 {
			t.Errorf("%v; want %v", got, bottom)
		}
	}
}

func TestThin(t *testing.T) {
	questions := []measure.Question{{ID: "0"}, {ID: "1"}, {ID: "2"}, {ID: "3"}, {ID: "4"}}
	for n, want := range map[int][]string{0: nil, 2: {"0", "2"}, 5: {"0", "1", "2", "3", "4"}, 9: {"0", "1", "2", "3", "4"}} {
		var got []string
		for _, q := range thin(questions, n) {
			got = append(got, q.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d: %v; want %v", n, got, want)
		}
	}
}

func TestAnswers(t *testing.T) {
	from, to := 100, 120
	var p index.Passage
	p.Source = corpus.Source{ID: "a"}
	p.Text, p.Start, p.End = "Putin said so.", 90, 130
	for _, tc := range []struct {
		r    measure.Relevant
		want bool
	}{
		{measure.Relevant{Doc: "a"}, true},
		{measure.Relevant{Doc: "b"}, false},
		{measure.Relevant{Doc: "a", Contains: "said"}, true},
		{measure.Relevant{Doc: "a", Contains: "Said"}, false},
		{measure.Relevant{Doc: "a", Start: &from, End: &to}, true},
		{measure.Relevant{Doc: "a", Start: new(int), End: &to}, false},
	} {
		if got := answers(measure.Question{Relevant: []measure.Relevant{tc.r}}, &p); got != tc.want {
			t.Errorf("%+v: %t; want %t", tc.r, got, tc.want)
		}
	}
}

func TestArticle(t *testing.T) {
	e := example{question: measure.Question{Relevant: []measure.Relevant{{Doc: "Rhine-Ruhr-12"}}}}
	if got := e.article(); got != "Rhine-Ruhr" {
		t.Errorf("%q", got)
	}
}

func TestWeightsAreRoundedAndWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weights.json")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := weights{
		Rank:    named([]string{"title", "cover"}, []float64{1.23456, -0.0001}),
		Answers: trained{&boosted{bias: -2.00001, trees: []boostedTree{{leaf: [boostLeaves]float64{0.123456}}}}, 0.4, 0.5}.named([]string{"score"}),
	}
	if err := w.write(path); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var read weights
	if err := json.Unmarshal(got, &read); err != nil {
		t.Fatal(err)
	}
	tree := read.Answers.Trees[0]
	if read.Rank["title"] != 1.235 || math.Signbit(read.Rank["cover"]) || read.Answers.Bias != -2 || read.Answers.From != 0.4 ||
		tree.Feature[0] != "score" || tree.Leaf[0] != 0.1235 {
		t.Errorf("%s", got)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := w.write(filepath.Join(path, "below", "a", "file")); err == nil {
		t.Error("written below a file")
	}
}

func TestParse(t *testing.T) {
	o, err := parse([]string{"-out", "w.json", "-false-answers", "0.2"})
	if err != nil || o.out != "w.json" || o.devWeight != 1 || o.goals != (goals{0.2, 0.03, 0.07}) {
		t.Errorf("%+v, %v", o, err)
	}
	for _, args := range [][]string{
		{"more"}, {"-dev-weight", "0"}, {"-dev-weight", "NaN"}, {"-dev-weight", "Inf"},
		{"-false-answers", "1.1"}, {"-false-answers", "NaN"}, {"-off-topic", "-1"},
	} {
		if _, err := parse(args); err == nil {
			t.Errorf("%v were taken", args)
		}
	}
}
