package command

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// hidden reads from a terminal that does not show what is typed meanwhile.
func hidden(in io.Reader, read func() (string, error)) (line string, err error) {
	file, ok := in.(*os.File)
	if !ok {
		return "", errors.New("there is no terminal")
	}
	fd := int(file.Fd())
	before, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return "", err
	}
	silent := *before
	silent.Lflag &^= unix.ECHO
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, &silent); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, unix.IoctlSetTermios(fd, unix.TCSETS, before)) }()
	return read()
}
