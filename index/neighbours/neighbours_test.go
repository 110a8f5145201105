package neighbours

import (
	"strings"
	"testing"

	"parley/index/analysis"
)

func load(t testing.TB) *Table {
	t.Helper()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestEmbeddedTableIsSmallAndSorted(t *testing.T) {
	if len(embedded) > 1_200_000 {
		t.Errorf("%d bytes", len(embedded))
	}
	table := load(t)
	for id := range table.Len() {
		if id > 0 && table.Term(id-1) >= table.Term(id) {
			t.Fatalf("%q after %q", table.Term(id), table.Term(id-1))
		}
		if got, ok := table.ID(table.Term(id)); !ok || got != id {
			t.Fatalf("%q: ID %d %v, want %d", table.Term(id), got, ok, id)
		}
		checkNeighbours(t, table, table.Term(id))
	}
}

func checkNeighbours(t *testing.T, table *Table, term string) {
	t.Helper()
	last := 1.0
	for _, n := range table.Of(term) {
		if n.Similarity <= 0 || n.Similarity > last || n.Term == term {
			t.Fatalf("%q: %v after %v", term, n, last)
		}
		if s := table.Similarity(n.Term, term); s < n.Similarity || s != table.Similarity(term, n.Term) {
			t.Fatalf("%q, %q: similarity %v, listed with %v", term, n.Term, s, n.Similarity)
		}
		last = n.Similarity
	}
}

func TestSimilarity(t *testing.T) {
	table := mustEncode(t, map[string][]Neighbour{
		"truce":    {{"ceasefir", 0.8}, {"peac", 0.4}},
		"ceasefir": {{"truce", 0.6}},
	})
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"truce", "ceasefir", 0.8}, {"ceasefir", "truce", 0.8}, // the greater of both directions
		{"peac", "truce", 0.4}, // which has no list of its own
		{"peac", "ceasefir", 0},
		{"peac", "peac", 1}, {"unknown", "unknown", 1}, {"unknown", "truce", 0}, {"truce", "unknown", 0},
	} {
		if got := table.Similarity(c.a, c.b); got != c.want {
			t.Errorf("Similarity(%q, %q) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
	if list := table.Of("peac"); list != nil {
		t.Errorf("peac: %v", list)
	}
	if list := table.Of("unknown"); list != nil {
		t.Errorf("unknown: %v", list)
	}
}

func TestClosedSetsAndNamesHaveNoNeighboursButSpellings(t *testing.T) {
	table := load(t)
	var analyzer analysis.Analyzer
	for word := range strings.FieldsSeq("march april monday three twelve million first south france germany putin 2024") {
		for _, n := range table.Of(analyzer.Stem(word)) {
			if n.Term[0] != word[0] {
				t.Errorf("%s: %v", word, n)
			}
		}
	}
	if table.Similarity("kyiv", "kiev") == 0 {
		t.Error("kyiv and kiev are not neighbours")
	}
}

func BenchmarkDecode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(embedded); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkQuestion is 20 terms of a question against the 4000 of its passages.
func BenchmarkQuestion(b *testing.B) {
	table := load(b)
	b.ReportAllocs()
	for b.Loop() {
		for i := range 4000 {
			token, _ := table.ID(table.Term(i * 7 % table.Len()))
			for j := range 20 {
				table.Between(token, j*97)
			}
		}
	}
}
