package timeline

import (
	"io"
	"testing"
)

// BenchmarkWritePNG draws 11 rows of 400 marks.
func BenchmarkWritePNG(b *testing.B) {
	c := busy(11, 400)
	for b.Loop() {
		if err := c.WritePNG(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
