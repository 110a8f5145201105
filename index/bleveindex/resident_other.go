//go:build !unix

package bleveindex

// dropResident does nothing where the system takes no advice on memory.
func dropResident([]byte) {}
