package main

import "math"

// smoothing is the power to which the frequency of a context is raised, which
// keeps rare contexts from looking telling.
const smoothing = 0.5

// A view is what counts as standing beside a word: the reach words before it
// and, apart from them, the reach words after it, nearer ones counting more, in
// a text with or without function words.
type view struct {
	reach         int
	functionWords bool
}

// vectors gives each term its place as seen by the view; nearness of direction is likeness.
func (v view) vectors(t *text) *matrix {
	vectors := factor(associations(v.count(t)), dimensions)
	for i := range vectors.rows {
		normalise(vectors.row(i))
	}
	return vectors
}

// count says how often each term stands after each (columns below the number
// of terms) and before each (columns from there on).
func (v view) count(t *text) *matrix {
	beside := newMatrix(len(t.terms), 2*len(t.terms))
	window := make([]int32, 0, v.reach)
	for _, id := range t.stream {
		switch {
		case id == gap:
			window = window[:0]
			continue
		case id == rare || !v.functionWords && t.terms[id].isStop():
			continue
		}
		for i, earlier := range window {
			weight := float32(v.reach-len(window)+i+1) / float32(v.reach)
			beside.row(int(id))[earlier] += weight
			beside.row(int(earlier))[len(t.terms)+int(id)] += weight
		}
		if len(window) == v.reach {
			window = append(window[:0], window[1:]...)
		}
		window = append(window, id)
	}
	return beside
}

// associations turns counts into positive pointwise mutual information: by how
// much more often a term and a context meet than chance would have it.
func associations(counts *matrix) *sparse {
	ofTerm, ofContext, total := marginals(counts)
	out := &sparse{rows: make([][]cell, counts.rows), cols: counts.cols}
	for i := range counts.rows {
		for j, n := range counts.row(i) {
			if n == 0 {
				continue
			}
			if information := math.Log(float64(n) * total / (ofTerm[i] * ofContext[j])); information > 0 {
				out.rows[i] = append(out.rows[i], cell{int32(j), float32(information)})
			}
		}
	}
	return out
}

// marginals are the sums of rows and, smoothed, of columns, and the sum of the latter.
func marginals(counts *matrix) (ofTerm, ofContext []float64, total float64) {
	ofTerm, ofContext = make([]float64, counts.rows), make([]float64, counts.cols)
	for i := range counts.rows {
		for j, n := range counts.row(i) {
			ofTerm[i] += float64(n)
			ofContext[j] += float64(n)
		}
	}
	for j, n := range ofContext {
		ofContext[j] = math.Pow(n, smoothing)
		total += ofContext[j]
	}
	return ofTerm, ofContext, total
}
