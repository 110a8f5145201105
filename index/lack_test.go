package index

import "testing"

func TestLackOf(t *testing.T) {
	p := &Plan{concepts: []concept{{idf: 4}, {idf: 6}, {idf: 2}}}
	for _, tc := range []struct {
		name string
		had  []float64
		want lack
	}{
		{"nothing is missing", []float64{1, 1, 1}, lack{}},
		{"all is missing", []float64{0, 0, 0}, lack{most: 6, next: 4, all: 12, worst: 1}},
		{"another word half stands for the rarest", []float64{0, 0.5, 1}, lack{most: 4, next: 3, all: 7, worst: 0}},
		{"the last alone", []float64{1, 1, 0}, lack{most: 2, all: 2, worst: 2}},
	} {
		if got := p.lackOf(func(i int) float64 { return tc.had[i] }); got != tc.want {
			t.Errorf("%s: %+v; want %+v", tc.name, got, tc.want)
		}
	}
}

func TestLackOfPair(t *testing.T) {
	p := &Plan{concepts: []concept{{idf: 4}, {idf: 6}, {idf: 2}}}
	r := &matchedPassage{sentences: [][]float64{{0, 0, 1}, {1, 0.5, 0}, {0, 0, 0}, {0, 0, 1}}}
	if got := p.lackOfPair(r); got != 3 {
		t.Errorf("the first two sentences together lack an idf of 3 at most; got %v", got)
	}
}
