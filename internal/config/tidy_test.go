package config

import (
	"reflect"
	"strings"
	"testing"
)

// TestInvisibleEndsAreRefused: every setting that is a text, whichever way it
// comes, with its name and without its value.
func TestInvisibleEndsAreRefused(t *testing.T) {
	t.Parallel()
	for field := range reflect.TypeFor[Config]().Fields() {
		name, flag := field.Tag.Get("env"), field.Tag.Get("name")
		value := strings.TrimSuffix(field.Tag.Get("default")+"sesame", map[bool]string{true: "sesame"}[field.Tag.Get("default") != ""])
		for _, wrong := range []string{value + "\r", value + " ", "\t" + value, value + "\u00a0", "\ufeff" + value, value + "\u200b", value + "\n", "\r"} {
			var c Config
			switch field.Type.Kind() {
			case reflect.String:
				reflect.ValueOf(&c).Elem().FieldByIndex(field.Index).SetString(wrong)
			case reflect.Slice:
				reflect.ValueOf(&c).Elem().FieldByIndex(field.Index).Set(reflect.ValueOf([]string{"10.0.0.0/8", wrong}))
			default: // a number: kong says its name
				if _, err := parse(t, File{flag: wrong}); err == nil || !strings.Contains(err.Error(), flag) {
					t.Errorf("%s=%q: %v", name, wrong, err)
				}
				continue
			}
			said := 0
			for line := range strings.Lines(c.Validate().Error()) {
				if strings.HasPrefix(line, name+": ") && strings.Contains(line, "invisible character (U+") {
					said++
				}
				if strings.Contains(line, "sesame") {
					t.Errorf("shows the value: %s", line)
				}
			}
			if said != 1 {
				t.Errorf("%s=%q: said %d times in %v", name, wrong, said, c.Validate())
			}
			if err := Check(flag, wrong); err == nil || !strings.HasPrefix(err.Error(), name+": ") || strings.Contains(err.Error(), "sesame") {
				t.Errorf("%s=%q alone: %v", name, wrong, err)
			}
			if _, err := parse(t, File{flag: wrong}); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s=%q in a file: %v", name, wrong, err)
			}
		}
	}
	if err := Check("agency", " x "); err != nil {
		t.Errorf("what is no setting: %v", err)
	}
	bad := func(want string, set func(*Config)) { t.Helper(); check(t, set, want) }
	bad("SIPAS_DATABASE_URL", func(c *Config) { c.DatabaseURL = "sqlite:a\x1b[2Jb.db" })
	bad("", func(c *Config) { c.Secret = "thirty-two characters\tand more of them" })
}

// TestLinesOfAWindowsEditor: the file of the environment as it came in.
func TestLinesOfAWindowsEditor(t *testing.T) {
	for line := range strings.SplitSeq("SIPAS_DATABASE_URL=sqlite:/var/lib/sipas/sipas.db\r\nSIPAS_TZ=Asia/Ho_Chi_Minh\r", "\n") {
		name, value, _ := strings.Cut(line, "=")
		t.Setenv(name, value)
	}
	_, err := parse(t, nil)
	for _, name := range []string{"SIPAS_DATABASE_URL", "SIPAS_TZ"} {
		if err == nil || !strings.Contains(err.Error(), name+": begins or ends with a blank or invisible character (U+000D)") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
