package ingest_test

import (
	"testing"
)

func TestX(t *testing.T) {
	each(t, func(w *world) {
		w.site.set("/rss", rss(item("a"), fullItem("b", prose("b"))))
		w.site.set("/a", page("A", prose("a")))
		w.follow("/rss")
		w.wantSync("2 added")
		w.wantKeys("a b")
		t.Logf("%+v", w.documents())
	})
}
