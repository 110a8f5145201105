package bleveindex

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"parley/index"
	"parley/index/generation"
)

// playLive opens the index live, says so, and for each line of input puts a document and publishes.
func playLive(args []string) error {
	l, err := OpenLive(context.Background(), args[0], liveOptions())
	if err != nil {
		return err
	}
	fmt.Println("open")
	lines := bufio.NewScanner(os.Stdin)
	for n := 1; lines.Scan(); n++ {
		if err := l.Apply(context.Background(), index.Batch{Put: generate(uint64(n), 1), State: fmt.Sprint(n)}); err != nil {
			return err
		}
		if err := l.Publish(context.Background()); err != nil {
			return err
		}
		fmt.Println("published", n)
	}
	return l.Close()
}

// followed is the library of playFollower.
func followed() *library { return newLibrary(11, generate(11, 40)) }

// playFollower follows a library from the state of the index, which it says, until it is
// killed. It publishes every other time and says to what state.
func playFollower(args []string) error {
	l, err := OpenLive(context.Background(), args[0], liveOptions())
	if err != nil {
		return err
	}
	fmt.Println(l.Meta().State)
	lib := followed()
	for lib.state() != l.Meta().State {
		lib.next(6)
	}
	for n := 0; ; n++ {
		if err := l.Apply(context.Background(), lib.next(6)); err != nil {
			return err
		}
		if n%2 == 0 {
			if err := l.Publish(context.Background()); err != nil {
				return err
			}
			fmt.Println(lib.state())
		}
	}
}

// TestAKilledFollowerLeavesWhatItHasPublished kills processes at random moments of their
// changing and publishing, each of which goes on where the one before has published.
func TestAKilledFollowerLeavesWhatItHasPublished(t *testing.T) {
	t.Parallel()
	kills := 30
	if testing.Short() {
		kills = 5
	}
	lib := followed()
	version := map[string]string{lib.state(): versionOf(lib.all())} // of the record, by state
	order := map[string]int{lib.state(): 0}
	dir := filepath.Join(t.TempDir(), "index")
	opt := options()
	opt.State = lib.state()
	if err := Build(t.Context(), dir, lib.all(), opt); err != nil {
		t.Fatal(err)
	}
	lib = followed() // as all has turned its dice
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	clones, generationsLeft, last := 0, 0, 0
	for range kills {
		p := start(t, "follow", dir)
		n := last
		for range r.IntN(4) { // it opens, publishes, publishes again, however slow the machine is
			n = lib.catchUp(p.line(t), version, order)
		}
		said := make(chan int)
		go func() {
			for p.out.Scan() {
				n = lib.catchUp(p.out.Text(), version, order)
			}
			said <- n
		}()
		time.Sleep(time.Duration(r.IntN(200)) * time.Millisecond)
		_ = p.cmd.Process.Kill()
		last = <-said
		_ = p.cmd.Wait()
		clones += len(liveDirs(t, dir))
		generationsLeft += generations(t, dir) - 1

		st := inspect(t, dir, wanted{})
		if n := lib.catchUp(st.Meta.State, version, order); st.State != Equal || n < last {
			t.Fatalf("it is %v at %s, which is step %d; %d was published", st.State, st.Meta.State, n, last)
		}
		if got := open(t, dir).Meta().Record.Version; got != version[st.Meta.State] {
			t.Fatalf("at %s the version is %s, want %s", st.Meta.State, got, version[st.Meta.State])
		}
		mustAnswer(t, open(t, dir))
		last = order[st.Meta.State]
	}
	l := liveIndex(t, dir)
	if left := liveDirs(t, dir); len(left) != 1 {
		t.Errorf("clones that are left: %v", left)
	}
	end := followed()
	for end.state() != l.Meta().State {
		end.next(6)
	}
	mustBeAFreshBuild(t, end, l)
	apply(t, l, end.next(6))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	mustBeTidy(t, dir)
	t.Logf("%d kills left %d clones and %d generations half made; %d steps were published", kills, clones, generationsLeft, last)
	if clones == 0 || last == 0 {
		t.Error("nobody was killed at work")
	}
}

