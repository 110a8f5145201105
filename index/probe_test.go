package index_test

import (
	"bufio"
	"fmt"
	"os"
	"testing"
)

func TestProbe(t *testing.T) {
	f, err := os.Open("/tmp/probe.txt")
	if err != nil {
		t.Skip()
	}
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		a := ask(t, sc.Text())
		fmt.Printf("%q ans=%v c=%.2f rep=%v why=%s\n  plan %s\n", sc.Text(), a.Answered, a.Confidence, a.Repairs, a.Why, a.Plan)
		if a.Balance != nil {
			fmt.Printf("  balance %+v\n", *a.Balance)
		}
		for _, h := range a.Passages {
			fmt.Printf("   %s %s %v sp=%v | %.100s\n", h.ID, h.Source.Published, len(h.AlsoIn), h.Speakers, h.Key.In(h.Text))
		}
	}
}
