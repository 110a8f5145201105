package bleveindex

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"parley/index"
	"parley/index/bleveindex/sidecar"
)

// sidecarFiles are those of the current generation.
func sidecarFiles(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(current(t, dir).Path, storeDir, "store", "*"+sidecar.Ext))
	if err != nil || len(found) == 0 {
		t.Fatalf("sidecars: %v, %v", found, err)
	}
	return found
}

// TestSearchNeedsNoSidecar damages the sidecar in every way that can be told from
// outside, and removes it: answers must stay.
func TestSearchNeedsNoSidecar(t *testing.T) {
	t.Parallel()
	docs := generate(1, 120)
	other, err := os.ReadFile(sidecarFiles(t, built(t, generate(2, 120)))[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func(path string, content []byte) error{
		"missing":              func(path string, _ []byte) error { return os.Remove(path) },
		"empty":                func(path string, _ []byte) error { return os.WriteFile(path, nil, 0o644) },
		"cut short":            func(path string, b []byte) error { return os.WriteFile(path, b[:len(b)-9], 0o644) },
		"of another segment":   func(path string, _ []byte) error { return os.WriteFile(path, other, 0o644) },
		"of another format":    func(path string, b []byte) error { b[len(b)-1]++; return os.WriteFile(path, b, 0o644) },
		"shorter than it says": func(path string, b []byte) error { return os.WriteFile(path, b[len(b)/2:], 0o644) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := built(t, docs)
			x := open(t, dir) // checks sizes, so the damage comes after
			path := sidecarFiles(t, dir)[0]
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(path); err != nil { // x may have it mapped
				t.Fatal(err)
			}
			if err := os.WriteFile(path, content, 0o644); err != nil {
				t.Fatal(err)
			}
			if err := damage(path, content); err != nil {
				t.Fatal(err)
			}
			s := view(t, x)
			if s.sidecars[0] != nil {
				t.Fatal("the sidecar is used")
			}
			mustSearchExactly(t, s, docs)
		})
	}
}

func TestALiveIndexHasSidecarsForWhatItMergesAndPublishes(t *testing.T) {
	t.Parallel()
	dir := built(t, generate(1, 40))
	l := liveIndex(t, dir)
	for seed := range uint64(7) { // each takes half a second to be written
		apply(t, l, index.Batch{Put: generate(100+seed, 80), State: fmt.Sprint(seed)})
		settle(t, l)
	}
	s, err := l.snapshot()
	if err != nil {
		t.Fatal(err)
	}
	merged := 0
	for i, seg := range s.reader.Segments() {
		if _, ok := seg.Segment().(segment.PersistedSegment); ok && seg.FullSize() >= 4*sidecar.MinDocs {
			if merged++; s.sidecars[i] == nil {
				t.Errorf("segment %d of %d documents has no sidecar", i, seg.FullSize())
			}
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if merged == 0 {
		t.Fatal("nothing was merged")
	}
	publish(t, l)
	x := view(t, open(t, dir))
	for i, seg := range x.reader.Segments() {
		if seg.FullSize() >= sidecar.MinDocs && x.sidecars[i] == nil {
			t.Errorf("published segment %d of %d documents has no sidecar", i, seg.FullSize())
		}
	}
}

func TestSidecarsStayMappedWhileASnapshotUsesThem(t *testing.T) {
	x := open(t, built(t, generate(1, 120)))
	first, second := view(t, x), view(t, x)
	if first.sidecars[0] == nil || first.sidecars[0] != second.sidecars[0] {
		t.Fatal("no sidecar, or one for each snapshot")
	}
	if err := x.sidecars.Release(x.sidecars.Acquire(nil)); err != nil { // as if the segment were gone
		t.Fatal(err)
	}
	for _, s := range []*snapshot{first, second} {
		if found, err := s.Search(t.Context(), []index.Clause{{Field: index.FieldText, Term: "ceasefir", Weight: 1}}, 3); err != nil || len(found) == 0 {
			t.Errorf("%v, %v", found, err)
		}
	}
}
