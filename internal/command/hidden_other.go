//go:build !linux

package command

import (
	"io"
)

// hidden refuses where hiding what is typed is not possible.
func hidden(io.Reader, func() (string, error)) (string, error) {
	return "", UsageError("a password cannot be typed unseen on this system; give --password-stdin or --generate")
}
