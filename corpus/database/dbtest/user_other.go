//go:build !unix

package dbtest

import "os/exec"

// unprivileged has nothing to do: there is no root here.
func unprivileged(*exec.Cmd, ...string) error { return nil }
