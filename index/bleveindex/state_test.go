package bleveindex

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/annotate"
	"parley/index/generation"
)

func TestTheStateSaysHowTheIndexFits(t *testing.T) {
	docs := generate(1, 5)
	dir := built(t, docs)
	opt := options()
	fits := wanted{Mapping: Mapping(opt.Lexicon), Corpus: versionOf(docs), Fingerprint: opt.Fingerprint}
	for _, c := range []struct {
		name, dir string
		want      wanted
		state     State
	}{
		{"nothing there", filepath.Join(t.TempDir(), "never"), fits, Missing},
		{"an empty folder", t.TempDir(), fits, Missing},
		{"all as wanted", dir, fits, Equal},
		{"anything wanted", dir, wanted{}, Equal},
		{"another mapping", dir, wanted{Mapping: "other"}, Outdated},
		{"another lexicon", dir, wanted{Mapping: Mapping(otherLexicon(t))}, Outdated},
		{"other files", dir, wanted{Fingerprint: "other"}, Other},
		{"another mapping and other documents", dir, wanted{Mapping: "other", Fingerprint: "other"}, Outdated},
	} {
		st := inspect(t, c.dir, c.want)
		if st.State != c.state || st.Why == "" || st.Building {
			t.Errorf("%s: %+v, want it %s", c.name, st, c.state)
		}
		if known := st.Meta.Record.Documents == 5 && st.Bytes > 0; known != (c.state != Missing) {
			t.Errorf("%s: what is known of it is %+v", c.name, st)
		}
	}
}

func otherLexicon(t *testing.T) *lexicon.Lexicon {
	t.Helper()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	return lex
}

func TestAnotherSchemaIsOutdated(t *testing.T) {
	dir := built(t, generate(1, 5))
	old := current(t, dir)
	_, err := generation.Write(dir, func(path string) (any, error) {
		err := os.CopyFS(filepath.Join(path, storeDir), os.DirFS(filepath.Join(old.Path, storeDir)))
		return Meta{Schema: schema + 1, Mapping: Mapping(names())}, err
	})
	if err != nil {
		t.Fatal(err)
	}
	if st := inspect(t, dir, wanted{}); st.State != Outdated || !strings.Contains(st.Why, "schema") {
		t.Errorf("%+v", st)
	}
}

func TestTheMetaTellsOfTheRecord(t *testing.T) {
	docs := generate(1, 12)
	opt := options()
	opt.Problems = []string{"a.md:1: no title"}
	dir := filepath.Join(t.TempDir(), "index")
	if err := Build(t.Context(), dir, docs, opt); err != nil {
		t.Fatal(err)
	}
	m := open(t, dir).Meta()
	passages := 0
	newest := docs[0].Published
	for _, d := range docs {
		passages += len(annotate.New(names()).Passages(d))
		if d.Published.Compare(newest) > 0 {
			newest = d.Published
		}
	}
	want := index.Record{Documents: 12, Passages: passages, Newest: newest, Version: versionOf(docs)}
	if m.Record != want || !slices.Equal(m.Problems, opt.Problems) || !m.Built.Equal(opt.Now) {
		t.Errorf("%+v, want the record %+v", m, want)
	}
}

