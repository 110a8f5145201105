package bleveindex

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/corpus"
	"parley/index"
	"parley/index/bleveindex/offline"
)

func liveOptions() LiveOptions {
	return LiveOptions{Lexicon: names(), Now: func() time.Time { return time.Date(2026, 5, 9, 12, 0, 0, 0, time.UTC) }}
}

// liveIndex opens a live index until the end of the test, if the test does not close it.
func liveIndex(t testing.TB, dir string) *Live {
	t.Helper()
	l, err := OpenLive(t.Context(), dir, liveOptions())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func apply(t testing.TB, l *Live, b index.Batch) {
	t.Helper()
	if err := l.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func publish(t testing.TB, l *Live) {
	t.Helper()
	if err := l.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// settle waits until scorch has written and merged what there is.
func settle(t testing.TB, l *Live) {
	t.Helper()
	s, err := l.scorch()
	if err != nil {
		t.Fatal(err)
	}
	for range 2000 {
		if stats := s.StatsMap(); stats["LastPersistedEpoch"] == stats["CurRootEpoch"] && stats["LastMergedEpoch"] == stats["CurRootEpoch"] {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("changes are not written")
}

// library is what a live index follows in tests.
type library struct {
	rand    *rand.Rand
	docs    map[string]corpus.Document
	changes int
}

func newLibrary(seed uint64, docs []corpus.Document) *library {
	lib := &library{rand: rand.New(rand.NewPCG(seed, 3)), docs: map[string]corpus.Document{}}
	for _, doc := range docs {
		lib.docs[doc.ID] = doc
	}
	return lib
}

// state is where the library stands.
func (lib *library) state() string { return fmt.Sprintf(`{"change":%d}`, lib.changes) }

// ids are those of the documents, in order.
func (lib *library) ids() []string { return slices.Sorted(maps.Keys(lib.docs)) }

// version is that of the documents.
func (lib *library) version() string { return versionOf(slices.Collect(maps.Values(lib.docs))) }

// all are the documents in random order.
func (lib *library) all() []corpus.Document {
	docs := make([]corpus.Document, 0, len(lib.docs))
	for _, id := range lib.ids() {
		docs = append(docs, lib.docs[id])
	}
	lib.rand.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
	return docs
}

// next changes up to n documents: it adds, replaces, repeats and withdraws.
func (lib *library) next(n int) (b index.Batch) {
	changed := map[string]bool{}
	for range 1 + lib.rand.IntN(n) {
		lib.changes++
		doc := lib.document()
		if known := lib.ids(); len(known) > 0 && lib.rand.IntN(3) > 0 {
			doc.ID = known[lib.rand.IntN(len(known))]
		}
		if changed[doc.ID] {
			continue
		}
		changed[doc.ID] = true
		old, there := lib.docs[doc.ID]
		switch {
		case there && lib.rand.IntN(2) == 0:
			delete(lib.docs, doc.ID)
			b.Withdraw = append(b.Withdraw, doc.ID)
			continue
		case there && lib.rand.IntN(6) == 0:
			doc = old
		case there && lib.rand.IntN(6) == 0: // only what is known about it
			doc.Title, doc.Text = old.Title, old.Text
		}
		lib.docs[doc.ID] = doc
		b.Put = append(b.Put, doc)
	}
	if lib.rand.IntN(5) == 0 {
		b.Withdraw = append(b.Withdraw, "never-there")
	}
	b.State = lib.state()
	return b
}

// document is a new one, with a date in one of three zones.
func (lib *library) document() corpus.Document {
	doc := generate(lib.rand.Uint64(), 1)[0]
	doc.ID = fmt.Sprintf("live-%d", lib.rand.IntN(1000))
	doc.Publisher = []string{"", "Gazette", "Courier", "Ґазета", "Rare " + fmt.Sprint(lib.rand.IntN(20))}[lib.rand.IntN(5)]
	if lib.rand.IntN(3) == 0 {
		zone := []*time.Location{time.UTC, time.FixedZone("", 2*3600), time.FixedZone("", -5*3600)}[lib.rand.IntN(3)]
		moment := time.Date(2025, 2, 1+lib.rand.IntN(2), 12, 0, 0, lib.rand.IntN(3)*1e8, time.UTC)
		doc.Published = corpus.DateOf(moment.In(zone), corpus.Moment)
	}
	if lib.rand.IntN(10) == 0 {
		doc.Text = ""
	}
	return doc
}

// TestALiveIndexIsWhatAFreshBuildOfItsDocumentsIs makes random changes, with and without
// time for scorch to write and merge, publishes and opens again in between, and compares
// all that a snapshot tells.
func TestALiveIndexIsWhatAFreshBuildOfItsDocumentsIs(t *testing.T) {
	runs, steps := uint64(3), 20
	if testing.Short() {
		runs, steps = 1, 10
	}
	for seed := range runs {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			start := generate(seed, 30)
			lib, dir := newLibrary(seed, start), built(t, start)
			l := liveIndex(t, dir)
			for range steps {
				apply(t, l, lib.next(8))
				switch lib.rand.IntN(6) {
				case 0:
					settle(t, l)
				case 1:
					publish(t, l)
					mustBeAFreshBuild(t, lib, open(t, dir))
				case 2:
					if err := l.Close(); err != nil {
						t.Fatal(err)
					}
					mustBeTidy(t, dir)
					l = liveIndex(t, dir)
				}
				mustBeAFreshBuild(t, lib, l)
			}
		})
	}
}

// mustBeAFreshBuild compares a snapshot with one of a new index of the same documents.
func mustBeAFreshBuild(t *testing.T, lib *library, x index.Engine) {
	t.Helper()
	snap, err := x.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	got := snap.(*snapshot)
	defer got.Close()
	docs := lib.all()
	dir := filepath.Join(t.TempDir(), "fresh")
	opt := options()
	opt.State = lib.state()
	if err := Build(t.Context(), dir, docs, opt); err != nil {
		t.Fatal(err)
	}
	want := view(t, open(t, dir))
	if diff := gocmp.Diff(want.contents, got.contents, dates); diff != "" {
		t.Fatalf("contents (-fresh +live):\n%s", diff)
	}
	if v := versionOf(docs); got.Record().Version != v {
		t.Fatalf("the version is %s, that of the documents %s", got.Record().Version, v)
	}
	ids := append(lib.ids(), "live-1", "never-there")
	if diff := gocmp.Diff(documentsOf(t, want, ids), documentsOf(t, got, ids), dates, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("documents (-fresh +live):\n%s", diff)
	}
	mustSearchAlike(t, lib, modelOf(t, want, docs), want, got)
}

// read is what Document and Passage tell of a document.
type read struct {
	Source   corpus.Source
	Passages []index.Passage
}

func documentsOf(t *testing.T, s *snapshot, ids []string) map[string]read {
	t.Helper()
	all := map[string]read{}
	for _, id := range ids {
		source, refs, ok, err := s.Document(id)
		if err != nil {
			t.Fatal(err)
		}
		r := read{Source: source}
		for _, ref := range refs {
			p, err := s.Passage(ref)
			if err != nil {
				t.Fatal(err)
			}
			r.Passages = append(r.Passages, *p)
		}
		if ok {
			all[id] = r
		}
	}
	return all
}

// hit is a candidate by the id of its passage.
type hit struct {
	ID    string
	Score float64
}

// mustSearchAlike compares terms, searches, dates and spellings.
func mustSearchAlike(t *testing.T, lib *library, m model, want, got *snapshot) {
	t.Helper()
	for _, f := range searchFields {
		for term, n := range m.docFreq[f] {
			if have, err := got.DocFreq(f, term); have != n || err != nil {
				t.Fatalf("%s:%s is in %d passages, %v; want %d", f, term, have, err, n)
			}
		}
	}
	for range 20 {
		clauses := m.randomClauses(lib.rand)
		if diff := gocmp.Diff(searched(t, want, clauses), searched(t, got, clauses)); diff != "" {
			t.Fatalf("%v (-fresh +live):\n%s", clauses, diff)
		}
	}
	for _, f := range searchFields {
		term := m.terms[f][lib.rand.IntN(len(m.terms[f]))]
		if diff := gocmp.Diff(datedBy(t, want, f, term), datedBy(t, got, f, term)); diff != "" {
			t.Fatalf("%s:%s (-fresh +live):\n%s", f, term, diff)
		}
	}
	for range 20 {
		word, edits := misspelled(lib.rand, strings.ToLower(vocabulary[lib.rand.IntN(len(vocabulary))])), 1+lib.rand.IntN(2)
		wanted, err := want.Near(word, edits)
		found, err2 := got.Near(word, edits)
		if diff := gocmp.Diff(wanted, found, cmpopts.EquateEmpty()); diff != "" || err != nil || err2 != nil {
			t.Fatalf("near %s: %v, %v (-fresh +live):\n%s", word, err, err2, diff)
		}
	}
}

// searched are all passages that are found, in an order that does not depend on refs.
// Scores are compared to the last bit.
func searched(t *testing.T, s *snapshot, clauses []index.Clause) (hits []hit) {
	t.Helper()
	found, err := s.Search(t.Context(), clauses, s.Record().Passages+1)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range found {
		p, err := s.Passage(c.Ref)
		if err != nil {
			t.Fatal(err)
		}
		hits = append(hits, hit{p.ID, c.Score})
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	return hits
}

func datedBy(t *testing.T, s *snapshot, f index.Field, term string) map[string]string {
	t.Helper()
	list, err := s.Dated(t.Context(), f, term)
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]string{}
	for _, d := range list {
		p, err := s.Passage(d.Ref)
		if err != nil {
			t.Fatal(err)
		}
		byID[p.ID] = d.Date.String()
	}
	return byID
}

func TestALiveIndexMayLoseAllItsDocuments(t *testing.T) {
	docs := generate(1, 5)
	dir := built(t, docs)
	l := liveIndex(t, dir)
	b := index.Batch{State: "empty"}
	for _, doc := range docs {
		b.Withdraw = append(b.Withdraw, doc.ID)
	}
	apply(t, l, b)
	publish(t, l)
	for _, engine := range []index.Engine{l, open(t, dir)} {
		s := view(t, engine)
		if r := s.Record(); r.Documents != 0 || r.Passages != 0 || !r.Newest.IsZero() || r.Version != versionOf(nil) || len(s.Publishers()) != 0 {
			t.Errorf("an empty record is %+v, %v", r, s.Publishers())
		}
		if found, err := s.Search(t.Context(), []index.Clause{{Field: index.FieldText, Term: "ceasefir", Weight: 1}}, 3); len(found) > 0 || err != nil {
			t.Errorf("%v, %v", found, err)
		}
	}
	apply(t, l, index.Batch{Put: docs[:2], State: "again"})
	if r := view(t, l).Record(); r.Version != versionOf(docs[:2]) {
		t.Errorf("documents that came again: %+v", r)
	}
}

// TestASnapshotNeverShowsAnothersPassage asks an old and a new snapshot in turns.
func TestASnapshotNeverShowsAnothersPassage(t *testing.T) {
	t.Parallel()
	text := func(version int) string { return fmt.Sprintf("Version %d says ceasefire.", version) }
	l := liveIndex(t, built(t, []corpus.Document{document("other", "A bystander."), document("a", text(0))}))
	snaps := []*snapshot{view(t, l)}
	for version := 1; version < 12; version++ {
		doc := document("a", text(version))
		doc.Title = fmt.Sprint(version)
		apply(t, l, index.Batch{Put: []corpus.Document{doc}})
		if version%3 == 0 {
			settle(t, l)
		}
		snaps = append(snaps, view(t, l))
		for range 2 {
			for v, s := range snaps {
				source, refs, _, err := s.Document("a")
				if err != nil || len(refs) != 1 || v > 0 && source.Title != fmt.Sprint(v) {
					t.Fatalf("snapshot %d: %+v, %v, %v", v, source, refs, err)
				}
				p, err := s.Passage(refs[0])
				if err != nil || p.Text != text(v) || p.Source.Title != source.Title {
					t.Fatalf("snapshot %d shows %+v, %v", v, p, err)
				}
				if n, err := s.DocFreq(index.FieldText, "ceasefir"); n != 1 || err != nil {
					t.Fatalf("snapshot %d has %d passages with the word, %v", v, n, err)
				}
			}
		}
	}
}

func TestABatchThatCannotBeAppliedChangesNothingAndNamesTheDocument(t *testing.T) {
	docs := generate(1, 5)
	l := liveIndex(t, built(t, docs))
	before := l.Meta()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx   context.Context
		batch index.Batch
		want  string
	}{
		"the id of a passage": {t.Context(), index.Batch{Put: []corpus.Document{document("new", "One."), document("a#0", "Two.")}}, "document a#0"},
		"no id":               {t.Context(), index.Batch{Put: []corpus.Document{document("", "One.")}}, "no id"},
		"two of one id":       {t.Context(), index.Batch{Put: []corpus.Document{document("a", "One."), document("a", "Two.")}}, "document a"},
		"put and withdrawn":   {t.Context(), index.Batch{Put: []corpus.Document{document("a", "One.")}, Withdraw: []string{"a"}}, "document a"},
		"cancelled":           {cancelled, index.Batch{Put: []corpus.Document{document("a", "One.")}, Withdraw: []string{docs[0].ID}}, "cancel"},
	} {
		if err := l.Apply(c.ctx, c.batch); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", name, err, c.want)
		}
	}
	apply(t, l, index.Batch{Withdraw: []string{docs[0].ID + "#0", "", "never-there"}}) // no documents
	if diff := gocmp.Diff(before, l.Meta(), dates); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestWhatIsAppliedAgainChangesNothing(t *testing.T) {
	lib := newLibrary(1, generate(1, 20))
	l := liveIndex(t, built(t, lib.all()))
	b := lib.next(10)
	apply(t, l, b)
	before, changed := l.Meta(), l.newest.Load().changed
	apply(t, l, b)
	if diff := gocmp.Diff(before, l.Meta(), dates); diff != "" || l.newest.Load().changed != changed {
		t.Errorf("%d passages changed, then %d; -before +after:\n%s", changed, l.newest.Load().changed, diff)
	}
	b.State = "later"
	apply(t, l, b)
	if got := l.Meta(); got.State != "later" || got.Record.Version != before.Record.Version {
		t.Errorf("with another state: %+v", got)
	}
}

func TestAClosedLiveIndexSaysSo(t *testing.T) {
	docs := generate(1, 5)
	dir := built(t, docs)
	l := liveIndex(t, dir)
	for range 2 {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	mustBeTidy(t, dir)
	if _, err := l.Snapshot(); !errors.Is(err, errClosed) {
		t.Errorf("Snapshot: %v", err)
	}
	if err := l.Apply(t.Context(), index.Batch{Withdraw: []string{docs[0].ID}}); !errors.Is(err, errClosed) {
		t.Errorf("Apply: %v", err)
	}
	if err := l.Publish(t.Context()); !errors.Is(err, errClosed) {
		t.Errorf("Publish: %v", err)
	}
}

// TestAThousandChangesLeaveNothingBehind replaces the same documents again and again: neither
// memory nor disk nor the number of segments may grow with the number of changes.
func TestAThousandChangesLeaveNothingBehind(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	l := liveIndex(t, built(t, generate(1, 20)))
	n := 0
	change := func(times int) {
		for range times {
			n++
			doc := generate(uint64(n), 1)[0]
			doc.ID = fmt.Sprint("changing-", n%20)
			apply(t, l, index.Batch{Put: []corpus.Document{doc}, State: fmt.Sprint(n)})
		}
		settle(t, l)
	}
	change(200)
	heap := heapInUse()
	change(1000)
	after := heapInUse()
	files := segmentFiles(t, l)
	for tries := 0; files > 10 && tries < 20; tries++ { // scorch removes what it no longer needs at a change after a pause
		change(1)
		files = segmentFiles(t, l)
	}
	segments, disk := len(view(t, l).reader.Segments()), bytesIn(t, l.clone.Path)
	t.Logf("1000 changes: heap from %.1f to %.1f MB, %.2f MB on disk, %d segments in %d files", heap/1e6, after/1e6, float64(disk)/1e6, segments, files)
	// bbolt doubles its file when it needs a page more: one or two megabytes, by how the
	// writes of persister and merger meet. A page kept of every change would make it eight.
	if after > heap+4e6 || disk > 5e6 || segments > 10 || files > 10 {
		t.Error("that is too much")
	}
}

// segmentFiles counts the files of segments on disk.
func segmentFiles(t *testing.T, l *Live) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(l.clone.Path, storeDir, "store", "*"+offline.SegmentExt))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// heapInUse is in bytes.
func heapInUse() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// bytesIn is the size of the files in a folder.
func bytesIn(t *testing.T, dir string) (size int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		var info fs.FileInfo
		if err == nil {
			info, err = d.Info()
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // scorch has removed it meanwhile
		case err == nil && !d.IsDir():
			size += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return size
}
