package bleveindex

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"
)

// roleEnv makes the test binary play a role in another process instead of running tests.
const roleEnv = "PARLEY_TEST_ROLE"

// roles get the arguments of start. A role ends, at the latest, at the end of its input.
var roles = map[string]func(args []string) error{
	"build":        playBuilder,
	"hold":         playHolder,
	"read":         playReader,
	"unprivileged": playUnprivileged,
	"small disk":   playSmallDisk,
	"questions":    playAsker,
	"scale":        playScaleBuilder,
	"scale ask":    playScaleAsker,
	"live":         playLive,
	"follow":       playFollower,
	"full disk":    playFullDisk,
}

func TestMain(m *testing.M) {
	role := os.Getenv(roleEnv)
	if role == "" {
		code := m.Run()
		removeTalks()
		os.Exit(code)
	}
	if err := roles[role](os.Args[1:]); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

// playBuilder builds generated documents: directory, seed, number.
func playBuilder(args []string) error {
	seed, err := strconv.ParseUint(args[1], 10, 64)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	return Build(context.Background(), args[0], generate(seed, n), options())
}

// playHolder says so when it has begun to build, and goes on at the end of its input.
func playHolder(args []string) error {
	opt := options()
	opt.Progress = func(done, _ int) {
		if done == 1 {
			fmt.Println("building")
			_, _ = io.Copy(io.Discard, os.Stdin)
		}
	}
	return Build(context.Background(), args[0], generate(3, 5), opt)
}

// playReader opens the index and answers once at the start and once a line of input.
func playReader(args []string) error {
	x, err := Open(context.Background(), args[0], 0)
	if err != nil {
		return err
	}
	for lines := bufio.NewScanner(os.Stdin); ; {
		answer, err := answers(x)
		if err != nil {
			return err
		}
		fmt.Println(answer)
		if !lines.Scan() {
			return x.Close()
		}
	}
}

// process is a role that is being played.
type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

// start plays a role until its end, or the test's.
func start(t testing.TB, role string, args ...string) *process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Env = append(os.Environ(), roleEnv+"="+role, "TMPDIR="+t.TempDir())
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd, in, bufio.NewScanner(out)}
	t.Cleanup(func() { _ = p.end() })
	return p
}

// line is the next line that the process prints.
func (p *process) line(t testing.TB) string {
	t.Helper()
	if !p.out.Scan() {
		t.Fatalf("%v printed nothing more: %v", p.cmd.Args, p.end())
	}
	return p.out.Text()
}

// ask gives a reader a line and returns what it answers.
func (p *process) ask(t testing.TB) string {
	t.Helper()
	if _, err := io.WriteString(p.in, "\n"); err != nil {
		t.Fatal(err)
	}
	return p.line(t)
}

// end ends the input and waits for the process.
func (p *process) end() error {
	_ = p.in.Close()
	return p.cmd.Wait()
}

// kill ends the process without any chance to tidy up.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}
