package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley/index"
	"parley/index/generation"
)

func TestWhatIsPublishedIsWhatOthersOpen(t *testing.T) {
	t.Parallel()
	lib := newLibrary(1, generate(1, 20))
	opt := options()
	opt.Problems = []string{"a.md:1: no title"}
	dir := filepath.Join(t.TempDir(), "index")
	if err := Build(t.Context(), dir, lib.all(), opt); err != nil {
		t.Fatal(err)
	}
	l := liveIndex(t, dir)
	publish(t, l)
	if got := open(t, dir).Meta(); !got.Built.Equal(opt.Now) {
		t.Errorf("nothing new was published at %v", got.Built)
	}
	old := open(t, dir)
	before := mustAnswer(t, old)
	apply(t, l, lib.next(20))
	publish(t, l)
	want := wanted{Mapping: Mapping(names()), Corpus: versionOf(lib.all()), Fingerprint: opt.Fingerprint, State: lib.state()}
	st := inspect(t, dir, want)
	if st.State != Equal || !st.Meta.Built.Equal(liveOptions().Now()) || !slices.Equal(st.Meta.Problems, opt.Problems) {
		t.Errorf("%+v", st)
	}
	want.State = "another"
	if st := inspect(t, dir, want); st.State != Other {
		t.Errorf("another state is wanted: %+v", st)
	}
	mustBeAFreshBuild(t, lib, open(t, dir))
	if got := mustAnswer(t, old); got != before {
		t.Errorf("who had opened the old one gets %q, before %q", got, before)
	}
}

func TestPublishingIsDueWhenMuchHasChanged(t *testing.T) {
	t.Parallel()
	dir := built(t, generate(1, 3))
	l := liveIndex(t, dir)
	put := func(from, to int) (b index.Batch) {
		for i := from; i < to; i++ {
			b.Put = append(b.Put, document(fmt.Sprint("due-", i), "One passage."))
		}
		return b
	}
	apply(t, l, put(0, dueChanges-1))
	if l.Due() {
		t.Error("it is due too early")
	}
	apply(t, l, put(dueChanges-1, dueChanges))
	if !l.Due() {
		t.Error("it is not due")
	}
	publish(t, l)
	if l.Due() {
		t.Error("it is due when it is done")
	}
}

// liveDirs are the clones in a directory.
func liveDirs(t testing.TB, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "live-*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestTwoProcessesFollowTheSameLibraryWithoutWaiting(t *testing.T) {
	t.Parallel()
	lib := newLibrary(1, generate(1, 20))
	dir := built(t, lib.all())
	here, there := liveIndex(t, dir), start(t, "live", dir)
	if there.line(t) != "open" || len(liveDirs(t, dir)) != 2 {
		t.Fatalf("there are %v", liveDirs(t, dir))
	}
	apply(t, here, lib.next(5))
	before := mustAnswer(t, here)
	if got, want := there.ask(t), "published 1"; got != want {
		t.Fatalf("it says %q, want %q", got, want)
	}
	if got := mustAnswer(t, here); got != before {
		t.Errorf("it answers %q, before %q", got, before)
	}
	if err := here.Publish(t.Context()); !errors.Is(err, errSuperseded) {
		t.Errorf("publishing after another: %v", err)
	}
	mustBeAFreshBuild(t, lib, here)
	if got := open(t, dir).Meta().State; got != "1" {
		t.Errorf("the generation is of %q", got)
	}
	if err := here.Close(); err != nil {
		t.Error(err)
	}
	if err := there.end(); err != nil {
		t.Error(err)
	}
	mustBeTidy(t, dir)
}

func TestWhatAnotherHasPublishedAlreadyIsNotPublishedAgain(t *testing.T) {
	t.Parallel()
	lib := newLibrary(1, generate(1, 20))
	dir := built(t, lib.all())
	first, second := liveIndex(t, dir), liveIndex(t, dir)
	b := lib.next(5)
	apply(t, first, b)
	apply(t, second, b)
	publish(t, first)
	gen := current(t, dir)
	publish(t, second)
	if current(t, dir) != gen {
		t.Error("it was published twice")
	}
	apply(t, second, lib.next(5))
	publish(t, second) // has taken the other's as its own
	mustBeAFreshBuild(t, lib, open(t, dir))
}

func TestPublishingWaitsForNoBuilder(t *testing.T) {
	t.Parallel()
	for name, hold := range holders {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lib := newLibrary(1, generate(1, 5))
			dir := built(t, lib.all())
			l := liveIndex(t, dir)
			apply(t, l, lib.next(5))
			release := hold(t, dir)
			if err := l.Publish(t.Context()); !errors.Is(err, generation.ErrLocked) {
				t.Errorf("while another builds: %v", err)
			}
			mustBeAFreshBuild(t, lib, l)
			if err := release(); err != nil {
				t.Error(err)
			}
			if err := l.Publish(t.Context()); !errors.Is(err, errSuperseded) {
				t.Errorf("when the other is done: %v", err)
			}
		})
	}
}

func TestPublishingMendsADamagedDirectory(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"CURRENT is garbage", "meta.json is cut", "the generation is gone"} {
		t.Run(name, func(t *testing.T) {
			lib := newLibrary(1, generate(1, 10))
			dir := built(t, lib.all())
			l := liveIndex(t, dir)
			apply(t, l, lib.next(5))
			settle(t, l)
			damages[name](t, dir, filesOf(t, dir))
			publish(t, l)
			mustBeAFreshBuild(t, lib, open(t, dir))
		})
	}
}

