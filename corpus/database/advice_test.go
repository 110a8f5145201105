package database

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
)

func TestErrorsOfTheSystemComeWithAdvice(t *testing.T) {
	for errno, want := range map[syscall.Errno]string{
		syscall.EACCES: "this user may not write here",
		syscall.EPERM:  "this user may not write here",
		syscall.EROFS:  "this disk can only be read",
		syscall.ENOSPC: "the disk is full",
		syscall.EIO:    "",
	} {
		got := sqliteFile{}.advice(fmt.Errorf("open: %w", errno))
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%v: %q, want %q", errno, got, want)
		}
	}
}