func current(t testing.TB, dir string) generation.Generation {
	t.Helper()
	gen, err := generation.Current(dir)
	if err != nil {
		t.Fatal(err)
	}
	return gen
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// damages are ways in which an index directory may be torn. Paths are those of
// the directory and of its files.
var damages = map[string]func(t *testing.T, dir string, file map[string]string){
	"CURRENT is empty": func(t *testing.T, dir string, _ map[string]string) { write(t, filepath.Join(dir, "CURRENT"), "") },
	"CURRENT is garbage": func(t *testing.T, dir string, _ map[string]string) {
		write(t, filepath.Join(dir, "CURRENT"), "\x00\xff\n{")
	},
	"CURRENT names nothing": func(t *testing.T, dir string, _ map[string]string) {
		write(t, filepath.Join(dir, "CURRENT"), "gen-123 00000000\n")
	},
	"CURRENT has no checksum": func(t *testing.T, dir string, file map[string]string) {
		write(t, filepath.Join(dir, "CURRENT"), filepath.Base(filepath.Dir(file["meta.json"]))+"\n")
	},
	"CURRENT leads elsewhere": func(t *testing.T, dir string, _ map[string]string) {
		write(t, filepath.Join(dir, "CURRENT"), "gen-/../../elsewhere 00000000\n")
	},
	"CURRENT leads upwards": func(t *testing.T, dir string, _ map[string]string) {
		write(t, filepath.Join(dir, "CURRENT"), ".. 00000000\n")
	},
	"CURRENT has a NUL": func(t *testing.T, dir string, _ map[string]string) {
		write(t, filepath.Join(dir, "CURRENT"), "gen-\x00 00000000\n")
	},
	"meta.json is cut":       func(t *testing.T, _ string, file map[string]string) { cut(t, file["meta.json"], 2) },
	"meta.json is garbage":   func(t *testing.T, _ string, file map[string]string) { write(t, file["meta.json"], "]]") },
	"meta.json says nothing": func(t *testing.T, _ string, file map[string]string) { write(t, file["meta.json"], "{}") },
	"meta.json is gone":      func(t *testing.T, _ string, file map[string]string) { remove(t, file["meta.json"]) },
	"the generation is gone": func(t *testing.T, _ string, file map[string]string) { remove(t, filepath.Dir(file["meta.json"])) },
	"the store is gone":      func(t *testing.T, _ string, file map[string]string) { remove(t, filepath.Dir(file["index_meta.json"])) },
	"root.bolt is cut":       func(t *testing.T, _ string, file map[string]string) { cut(t, file["root.bolt"], 2) },
	"root.bolt is cut short": func(t *testing.T, _ string, file map[string]string) { cut(t, file["root.bolt"], 1000) },
	"root.bolt is empty":     func(t *testing.T, _ string, file map[string]string) { write(t, file["root.bolt"], "") },
	"root.bolt is zeroed":    func(t *testing.T, _ string, file map[string]string) { zero(t, file["root.bolt"]) },
	"root.bolt is gone":      func(t *testing.T, _ string, file map[string]string) { remove(t, file["root.bolt"]) },
	"a segment is cut":       func(t *testing.T, _ string, file map[string]string) { cut(t, file[segmentFile], 2) },
	"a segment is empty":     func(t *testing.T, _ string, file map[string]string) { write(t, file[segmentFile], "") },
	"a segment is gone":      func(t *testing.T, _ string, file map[string]string) { remove(t, file[segmentFile]) },
	"bleve's meta is cut":    func(t *testing.T, _ string, file map[string]string) { cut(t, file["index_meta.json"], 2) },
	"bleve's meta is gone":   func(t *testing.T, _ string, file map[string]string) { remove(t, file["index_meta.json"]) },
}

// segmentFile is how bleve's builder names its only segment.
const segmentFile = "000000000002.zap"

// cut leaves the first part of a file.
func cut(t *testing.T, path string, parts int64) {
	t.Helper()
	info, err := os.Stat(path)
	if err == nil {
		err = os.Truncate(path, info.Size()/parts)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func zero(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, strings.Repeat("\x00", int(info.Size())))
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

// filesOf are the paths of the generation's files by their names.
func filesOf(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(current(t, dir).Path, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files[filepath.Base(path)] = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// copied is an own copy of an index directory.
func copied(t testing.TB, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "index")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestADamagedIndexIsSaidToBeDamagedAndCanBeBuiltAgain(t *testing.T) {
	t.Parallel()
	docs := generate(1, 10)
	whole := built(t, docs)
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			dir := copied(t, whole)
			damage(t, dir, filesOf(t, dir))
			st := inspect(t, dir, wanted{Corpus: versionOf(docs)})
			if st.State != Corrupt || !strings.Contains(st.Why, dir) || st.Meta.Schema != 0 {
				t.Errorf("%+v", st)
			}
			within(t, 5*time.Second, "Open", func() {
				if x, err := Open(t.Context(), dir, 0); !errors.Is(err, generation.ErrCorrupt) || !strings.Contains(err.Error(), dir) {
					t.Errorf("Open gave %v, %v", x, err)
				}
			})
			build(t, dir, docs)
			if st := inspect(t, dir, wanted{Corpus: versionOf(docs)}); st.State != Equal {
				t.Errorf("built again: %+v", st)
			}
		})
	}
}

func TestOpeningWhatIsNotThereSaysSo(t *testing.T) {
	if x, err := Open(t.Context(), t.TempDir(), 0); !errors.Is(err, fs.ErrNotExist) || errors.Is(err, generation.ErrCorrupt) {
		t.Errorf("%v, %v", x, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if x, err := Open(ctx, built(t, generate(1, 1)), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v, %v", x, err)
	}
}

// TestAFlippedByteIsFoundAndNeverPanics flips bytes of every file. Inspect has to
// find each; an index that is opened all the same may give errors or wrong
// passages, but must neither panic nor hang.
func TestAFlippedByteIsFoundAndNeverPanics(t *testing.T) {
	t.Parallel()
	flips := 60
	if testing.Short() {
		flips = 10
	}
	dir := built(t, generate(1, 30))
	r := rand.New(rand.NewPCG(7, 7))
	for _, path := range filesOf(t, dir) {
		for range flips {
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			at, bits := r.IntN(len(whole)), byte(1+r.IntN(255))
			torn := bytes.Clone(whole)
			torn[at] ^= bits
			write(t, path, string(torn))
			flip := fmt.Sprintf("%s: byte %d of %d ^ %#x", filepath.Base(path), at, len(whole), bits)
			if st := inspect(t, dir, wanted{}); st.State != Corrupt || !strings.Contains(st.Why, path) {
				t.Errorf("%s: %+v", flip, st)
			}
			within(t, 20*time.Second, flip, func() { readAll(dir) })
			write(t, path, string(whole))
		}
	}
	if st := inspect(t, dir, wanted{}); st.State != Equal {
		t.Errorf("with every byte restored: %+v", st)
	}
}

// readAll reads whatever can be read, errors or not.
func readAll(dir string) {
	x, err := Open(context.Background(), dir, 0)
	if err != nil {
		return
	}
	defer func() { _ = x.Close() }()
	s, err := x.Snapshot()
	if err != nil {
		return
	}
	defer func() { _ = s.Close() }()
	for _, f := range searchFields {
		for _, term := range []string{"ceasefir", "zenda", "talk", "russia", "ceasefire", "2025", index.SourceBrief} {
			_, _ = s.DocFreq(f, term)
			_, _ = s.Search(context.Background(), []index.Clause{{Field: f, Term: term, Weight: 1}}, 50)
		}
	}
	for _, word := range []string{"mediater", "zelenski", "corridor"} {
		_, _ = s.Near(word, 2)
	}
	for i := range 30 {
		_, refs, _, _ := s.Document(fmt.Sprintf("doc-1-%d", i))
		for _, ref := range refs {
			_, _ = s.Passage(ref)
		}
	}
}

func TestAnIndexThatIsCutWhileOpenGivesErrors(t *testing.T) {
	dir := built(t, generate(1, 300))
	x := open(t, dir)
	s := view(t, x)
	if err := os.Truncate(filesOf(t, dir)[segmentFile], 0); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Search(t.Context(), []index.Clause{{Field: index.FieldText, Term: "ceasefir", Weight: 1}}, 3); !errors.Is(err, generation.ErrCorrupt) {
		t.Errorf("Search: %v", err)
	}
	if _, err := s.Near("mediater", 1); !errors.Is(err, generation.ErrCorrupt) {
		t.Errorf("Near: %v", err)
	}
	if _, _, _, err := s.Document("doc-1-1"); !errors.Is(err, generation.ErrCorrupt) {
		t.Errorf("Document: %v", err)
	}
	if _, err := s.Passage(3); !errors.Is(err, generation.ErrCorrupt) {
		t.Errorf("Passage: %v", err)
	}
}

func FuzzCurrentNamesAGenerationInTheDirectoryOrIsDamaged(f *testing.F) {
	for _, s := range []string{"", "\n", "gen-1 0a0b0c0d\n", "gen-1", "gen-/../.. 00000000", "/gen-1 1", "gen-1\\..\\x 1", "gen- +1", "gen-1 0x1", "gen-\x00 1"} {
		f.Add(s)
	}
	f.Add("gen-" + strings.Repeat("1", 5000) + " 0a0b0c0d\n")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, content string) {
		write(t, filepath.Join(dir, "CURRENT"), content)
		gen, err := generation.Current(dir)
		if err != nil && !errors.Is(err, generation.ErrCorrupt) {
			t.Errorf("%q: %v", content, err)
		}
		if err == nil && (filepath.Dir(gen.Path) != dir || !strings.HasPrefix(filepath.Base(gen.Path), "gen-")) {
			t.Errorf("%q leads to %s", content, gen.Path)
		}
		if _, err := Open(t.Context(), dir, 0); !errors.Is(err, generation.ErrCorrupt) {
			t.Errorf("%q: Open gave %v", content, err)
		}
	})
}

// FuzzAnyMetaIsReadOrDamaged gives the meta the right checksum, as a faulty builder might.
func FuzzAnyMetaIsReadOrDamaged(f *testing.F) {
	for _, s := range []string{"", "null", "{}", `{"description":{"schema":1}}`,
		`{"description":{},"files":{"../../x":{"bytes":1}}}`, `{"description":{},"files":{"":{"bytes":4096}}}`,
		`{"description":{"built":"yesterday"}}`, `{"description":{"record":{"newest":"2025-13"}}}`} {
		f.Add([]byte(s))
	}
	dir := f.TempDir()
	gen := filepath.Join(dir, "gen-1")
	if err := os.Mkdir(gen, 0o755); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := os.WriteFile(filepath.Join(gen, "meta.json"), content, 0o644); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "CURRENT"), fmt.Sprintf("gen-1 %08x\n", crc32.Checksum(content, crc32.MakeTable(crc32.Castagnoli))))
		var meta Meta
		if _, err := current(t, dir).ReadManifest(&meta); err != nil && !errors.Is(err, generation.ErrCorrupt) {
			t.Errorf("%q: %v", content, err)
		}
		if x, err := Open(t.Context(), dir, 0); err == nil {
			t.Errorf("%q was opened: %v", content, x)
		}
	})
}
