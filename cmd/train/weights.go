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
	Rank    map[string]float64 `json:"rank"`
	Answers forest             `json:"answers"`
	About   forest             `json:"about"`
}

// forest is a sum of trees with the features by name.
type forest struct {
	From           float64     `json:"from"`            // probability
	FromTranslated float64     `json:"from_translated"` // the same where words were translated
	Bias           float64     `json:"bias"`
	Trees          []namedTree `json:"trees"`
}

type namedTree struct {
	Feature []string  `json:"feature"`
	At      []float64 `json:"at"`
	Leaf    []float64 `json:"leaf"`
}

func named(names []string, w []float64) map[string]float64 {
	m := make(map[string]float64, len(names))
	for i, name := range names {
		m[name] = rounded(w[i], 3)
	}
	return m
}

// named gives the features of the trees their names and rounds the leaves to four decimals.
func (j trained) named(names []string) forest {
	f := forest{From: rounded(j.from, 4), FromTranslated: rounded(j.fromTranslated, 4), Bias: rounded(j.bias, 4)}
	for _, t := range j.trees {
		var nt namedTree
		for i, feature := range t.feature {
			nt.Feature = append(nt.Feature, names[feature])
			nt.At = append(nt.At, t.at[i])
		}
		for _, leaf := range t.leaf {
			nt.Leaf = append(nt.Leaf, rounded(leaf, 4))
		}
		f.Trees = append(f.Trees, nt)
	}
	return f
}

func rounded(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale)/scale + 0 // no minus zero
}

// print shows the weights of the ranking, the greatest first, and what the trees ask for.
func (w weights) print(out io.Writer) {
	fmt.Fprintln(out, "\nrank")
	byWeight := func(a, b string) int {
		return cmp.Or(cmp.Compare(math.Abs(w.Rank[b]), math.Abs(w.Rank[a])), cmp.Compare(a, b))
	}
	for _, name := range slices.SortedFunc(maps.Keys(w.Rank), byWeight) {
		fmt.Fprintf(out, "  %-16s %8.3f\n", name, w.Rank[name])
	}
	w.Answers.print(out, "answers")
	w.About.print(out, "about")
}

// print shows how often the trees ask for each signal.
func (f forest) print(out io.Writer, name string) {
	asked := map[string]int{}
	for _, t := range f.Trees {
		for i, name := range t.Feature {
			if t.At[i] != neverGreater {
				asked[name]++
			}
		}
	}
	fmt.Fprintf(out, "\n%s: %d trees, bias %.3f\n", name, len(f.Trees), f.Bias)
	byCount := func(a, b string) int { return cmp.Or(cmp.Compare(asked[b], asked[a]), cmp.Compare(a, b)) }
	for _, name := range slices.SortedFunc(maps.Keys(asked), byCount) {
		fmt.Fprintf(out, "  %-16s %8d\n", name, asked[name])
	}
}

// write replaces the file at path as a whole.
func (w weights) write(path string) error {
	text, err := json.Marshal(w)
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
