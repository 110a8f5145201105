package index

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed weights.json
var weightsJSON []byte

// model is the trained part: linear weights for ranking and for the confidence.
// cmd/parley/internal/train makes weights.json.
type model struct {
	rank  vector
	doubt doubts
	bias  float64
}

func loadModel() (m model, err error) {
	var file struct{ Rank, Confidence map[string]float64 }
	if err := json.Unmarshal(weightsJSON, &file); err != nil {
		return model{}, fmt.Errorf("embedded weights: %w", err)
	}
	for f, name := range featureNames {
		m.rank[f] = file.Rank[name]
	}
	for d, name := range doubtNames {
		m.doubt[d] = file.Confidence[name]
	}
	m.bias = file.Confidence["bias"]
	return m, nil
}

// score is the ranking score of a candidate.
func (m *model) score(v *vector) (sum float64) {
	for i, w := range m.rank {
		sum += w * v[i]
	}
	return sum
}
