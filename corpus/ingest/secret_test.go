package ingest_test

import (
	"os"
	"path/filepath"
	"testing"

	"parley/corpus/ingest"
)

// TestASavedPageIsCitedAsOneThatIsFetched leaves what tracks or tells of the reader out of
// the address from which the page was saved.
func TestASavedPageIsCitedAsOneThatIsFetched(t *testing.T) {
	w := one(t, ingest.Options{})
	dir := t.TempDir()
	w.must(os.WriteFile(filepath.Join(dir, "saved.html"), []byte(`<!-- saved from url=(0099)https://Example.org/a?id=7&token=hush&utm_source=x -->
<html><body><article><h1>Title</h1><p>`+prose("a")+`</p></article><div class="cookies">We use cookies.</div></body></html>`), 0o600))
	w.wantAdd(dir, "folder: 1 added")
	for _, e := range w.documents() {
		if e.URL != "https://example.org/a?id=7" || e.Text != prose("a") || e.Title != "Title" {
			t.Errorf("%+v", e)
		}
	}
}
