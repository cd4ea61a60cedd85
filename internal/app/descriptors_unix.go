//go:build unix

package app

import (
	"math"
	"syscall"
)

// descriptors is how many files and connections this process may have open. Go
// has raised the soft limit to the hard one at its start.
func descriptors() uint64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return math.MaxUint32
	}
	return uint64(limit.Cur) //nolint:unconvert // signed on some systems
}
