package translation

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"sipas/internal/fault"
	"sipas/internal/message"
	"sipas/internal/studio"
)

// Bounds of a file. All texts of the largest draft are half as many bytes.
const (
	MaxBytes = 8 << 20
	maxDepth = 16
	maxUnits = 2 * studio.MostTexts
)

// The formats of files.
const (
	XLIFF = "xliff"
	CSV   = "csv"
)

// Formats are their names.
func Formats() []string { return []string{XLIFF, CSV} }

// Unit is one text of a file.
type Unit struct {
	ID, Source, Target string
	Checked            bool // somebody has read it over, as the file says
	Where              string
}

// Problem is one thing to say of a file.
type Problem struct {
	Unit   string // its id; "" is the file
	Key    string // which sentence says it: one of the constants
	Value  string
	Detail string
}

// The keys of problems, each `translation.problem.<key>` of the catalogues. All but
// ProblemStale keep everything in the file from being taken.
const (
	ProblemTooLarge    = "too-large"
	ProblemEncoding    = "encoding"
	ProblemXML         = "xml"
	ProblemDoctype     = "doctype"
	ProblemDeep        = "deep"
	ProblemNoXLIFF     = "no-xliff"
	ProblemVersion     = "version"
	ProblemLanguage    = "language"
	ProblemSource      = "source-language"
	ProblemNoColumn    = "no-column"
	ProblemQuotes      = "quotes"
	ProblemTooMany     = "too-many"
	ProblemNothing     = "nothing"
	ProblemNoID        = "no-id"
	ProblemNoSource    = "no-source"
	ProblemTwice       = "twice"
	ProblemUnknownUnit = "unknown"
	ProblemInline      = "inline"
	ProblemHalf        = "half"
	ProblemTooLong     = "too-long"
	ProblemStale       = "stale"
)

// Text is the sentence.
func (p Problem) Text(printer message.Printer) string {
	return printer.T("translation.problem."+p.Key, "value", fault.Shortened(p.Value), "detail", fault.Shortened(p.Detail))
}

// mostProblems are told at once; mending them shows the others.
const mostProblems = 200

// found are the units of a file with what is wrong with it.
type found struct {
	language string // "": the file does not say
	units    []Unit
	problems []Problem
}

func (f *found) wrong(unit, key string, details ...string) {
	p := Problem{Unit: unit, Key: key}
	if len(details) > 0 {
		p.Value = details[0]
	}
	if len(details) > 1 {
		p.Detail = details[1]
	}
	if len(f.problems) < mostProblems {
		f.problems = append(f.problems, p)
	}
}

// read reads a file of either format, which its content tells.
func read(content []byte) *found {
	f := &found{}
	switch {
	case len(content) > MaxBytes:
		f.wrong("", ProblemTooLarge, strconv.Itoa(MaxBytes>>20))
	case bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(content, []byte("\ufeff")), " \t\r\n"), []byte("<")):
		f.xliff(content)
	default:
		f.csv(content)
	}
	if len(f.problems) == 0 && len(f.units) == 0 {
		f.wrong("", ProblemNothing)
	}
	return f
}

// Plan is what a file would do to a draft.
type Plan struct {
	Units     int
	Created   int // texts that were missing
	Updated   int
	Checked   int // texts that stay as they are, and are stale no more
	Unchanged int // also those that the file leaves empty
	Stale     int // of those that are taken: they were made of another text than stands there
	Errors    []Problem
	Warnings  []Problem
	op        studio.Operation
}

// Changes tells whether it would do anything.
func (p *Plan) Changes() bool { return len(p.Errors) == 0 && len(p.op.Texts) > 0 }

// Operation is what it does, on the revision that it was made of.
func (p *Plan) Operation() studio.Operation { return p.op }

// PlanOf says what a file would do to the texts of a draft in a language: all of it or,
// with an error, nothing. An empty text of a file takes nothing away.
func PlanOf(d *studio.Draft, language string, content []byte) *Plan {
	f := read(content)
	p := &Plan{Units: len(f.units), op: studio.Operation{Do: studio.DoTranslate, Base: d.Revision, Language: language}}
	if f.language != "" && !strings.EqualFold(f.language, language) {
		f.wrong("", ProblemLanguage, f.language, language)
	}
	texts := map[string]Text{}
	for _, t := range Texts(d, language) {
		texts[t.Unit] = t
	}
	seen := map[string]bool{}
	for _, u := range f.units {
		t, known := texts[u.ID]
		target := Clean(written(u.Target))
		switch {
		case u.ID == "":
			f.wrong("", ProblemNoID, u.Where)
			continue
		case seen[u.ID]:
			f.wrong(u.ID, ProblemTwice)
			continue
		case !known:
			f.wrong(u.ID, ProblemUnknownUnit)
			continue
		case Clean(u.Source) == "":
			f.wrong(u.ID, ProblemNoSource)
			continue
		case len(target) > studio.MostText:
			f.wrong(u.ID, ProblemTooLong, strconv.Itoa(studio.MostText))
			continue
		}
		seen[u.ID] = true
		p.take(t, u, target)
	}
	if len(p.op.Texts) > studio.MostTexts {
		f.wrong("", ProblemTooMany, strconv.Itoa(studio.MostTexts))
	}
	if p.Errors = f.problems; len(p.Errors) > 0 {
		p.op.Texts = nil
	}
	return p
}

// take counts a unit and puts it among what is done.
func (p *Plan) take(t Text, u Unit, target string) {
	old := !studio.Alike(written(u.Source), written(t.Source))
	if old && len(p.Warnings) < mostProblems {
		p.Warnings = append(p.Warnings, Problem{Unit: u.ID, Key: ProblemStale, Value: u.Source, Detail: t.Source})
	}
	same := target == Clean(written(t.Target))
	switch {
	case target == "", same && (old || !t.Stale || !u.Checked):
		p.Unchanged++
		return
	case same:
		p.Checked++
	case t.Target == "":
		p.Created++
	default:
		p.Updated++
	}
	if old {
		p.Stale++
	}
	p.op.Texts = append(p.op.Texts, studio.Translated{Element: t.Element, Field: t.Field, Value: target, Source: u.Source})
}

// written is a text as a file can hold it: XML has no place for some characters.
func written(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == '\ufffe' || r == '\uffff' {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}

// Write writes the texts of a draft in a format. The past of the draft says what is stale.
func Write(w io.Writer, format string, d *studio.Draft, language string) error {
	texts := Texts(d, language)
	switch format {
	case XLIFF:
		return writeXLIFF(w, d.Element(studio.Whole).Fields["code"], language, texts)
	case CSV:
		return writeCSV(w, language, texts)
	}
	return fmt.Errorf("there is no format %q, only %s", format, strings.Join(Formats(), ", "))
}
