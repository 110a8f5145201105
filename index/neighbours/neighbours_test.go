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
	for id := range table.count {
		if id > 0 && table.term(id-1) >= table.term(id) {
			t.Fatalf("%q after %q", table.term(id), table.term(id-1))
		}
		if has, listed := table.Of(table.term(id)) != nil, table.listStart(id) < table.listStart(id+1); has != listed {
			t.Fatalf("%q: found %v, want %v", table.term(id), has, listed)
		}
		checkNeighbours(t, table, table.term(id))
	}
}

func checkNeighbours(t *testing.T, table *Table, term string) {
	t.Helper()
	last := 1.0
	for _, n := range table.Of(term) {
		if n.Similarity <= 0 || n.Similarity > last || n.Term == term {
			t.Fatalf("%q: %v after %v", term, n, last)
		}
		last = n.Similarity
	}
}

func TestOnlyTermsWithAListHaveNeighbours(t *testing.T) {
	table := mustEncode(t, map[string][]Neighbour{
		"truce":    {{"ceasefir", 0.8}, {"peac", 0.4}},
		"ceasefir": {{"truce", 0.6}},
	})
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
	if !areNeighbours(table, [2]string{"kyiv", "kiev"}, table.count) {
		t.Error("kyiv and kiev are not neighbours")
	}
}

func BenchmarkDecode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decode(embedded); err != nil {
			b.Fatal(err)
		}
	}
}
