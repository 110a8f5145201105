package bleveindex

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"parley/corpus"
)

func TestACancelledBuildLeavesTheOldIndexAndNothingElse(t *testing.T) {
	docs := generate(1, 40)
	dir := built(t, docs)
	old := mustAnswer(t, open(t, dir))
	for _, last := range []int{1, 20, 39} {
		ctx, cancel := context.WithCancel(t.Context())
		opt := options()
		opt.Progress = func(done, total int) {
			if total != 40 {
				t.Errorf("progress of %d documents", total)
			}
			if done == last {
				cancel()
			}
		}
		if err := Build(ctx, dir, generate(2, 40), opt); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled after %d documents: %v", last, err)
		}
		mustBeTidy(t, dir)
		if got := mustAnswer(t, open(t, dir)); got != old {
			t.Errorf("cancelled after %d documents: it answers %q, want %q", last, got, old)
		}
	}
}

func TestWhatCannotBeIndexedIsAnErrorThatNamesIt(t *testing.T) {
	dir := built(t, generate(1, 5))
	for name, c := range map[string]struct {
		docs []corpus.Document
		want string
	}{
		"nothing":             {nil, "no text"},
		"only empty texts":    {[]corpus.Document{document("a", "")}, "no text"},
		"two of one id":       {[]corpus.Document{document("a", "One."), document("b", "Two."), document("a", "Three.")}, "document a"},
		"the id of a passage": {[]corpus.Document{document("a", "One."), document("a#0", "Two.")}, "document a#0"},
		"no id":               {[]corpus.Document{document("", "One.")}, "document"},
	} {
		if err := Build(t.Context(), dir, c.docs, options()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", name, err, c.want)
		}
		mustBeTidy(t, dir)
	}
	mustAnswer(t, open(t, dir))
}

func TestADirectoryThatCannotBeIsAnErrorThatNamesIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	err := Build(t.Context(), filepath.Join(file, "index"), generate(1, 1), options())
	if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "data_dir") {
		t.Errorf("%v", err)
	}
}

// nobody is the user id of someone who may not write.
const nobody = 65534

func TestAReadOnlyDirectoryCanBeReadAndBuildingSaysWhyNot(t *testing.T) {
	dir := built(t, generate(1, 5))
	old := mustAnswer(t, open(t, dir))
	if os.Getuid() == 0 {
		giveAway(t, dir)
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o755) })
	p := start(t, "unprivileged", dir)
	if got := p.line(t); got != old {
		t.Errorf("a reader answered %q, want %q", got, old)
	}
	if got := p.line(t); !strings.Contains(got, dir) || !strings.Contains(got, "permission denied") {
		t.Errorf("building: %q", got)
	}
	if got := p.line(t); !strings.Contains(got, dir) || !strings.Contains(got, "permission denied") {
		t.Errorf("opening it live: %q", got)
	}
	mustBeTidy(t, dir)
}

// giveAway makes a directory and all in it nobody's.
func giveAway(t *testing.T, dir string) {
	t.Helper()
	for d := filepath.Dir(dir); d != filepath.Clean(os.TempDir()); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil { // that of the test, to which nobody must come
			t.Fatal(err)
		}
	}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Chown(path, nobody, nobody))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// playUnprivileged reads and builds in a directory that it may only read; root becomes nobody for it.
func playUnprivileged(args []string) error {
	if os.Getuid() == 0 {
		if err := errors.Join(syscall.Setgid(nobody), syscall.Setuid(nobody)); err != nil {
			return err
		}
	}
	st, err := Inspect(args[0], Want{})
	if err != nil || st.State != Equal {
		return fmt.Errorf("%+v, %w", st, err)
	}
	x, err := Open(context.Background(), args[0], 0)
	if err != nil {
		return err
	}
	answer, err := answers(x)
	fmt.Println(answer)
	fmt.Println(Build(context.Background(), args[0], generate(2, 5), options()))
	_, refused := OpenLive(context.Background(), args[0], liveOptions())
	fmt.Println(refused)
	return errors.Join(err, x.Close())
}

func TestAFullDiskIsAnErrorAndLeavesTheOldIndex(t *testing.T) {
	t.Parallel()
	docs := generate(1, 5)
	dir := built(t, docs)
	p := start(t, "small disk", dir)
	if got := p.line(t); !strings.Contains(got, "build index in "+dir) || !strings.Contains(got, "file too large") {
		t.Errorf("building: %q", got)
	}
	mustBeTidy(t, dir)
	if st := inspect(t, dir, wanted{Corpus: versionOf(docs)}); st.State != Equal {
		t.Errorf("%+v", st)
	}
}

// playSmallDisk builds with a limit on files as if the disk were full.
func playSmallDisk(args []string) error {
	if err := limitFiles(32 << 10); err != nil {
		return err
	}
	fmt.Println(Build(context.Background(), args[0], generate(2, 400), options()))
	return nil
}

// limitFiles sets how large a file may become; the limit can be raised again.
func limitFiles(bytes uint64) error {
	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	limit.Cur = min(bytes, limit.Max)
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
}
