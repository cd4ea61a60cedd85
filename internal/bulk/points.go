package bulk

import (
	"context"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"sipas/internal/agency"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
	"sipas/surveys"
)

// ServicePoints is the list of service points.
func ServicePoints() List {
	return inSnapshot(
		Layout{Name: "service-points", Columns: names((&desk{}).columns()), required: []string{"agency"}},
		readPoints, writePoints,
	)
}

// point is a service point with the codes of its agencies.
type point struct {
	agency.ServicePoint
	agency string
	judged string // "": its own
}

// desk knows what service points refer to.
type desk struct{ snap *registry.Snapshot }

// columns are the columns in their order.
func (d *desk) columns() []column[point] {
	return []column[point]{
		{"code", func(p *point) string { return string(p.Code) }, func(*point, spreadsheet.Cell) wrong { return wrong{} }}, // read before
		{"name_vi", func(p *point) string { return p.Name["vi"] }, func(p *point, c spreadsheet.Cell) wrong { return name(&p.Name, "vi", c.Text) }},
		{"name_en", func(p *point) string { return p.Name["en"] }, func(p *point, c spreadsheet.Cell) wrong { return name(&p.Name, "en", c.Text) }},
		{"agency", func(p *point) string { return p.agency }, func(p *point, c spreadsheet.Cell) wrong { return d.readAgency(&p.agency, c) }},
		{"judged_agency", func(p *point) string { return p.judged }, func(p *point, c spreadsheet.Cell) wrong {
			if p.judged = ""; c.Text == "" || c.Text == p.agency {
				return wrong{}
			}
			return d.readAgency(&p.judged, c)
		}},
		{"fields", func(p *point) string { return strings.Join(p.FieldKeys, ";") }, d.readFields},
		{"channel", func(p *point) string { return string(p.Channel) }, readChannel},
		{"survey", func(p *point) string { return p.SurveyKey }, d.readSurvey},
		{"place", func(p *point) string { return p.Place }, readPlace},
		{"active", func(p *point) string { return showFlag(p.Active) }, readActive},
	}
}

func (d *desk) readAgency(into *string, c spreadsheet.Cell) wrong {
	if c.Text == "" {
		return wrong{key: ProblemRequired}
	}
	if _, known := d.snap.Tree.ByCode(c.Text); !known {
		return wrong{key: ProblemUnknownAgency}
	}
	*into = c.Text
	return wrong{}
}

// readFields reads several keys in one cell, the main one first. A service point
// without any is for everything, where there is a field for that.
func (d *desk) readFields(p *point, c spreadsheet.Cell) wrong {
	keys := strings.FieldsFunc(c.Text, func(r rune) bool { return strings.ContainsRune(";, ", r) })
	for i, key := range keys {
		_, known := d.snap.Field(key)
		switch {
		case !known:
			return wrong{ProblemUnknownField, fieldKeys(d.snap)}
		case slices.Contains(keys[:i], key):
			return wrong{ProblemFieldTwice, key}
		}
	}
	if _, known := d.snap.Field(agency.FieldUnsaid); len(keys) == 0 && !known {
		return wrong{key: ProblemRequired}
	}
	p.FieldKeys = keys
	return wrong{}
}

// fieldKeys are those of all service fields.
func fieldKeys(snap *registry.Snapshot) string {
	keys := make([]string, len(snap.Fields))
	for i, f := range snap.Fields {
		keys[i] = f.Key
	}
	return strings.Join(keys, ", ")
}

func readChannel(p *point, c spreadsheet.Cell) wrong {
	channel := agency.Channel(strings.ToLower(c.Text))
	if channel == "" {
		channel = agency.ChannelQR
	}
	if !slices.Contains(agency.Channels(), channel) {
		return oneOf(agency.Channels())
	}
	p.Channel = channel
	return wrong{}
}

// readSurvey reads the key of a survey that was published; without one it is the
// quick form.
func (d *desk) readSurvey(p *point, c spreadsheet.Cell) wrong {
	key := c.Text
	if key == "" {
		key = surveys.Quick
	}
	if d.snap.Newest(key) == nil {
		return wrong{ProblemUnknownSurvey, strings.Join(d.snap.Surveys, ", ")}
	}
	p.SurveyKey = key
	return wrong{}
}

