package command

import (
	"fmt"
	"os"
	"os/user"

	"sipas/internal/audit"
)

// Operator is who runs the command, as the audit names them: the operating
// system's user, and who had become that by sudo.
func Operator() audit.Author {
	name := fmt.Sprintf("uid %d", os.Getuid()) // containers have no names
	if u, err := user.Current(); err == nil && u.Username != "" {
		name = u.Username
	}
	return audit.Author{Name: operatorName(name, os.Getenv("SUDO_USER")), Via: audit.CommandLine}
}

func operatorName(name, sudo string) string {
	if sudo == "" || sudo == name {
		return name
	}
	return name + " (sudo " + sudo + ")"
}
