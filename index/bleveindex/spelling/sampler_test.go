package spelling

import (
	"testing"

	"parley/index/analysis"
)

func TestWordsAreIndexedExactlyWhileRareAndMoreOftenTheMoreCommonTheyAre(t *testing.T) {
	var c Sampler
	var a analysis.Analyzer
	title, text := a.Tokens("Corridor"), a.Tokens("The corridor, a corridor.")
	indexed, before := 0, 0
	for n := 1; n <= 1_000_000; n++ {
		if chosen := c.Choose(title, text[1:2]); len(chosen) > 0 {
			indexed++
		}
		if n <= exactWords && indexed != n {
			t.Fatalf("in %d of the first %d passages", indexed, n)
		}
		if n%(n/2+1) == 0 && n > exactWords { // about twice as many
			if indexed <= before {
				t.Errorf("no more of %d passages than of half as many: %d", n, indexed)
			}
			before = indexed
		}
	}
	if indexed > 200 {
		t.Errorf("indexed in %d of a million passages", indexed)
	}
}

func TestWithoutCountsEveryWordOfAPassageIsIndexedOnce(t *testing.T) {
	var a analysis.Analyzer
	chosen := (*Sampler)(nil).Choose(a.Tokens("Corridor"), a.Tokens("The corridor, the bridge."))
	if len(chosen) != 3 {
		t.Errorf("%v", chosen)
	}
}