// catchUp goes on to a state, notes the versions of the states on the way and returns
// how many steps it is from the start.
func (lib *library) catchUp(state string, version map[string]string, order map[string]int) int {
	for version[state] == "" {
		lib.next(6)
		version[lib.state()], order[lib.state()] = lib.version(), len(order)
	}
	return order[state]
}

// playFullDisk makes changes while no file can grow, and again when there is room.
func playFullDisk(args []string) error {
	l, err := OpenLive(context.Background(), args[0], liveOptions())
	if err != nil {
		return err
	}
	began := time.Now()
	if err := limitFiles(8 << 10); err != nil {
		return err
	}
	n := 0
	put := func() error {
		n++
		return l.Apply(context.Background(), index.Batch{Put: generate(uint64(n), 20), State: strconv.Itoa(n)})
	}
	patience := func() bool { return time.Since(began) < time.Minute } // the test must end if nothing changes
	for err = put(); err == nil && patience(); err = put() {
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println(err)
	fmt.Println(l.Publish(context.Background()))
	_, err = answers(l)
	fmt.Println(err)
	_, err = OpenLive(context.Background(), args[0], liveOptions())
	fmt.Println(err)
	if err := limitFiles(math.MaxUint64); err != nil {
		return err
	}
	for err = put(); err != nil && strings.Contains(err.Error(), "file too large") && patience(); err = put() {
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println(err)
	fmt.Println(l.Publish(context.Background()))
	return l.Close()
}

func TestAFullDiskStopsChangesAndPublishingUntilThereIsRoom(t *testing.T) {
	t.Parallel()
	dir := built(t, generate(1, 5))
	p := start(t, "full disk", dir)
	for _, c := range []struct{ what, want string }{
		{"Apply", "file too large"}, {"Publish", "file too large"}, {"answers", "<nil>"}, {"OpenLive", "file too large"},
		{"Apply with room again", "<nil>"}, {"Publish with room again", "<nil>"},
	} {
		if got := p.line(t); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q in it", c.what, got, c.want)
		}
	}
	if err := p.end(); err != nil {
		t.Error(err)
	}
	mustBeTidy(t, dir)
	mustAnswer(t, open(t, dir))
}

// TestNoLaterErrorHidesThatNothingIsWrittenAnyMore has one goroutine of scorch end and another
// fail after it: changes must not wait for ever for what cannot come.
func TestNoLaterErrorHidesThatNothingIsWrittenAnyMore(t *testing.T) {
	t.Parallel()
	l := liveIndex(t, built(t, generate(1, 5)))
	l.failedInBackground(scorch.NewScorchError("persister", "panic", scorch.ErrAsyncPanic))
	l.failedInBackground(scorch.NewScorchError("merger", "file too large", scorch.ErrPersist))
	if err := l.Apply(t.Context(), index.Batch{Put: generate(2, 1)}); !errors.Is(err, generation.ErrCorrupt) {
		t.Errorf("%v", err)
	}
}

// TestAnErrorBeforeTheFirstChangeRefusesNoChanges has scorch fail to tidy up after it has opened a
// generation, when there is nothing to be written that changes would have to wait for.
func TestAnErrorBeforeTheFirstChangeRefusesNoChanges(t *testing.T) {
	t.Parallel()
	l := liveIndex(t, built(t, generate(1, 5)))
	s, err := l.scorch()
	if err != nil {
		t.Fatal(err)
	}
	for tries := 0; s.StatsMap()["LastPersistedEpoch"] == uint64(0); tries++ {
		if tries == 2000 {
			t.Fatal("what was opened is not written")
		}
		time.Sleep(5 * time.Millisecond)
	}
	l.failedInBackground(scorch.NewScorchError("persister", "file too large", scorch.ErrCleanup))
	if err := l.Apply(t.Context(), index.Batch{Put: generate(2, 1)}); err != nil {
		t.Error(err)
	}
}
