//go:build !linux

package bleveindex

import "time"

// These are not known on this system.

func threadTime() time.Duration  { return 0 }
func processTime() time.Duration { return 0 }
