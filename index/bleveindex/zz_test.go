package bleveindex

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestZZBuild(t *testing.T) {
	docs := slices.Collect(synthetic{20000}.documents())
	for _, v := range []string{"", "word", "statement", "body", "notes", "text", "source", "none"} {
		os.Setenv("DROP", v)
		dir := filepath.Join(t.TempDir(), "x")
		a := threadTime()
		b := time.Now()
		if err := Build(t.Context(), dir, docs, options()); err != nil {
			t.Fatal(err)
		}
		_ = a
		st, _ := Inspect(dir, Want{})
		side := int64(0)
		for n, f := range st.Meta.Files { if filepath.Ext(n) == ".side" { side = f.Bytes } }
		n := int64(st.Meta.Record.Passages)
		fmt.Println(v, time.Since(b).Milliseconds()*1000/n, "us/passage", (st.Bytes-side)/n, "B", side/n, "B side", n)
	}
}
