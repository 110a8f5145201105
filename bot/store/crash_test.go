package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/store"
	"parley/corpus/database"
)

// childFile is the environment variable that makes the test binary a child that writes
// to a database file until it is killed.
const childFile = "PARLEY_STORE_TEST_CHILD"

// child writes one thing after the other, from where the last one stopped, and says so
// after each.
func child(file string) (code int) {
	ctx := context.Background()
	db, err := database.OpenSQLite(ctx, file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	s, err := store.New(ctx, db, time.Now)
	if err == nil {
		err = writeOn(ctx, s)
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func writeOn(ctx context.Context, s *store.Store) error {
	i, err := s.Offset(ctx, writer)
	for i = max(i, 1); err == nil; i++ {
		if err = write(ctx, s, i); err == nil {
			_, err = fmt.Println(i)
		}
	}
	return err
}

// writer is the Telegram bot that the child plays.
const writer = 1

func write(ctx context.Context, s *store.Store, i int64) error {
	return errors.Join(
		s.PutAction(ctx, fmt.Sprint(i), []byte(strings.Repeat("x", int(i%4000)))),
		s.SetChatSettings(ctx, fmt.Sprint(i), bot.ChatSettings{Language: fmt.Sprint(i)}),
		s.Commit(ctx, writer, i))
}

// startChild returns the child and what it says.
func startChild(t *testing.T, file string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), childFile+"="+file)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

func TestNothingAcknowledgedIsLostInACrash(t *testing.T) {
	const crashes, writes = 6, 40
	file := filepath.Join(t.TempDir(), "parley.db")
	for range crashes {
		cmd, said := startChild(t, file)
		acknowledged := kill(t, cmd, said, writes)
		db, err := database.OpenSQLite(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		wantAllOf(t, db, acknowledged)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// kill kills a child after a number of writes and returns the last that it acknowledged.
func kill(t *testing.T, cmd *exec.Cmd, said *bufio.Scanner, writes int) (last int64) {
	t.Helper()
	for n := 0; said.Scan(); n++ {
		if _, err := fmt.Sscan(said.Text(), &last); err != nil {
			t.Fatal(err)
		}
		if n == writes {
			if err := cmd.Process.Kill(); err != nil { // SIGKILL
				t.Fatal(err)
			}
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the child ended by itself: %v", err)
	}
	return last
}

func wantAllOf(t *testing.T, db *database.DB, last int64) {
	t.Helper()
	s, err := store.New(t.Context(), db, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	w := world{Store: s, t: t, ctx: t.Context()}
	for i := int64(1); i <= last; i++ {
		w.wantSettings(fmt.Sprint(i), bot.ChatSettings{Language: fmt.Sprint(i)})
		w.wantAction(fmt.Sprint(i), strings.Repeat("x", int(i%4000)))
	}
	// The write that was cut off may have got this far.
	if offset, err := s.Offset(t.Context(), writer); err != nil || offset < last+1 {
		t.Errorf("offset %d, %v; acknowledged %d", offset, err, last)
	}
	var state string
	if err := db.Read.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&state); err != nil || state != "ok" {
		t.Errorf("integrity check: %s, %v", state, err)
	}
}

func TestTwoProcessesWriteToOneFile(t *testing.T) {
	const writes = 60
	file := filepath.Join(t.TempDir(), "parley.db")
	cmd, said := startChild(t, file) // both start on a new file
	db, err := database.OpenSQLite(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s, err := store.New(t.Context(), db, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for i := range int64(writes) {
		if first, err := s.MarkHandled(t.Context(), 2, i); err != nil || !first {
			t.Fatalf("mark %d: %v, %v", i, first, err)
		}
	}
	wantAllOf(t, db, kill(t, cmd, said, writes))
	for i := range int64(writes) {
		if ok, err := s.Handled(t.Context(), 2, i); err != nil || !ok {
			t.Errorf("mark %d is %v, %v", i, ok, err)
		}
	}
}
