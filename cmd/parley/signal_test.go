package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestALimitOnTheSizeOfFilesIsToldOf has the shell set one of 50 or 100 KB.
func TestALimitOnTheSizeOfFilesIsToldOf(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -f 100 && exec "$0" --data-dir "$1" corpus list`, os.Args[0], t.TempDir())
	cmd.Env = append(os.Environ(), childEnv+"=1")
	said, err := cmd.CombinedOutput()
	if err == nil || cmd.ProcessState.ExitCode() != exitError || !strings.Contains(string(said), "how large this user's files may be (ulimit -f)") {
		t.Errorf("%v: %s", err, said)
	}
}

// TestASignalEndsAChatInOrder takes the chat for every command, as it says when it is up.
func TestASignalEndsAChatInOrder(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) {
			if signal.Ignored(sig) {
				t.Skip("whoever started the tests has them ignore it, as nohup does; a child does so, too")
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, os.Args[0], "--data-dir", t.TempDir(), "chat")
			cmd.Env = append(os.Environ(), childEnv+"=1")
			questions, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			answers, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			var said strings.Builder
			cmd.Stderr = &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(questions, "/help\n"); err != nil {
				t.Fatal(err)
			}
			if line, err := bufio.NewReader(answers).ReadString('\n'); err != nil {
				t.Fatalf("%q, %v: %s", line, err, said.String())
			}
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // what the process ended with is in ProcessState
			if ctx.Err() != nil || !cmd.ProcessState.Exited() {
				t.Errorf("it was ended: %v", cmd.ProcessState)
			}
		})
	}
}
