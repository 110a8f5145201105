package neighbours

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"parley/index/analysis"
)

func load(t testing.TB) *Table {
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// readPairs reads a file of two words a line as terms, without pairs of one term.
func readPairs(t *testing.T, path string) (pairs [][2]string) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var analyzer analysis.Analyzer
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		var a, b string
		if _, err := fmt.Sscan(lines.Text(), &a, &b); err != nil {
			t.Fatalf("%s: %q: %v", path, lines.Text(), err)
		}
		if a, b = analyzer.Stem(a), analyzer.Stem(b); a != b {
			pairs = append(pairs, [2]string{a, b})
		}
	}
	return pairs
}

// share is the share of pairs that are neighbours within the top n of either.
func share(t *testing.T, table *Table, pairs [][2]string, n int) float64 {
	hits := 0
	for _, p := range pairs {
		if within(table.Of(p[0]), p[1], n) || within(table.Of(p[1]), p[0], n) {
			hits++
		} else if n == 10 {
			t.Logf("not neighbours: %s", p)
		}
	}
	return float64(hits) / float64(len(pairs))
}

func within(list []Neighbour, term string, n int) bool {
	for _, neighbour := range list[:min(n, len(list))] {
		if neighbour.Term == term {
			return true
		}
	}
	return false
}

func TestP(t *testing.T) {
	table := load(t)
	for _, f := range []string{"testdata/near.txt", "testdata/far.txt"} {
		p := readPairs(t, f)
		fmt.Println(f, len(p), share(t, table, p, 5), share(t, table, p, 10), share(t, table, p, 12))
	}
	fmt.Println(table.Len())
}
func TestW(t *testing.T) {
	table := load(t)
	var an analysis.Analyzer
	for w := range strings.FieldsSeq("kid captive cash quit truce withdraw ukraine kiev zelensky russia niger pow troop gas ship prisoner asset president congress minister kremlin donbas cost accept reconstruct vessel territory mediate concern guarantee deport") {
		fmt.Println(w, table.Of(an.Term(w)))
	}
}
