package main

import (
	"fmt"
	"runtime"

	"sipas/internal/command"
)

type versionCmd struct{}

// Help is the longer help of the command.
func (versionCmd) Help() string { return "Example:\n\n  sipas version" }

// Run prints the version, and what it was built with.
func (versionCmd) Run(s *command.Session) error {
	_, err := fmt.Fprintf(s.Out, "sipas %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
