package bulk

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/score"
	"sipas/internal/spreadsheet"
	"sipas/internal/target"
)

// Targets is the list of targets.
func Targets() List {
	return inSnapshot(
		Layout{Name: "targets", Columns: names((&plans{}).columns()), required: []string{"plan", "year", "indicator", "target_percent"}},
		readTargets, writeTargets,
	)
}

// aim is a target with the code of its agency, as a line says it.
type aim struct {
	target.Target
	agency string
	scope  string // as it stands there
}

// plans knows what targets refer to.
type plans struct{ snap *registry.Snapshot }

// columns are the columns in their order. What is wrong with a target by itself is
// said by target.Problems, of the desk's form too.
func (d *plans) columns() []column[aim] {
	return []column[aim]{
		{"plan", func(a *aim) string { return a.Plan }, func(a *aim, c spreadsheet.Cell) wrong { return take(&a.Plan, c.Text) }},
		{"year", showYear, func(a *aim, c spreadsheet.Cell) wrong {
			a.Year, _ = strconv.Atoi(c.Text) // no number is no year
			return wrong{}
		}},
		{"indicator", func(a *aim) string { return string(a.Indicator) }, func(a *aim, c spreadsheet.Cell) wrong {
			return take(&a.Indicator, target.ParseKind(c.Text))
		}},
		{"scope", d.scope, func(a *aim, c spreadsheet.Cell) wrong { return take(&a.scope, strings.ToLower(c.Text)) }},
		{"service_field", func(a *aim) string { return a.FieldKey }, d.readField},
		{"comparator", func(a *aim) string { return string(a.Comparator) }, func(a *aim, c spreadsheet.Cell) wrong { return take(&a.Comparator, target.ParseComparator(c.Text)) }},
		{"target_percent", showPercent, func(a *aim, c spreadsheet.Cell) wrong {
			percent, _ := score.ParseTarget(c.Text) // what cannot be read is no value
			return take(&a.Percent, int(percent))
		}},
		{"lead_agency", func(a *aim) string { return a.LeadAgency }, func(a *aim, c spreadsheet.Cell) wrong { return take(&a.LeadAgency, c.Text) }},
		{"note_vi", func(a *aim) string { return a.Note["vi"] }, func(a *aim, c spreadsheet.Cell) wrong { return note(&a.Note, "vi", c.Text) }},
		{"note_en", func(a *aim) string { return a.Note["en"] }, func(a *aim, c spreadsheet.Cell) wrong { return note(&a.Note, "en", c.Text) }},
		{"agency", func(a *aim) string { return a.agency }, d.readAgency},
		{"co_agencies", func(a *aim) string { return a.CoAgencies }, func(a *aim, c spreadsheet.Cell) wrong { return take(&a.CoAgencies, c.Text) }},
	}
}

// take reads what no column judges alone.
func take[T any](into *T, value T) wrong {
	*into = value
	return wrong{}
}

func showYear(a *aim) string {
	if a.Year == 0 {
		return ""
	}
	return strconv.Itoa(a.Year)
}

func showPercent(a *aim) string {
	if a.Percent == 0 {
		return ""
	}
	return a.Value()
}

const (
	// scopeState is the scope of service by state agencies, of which no field is.
	scopeState = "state-administrative-agencies"
	// scopeRank is that of targets for a rank of an index that somebody else publishes.
	scopeRank = "published-rank"
)

// ScopeOf is the scope of a target, which follows from what it is about; "" if that
// is unknown.
func ScopeOf(snap *registry.Snapshot, t target.Target) string {
	switch t.Indicator {
	case target.IndicatorProcedures:
		return string(agency.ScopeProcedures)
	case target.IndicatorSIPAS:
		return scopeState
	case target.IndicatorField:
		field, _ := snap.Field(t.FieldKey)
		return string(field.Scope)
	}
	if t.Indicator.Index() != "" {
		return scopeRank
	}
	return ""
}

func (d *plans) scope(a *aim) string { return ScopeOf(d.snap, a.Target) }

func (d *plans) readField(a *aim, c spreadsheet.Cell) wrong {
	a.FieldKey = c.Text
	if _, known := d.snap.Field(c.Text); c.Text != "" && (!known || agency.UnsaidField(c.Text)) {
		var keys []string
		for _, f := range d.snap.Fields {
			if !agency.UnsaidField(f.Key) {
				keys = append(keys, f.Key)
			}
		}
		return wrong{ProblemUnknownField, strings.Join(keys, ", ")}
	}
	return wrong{}
}

func (d *plans) readAgency(a *aim, c spreadsheet.Cell) wrong {
	office, known := d.snap.Tree.ByCode(c.Text)
	if a.agency, a.AgencyID = c.Text, office.ID; c.Text != "" && !known {
		return wrong{key: ProblemUnknownAgency}
	}
	return wrong{}
}

// coded is a target with the code of its agency.
func (d *plans) coded(t target.Target) aim {
	office, _ := d.snap.Tree.Agency(t.AgencyID)
	return aim{Target: t, agency: office.Code}
}

