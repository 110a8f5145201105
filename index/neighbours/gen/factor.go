package main

import (
	"math"
	"math/rand/v2"
)

// rounds of subspace iteration: after four the leading directions have settled.
const rounds = 4

// factor gives each row of s coordinates along the k leading left singular
// vectors of s, all weighing the same. (Only the span of the vectors matters
// to the cosines of rows, so none is told from another.)
func factor(s *sparse, k int) *matrix {
	chance := rand.New(rand.NewPCG(1, 2))
	basis := newMatrix(len(s.rows), k)
	for i := range basis.cells {
		basis.cells[i] = float32(chance.NormFloat64())
	}
	for range rounds {
		orthonormalise(basis)
		basis = s.times(s.transposedTimes(basis))
	}
	orthonormalise(basis)
	return basis
}

// orthonormalise makes the columns of m orthonormal without changing their
// span (Cholesky QR). Twice, since once loses the digits that float32 lacks.
func orthonormalise(m *matrix) {
	for range 2 {
		lower := cholesky(gram(m))
		for i := range m.rows {
			solve(lower, m.row(i))
		}
	}
}

// gram is mᵀ·m. Sums of a block of rows are kept in float32, sums of blocks in float64.
func gram(m *matrix) [][]float64 {
	const block = 256
	sums, part := square[float64](m.cols), square[float32](m.cols)
	for i := range m.rows {
		row := m.row(i)
		for a, x := range row {
			addScaled(part[a][:a+1], x, row[:a+1])
		}
		if i%block != block-1 && i != m.rows-1 {
			continue
		}
		for a := range part {
			for b, x := range part[a] {
				sums[a][b] += float64(x)
			}
			clear(part[a])
		}
	}
	return sums
}

// cholesky is the lower triangle L of g = L·Lᵀ, of which only the lower triangle is read.
func cholesky(g [][]float64) [][]float32 {
	const least = 1e-9 // of the diagonal: columns that depend on others stay finite
	lower, rounded := square[float64](len(g)), square[float32](len(g))
	for i := range g {
		for j := range i + 1 {
			rest := g[i][j]
			for k := range j {
				rest -= lower[i][k] * lower[j][k]
			}
			if i == j {
				lower[i][i] = math.Sqrt(max(rest, least*g[i][i]))
			} else {
				lower[i][j] = rest / lower[j][j]
			}
			rounded[i][j] = float32(lower[i][j])
		}
	}
	return rounded
}

// solve replaces row by the x of lower·x = row.
func solve(lower [][]float32, row []float32) {
	for j := range row {
		row[j] = (row[j] - dot(lower[j][:j], row[:j])) / lower[j][j]
	}
}

func square[T float32 | float64](n int) [][]T {
	out, cells := make([][]T, n), make([]T, n*n)
	for i := range out {
		out[i] = cells[i*n : (i+1)*n]
	}
	return out
}

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
