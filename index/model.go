package index

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

//go:embed weights.json
var weightsJSON []byte

// model is the trained part: linear weights for the ranking, and two judges of a question
// by its signals. cmd/train makes weights.json.
type model struct {
	rank    vector
	answers judge // whether the passages that are shown answer the question
	about   judge // whether the record is about the question at all
}

// judge tells the probability of something, by boosted trees that are calibrated: of the
// questions with probability p a share of p is so.
type judge struct {
	from           float64 // the probability from which it counts as so,
	fromTranslated float64 // and where words of the question were translated, which proves less
	bias           float64 // logit
	trees          []tree
}

// holds reports whether a probability is high enough for a question.
func (j *judge) holds(probability float64, p *Plan) bool {
	if p.translated {
		return probability >= j.fromTranslated
	}
	return probability >= j.from
}

func (j *judge) probability(s *signals) float64 {
	logit := j.bias
	for i := range j.trees {
		logit += j.trees[i].value(s)
	}
	return 1 / (1 + math.Exp(-logit))
}

// treeDepth is the number of questions that every tree asks.
const treeDepth = 4

// tree is a complete binary tree of depth treeDepth: node i asks whether signal
// Feature[i] is greater than At[i] and goes on to node 2i+1 (no) or 2i+2 (yes);
// after treeDepth questions a leaf says what is added to the logit.
type tree struct {
	feature [1<<treeDepth - 1]signal
	at      [1<<treeDepth - 1]float64
	leaf    [1 << treeDepth]float64
}

func (t *tree) value(d *signals) float64 {
	node := 0
	for range treeDepth {
		if d[t.feature[node]] > t.at[node] {
			node = 2*node + 2
		} else {
			node = 2*node + 1
		}
	}
	return t.leaf[node-len(t.feature)]
}

// weightsFile is the form of weights.json.
type weightsFile struct {
	Rank    map[string]float64 `json:"rank"`
	Answers judgeFile          `json:"answers"`
	About   judgeFile          `json:"about"`
}

type judgeFile struct {
	From           float64 `json:"from"`
	FromTranslated float64 `json:"from_translated"`
	Bias           float64 `json:"bias"`
	Trees          []struct {
		Feature []string  `json:"feature"`
		At      []float64 `json:"at"`
		Leaf    []float64 `json:"leaf"`
	} `json:"trees"`
}

func loadModel(weights []byte) (m model, err error) {
	var file weightsFile
	if err := json.Unmarshal(weights, &file); err != nil {
		return model{}, fmt.Errorf("embedded weights: %w", err)
	}
	for f, name := range featureNames {
		m.rank[f] = file.Rank[name]
	}
	if m.answers, err = file.Answers.judge(); err != nil {
		return model{}, fmt.Errorf("embedded weights: answers: %w", err)
	}
	if m.about, err = file.About.judge(); err != nil {
		return model{}, fmt.Errorf("embedded weights: about: %w", err)
	}
	return m, nil
}

func (file judgeFile) judge() (judge, error) {
	for _, from := range []float64{file.From, file.FromTranslated} {
		if !(from > 0 && from < 1) {
			return judge{}, fmt.Errorf("from %v is not a probability", from)
		}
	}
	j := judge{from: file.From, fromTranslated: file.FromTranslated, bias: file.Bias}
	for i, stored := range file.Trees {
		var t tree
		if len(stored.Feature) != len(t.feature) || len(stored.At) != len(t.at) || len(stored.Leaf) != len(t.leaf) {
			return judge{}, fmt.Errorf("tree %d is not of depth %d", i, treeDepth)
		}
		for n, name := range stored.Feature {
			d := slices.Index(signalNames[:], name)
			if d < 0 {
				return judge{}, fmt.Errorf("tree %d asks for %q, which is not measured", i, name)
			}
			t.feature[n] = signal(d)
		}
		copy(t.at[:], stored.At)
		copy(t.leaf[:], stored.Leaf)
		j.trees = append(j.trees, t)
	}
	return j, nil
}

// score is the ranking score of a candidate.
func (m *model) score(v *vector) (sum float64) {
	for i, w := range m.rank {
		sum += w * v[i]
	}
	return sum
}
