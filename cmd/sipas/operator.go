package main

import (
	"os/user"

	"sipas/internal/audit"
)

// operator is who runs the command, as the audit log names them.
func operator() audit.Author {
	by := audit.Author{Name: "unknown", Via: audit.CommandLine}
	if u, err := user.Current(); err == nil && u.Username != "" {
		by.Name = u.Username
	}
	return by
}
