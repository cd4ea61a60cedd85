package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// write makes a file that is there whole or not at all, readable by its owner
// only. "-" is the standard output.
func (s *session) write(path string, content func(io.Writer) error) error {
	if path == "-" {
		return content(s.out)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".sipas-*") // mode 0600
	if err != nil {
		return err
	}
	err = content(file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// read opens a file; "-" is the standard input.
func (s *session) read(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(s.in), nil
	}
	return os.Open(path)
}
