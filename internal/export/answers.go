package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"sipas/internal/survey"
)

// Answers are answers by question key. In JSON a level is a whole number, a
// single choice a text, and several choices a list of texts, as in the API.
type Answers map[string]survey.Value

// MarshalJSON writes the answers in the order of their keys.
func (a Answers) MarshalJSON() ([]byte, error) {
	plain := make(map[string]any, len(a))
	for key, v := range a {
		switch v.Kind {
		case survey.ValueLevel:
			plain[key] = v.Level
		case survey.ValueText:
			plain[key] = v.Text
		case survey.ValueChoices:
			plain[key] = v.Choices
		default:
			return nil, fmt.Errorf("answer %q has no kind", key)
		}
	}
	return json.Marshal(plain)
}

// UnmarshalJSON reads what MarshalJSON writes. Whether an answer fits its
// question is decided where it is accepted.
func (a *Answers) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var plain map[string]any
	if err := d.Decode(&plain); err != nil {
		return fmt.Errorf("answers: want an object of question keys and answers")
	}
	*a = make(Answers, len(plain))
	for key, v := range plain {
		value, ok := valueOf(v)
		if !ok {
			return fmt.Errorf("answer %.40q: want a whole number, a text or a list of texts", key)
		}
		(*a)[key] = value
	}
	return nil
}

func valueOf(v any) (survey.Value, bool) {
	switch v := v.(type) {
	case json.Number:
		level, err := strconv.Atoi(v.String())
		return survey.Value{Kind: survey.ValueLevel, Level: level}, err == nil
	case string:
		return survey.Value{Kind: survey.ValueText, Text: v}, true
	case []any:
		value := survey.Value{Kind: survey.ValueChoices, Choices: make([]string, len(v))}
		for i, choice := range v {
			text, ok := choice.(string)
			if !ok {
				return survey.Value{}, false
			}
			value.Choices[i] = text
		}
		return value, true
	}
	return survey.Value{}, false
}
