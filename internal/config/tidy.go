package config

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// untidy gives what tidy says of the settings that are texts, by name.
func (c Config) untidy() map[string]error {
	found := map[string]error{}
	values := reflect.ValueOf(c)
	for field := range values.Type().Fields() {
		var texts []string
		switch v := values.FieldByIndex(field.Index).Interface().(type) {
		case string:
			texts = []string{v}
		case []string:
			texts = v
		}
		for _, text := range texts {
			if err := tidy(field, text); err != nil {
				found[field.Tag.Get("env")] = err
			}
		}
	}
	return found
}

// tidy refuses what nobody sees and nobody means: a blank at an end, or the CR
// that a file from Windows leaves there, which would be part of the name of a
// database. Inside, only a secret may have control characters. The value is not
// repeated.
func tidy(setting reflect.StructField, value string) error {
	wrong := strings.TrimSuffix(value, strings.TrimLeftFunc(value, invisible))
	if wrong == "" {
		wrong = strings.TrimPrefix(value, strings.TrimRightFunc(value, invisible))
	}
	if wrong != "" {
		c, _ := utf8.DecodeRuneInString(wrong)
		return fmt.Errorf("begins or ends with a blank or invisible character (%U); remove it, and save files with the line ends of Unix", c)
	}
	if i := strings.IndexFunc(value, unicode.IsControl); i >= 0 && setting.Name != "Secret" {
		c, _ := utf8.DecodeRuneInString(value[i:])
		return fmt.Errorf("has a control character (%U) inside; remove it", c)
	}
	return nil
}

func invisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}
