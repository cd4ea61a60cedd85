// Package message turns message keys into sentences: catalogues of texts by
// language, Vietnamese first.
package message

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/text/language"
)

// Default is the language of a reader who asks for none that we have.
const Default = "vi"

// Catalogues holds the texts of every language.
type Catalogues struct {
	texts map[string]map[string]string
	tags  []string // Default first

	matched      sync.Map // Accept-Language -> language, for the headers seen first
	matchedCount atomic.Int64
}

// Load reads the folders `LANGUAGE/*.json`: each file one flat object of key to
// text, each key once in a language.
func Load(files fs.FS) (*Catalogues, error) {
	names, err := fs.Glob(files, "*/*.json")
	if err != nil {
		return nil, fmt.Errorf("load catalogues: %w", err)
	}
	c := &Catalogues{texts: map[string]map[string]string{}}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("load catalogue %s: %w", name, err)
		}
		var texts map[string]string
		if err := json.Unmarshal(raw, &texts); err != nil {
			return nil, fmt.Errorf("load catalogue %s: %w", name, err)
		}
		tag := path.Dir(name)
		if c.texts[tag] == nil {
			c.texts[tag] = map[string]string{}
			c.tags = append(c.tags, tag)
		}
		for key, text := range texts {
			if _, twice := c.texts[tag][key]; twice {
				return nil, fmt.Errorf("load catalogue %s: key %s stands in another file too", name, key)
			}
			c.texts[tag][key] = text
		}
	}
	if c.texts[Default] == nil {
		return nil, fmt.Errorf("load catalogues: there is no folder %s", Default)
	}
	sort.Slice(c.tags, func(i, j int) bool {
		return c.tags[i] == Default || c.tags[j] != Default && c.tags[i] < c.tags[j]
	})
	return c, nil
}

// Languages lists the languages, the default first.
func (c *Catalogues) Languages() []string { return c.tags }

// Has tells whether there is a catalogue in a language.
func (c *Catalogues) Has(tag string) bool { return c.texts[tag] != nil }

// Keys lists the keys of a language's catalogue, sorted.
func (c *Catalogues) Keys(tag string) []string {
	return slices.Sorted(maps.Keys(c.texts[tag]))
}

// Match picks the first language of an Accept-Language header that we have. A
// related language is no match: in Vietnam a reader of Khmer is better served
// in Vietnamese than in English, which the general rules would choose.
func (c *Catalogues) Match(acceptLanguage string) string {
	if tag, known := c.matched.Load(acceptLanguage); known {
		return tag.(string)
	}
	tag := c.match(acceptLanguage)
	// Browsers send a few hundred different headers; a program that makes up
	// new ones must not fill the memory.
	if len(acceptLanguage) <= 100 && c.matchedCount.Add(1) <= 1000 {
		c.matched.Store(acceptLanguage, tag)
	}
	return tag
}

func (c *Catalogues) match(acceptLanguage string) string {
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return Default
	}
	for _, tag := range wanted {
		if base, _ := tag.Base(); c.Has(base.String()) {
			return base.String()
		}
	}
	return Default
}

// For gives the texts of one language.
func (c *Catalogues) For(tag string) Printer {
	if !c.Has(tag) {
		tag = Default
	}
	return Printer{Language: tag, texts: c.texts[tag], fallback: c.texts[Default]}
}

// Printer writes messages in one language.
type Printer struct {
	Language        string
	texts, fallback map[string]string
}

// T gives the text of a key. Pairs of name and value fill its {name} places:
// T("form.asks", "agency", name). Of {name|counter|counters} the first word stays where
// the value is 1, else the second. A key without a text gives the key itself; a test
// keeps that from happening.
func (p Printer) T(key string, pairs ...any) string {
	text, ok := p.texts[key]
	if !ok {
		if text, ok = p.fallback[key]; !ok {
			return key
		}
	}
	if len(pairs) == 0 {
		return text
	}
	if strings.Contains(text, "|") {
		text = counted(text, pairs)
	}
	if name, ok := pairs[0].(string); ok && len(pairs) == 2 { // the usual case, many times on a page
		return strings.ReplaceAll(text, "{"+name+"}", fmt.Sprint(pairs[1]))
	}
	replacements := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		replacements = append(replacements, fmt.Sprintf("{%v}", pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	return strings.NewReplacer(replacements...).Replace(text)
}

// counted chooses the words that go with numbers.
func counted(text string, pairs []any) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		place, one := fmt.Sprintf("{%v|", pairs[i]), fmt.Sprint(pairs[i+1]) == "1"
		for {
			before, rest, found := strings.Cut(text, place)
			words, after, closed := strings.Cut(rest, "}")
			if !found || !closed {
				break
			}
			word, several, _ := strings.Cut(words, "|")
			if !one {
				word = several
			}
			text = before + word + after
		}
	}
	return text
}

// Has tells whether a key has a text.
func (p Printer) Has(key string) bool {
	_, ok := p.texts[key]
	return ok
}
