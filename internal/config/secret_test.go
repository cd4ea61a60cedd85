package config

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestKeyIsMadeOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := Config{SecretFile: filepath.Join(dir, "sipas.key")}
	keys := make([][]byte, 16)
	var starters sync.WaitGroup
	for i := range keys { // as many servers that start at once
		starters.Go(func() {
			var err error
			if keys[i], err = c.Key(); err != nil {
				t.Error(err)
			}
		})
	}
	starters.Wait()
	for _, key := range keys {
		if len(key) != 32 || !bytes.Equal(key, keys[0]) {
			t.Fatalf("keys differ: %x and %x", keys[0], key)
		}
	}
	info, err := os.Stat(c.SecretFile)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("left behind: %v, %v", files, err)
	}
	text, err := os.ReadFile(c.SecretFile)
	if err != nil || len(strings.TrimSpace(string(text))) != 64 {
		t.Fatalf("%q, %v", text, err)
	}
	moved, err := Config{Secret: strings.TrimSpace(string(text))}.Key()
	if err != nil || !bytes.Equal(moved, keys[0]) {
		t.Errorf("the text of the file gives another key in the environment: %v", err)
	}
	other, err := Config{SecretFile: filepath.Join(dir, "other.key")}.Key()
	if err != nil || bytes.Equal(other, keys[0]) {
		t.Errorf("two new files hold the same key: %v", err)
	}
}

// TestSecretFilesOfEditors: a byte order mark is no part of the secret, random
// bytes are one, and UTF-16 is said.
func TestSecretFilesOfEditors(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("sesame", 8)
	key := func(content string) ([]byte, error) {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return Config{SecretFile: path}.Key()
	}
	want, err := Config{Secret: text}.Key()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := key("\ufeff" + text + "\r\n"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("with a mark: another key, %v", err)
	}
	if _, err := key(strings.Repeat("\xf0\x01", 16)); err != nil {
		t.Errorf("random bytes: %v", err)
	}
	if _, err := key("\xff\xfe" + strings.Repeat("s\x00", 40)); err == nil || !strings.Contains(err.Error(), "UTF-16") {
		t.Errorf("UTF-16: %v", err)
	}
}

func TestKeyRefuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("sesame", 8)
	for name, x := range map[string]struct {
		text string
		mode os.FileMode
		want string
	}{
		"readable by all": {long, 0o644, "chmod 600"},
		"writable by all": {long, 0o602, "chmod 600"},
		"short":           {"sesame\n", 0o600, "shorter"},
		"empty":           {"", 0o600, "shorter"},
		"huge":            {strings.Repeat(long, 100), 0o600, "small regular file"},
	} {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(x.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, x.mode); err != nil { // whatever the umask
			t.Fatal(err)
		}
		_, err := Config{SecretFile: path}.Key()
		if err == nil || !strings.Contains(err.Error(), x.want) || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range []Config{
		{SecretFile: t.TempDir()}, {SecretFile: filepath.Join(t.TempDir(), "no", "such", "dir")}, {}, {Secret: "sesame"},
	} {
		if key, err := c.Key(); err == nil {
			t.Errorf("%v gave the key %x", c, key)
		}
	}
}

func TestKeyReadsAFileSharedWithAGroup(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(strings.Repeat("k", 40)), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := (Config{SecretFile: path}).Key(); err != nil {
		t.Error(err)
	}
}
