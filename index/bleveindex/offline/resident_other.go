//go:build !unix

package offline

// dropResident does nothing where the system takes no advice on memory.
func dropResident([]byte) {}
