package exchange

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/survey"
)

// ddi writes a codebook as DDI-Codebook 2.5, which data archives read.
func ddi(w io.Writer, v *survey.Version) error {
	out := &document{Writer: bufio.NewWriter(w), languages: v.Definition.Languages}
	d, all := v.Definition, variables(v)
	out.raw(xml.Header)
	out.open("codeBook", "xmlns", "ddi:codebook:2_5", "version", "2.5")
	out.open("stdyDscr")
	out.open("citation")
	out.open("titlStmt")
	out.leaf("titl", d.Title.In(agency.FallbackLanguage), "xml:lang", agency.FallbackLanguage)
	for _, language := range d.Languages {
		if language != agency.FallbackLanguage {
			out.leaf("parTitl", d.Title[language], "xml:lang", language)
		}
	}
	out.leaf("IDNo", v.Name())
	out.close("titlStmt")
	out.close("citation")
	if len(d.Intro) > 0 {
		out.open("stdyInfo")
		out.text("abstract", d.Intro)
		out.close("stdyInfo")
	}
	out.close("stdyDscr")
	out.open("fileDscr", "ID", "F1")
	out.open("fileTxt")
	out.leaf("fileName", d.Key+".csv")
	out.close("fileTxt")
	out.close("fileDscr")
	out.open("dataDscr")
	for i, s := range d.Sections {
		var of []string
		for _, x := range all {
			if x.section == i {
				of = append(of, x.name)
			}
		}
		if len(of) == 0 {
			continue
		}
		out.open("varGrp", "ID", "G"+fmt.Sprint(i+1), "name", s.Key, "type", "section", "var", strings.Join(of, " "))
		out.text("labl", s.Title)
		out.close("varGrp")
	}
	for _, x := range all {
		out.variable(x)
	}
	out.close("dataDscr")
	out.close("codeBook")
	return out.Flush()
}

// variable writes one, its parts in the order that the schema wants.
func (o *document) variable(x variable) {
	nature, interval := "nominal", "discrete"
	switch {
	case x.ordered:
		nature = "ordinal"
	case len(x.categories) == 0:
		nature, interval = "interval", "contin"
	}
	o.open("var", "ID", x.name, "name", x.name, "files", "F1", "intrvl", interval, "nature", nature)
	o.text("labl", x.label)
	o.open("qstn")
	if len(x.stem) > 0 {
		o.text("preQTxt", x.stem)
	}
	o.text("qstnLit", x.question)
	o.close("qstn")
	if least, most := x.bounds(); least != "" || most != "" {
		o.open("valrng")
		var bounds []string
		if least != "" {
			bounds = append(bounds, "min", least)
		}
		if most != "" {
			bounds = append(bounds, "max", most)
		}
		o.leaf("range", "", bounds...)
		o.close("valrng")
	}
	for _, c := range x.categories {
		if c.missing {
			o.open("invalrng")
			o.leaf("item", "", "VALUE", c.value)
			o.close("invalrng")
		}
	}
	if x.universe != "" {
		o.leaf("universe", x.universe)
	}
	for _, c := range x.categories {
		if c.missing {
			o.open("catgry", "missing", "Y")
		} else {
			o.open("catgry")
		}
		o.leaf("catValu", c.value)
		o.text("labl", c.text)
		o.close("catgry")
	}
	format := "character"
	if x.ordered || len(x.categories) == 0 && x.from == "" && string(x.kind) != "date" {
		format = "numeric"
	}
	o.leaf("varFormat", "", "type", format)
	o.close("var")
}

// document writes XML; that it cannot be written shows at the flush.
type document struct {
	*bufio.Writer
	languages []string
}

func (o *document) raw(s string) { _, _ = o.WriteString(s) }

func (o *document) start(name string, attributes []string) {
	o.raw("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		o.raw(" " + attributes[i] + `="`)
		_ = xml.EscapeText(o, []byte(attributes[i+1]))
		o.raw(`"`)
	}
	o.raw(">")
}

func (o *document) open(name string, attributes ...string) {
	o.start(name, attributes)
	o.raw("\n")
}

func (o *document) close(name string) { o.raw("</" + name + ">\n") }

func (o *document) leaf(name, text string, attributes ...string) {
	o.start(name, attributes)
	_ = xml.EscapeText(o, []byte(text))
	o.close(name)
}

// text writes an element for each language.
func (o *document) text(name string, t agency.Text) {
	for _, language := range o.languages {
		if t[language] != "" {
			o.leaf(name, t[language], "xml:lang", language)
		}
	}
}