func TestALiveIndexNeedsAWholeGenerationOfItsLexicon(t *testing.T) {
	opt := liveOptions()
	opt.Lexicon = otherLexicon(t)
	dir := built(t, generate(1, 5))
	if l, err := OpenLive(t.Context(), dir, opt); err == nil || !strings.Contains(err.Error(), "another lexicon") {
		t.Errorf("%v, %v", l, err)
	}
	for _, name := range []string{"root.bolt is cut", "a segment is gone", "bleve's meta is gone", "CURRENT names nothing"} {
		torn := copied(t, dir)
		damages[name](t, torn, filesOf(t, torn))
		if l, err := OpenLive(t.Context(), torn, liveOptions()); !errors.Is(err, generation.ErrCorrupt) {
			t.Errorf("%s: %v, %v", name, l, err)
		}
		if left := liveDirs(t, torn); len(left) > 0 {
			t.Errorf("%s: it leaves %v", name, left)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := OpenLive(ctx, dir, liveOptions()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestClonesWithoutAnOwnerAreRemovedAndOthersStay(t *testing.T) {
	t.Parallel()
	dir := built(t, generate(1, 5))
	l := liveIndex(t, dir)
	mine := liveDirs(t, dir)
	leave := func() {
		p := start(t, "live", dir)
		p.line(t)
		p.kill()
		if err := os.Mkdir(filepath.Join(dir, "live-1"), 0o755); err != nil { // killed before it had a lock
			t.Fatal(err)
		}
		if left := liveDirs(t, dir); len(left) != 3 {
			t.Fatalf("there are %v", left)
		}
	}
	leave()
	other := liveIndex(t, dir)
	if left := liveDirs(t, dir); len(left) != 2 {
		t.Errorf("after another has opened: %v", left)
	}
	if err := other.Close(); err != nil {
		t.Error(err)
	}
	leave()
	build(t, dir, generate(2, 5))
	if left := liveDirs(t, dir); !slices.Equal(left, mine) {
		t.Errorf("after a build: %v, want %v", left, mine)
	}
	mustAnswer(t, l)
}

// TestAllOpenAndSweepAtOnce has many open and close, of whom each removes what it takes for rubbish.
func TestAllOpenAndSweepAtOnce(t *testing.T) {
	t.Parallel()
	dir := built(t, generate(1, 5))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 10 {
				l, err := OpenLive(t.Context(), dir, liveOptions())
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := answers(l); err != nil {
					t.Error(err)
				}
				if _, err := os.Stat(filepath.Join(l.clone.Path, "LOCK")); err != nil {
					t.Error(err)
				}
				if err := l.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	mustBeTidy(t, dir)
}

// TestQuestionsDuringChangesSeeOneStateEach replaces all documents in every batch and
// publishes meanwhile: in a snapshot all are of one version, that of its state, however
// long it is kept.
func TestQuestionsDuringChangesSeeOneStateEach(t *testing.T) {
	t.Parallel()
	versions := 60
	if testing.Short() {
		versions = 15
	}
	version := func(v int) (b index.Batch) {
		for i := range 8 {
			doc := document(fmt.Sprint("d", i), strings.Repeat(fmt.Sprintf("# Part\n\nCeasefire number%d. ", v), 1+(v+i)%4))
			doc.Publisher = fmt.Sprint("P", v)
			b.Put = append(b.Put, doc)
		}
		b.State = fmt.Sprint(v)
		return b
	}
	dir := built(t, version(0).Put)
	l := liveIndex(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		defer cancel()
		for v := 1; v <= versions; v++ {
			if err := l.Apply(t.Context(), version(v)); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Go(func() {
		for ctx.Err() == nil {
			if err := l.Publish(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
	for g := range 4 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(g), 1))
			var kept []*snapshot
			for ctx.Err() == nil {
				s, err := l.snapshot()
				if err != nil {
					t.Error(err)
					return
				}
				kept = append(kept, s)
				if err := mustBeOneVersion(ctx, kept[r.IntN(len(kept))]); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
				if len(kept) == 5 {
					if err := kept[0].Close(); err != nil {
						t.Error(err)
					}
					kept = slices.Delete(kept, 0, 1)
				}
			}
			for _, s := range kept {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	publish(t, l)
	if got := open(t, dir).Meta(); got.State != fmt.Sprint(versions) || got.Record.Version != versionOf(version(versions).Put) {
		t.Errorf("%+v", got)
	}
}

// mustBeOneVersion checks a snapshot of TestQuestionsDuringChangesSeeOneStateEach.
func mustBeOneVersion(ctx context.Context, s *snapshot) error {
	v := s.contents.State
	if v == "" {
		v = "0"
	}
	if p := s.Publishers(); len(p) != 1 || p[0].Name != "P"+v || p[0].Documents != 8 || s.Record().Documents != 8 {
		return fmt.Errorf("state %s: %v, %+v", v, p, s.Record())
	}
	found, err := s.Search(ctx, []index.Clause{{Field: index.FieldText, Term: "ceasefir", Weight: 1}}, 1000)
	if err != nil {
		return err
	}
	if len(found) != s.Record().Passages {
		return fmt.Errorf("state %s: %d passages of %d", v, len(found), s.Record().Passages)
	}
	documents := map[string]bool{}
	for _, c := range found {
		p, err := s.Passage(c.Ref)
		if err != nil {
			return err
		}
		if documents[p.Source.ID] = true; p.Source.Publisher != "P"+v || !strings.Contains(p.Text, "number"+v+".") {
			return fmt.Errorf("state %s: %+v", v, p)
		}
	}
	if len(documents) != 8 {
		return fmt.Errorf("state %s: %v", v, slices.Sorted(maps.Keys(documents)))
	}
	return nil
}
