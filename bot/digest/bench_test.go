package digest

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkDueTogether composes for one of many subscriptions that are due together, after
// a day of a hundred documents.
func BenchmarkDueTogether(b *testing.B) {
	w := newWorld(b)
	w.put(outlets(rand.New(rand.NewPCG(1, 1)), start, 100)...)
	w.look()
	for b.Loop() {
		w.look()
	}
}
