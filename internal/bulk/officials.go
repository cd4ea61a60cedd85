package bulk

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"sipas/internal/agency"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
)

// Officials is the list of who serves at counters.
func Officials() List {
	return inSnapshot(
		Layout{Name: "officials", Columns: names((&staffing{}).columns()), required: []string{"code"}},
		readOfficials, writeOfficials,
	)
}

// official is one with the codes of their agency and service point.
type official struct {
	agency.Official
	agency, point string
}

// staffing knows what officials refer to.
type staffing struct{ snap *registry.Snapshot }

// columns are the columns in their order.
func (d *staffing) columns() []column[official] {
	return []column[official]{
		{"code", func(o *official) string { return o.Code }, func(*official, spreadsheet.Cell) wrong { return wrong{} }}, // read before
		{"name", func(o *official) string { return o.Name }, func(o *official, c spreadsheet.Cell) wrong {
			switch {
			case c.Text == "":
				return wrong{key: ProblemRequired}
			case utf8.RuneCountInString(c.Text) > maxName:
				return wrong{ProblemTooLong, "200"}
			}
			o.Name = c.Text
			return wrong{}
		}},
		{"agency", func(o *official) string { return o.agency }, func(o *official, c spreadsheet.Cell) wrong {
			of, known := d.snap.Tree.ByCode(c.Text)
			switch o.agency, o.AgencyID = c.Text, of.ID; {
			case c.Text == "":
				return wrong{key: ProblemRequired}
			case !known:
				return wrong{key: ProblemUnknownAgency}
			}
			return wrong{}
		}},
		{"service_point", func(o *official) string { return o.point }, func(o *official, c spreadsheet.Cell) wrong {
			o.point, o.PointID = "", 0
			if c.Text == "" {
				return wrong{}
			}
			return d.readPoint(&o.point, &o.PointID, c)
		}},
		{"login", func(o *official) string { return o.Login }, func(o *official, c spreadsheet.Cell) wrong {
			if utf8.RuneCountInString(c.Text) > maxName {
				return wrong{ProblemTooLong, "200"}
			}
			o.Login = strings.ToLower(c.Text)
			return wrong{}
		}},
		{"named", func(o *official) string { return showFlag(o.Named) }, func(o *official, c spreadsheet.Cell) wrong { return readFlag(&o.Named, c, false) }},
		{"active", func(o *official) string { return showFlag(o.Active) }, func(o *official, c spreadsheet.Cell) wrong { return readFlag(&o.Active, c, true) }},
	}
}

// readPoint reads the code of a service point that is kept.
func (d *staffing) readPoint(code *string, id *int64, c spreadsheet.Cell) wrong {
	for _, read := range agency.ReadCodes(c.Text) {
		if p, known := d.snap.Point(read); known {
			*code, *id = string(p.Code), p.ID
			return wrong{}
		}
		if now, had := d.snap.Replaced(read); had {
			return wrong{ProblemReplaced, string(now.Code)}
		}
	}
	return wrong{key: ProblemUnknownPoint}
}

// officialPages are pages beside those of officials.
var officialPages = []string{"them", "nhap", "xuat", "ca", "in"}

func readOfficials(p *Plan, content []byte) {
	d, lines := &staffing{p.snap}, map[string]int{}
	var added, updated []agency.Official
	p.lines(content, func(l line) {
		code := l.cells[0]
		kept, known := p.snap.Official(code.Text)
		w := wrong{}
		switch {
		case lines[code.Text] != 0:
			w = wrong{ProblemTwice, lineOf(lines[code.Text])}
		case !known:
			w = officialCode(code)
		}
		if w.key != "" {
			p.problem(l.number, "code", code.Text, w.key, w.detail)
			return
		}
		lines[code.Text] = l.number
		o := d.coded(kept)
		o.Code = code.Text
		switch changed, sound := fill(p, d.columns(), l, &o, !known); {
		case !sound:
		case !known:
			added = append(added, o.Official)
		case changed:
			updated = append(updated, o.Official)
		default:
			p.Unchanged++
		}
	})
	p.Created, p.Updated = len(added), len(updated)
	p.make = func(ctx context.Context, c *registry.Change) error {
		if err := c.UpdateOfficials(ctx, updated); err != nil {
			return err
		}
		return c.AddOfficials(ctx, added)
	}
}

// officialCode judges the code of a new official.
func officialCode(c spreadsheet.Cell) wrong {
	if slices.Contains(officialPages, c.Text) {
		return wrong{key: ProblemCodePage}
	}
	return codeOf(c)
}

// ReadOfficial reads one official as a form has them, by the columns of the list: a new
// one, or with an id one who is kept, of whom columns that are not given stay.
func ReadOfficial(snap *registry.Snapshot, kept agency.Official, given map[string]string) (agency.Official, []Problem) {
	d, p := &staffing{snap}, &Plan{list: Officials().Layout, snap: snap}
	l := p.list.typed(given)
	o := d.coded(kept)
	if kept.ID == 0 {
		o.Code = l.cells[0].Text
		w := officialCode(l.cells[0])
		if _, known := snap.Official(o.Code); known && w.key == "" {
			w = wrong{key: ProblemCodeTaken}
		}
		if w.key != "" {
			p.problem(l.number, "code", o.Code, w.key, w.detail)
		}
	}
	fill(p, d.columns(), l, &o, kept.ID == 0)
	return o.Official, p.Problems
}

func (d *staffing) coded(o agency.Official) official {
	of, _ := d.snap.Tree.Agency(o.AgencyID)
	p, _ := d.snap.PointByID(o.PointID)
	return official{o, of.Code, string(p.Code)}
}

func writeOfficials(snap *registry.Snapshot, row func(...string) error) error {
	d := &staffing{snap}
	write := writer(d.columns(), row)
	for _, o := range snap.Officials {
		if err := write(d.coded(o)); err != nil {
			return err
		}
	}
	return nil
}
