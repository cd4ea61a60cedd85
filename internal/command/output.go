package command

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Write makes a file that is there whole or not at all, readable by its owner
// only. "-" is the standard output.
func (s *Session) Write(path string, content func(io.Writer) error) error {
	if path == "-" {
		return content(s.Out)
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

// Read opens a file; "-" is the standard input.
func (s *Session) Read(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(s.In), nil
	}
	return os.Open(path)
}
