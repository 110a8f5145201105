//go:build unix

package offline

import "golang.org/x/sys/unix"

// dropResident takes the pages of a mapped file out of the memory of this process. Those
// read again come from the system's page cache.
func dropResident(mapped []byte) { _ = unix.Madvise(mapped, unix.MADV_DONTNEED) } // it only advises
