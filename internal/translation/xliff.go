package translation

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"sipas/internal/agency"
	"sipas/internal/studio"
)

const space = "urn:oasis:names:tc:xliff:document:2.0"

// writeXLIFF writes the texts of a survey as XLIFF 2.0. The same texts always make the
// same bytes.
func writeXLIFF(w io.Writer, survey, language string, texts []Text) error {
	out := bufio.NewWriter(w)
	line := func(parts ...string) {
		for _, part := range parts {
			_, _ = out.WriteString(part) // shows at the flush
		}
		_ = out.WriteByte('\n')
	}
	line(strings.TrimSuffix(xml.Header, "\n"))
	line(`<xliff xmlns="`, space, `" version="2.0" srcLang="`, agency.FallbackLanguage, `" trgLang="`, escaped(language), `">`)
	line(`<file id="survey" original="`, escaped(survey), `" canResegment="no" xml:space="preserve">`)
	for _, t := range texts {
		if Clean(t.Source) == "" {
			continue
		}
		line(`<unit id="`, escaped(t.Unit), `">`)
		line(`<notes>`)
		line(`<note category="context">`, escaped(t.context()), `</note>`)
		if t.English != "" {
			line(`<note category="en">`, escaped(t.English), `</note>`)
		}
		if t.Stale {
			line(`<note category="made-of">`, escaped(t.Made), `</note>`)
		}
		line(`</notes>`)
		state, target := "initial", ""
		if t.Target != "" {
			target = `<target>` + escaped(t.Target) + `</target>`
			if !t.Stale {
				state = "translated"
			}
		}
		line(`<segment state="`, state, `"><source>`, escaped(t.Source), `</source>`, target, `</segment>`)
		line(`</unit>`)
	}
	line(`</file>`)
	line(`</xliff>`)
	return out.Flush()
}

// context says to a translator what a text is.
func (t Text) context() string {
	context := string(t.Kind) + " " + t.Field
	if t.Within != "" {
		context += ": " + t.Within
	}
	return context
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}

// xliff reads XML that a stranger made: by id and source, whatever a tool has made of
// states, blanks, segments and notes.
func (f *found) xliff(content []byte) {
	if !utf8.Valid(content) {
		f.wrong("", ProblemEncoding)
		return
	}
	in := xml.NewDecoder(bytes.NewReader(bytes.TrimLeft(bytes.TrimPrefix(content, []byte("\ufeff")), " \t\r\n")))
	in.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("its encoding is not UTF-8") }
	x := xliffReader{found: f}
	for x.alive() {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			f.wrong("", ProblemXML, err.Error())
			return
		}
		switch token := token.(type) {
		case xml.Directive: // which could hold entities
			f.wrong("", ProblemDoctype)
			return
		case xml.StartElement:
			x.start(token)
		case xml.CharData:
			x.text(token)
		case xml.EndElement:
			x.end()
		}
	}
}

// xliffReader is where in a file its reader is.
type xliffReader struct {
	*found
	path  []string // names of XLIFF; "" for those of others, with all below them
	unit  Unit
	parts int // segments
	empty int // of which have no target
	// Of the segment, or of what stands between two of them.
	source, target strings.Builder
	hasTarget      bool
	stopped        bool
}

func (x *xliffReader) alive() bool { return !x.stopped }

func (x *xliffReader) stop(key string, details ...string) {
	x.wrong("", key, details...)
	x.stopped = true
}

func (x *xliffReader) within(name string) bool {
	for _, one := range x.path {
		if one == name {
			return true
		}
	}
	return false
}

func (x *xliffReader) start(e xml.StartElement) {
	name := e.Name.Local
	if e.Name.Space != space || len(x.path) > 0 && x.path[len(x.path)-1] == "" {
		name = ""
	}
	attribute := map[string]string{}
	for _, a := range e.Attr {
		if a.Name.Space == "" {
			attribute[a.Name.Local] = a.Value
		}
	}
	if len(x.path) == 0 && !x.opening(e, attribute) {
		return
	}
	if len(x.path) >= maxDepth {
		x.stop(ProblemDeep, strconv.Itoa(maxDepth))
		return
	}
	inside := x.within("source") || x.within("target")
	x.path = append(x.path, name)
	switch {
	case inside:
		if name != "mrk" && name != "pc" { // what they mark is text all the same
			x.wrong(x.unit.ID, ProblemInline, e.Name.Local)
		}
	case name == "unit":
		x.unit, x.parts, x.empty = Unit{ID: attribute["id"], Checked: true}, 0, 0
		if len(x.units) >= maxUnits {
			x.stop(ProblemTooMany, strconv.Itoa(maxUnits))
		}
	case name == "segment", name == "ignorable":
		x.source.Reset()
		x.target.Reset()
		x.hasTarget = false
		if state := attribute["state"]; name == "segment" && state != "reviewed" && state != "final" {
			x.unit.Checked = false
		}
	case name == "target":
		x.hasTarget = true
	}
}

// opening tells whether a file is XLIFF as it is read here.
func (x *xliffReader) opening(e xml.StartElement, attribute map[string]string) bool {
	switch {
	case e.Name.Local != "xliff":
		x.stop(ProblemNoXLIFF)
	case e.Name.Space != space || !strings.HasPrefix(attribute["version"], "2."):
		x.stop(ProblemVersion, attribute["version"])
	case attribute["srcLang"] != agency.FallbackLanguage:
		x.stop(ProblemSource, attribute["srcLang"])
	case attribute["trgLang"] == "":
		x.stop(ProblemLanguage, "", "")
	default:
		x.language = attribute["trgLang"]
		return true
	}
	return false
}

func (x *xliffReader) text(text []byte) {
	into := &x.source
	switch {
	case x.within(""), x.within("notes"):
		return
	case x.within("target"):
		into = &x.target
	case !x.within("source"):
		return
	}
	if into.Len()+len(text) > 2*studio.MostText {
		x.stop(ProblemTooLong, strconv.Itoa(studio.MostText))
		return
	}
	into.Write(text)
}

func (x *xliffReader) end() {
	name := x.path[len(x.path)-1]
	x.path = x.path[:len(x.path)-1]
	switch name {
	case "segment":
		if x.parts++; strings.TrimSpace(x.target.String()) == "" {
			x.empty++
		}
		x.unit.Source += x.source.String()
		x.unit.Target += x.target.String()
	case "ignorable":
		between := x.source.String()
		x.unit.Source += between
		if x.hasTarget {
			between = x.target.String()
		}
		x.unit.Target += between
	case "unit":
		if x.empty > 0 && x.empty < x.parts {
			x.wrong(x.unit.ID, ProblemHalf)
		}
		if x.empty == x.parts {
			x.unit.Target = ""
		}
		if len(x.unit.Source) > 2*studio.MostText || len(x.unit.Target) > 2*studio.MostText {
			x.stop(ProblemTooLong, strconv.Itoa(studio.MostText))
		}
		x.unit.Where = x.unit.Source
		x.units = append(x.units, x.unit)
	}
}
