package surveys

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/score"
	"sipas/internal/survey"
)

// object is a part of a schema; its keys are written in their order.
type object map[string]any

// Schema is the JSON Schema (2020-12) of survey files, for editors and programs that write
// them. It says which properties there are, where they may stand and what their values look
// like. What is beyond it, such as a condition on a later question or a text that lacks in a
// language, Decode finds.
func Schema() []byte {
	s := schema{}
	root := s.of(reflect.TypeFor[survey.Definition]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Survey file"
	root["description"] = "A survey, as surveys/README.md describes it."
	definitions := object{}
	for name, described := range s {
		definitions[name] = described
	}
	root["$defs"] = definitions
	var out strings.Builder
	write(&out, root, "\n", 4)
	return []byte(out.String() + "\n")
}

// write writes a value, an object with a line for each key down to a depth: one for each
// property.
func write(out *strings.Builder, value any, line string, depth int) {
	o, is := value.(object)
	if !is || depth == 0 || len(o) == 0 {
		content, _ := json.Marshal(value) // texts, numbers and lists of them: never fails
		out.Write(content)
		return
	}
	for i, key := range slices.Sorted(maps.Keys(o)) {
		out.WriteString(map[bool]string{true: "{", false: ","}[i == 0] + line + "  ")
		name, _ := json.Marshal(key)
		out.Write(name)
		out.WriteString(": ")
		write(out, o[key], line+"  ", depth-1)
	}
	out.WriteString(line + "}")
}

// schema has what types are, by their names.
type schema map[string]object

// ref names a type, and describes it first.
func (s schema) ref(t reflect.Type) object {
	name := strings.ToLower(t.Name())
	if _, described := s[name]; !described {
		s[name] = object{} // of itself, a condition holds some
		s[name] = s.of(t)
	}
	return object{"$ref": "#/$defs/" + name}
}

// of is a type with its properties.
func (s schema) of(t reflect.Type) object {
	properties, required := object{}, []string{}
	for field := range t.Fields() {
		name, rest, _ := strings.Cut(field.Tag.Get("json"), ",")
		properties[name] = s.value(t.Name(), name, field.Type)
		if rest == "" {
			required = append(required, name)
		}
	}
	described := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		described["required"] = required
	}
	switch t {
	case reflect.TypeFor[survey.Question]():
		described["allOf"] = rulesOfKinds(properties)
	case reflect.TypeFor[survey.Condition]():
		described["oneOf"] = formsOfConditions()
	}
	return described
}

// value is what a property may be.
func (s schema) value(of, name string, t reflect.Type) object {
	if t.Kind() == reflect.Pointer {
		return s.value(of, name, t.Elem())
	}
	described := object{}
	switch {
	case t == reflect.TypeFor[agency.Text]():
		s["text"] = object{
			"description": "A wording by language tag, in every language of the survey.", "type": "object", "required": []string{agency.FallbackLanguage},
			"additionalProperties": object{"type": "string", "minLength": 1, "maxLength": 10000}, "maxProperties": maxEntries,
		}
		return object{"$ref": "#/$defs/text"}
	case t.Kind() == reflect.Slice:
		described["type"], described["items"] = "array", s.value(of, name+"[]", t.Elem())
	case t.Kind() == reflect.Struct:
		return s.ref(t)
	case t.Kind() == reflect.Bool:
		described["type"] = "boolean"
	case t.Kind() == reflect.Int:
		described["type"] = "integer"
	default:
		described["type"] = "string"
	}
	for rule, bound := range bounds(of + "." + name) {
		described[rule] = bound
	}
	return described
}

// bounds are those of a value by its place, as survey.Definition.Validate has them; a test
// holds that both refuse the same.
func bounds(place string) object {
	_, name, _ := strings.Cut(place, ".")
	switch {
	case name == "key" || name == "headline" || name == "field[]":
		return object{"pattern": "^[a-z][a-z0-9-]{0,39}$"}
	case place == "Definition.languages":
		return object{"minItems": 1, "contains": object{"const": agency.FallbackLanguage}}
	case place == "Definition.method":
		return object{"enum": score.Methods()}
	case place == "Definition.sections":
		return object{"minItems": 1}
	case place == "Question.type":
		return object{"enum": survey.Types()}
	case place == "Question.levels":
		return object{"enum": []int{3, 5}}
	case place == "Question.choices":
		return object{"minItems": 2, "maxItems": 100}
	case place == "Question.rows":
		return object{"minItems": 1, "maxItems": 50}
	case place == "Question.max_length":
		return object{"minimum": 1, "maximum": 10000}
	case place == "Question.max_choices":
		return object{"minimum": 1}
	case place == "Question.satisfied[]":
		return object{"minimum": 1, "maximum": 5}
	case place == "Question.from" || place == "Question.to":
		return object{"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
	case place == "Choice.points":
		return object{"minimum": 0, "maximum": 2}
	case place == "Condition.channel[]":
		return object{"enum": agency.Channels()}
	case slices.Contains([]string{"Condition.in", "Condition.channel", "Condition.field", "Condition.all", "Condition.any"}, place):
		return object{"minItems": 1}
	}
	return nil
}

// rulesOfKinds say for each type of question which properties it has no use for, and which it
// needs.
func rulesOfKinds(properties object) []object {
	var all, special []string
	for _, t := range survey.Types() {
		special = append(special, survey.Uses(t)...)
	}
	for name := range properties {
		if slices.Contains(special, name) {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	var rules []object
	for _, t := range survey.Types() {
		uses, forbidden, needed := survey.Uses(t), object{}, []string{}
		for _, name := range all {
			if !slices.Contains(uses, name) {
				forbidden[name] = false
			}
		}
		for _, name := range []string{"choices", "rows"} {
			if slices.Contains(uses, name) {
				needed = append(needed, name)
			}
		}
		then := object{"properties": forbidden}
		if len(needed) > 0 {
			then["required"] = needed
		}
		rules = append(rules, object{"if": object{"properties": object{"type": object{"const": t}}}, "then": then})
	}
	return rules
}

// formsOfConditions are what a condition may ask: an answer, the channel, the field, or several
// conditions.
func formsOfConditions() []object {
	need := func(name string) object { return object{"required": []string{name}} }
	answer := need("question")
	answer["anyOf"] = []object{need("in"), need("at_least"), need("at_most")}
	answer["not"] = object{"allOf": []object{need("in"), {"anyOf": []object{need("at_least"), need("at_most")}}}}
	return []object{answer, need("channel"), need("field"), need("all"), need("any")}
}
