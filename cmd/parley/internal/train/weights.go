package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// weights is the file that package index embeds.
type weights struct {
	Rank       map[string]float64 `json:"rank"`
	Confidence map[string]float64 `json:"confidence"`
}

// named gives weights their names and rounds them to three decimals.
func named(names []string, w []float64) map[string]float64 {
	m := make(map[string]float64, len(names))
	for i, name := range names {
		m[name] = math.Round(w[i]*1000)/1000 + 0 // no minus zero
	}
	return m
}

// print shows the weights, the greatest first.
func (w weights) print(out io.Writer) {
	for _, part := range []struct {
		title string
		named map[string]float64
	}{{"rank", w.Rank}, {"confidence", w.Confidence}} {
		fmt.Fprintf(out, "\n%s\n", part.title)
		names := slices.SortedFunc(maps.Keys(part.named), func(a, b string) int {
			return cmp.Or(cmp.Compare(math.Abs(part.named[b]), math.Abs(part.named[a])), cmp.Compare(a, b))
		})
		for _, name := range names {
			fmt.Fprintf(out, "  %-16s %8.3f\n", name, part.named[name])
		}
	}
}

// write replaces the file at path as a whole.
func (w weights) write(path string) error {
	text, err := json.MarshalIndent(w, "", "\t")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".weights-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing is there any more once it was renamed
	_, err = f.Write(append(text, '\n'))
	if err := errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}
