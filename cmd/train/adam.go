package main

import "math"

// Constants of Adam (Kingma and Ba 2015, algorithm 1), with a rate that falls to
// zero so that the last steps settle.
const (
	adamRate  = 0.05
	adamBeta1 = 0.9
	adamBeta2 = 0.999
	adamSmall = 1e-8
)

// minimise takes steps downhill from zero; gradient fills its second argument with
// the gradient at its first.
func minimise(size, steps int, gradient func(w, grad []float64)) []float64 {
	w, grad := make([]float64, size), make([]float64, size)
	mean, square := make([]float64, size), make([]float64, size)
	left1, left2 := 1.0, 1.0
	for step := range steps {
		gradient(w, grad)
		left1 *= adamBeta1
		left2 *= adamBeta2
		rate := adamRate * (1 - float64(step)/float64(steps))
		for i, g := range grad {
			mean[i] = adamBeta1*mean[i] + (1-adamBeta1)*g
			square[i] = adamBeta2*square[i] + (1-adamBeta2)*g*g
			w[i] -= rate * mean[i] / (1 - left1) / (math.Sqrt(square[i]/(1-left2)) + adamSmall)
		}
	}
	return w
}
