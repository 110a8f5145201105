package index_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/bleveindex"
)

func BenchmarkExamine(b *testing.B) {
	lex, _ := lexicon.Default()
	x, err := bleveindex.Open(context.Background(), "/tmp/ix/talks")
	if err != nil {
		b.Fatal(err)
	}
	a, _ := index.NewAsker(x, lex)
	f, _ := os.Open("/work/main/index/testdata/dev.jsonl")
	var qs []string
	for s := bufio.NewScanner(f); s.Scan(); {
		var q struct{ Question string }
		json.Unmarshal(s.Bytes(), &q)
		qs = append(qs, q.Question)
	}
	i := 0
	for b.Loop() {
		a.Ask(context.Background(), index.Question{Text: qs[i%len(qs)], Now: time.Now()})
		i++
	}
}
