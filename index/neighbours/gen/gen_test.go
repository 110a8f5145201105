package main

import (
	"math"
	"testing"
)

func TestSameName(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"kiev", "kyiv", true}, {"zelensky", "zelenskyy", true}, {"luhansk", "lugansk", true}, {"odessa", "odesa", true},
		{"kharkov", "kharkiv", true}, {"turkey", "turkiy", true}, {"ukrain", "ukrainian", true}, {"dmitriev", "dmitriyev", true},
		{"vladimir", "volodymyr", false}, {"iran", "iraq", false}, {"niger", "nigeria", false}, {"khamenei", "khomeini", false},
		{"ghana", "guyana", false}, {"austria", "australia", false}, {"mali", "mal", false},
	} {
		if sameName(c.a, c.b) != c.want || sameName(c.b, c.a) != c.want {
			t.Errorf("%s, %s: not %v both ways", c.a, c.b, c.want)
		}
	}
}

func TestOpposite(t *testing.T) {
	for _, p := range [][2]string{{"accept", "reject"}, {"reject", "accept"}, {"stabl", "unstabl"}, {"secur", "insecur"}} {
		if !opposite(p[0], p[1]) {
			t.Errorf("%s are no opposites", p)
		}
	}
	if opposite("truce", "ceasefir") {
		t.Error("truce and ceasefire are opposites")
	}
}

func TestNamesAreToldByTheirCapitals(t *testing.T) {
	text := newText()
	text.add("Yesterday the captives met Budanov in the city of Kherson, said the captives.", 1)
	text.add("All The Captives Are Home", 1) // a headline tells nothing
	for name, want := range map[string]bool{"captiv": false, "budanov": true, "kherson": true} {
		if got := text.terms[text.ids[name]].isName(); got != want {
			t.Errorf("%s: name %v", name, got)
		}
	}
}

func TestContrastsAndCompounds(t *testing.T) {
	text := newText()
	text.add("Both public and private banks. Cargo ships and merchant vessels.", 1)
	id := func(name string) int { return int(text.ids[name]) }
	contrasts, follows := countContrasts(text), countFollows(text)
	if !contrasts.opposed(id("privat"), id("public")) || contrasts.opposed(id("ship"), id("merchant")) {
		t.Error("contrasts are not those of the text")
	}
	if !follows.compound(text, id("cargo"), id("ship")) || follows.compound(text, id("ship"), id("merchant")) {
		t.Error("compounds are not those of the text")
	}
}

func TestFactorFindsTheSpan(t *testing.T) {
	// Rows 0 and 1 are alike, rows 2 and 3 are, and the pairs share nothing.
	s := &sparse{cols: 4, rows: [][]cell{{{0, 2}, {1, 1}}, {{0, 4}, {1, 2}}, {{2, 1}, {3, 3}}, {{2, 2}, {3, 6}}}}
	vectors := factor(s, 2)
	for i := range vectors.rows {
		normalise(vectors.row(i))
	}
	for _, c := range []struct {
		a, b int
		want float64
	}{{0, 1, 1}, {2, 3, 1}, {0, 2, 0}, {1, 3, 0}} {
		if got := float64(dot(vectors.row(c.a), vectors.row(c.b))); math.Abs(got-c.want) > 1e-3 {
			t.Errorf("rows %d and %d: cosine %.4f, want %v", c.a, c.b, got, c.want)
		}
	}
}
