package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"sipas/internal/textfile"
)

// File is a configuration file: a JSON object whose keys are the names of the flags, for
// example {"addr": "0.0.0.0:8080", "trusted-proxies": ["10.0.0.0/8"], "small-cell": 10}.
// kong.JSON is not used because it ignores misspelt keys and lets a file beat the environment.
//
// The command gives it to kong with kong.Resolvers and a kong.ResolverFunc that returns
// file.Lookup(flag.Name, flag.Envs...).
type File map[string]any

// ReadFile reads a file and refuses keys that are no setting.
func ReadFile(path string) (File, error) {
	r, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("configuration file: %w", err)
	}
	defer r.Close()
	f, err := decode(r)
	if err != nil {
		return nil, fmt.Errorf("configuration file %s: %w", path, err)
	}
	return f, nil
}

// maxFile is far beyond all settings together, in bytes.
const maxFile = 1 << 20

func decode(r io.Reader) (File, error) {
	content, err := textfile.Read(r, maxFile)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(content))
	var f File
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("want a JSON object of settings: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("there is something after the JSON object")
	}
	names := settings()
	for key := range f {
		if !slices.Contains(names, key) {
			return nil, fmt.Errorf("%q is no setting; there are %s", key, strings.Join(names, ", "))
		}
	}
	return f, nil
}

// Lookup returns the value for a flag, or nil: where the file has none, or where one of the
// flag's environment variables is set and goes first.
func (f File) Lookup(flag string, envs ...string) any {
	for _, env := range envs {
		if _, set := os.LookupEnv(env); set {
			return nil
		}
	}
	return f[flag]
}

func settings() []string {
	var names []string
	for field := range reflect.TypeFor[Config]().Fields() {
		names = append(names, field.Tag.Get("name"))
	}
	return names
}
