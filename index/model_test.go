package index

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// weights are the embedded weights, changed.
func weights(t *testing.T, change func(*weightsFile)) []byte {
	t.Helper()
	var file weightsFile
	if err := json.Unmarshal(weightsJSON, &file); err != nil {
		t.Fatal(err)
	}
	change(&file)
	b, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWeightsHaveEveryFeatureAndNoOther(t *testing.T) {
	t.Parallel()
	weights(t, func(file *weightsFile) {
		for _, name := range featureNames {
			if _, ok := file.Rank[name]; !ok {
				t.Errorf("no weight for the feature %q", name)
			}
			delete(file.Rank, name)
		}
		for name := range file.Rank {
			t.Errorf("a weight for %q, which is not measured", name)
		}
	})
}

func TestFeaturesAndSignalsHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, name := range featureNames {
		if name == "" || seen[name] {
			t.Errorf("feature name %q is empty or stands twice", name)
		}
		seen[name] = true
	}
	clear(seen)
	for _, name := range signalNames {
		if name == "" || seen[name] {
			t.Errorf("name of a signal %q is empty or stands twice", name)
		}
		seen[name] = true
	}
}

func TestJudgesGiveProbabilitiesWhateverIsMeasured(t *testing.T) {
	t.Parallel()
	m, err := loadModel(weightsJSON)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.answers.trees) == 0 || len(m.about.trees) == 0 {
		t.Fatal("a judge has no trees")
	}
	for _, x := range []float64{0, 0.5, 1, -1e9, 1e9, math.Inf(1), math.NaN()} {
		var d signals
		for i := range d {
			d[i] = x
		}
		for _, j := range []judge{m.answers, m.about} {
			if p := j.probability(&d); !(p >= 0 && p <= 1) {
				t.Errorf("probability %v where all signals are %v", p, x)
			}
		}
	}
}

func TestLoadModelRefusesABadFile(t *testing.T) {
	t.Parallel()
	for want, file := range map[string][]byte{
		"unexpected end":        []byte(`{"rank": {`),
		"cannot unmarshal":      []byte(`{"rank": {"bm25": "much"}}`),
		"which is not measured": weights(t, func(f *weightsFile) { f.Answers.Trees[0].Feature[2] = "mood" }),
		"tree 1 is not of":      weights(t, func(f *weightsFile) { f.Answers.Trees[1].Leaf = f.Answers.Trees[1].Leaf[1:] }),
		"not a probability":     weights(t, func(f *weightsFile) { f.About.From = 1 }),
		"tree 0 is not of":      weights(t, func(f *weightsFile) { f.Answers.Trees[0].At = nil }),
	} {
		if _, err := loadModel(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