func readPlace(p *point, c spreadsheet.Cell) wrong {
	if utf8.RuneCountInString(c.Text) > maxName {
		return wrong{ProblemTooLong, "200"}
	}
	p.Place = c.Text
	return wrong{}
}

const (
	yes = "yes"
	no  = "no"
)

func showFlag(set bool) string {
	if set {
		return yes
	}
	return no
}

// readFlag reads yes or no; nothing is what it usually is.
func readFlag(into *bool, c spreadsheet.Cell, usually bool) wrong {
	switch strings.ToLower(c.Text) {
	case yes, "có", "co", "true", "1":
		*into = true
	case no, "không", "khong", "false", "0":
		*into = false
	case "":
		*into = usually
	default:
		return wrong{ProblemOneOf, yes + ", " + no}
	}
	return wrong{}
}

// readActive reads whether a service point takes answers: a new one does, if nothing
// else is said.
func readActive(p *point, c spreadsheet.Cell) wrong {
	if c.Text == "" && p.ID != 0 {
		return wrong{key: ProblemRequired}
	}
	return readFlag(&p.Active, c, true)
}

// codes finds service points by what a cell says, and judges codes of new ones: a
// list that is moved to another database keeps them, since posters have them.
type codes struct {
	snap  *registry.Snapshot
	lines map[agency.Code]int // of the file
	alike func() map[agency.Code]agency.Code
}

func newCodes(snap *registry.Snapshot) *codes {
	// What is kept, by letters that are not confused; most files ask for none.
	return &codes{snap, map[agency.Code]int{}, sync.OnceValue(func() map[agency.Code]agency.Code {
		alike := make(map[agency.Code]agency.Code, len(snap.Points))
		for _, p := range snap.Points {
			alike[lookalike(p.Code)] = p.Code
		}
		return alike
	})}
}

// read reads the code of a line; that of a new service point may be empty.
func (cs *codes) read(l line) (known agency.ServicePoint, code agency.Code, w wrong) {
	c := l.cells[0]
	if c.Text == "" {
		return known, "", w
	}
	if c.Kind == spreadsheet.Day {
		return known, "", wrong{key: ProblemMadeDay}
	}
	read, found := agency.ReadCodes(c.Text), false
	for _, code = range read {
		if known, found = cs.snap.Point(code); found {
			break
		}
		if now, had := cs.snap.Replaced(code); had {
			return agency.ServicePoint{}, "", wrong{ProblemReplaced, string(now.Code)}
		}
	}
	switch {
	case found:
		code = known.Code // not a part of the line, which would be kept with it
	case len(read) == 0 || read[0].Grouped() != c.Text && string(read[0]) != c.Text:
		return known, "", wrong{key: ProblemPointCode}
	default:
		code = read[0]
		if _, _, badge := cs.snap.Badge(code); badge {
			return known, "", wrong{key: ProblemBadge}
		}
		if cs.alike()[lookalike(code)] != "" {
			return known, "", wrong{ProblemLooksLike, string(cs.alike()[lookalike(code)])}
		}
	}
	if first := cs.lines[code]; first != 0 {
		return known, "", wrong{ProblemTwice, lineOf(first)}
	}
	cs.lines[code] = l.number
	return known, code, w
}

// lookalike is a code without what people and prints confuse in it.
func lookalike(code agency.Code) agency.Code {
	return agency.Code(strings.NewReplacer("8", "B", "5", "S", "2", "Z", "6", "G").Replace(string(code)))
}

// read reads a file line by line and calls each for what is sound.
func (d *desk) read(p *Plan, content []byte, each func(agency.ServicePoint, state)) *codes {
	columns, cs := d.columns(), newCodes(d.snap)
	p.lines(content, func(l line) {
		known, code, w := cs.read(l)
		if w.key != "" {
			p.problem(l.number, "code", l.cells[0].Text, w.key, w.detail)
			return
		}
		read := d.coded(known)
		read.Code = code
		l.cells[0].Text = string(code)
		changed, sound := fill(p, columns, l, &read, known.ID == 0)
		if !sound {
			return
		}
		d.resolve(&read)
		switch {
		case known.ID == 0:
			each(read.ServicePoint, fresh)
		case changed:
			each(read.ServicePoint, different)
		default:
			each(read.ServicePoint, same)
		}
	})
	return cs
}

