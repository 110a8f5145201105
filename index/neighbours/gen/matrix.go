package main

import "math"

// A matrix is dense, row by row.
type matrix struct {
	rows, cols int
	cells      []float32
}

func newMatrix(rows, cols int) *matrix {
	return &matrix{rows, cols, make([]float32, rows*cols)}
}

func (m *matrix) row(i int) []float32 { return m.cells[i*m.cols : (i+1)*m.cols] }

// A sparse is a matrix of which few cells are not 0.
type sparse struct {
	rows [][]cell
	cols int
}

type cell struct {
	col   int32
	value float32
}

// times is s·m.
func (s *sparse) times(m *matrix) *matrix {
	out := newMatrix(len(s.rows), m.cols)
	for i, row := range s.rows {
		for _, c := range row {
			addScaled(out.row(i), c.value, m.row(int(c.col)))
		}
	}
	return out
}

// transposedTimes is sᵀ·m.
func (s *sparse) transposedTimes(m *matrix) *matrix {
	out := newMatrix(s.cols, m.cols)
	for i, row := range s.rows {
		for _, c := range row {
			addScaled(out.row(int(c.col)), c.value, m.row(i))
		}
	}
	return out
}

// dot is the inner product; four sums at a time, which the compiler does not do itself.
func dot(x, y []float32) float32 {
	var a, b, c, d float32
	y = y[:len(x)]
	for len(x) >= 4 {
		a += x[0] * y[0]
		b += x[1] * y[1]
		c += x[2] * y[2]
		d += x[3] * y[3]
		x, y = x[4:], y[4:]
	}
	for i := range x {
		a += x[i] * y[i]
	}
	return a + b + c + d
}

// addScaled adds factor·x to y.
func addScaled(y []float32, factor float32, x []float32) {
	y = y[:len(x)]
	for len(x) >= 4 {
		y[0] += factor * x[0]
		y[1] += factor * x[1]
		y[2] += factor * x[2]
		y[3] += factor * x[3]
		x, y = x[4:], y[4:]
	}
	for i := range x {
		y[i] += factor * x[i]
	}
}

// normalise makes x one long; it leaves zeros.
func normalise(x []float32) {
	if length := math.Sqrt(float64(dot(x, x))); length > 0 {
		for i := range x {
			x[i] /= float32(length)
		}
	}
}
