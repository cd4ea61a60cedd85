//go:build !linux

package main

import (
	"io"
)

// hidden refuses where hiding what is typed is not possible.
func hidden(io.Reader, func() (string, error)) (string, error) {
	return "", usageError("a password cannot be typed unseen on this system; give --password-stdin or --generate")
}
