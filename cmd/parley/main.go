// Command parley answers questions about a negotiation from a record of sources.
// This package is the command line, the configuration and the wiring; it is the
// only place that reads the environment, and it decides nothing about answers.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

func main() { os.Exit(realMain()) } // an exit code, so that defers run

func realMain() int {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as under nohup
		ends = append(ends, syscall.SIGHUP) // the terminal is gone
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	return run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	out := &output{Writer: stdout}
	cmd, err := parse(args, stdin, out, stderr)
	if err == nil && cmd != nil {
		err = cmd(ctx)
	}
	if out.err != nil {
		err = out.err
	}
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		oneLine := strings.Join(strings.Fields(err.Error()), " ")
		fmt.Fprintf(stderr, "parley: %s; parley --help shows how it is used\n", oneLine)
		return exitUsage
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "parley: interrupted")
	default:
		for line := range strings.Lines(err.Error()) { // of each error that was joined
			fmt.Fprintln(stderr, "parley: "+strings.TrimSpace(line))
		}
	}
	return exitError
}

// usageError says that the command line itself is wrong.
type usageError struct{ error }
