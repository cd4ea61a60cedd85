package config

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sipas/internal/textfile"
)

// Key is 32 bytes made from Secret, else from the text in SecretFile, by SHA-256; so the
// text of a file may be moved into the environment. A file that is not there is made with
// 32 random bytes in hexadecimal and mode 0600. One that other users can reach is refused.
func (c Config) Key() ([]byte, error) {
	text := c.Secret
	if text == "" {
		var err error
		if text, err = secretFile(c.SecretFile); err != nil {
			return nil, fmt.Errorf("SIPAS_SECRET_FILE: %w", err)
		}
	}
	if len(text) < minSecret {
		return nil, fmt.Errorf("the secret is shorter than %d characters; remove the file to have a new one made (devices get new cookies; nobody has to sign in again)", minSecret)
	}
	key := sha256.Sum256([]byte(text))
	return key[:], nil
}

func secretFile(path string) (string, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := makeSecretFile(path); err != nil {
			return "", err
		}
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() > 4096 {
		return "", fmt.Errorf("%s is not a small regular file", path)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return "", fmt.Errorf("every user of this machine can reach %s; run: chmod 600 %s", path, path)
	}
	text := make([]byte, info.Size())
	n, err := file.Read(text)
	if err != nil && info.Size() > 0 {
		return "", err
	}
	plain, err := textfile.UTF8(text[:n])
	switch {
	case errors.Is(err, textfile.ErrUTF16):
		return "", fmt.Errorf("%s: %w", path, err)
	case err != nil: // random bytes are as good
		plain = text[:n]
	}
	return strings.TrimSpace(string(plain)), nil
}

// makeSecretFile writes the file whole or not at all, and keeps the one of another process
// that starts at the same moment.
func makeSecretFile(path string) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".sipas-key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	random := make([]byte, 32)
	if _, err = rand.Read(random); err == nil {
		_, err = fmt.Fprintln(file, hex.EncodeToString(random))
	}
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
