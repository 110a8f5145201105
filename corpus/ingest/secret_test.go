package ingest_test

import (
	"os"
	"path/filepath"
	"testing"

	"parley/corpus/ingest"
)

func TestAnAddressThatHoldsASecret(t *testing.T) {
	for address, want := range map[string]bool{
		"https://example.org/feed":                          false,
		"https://example.org/feed?format=rss&channel_id=UC": false,
		"https://example.org/feed?tokyo=1":                  false,
		"https://example.org/feed?TOKEN=x":                  true,
		"https://example.org/feed?a=1&feed_token=x":         true,
		"https://example.org/feed?%6bey=x":                  true,
		"https://example.org/feed?key":                      true,
		"https://user@example.org/feed":                     true,
		"https://user:password@example.org/feed":            true,
		"https://example.org/%zz?a=1":                       true, // it cannot be read
	} {
		if have := ingest.HoldsSecret(address); have != want {
			t.Errorf("%s: %t", address, have)
		}
	}
}

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