// ReadPoint reads one service point as a form has it, by the columns of the list: a new
// one, or with an id one that is kept, of which columns that are not given stay. The
// code is not read.
func ReadPoint(snap *registry.Snapshot, kept agency.ServicePoint, given map[string]string) (agency.ServicePoint, []Problem) {
	d, p := &desk{snap}, &Plan{list: ServicePoints().Layout, snap: snap}
	l := p.list.typed(given)
	read := d.coded(kept)
	fill(p, d.columns(), l, &read, kept.ID == 0)
	d.resolve(&read)
	return read.ServicePoint, p.Problems
}

// resolve writes the agencies that the codes of a service point mean.
func (d *desk) resolve(p *point) {
	p.AgencyID = d.id(p.agency)
	p.JudgedID = p.AgencyID
	if p.judged != "" {
		p.JudgedID = d.id(p.judged)
	}
}

// readPoints judges a file. It keeps nothing of its lines: what 100,000 of them say
// is read once more when they are kept.
func readPoints(p *Plan, content []byte) {
	d := &desk{p.snap}
	cs := d.read(p, content, func(_ agency.ServicePoint, s state) { p.tally(s) })
	p.make = func(ctx context.Context, c *registry.Change) error { return d.keep(ctx, c, p, content, cs.lines) }
}

// together is how many service points are kept at once.
const together = 1000

// keep keeps what a file says, which was judged before. taken are the codes in it.
func (d *desk) keep(ctx context.Context, c *registry.Change, p *Plan, content []byte, taken map[agency.Code]int) (err error) {
	var added, updated []agency.ServicePoint
	flush := func(atLeast int) {
		if err == nil && len(added) >= atLeast {
			err = c.AddServicePoints(ctx, added)
			added = added[:0]
		}
		if err == nil && len(updated) >= atLeast {
			err = c.UpdateServicePoints(ctx, updated)
			updated = updated[:0]
		}
	}
	again := &Plan{list: p.list}
	d.read(again, content, func(read agency.ServicePoint, s state) {
		switch s {
		case same:
		case fresh:
			if read.Code == "" {
				read.Code = d.draw(taken)
			}
			added, p.codes = append(added, read), append(p.codes, read.Code)
		case different:
			updated = append(updated, read)
		}
		flush(together)
	})
	flush(1)
	if err == nil && again.Wrong > 0 {
		err = errChanged
	}
	return err
}

// draw makes a code that nobody has: of 100,000 codes, two are the same in one of
// thirty draws.
func (d *desk) draw(taken map[agency.Code]int) agency.Code {
	for {
		code := agency.NewCode()
		_, kept := d.snap.Point(code)
		_, _, badge := d.snap.Badge(code)
		if _, had := d.snap.Replaced(code); !kept && !had && !badge && taken[code] == 0 {
			taken[code] = -1
			return code
		}
	}
}

// coded is a service point with the codes of its agencies.
func (d *desk) coded(p agency.ServicePoint) point {
	own, _ := d.snap.Tree.Agency(p.AgencyID)
	coded := point{ServicePoint: p, agency: own.Code}
	if p.JudgedID != p.AgencyID {
		judged, _ := d.snap.Tree.Agency(p.JudgedID)
		coded.judged = judged.Code
	}
	return coded
}

func (d *desk) id(code string) int64 {
	a, _ := d.snap.Tree.ByCode(code)
	return a.ID
}

func writePoints(snap *registry.Snapshot, row func(...string) error) error {
	d := &desk{snap}
	write := writer(d.columns(), row)
	for _, p := range snap.Points {
		if err := write(d.coded(p)); err != nil {
			return err
		}
	}
	return nil
}
