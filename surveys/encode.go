package surveys

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"

	"sipas/internal/agency"
	"sipas/internal/survey"
)

// Encode writes a survey file. Decoded, it is the same survey; the same survey makes
// the same bytes.
func Encode(w io.Writer, d survey.Definition) error {
	content, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("write survey %s: %w", d.Key, err)
	}
	in := json.NewDecoder(bytes.NewReader(content))
	in.UseNumber()
	root, err := node(in)
	if err != nil {
		return fmt.Errorf("write survey %s: %w", d.Key, err)
	}
	out := yaml.NewEncoder(w)
	out.SetIndent(2)
	if err := out.Encode(root); err != nil {
		return fmt.Errorf("write survey %s: %w", d.Key, err)
	}
	return out.Close()
}

// node reads one value of JSON, keys in the order that they have there. Short lists
// of plain values stand on one line.
func node(in *json.Decoder) (*yaml.Node, error) {
	token, err := in.Token()
	if err != nil {
		return nil, err
	}
	n := &yaml.Node{Kind: yaml.ScalarNode}
	switch token := token.(type) {
	case json.Delim:
		if n.Kind = yaml.SequenceNode; token == '{' {
			n.Kind = yaml.MappingNode
		}
		for in.More() {
			below, err := node(in)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, below)
		}
		if _, err := in.Token(); err != nil {
			return nil, err
		}
		if n.Kind == yaml.MappingNode {
			vietnameseFirst(n)
		} else if !slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return c.Kind != yaml.ScalarNode }) {
			n.Style = yaml.FlowStyle
		}
	case string:
		n.Tag, n.Value = "!!str", token
	case json.Number:
		n.Tag, n.Value = "!!int", token.String()
	case bool:
		n.Tag, n.Value = "!!bool", fmt.Sprint(token)
	default:
		n.Tag, n.Value = "!!null", "null"
	}
	return n, nil
}

// vietnameseFirst puts the language that everybody here reads in front.
func vietnameseFirst(n *yaml.Node) {
	for i := 2; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == agency.FallbackLanguage {
			pair := []*yaml.Node{n.Content[i], n.Content[i+1]}
			n.Content = slices.Concat(pair, n.Content[:i], n.Content[i+2:])
			return
		}
	}
}
