//go:build unix

package dbtest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// unprivileged has a command run as another user where we are root, as whom PostgreSQL
// refuses to run, and hands that user the files that it needs.
func unprivileged(cmd *exec.Cmd, files ...string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	other, err := user.Lookup("postgres")
	if err != nil {
		if other, err = user.Lookup("nobody"); err != nil {
			return fmt.Errorf("a user for PostgreSQL: %w", err)
		}
	}
	uid, err := strconv.ParseUint(other.Uid, 10, 32)
	if err != nil {
		return fmt.Errorf("user %s: %w", other.Username, err)
	}
	gid, err := strconv.ParseUint(other.Gid, 10, 32)
	if err != nil {
		return fmt.Errorf("user %s: %w", other.Username, err)
	}
	for _, f := range files {
		if err := os.Chown(f, int(uid), int(gid)); err != nil {
			return err
		}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return nil
}
