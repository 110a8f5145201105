package index

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed weights.json
var weightsJSON []byte

// model is the trained part of ranking; "go run ./index/train" makes weights.json.
type model struct {
	rank vector
}

func loadModel() (model, error) {
	var file struct {
		Rank map[string]float64 `json:"rank"`
	}
	if err := json.Unmarshal(weightsJSON, &file); err != nil {
		return model{}, fmt.Errorf("embedded weights: %w", err)
	}
	var m model
	for f, name := range featureNames {
		m.rank[f] = file.Rank[name]
	}
	return m, nil
}

// score is the linear ranking score of a candidate.
func (m *model) score(v *vector) (sum float64) {
	for i, w := range m.rank {
		sum += w * v[i]
	}
	return sum
}