// wanted is the target that a line asks for; its cells need not be sound.
func wanted(columns []string, l line) target.Wanted {
	cell := func(name string) string { return l.cells[slices.Index(columns, name)].Text }
	percent, err := score.ParseTarget(cell("target_percent"))
	w := target.Wanted{Percent: int(percent), Sound: err == nil, Demand: target.Demand{
		Plan: cell("plan"), Year: cell("year"), Indicator: target.ParseKind(cell("indicator")), Field: cell("service_field"), Agency: cell("agency"),
	}}
	if l.given[slices.Index(columns, "comparator")] {
		w.Comparator = target.ParseComparator(cell("comparator"))
	}
	return w
}

// readTargets judges a file. It is held whole: which line means which target depends
// on its other lines.
func readTargets(p *Plan, content []byte) {
	d := &plans{p.snap}
	columns := d.columns()
	var lines []line
	var asked []target.Wanted
	p.lines(content, func(l line) { lines, asked = append(lines, l), append(asked, wanted(p.list.Columns, l)) })
	var added, updated []target.Target
	for i, m := range target.Settle(p.snap.Targets, func(t target.Target) string { return d.coded(t).agency }, asked) {
		l, value := lines[i], target.Target{Percent: asked[i].Percent}.Value()
		switch {
		case m.Twice:
			p.problem(l.number, "target_percent", value, ProblemTargetTwice, lineOf(lines[m.First].number))
			continue
		case m.Among != nil:
			p.problem(l.number, "target_percent", value, ProblemWhichTarget, strings.Join(m.Among, "; "))
			continue
		}
		told, of := len(p.Problems), aim{}
		if m.Kept != nil {
			of = d.coded(*m.Kept)
		} else {
			of.Comparator = target.AtLeast
		}
		changed, sound := fill(p, columns, l, &of, m.Kept == nil)
		if sound = d.judge(p, l, &of, changed, p.Problems[told:]) && sound; !sound {
			continue
		}
		switch {
		case m.Kept == nil:
			added = append(added, of.Target)
		case changed:
			updated = append(updated, of.Target)
		default:
			p.Unchanged++
		}
	}
	p.Created, p.Updated = len(added), len(updated)
	p.make = func(ctx context.Context, c *registry.Change) error {
		if err := c.UpdateTargets(ctx, updated); err != nil {
			return err
		}
		return c.AddTargets(ctx, added)
	}
}

// judge says what is wrong with a target beyond what was told of its line already.
func (d *plans) judge(p *Plan, l line, a *aim, changed bool, told []Problem) bool {
	told = slices.Clone(told)
	before := p.Wrong
	say := func(column string, w wrong) {
		if slices.ContainsFunc(told, func(t Problem) bool { return t.Column == column }) {
			return
		}
		p.problem(l.number, column, l.cells[slices.Index(p.list.Columns, column)].Text, w.key, w.detail)
		told = append(told, Problem{Column: column})
	}
	if changed {
		for _, found := range a.Problems() {
			say(inSheet(a, found))
		}
	}
	if scope := d.scope(a); a.scope != "" && a.scope != scope && scope != "" {
		say("scope", wrong{ProblemOneOf, scope})
	}
	return p.Wrong == before
}

// inSheet is what is wrong with a target in the words of lists, and its column.
func inSheet(a *aim, found fault.Problem) (column string, w wrong) {
	switch found.Key {
	case fault.ProblemRequired:
		return found.Where, wrong{key: ProblemRequired}
	case fault.ProblemTooLong:
		return found.Where, wrong{ProblemTooLong, found.Limit}
	case fault.ProblemControlCharacter:
		return found.Where, wrong{key: ProblemCharacter}
	case target.ProblemYear:
		return found.Where, wrong{ProblemNumber, strconv.Itoa(target.FirstYear) + "-" + strconv.Itoa(target.LastYear)}
	case target.ProblemComparator:
		return found.Where, oneOf(target.Comparators())
	case target.ProblemPercent:
		return found.Where, wrong{key: ProblemPercent}
	case target.ProblemRank:
		return found.Where, wrong{ProblemNumber, "1-" + strconv.Itoa(target.LastRank)}
	}
	switch { // target.ProblemIndicator
	case !slices.Contains(target.Kinds(), a.Indicator) && !target.ValidIndexName(a.Indicator.Index()):
		return found.Where, oneOf(append(target.Kinds(), target.RankOf("PAPI")))
	case a.Indicator == target.IndicatorField:
		return "service_field", wrong{key: ProblemRequired}
	}
	return "service_field", wrong{key: ProblemNoField}
}

func writeTargets(snap *registry.Snapshot, row func(...string) error) error {
	d := &plans{snap}
	write := writer(d.columns(), row)
	for _, t := range snap.Targets {
		if err := write(d.coded(t)); err != nil {
			return err
		}
	}
	return nil
}
