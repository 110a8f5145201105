package bleveindex

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/index/generation"
)

// holders begin to build in dir, hold the lock, and finish when they are released.
var holders = map[string]func(t *testing.T, dir string) (release func() error){
	"in this process": func(t *testing.T, dir string) func() error {
		begun, released, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		opt := options()
		opt.Progress = func(n, _ int) {
			if n == 1 {
				close(begun)
				<-released
			}
		}
		go func() { done <- Build(context.Background(), dir, generate(3, 5), opt) }()
		<-begun
		return func() error { close(released); return <-done }
	},
	"in another process": func(t *testing.T, dir string) func() error {
		p := start(t, "hold", dir)
		if got := p.line(t); got != "building" {
			t.Fatalf("the builder said %q", got)
		}
		return p.end
	},
}

func TestASecondBuilderIsToldWithinTwoSeconds(t *testing.T) {
	for name, hold := range holders {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			docs := generate(1, 5)
			dir := built(t, docs)
			release := hold(t, dir)
			if st := inspect(t, dir, wanted{Corpus: versionOf(docs)}); st.State != Equal || !st.Building {
				t.Errorf("while another builds: %+v", st)
			}
			began := time.Now()
			err := Build(t.Context(), dir, docs, options())
			if took := time.Since(began); !errors.Is(err, generation.ErrLocked) || !strings.Contains(err.Error(), dir) || took > 2*time.Second {
				t.Errorf("after %v: %v", took, err)
			}
			mustAnswer(t, open(t, dir))
			if err := release(); err != nil {
				t.Error(err)
			}
			if st := inspect(t, dir, wanted{Corpus: versionOf(generate(3, 5))}); st.State != Equal || st.Building {
				t.Errorf("when the other is done: %+v", st)
			}
			build(t, dir, docs)
			mustBeTidy(t, dir)
		})
	}
}

func TestAWaitingBuilderStopsWhenCancelled(t *testing.T) {
	dir := built(t, generate(1, 5))
	release := holders["in this process"](t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	began := time.Now()
	if err := Build(ctx, dir, generate(1, 5), options()); !errors.Is(err, context.Canceled) || time.Since(began) > time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}

func TestReadersKeepTheOldIndexWhileTheNewOneIsSwappedIn(t *testing.T) {
	t.Parallel()
	before, after := generate(1, 60), generate(2, 60)
	dir := built(t, before)
	here := open(t, dir)
	old := mustAnswer(t, here)
	readers := []*process{start(t, "read", dir), start(t, "read", dir), start(t, "read", dir)}
	for _, p := range readers {
		if got := p.line(t); got != old {
			t.Fatalf("a reader answered %q, want %q", got, old)
		}
	}
	opt := options()
	opt.Progress = func(done, _ int) {
		if done%20 == 0 {
			if got := readers[0].ask(t); got != old {
				t.Errorf("while building: %q, want %q", got, old)
			}
		}
	}
	if err := Build(t.Context(), dir, after, opt); err != nil {
		t.Fatal(err)
	}
	for _, p := range readers {
		if got := p.ask(t); got != old {
			t.Errorf("a reader with the old index answered %q, want %q", got, old)
		}
	}
	if got := mustAnswer(t, here); got != old {
		t.Errorf("this process answered %q, want %q", got, old)
	}
	if got := mustAnswer(t, open(t, dir)); got == old || !strings.HasPrefix(got, versionOf(after)) {
		t.Errorf("opened after the swap: %q", got)
	}
	if got := start(t, "read", dir).line(t); !strings.HasPrefix(got, versionOf(after)) {
		t.Errorf("another process after the swap: %q", got)
	}
	mustBeTidy(t, dir)
}

func TestWhoeverOpensOrInspectsDuringSwapsGetsAWholeIndex(t *testing.T) {
	t.Parallel()
	docs := generate(1, 3)
	dir := built(t, docs)
	ctx, cancel := context.WithCancel(t.Context())
	swapping := make(chan error, 1)
	go func() {
		defer cancel()
		for range 25 {
			if err := Build(context.Background(), dir, docs, options()); err != nil {
				swapping <- err
				return
			}
		}
		swapping <- nil
	}()
	for ctx.Err() == nil {
		if st := inspect(t, dir, wanted{Corpus: versionOf(docs)}); st.State != Equal {
			t.Errorf("%+v", st)
		}
		x, err := Open(t.Context(), dir, 0)
		if err != nil {
			t.Error(err)
			continue
		}
		mustAnswer(t, x)
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := <-swapping; err != nil {
		t.Error(err)
	}
}

// TestAKilledBuilderLeavesTheOldIndexInUse kills builders at random moments of
// their work, some of them when it is done.
func TestAKilledBuilderLeavesTheOldIndexInUse(t *testing.T) {
	t.Parallel()
	kills := 20
	if testing.Short() {
		kills = 5
	}
	before := generate(1, 20)
	dir := built(t, before)
	whole := timeOf(t, func() { _ = start(t, "build", filepath.Join(t.TempDir(), "index"), "2", "150").end() })
	old, done := mustAnswer(t, open(t, dir)), versionOf(generate(2, 150))
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	leftovers, finished := 0, 0
	for range kills {
		p := start(t, "build", dir, "2", "150")
		delay := time.Duration(r.Int64N(int64(whole)))
		time.Sleep(delay)
		p.kill()
		if generations(t, dir) > 1 {
			leftovers++
		}
		if inspect(t, dir, wanted{Corpus: done}).State == Equal {
			finished++
			mustAnswer(t, open(t, dir))
		} else {
			if st := inspect(t, dir, wanted{Corpus: versionOf(before)}); st.State != Equal || st.Building {
				t.Errorf("killed after %v: %+v", delay, st)
			}
			if got := mustAnswer(t, open(t, dir)); got != old {
				t.Errorf("killed after %v: it answers %q, want %q", delay, got, old)
			}
		}
		build(t, dir, before)
		mustBeTidy(t, dir)
	}
	t.Logf("a build takes %v; of %d killed builders %d left something, %d had swapped", whole, kills, leftovers, finished)
	if leftovers == 0 {
		t.Error("no builder was killed while it built")
	}
}

func timeOf(t *testing.T, do func()) time.Duration {
	t.Helper()
	began := time.Now()
	do()
	return time.Since(began)
}

func generations(t *testing.T, dir string) int {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "gen-*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

// mustBeTidy checks that a directory holds one generation and nothing left over.
func mustBeTidy(t *testing.T, dir string) {
	t.Helper()
	var got []string
	for _, d := range []string{dir, current(t, dir).Path, filepath.Join(current(t, dir).Path, storeDir)} {
		entries, err := os.ReadDir(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			got = append(got, e.Name())
		}
	}
	want := strings.Join([]string{"CURRENT", "LOCK", filepath.Base(current(t, dir).Path), storeDir, "meta.json", "index_meta.json", "store"}, " ")
	if s := strings.Join(got, " "); s != want {
		t.Errorf("the directory holds %s, want %s", s, want)
	}
}
