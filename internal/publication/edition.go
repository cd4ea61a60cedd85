package publication

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/target"
)

// Edition is a board as it is kept for ever once it was published: figures of
// the whole province as they were then. It holds every text
// it needs, so that nothing in it changes afterwards. Its types are its own:
// boards and interfaces change, what was published does not.
type Edition struct {
	// Format is the number of the rules below. It rises whenever what is written
	// would be misread by a program that knows the former ones only.
	Format    int          `json:"format"`
	Year      int          `json:"year"`
	Period    string       `json:"period"`
	Province  agency.Text  `json:"province,omitempty"`
	Synthetic bool         `json:"synthetic,omitempty"`
	SmallCell int64        `json:"small_cell"`
	MinSample int64        `json:"min_sample"`
	Rows      []EditionRow `json:"rows"`
}

// The formats. Those before formatNumbered do not say which they are (see
// readOld); numbers are unrounded since formatExact.
const (
	formatRounded  = 1
	formatExact    = 2
	formatNumbered = 3
	// formatGroups: answers are shown in groups of SmallCell. Before, figures about
	// fewer people were hidden, and what they could be computed from.
	formatGroups = 4
)

// EditionRow is a row with its names, factors and months.
type EditionRow struct {
	Indicator   target.IndicatorKind `json:"indicator"`
	Field       *string              `json:"field"` // null: the indicator is of no field
	FieldName   agency.Text          `json:"field_name,omitempty"`
	Survey      string               `json:"survey"`
	SurveyTitle agency.Text          `json:"survey_title,omitempty"`
	Method      score.Method         `json:"method"`
	Counts      bool                 `json:"counts"`
	EditionFigure
	Low            *float64        `json:"low"` // of the 95 % interval
	High           *float64        `json:"high"`
	WordingChanged bool            `json:"wording_changed,omitempty"`
	LeftOut        bool            `json:"left_out,omitempty"`
	Targets        []EditionTarget `json:"targets"`
	Factors        []EditionFactor `json:"factors,omitempty"`
	Months         []EditionMonth  `json:"months,omitempty"` // those with answers
}

// EditionFigure is a figure: nobody was asked and N is 0, or it is hidden, by the
// rule before formatGroups, and all are null, or Percent has the number and Display
// its Vietnamese text.
type EditionFigure struct {
	N       *int64   `json:"n"`
	Percent *float64 `json:"percent"`
	Display *string  `json:"display"`
	Hidden  bool     `json:"hidden,omitempty"`
}

// EditionTarget is a target with how the row stood against it; Gap is in
// points, null without a figure.
type EditionTarget struct {
	Comparator   target.Comparator `json:"comparator"`
	Percent      float64           `json:"percent"`
	Plan         string            `json:"plan"`
	LeadAgency   string            `json:"lead_agency"`
	Note         agency.Text       `json:"note,omitempty"`
	Gap          *float64          `json:"gap"`
	Standing     score.Standing    `json:"standing"`
	BeyondChance bool              `json:"beyond_chance"`
	Inherited    bool              `json:"inherited"`
}

// EditionFactor is a question or a section beside the headline.
type EditionFactor struct {
	Key   string      `json:"key"`
	Label agency.Text `json:"label,omitempty"`
	EditionFigure
}

// EditionMonth is one month of the year, as "2025-05".
type EditionMonth struct {
	Key string `json:"key"`
	EditionFigure
	Changed bool `json:"changed,omitempty"` // as Breaks, absent from what was published before it was known
	Breaks  bool `json:"breaks,omitempty"`
}

// ErrNewerEdition says that a publication was written by a newer program, in a
// format that this one could only misread.
var ErrNewerEdition = errors.New("publication of a newer program")

// EditionOf makes what is kept of a board.
func EditionOf(b *report.Board) Edition {
	e := Edition{
		Format: formatGroups, Year: b.Period.Year, Period: b.Period.Part(), Province: b.Province, Synthetic: b.Synthetic,
		SmallCell: b.SmallCell, MinSample: b.MinSample, Rows: []EditionRow{},
	}
	for _, r := range b.Rows {
		row := EditionRow{
			Indicator: r.Indicator, FieldName: r.FieldName, Survey: r.SurveyKey, SurveyTitle: r.SurveyTitle, Method: r.Method,
			Counts: r.Counts, EditionFigure: keptFigure(r.Figure), WordingChanged: r.WordingChanged, LeftOut: r.LeftOut, Targets: []EditionTarget{},
		}
		row.Low, row.High = r.Interval()
		if r.Indicator == target.IndicatorField {
			row.Field = &r.FieldKey
		}
		for _, t := range r.Targets {
			row.Targets = append(row.Targets, keptTarget(t))
		}
		for _, f := range r.Factors {
			row.Factors = append(row.Factors, EditionFactor{f.Key, f.Label, keptFigure(f.Figure)})
		}
		for _, m := range r.Trend {
			if m.HasFigure() || m.Withheld {
				row.Months = append(row.Months, EditionMonth{m.Key(), keptFigure(m.Figure), m.Changed, m.Breaks})
			}
		}
		e.Rows = append(e.Rows, row)
	}
	return e
}

func keptFigure(f report.Figure) (out EditionFigure) {
	out.N, out.Percent, out.Display = f.Numbers()
	out.Hidden = f.Withheld
	return out
}

func keptTarget(t report.TargetStanding) EditionTarget {
	out := EditionTarget{
		Comparator: cmp.Or(t.Comparator, target.AtLeast), Percent: score.Target(t.Percent).Number().Float(), Plan: t.Plan,
		LeadAgency: t.LeadAgency, Note: t.Note, Standing: t.Standing, BeyondChance: t.BeyondChance, Inherited: t.Inherited,
	}
	if t.HasGap {
		gap := t.Gap.Float()
		out.Gap = &gap
	}
	return out
}

// ReadEdition reads what was kept, in any format there was. One that is not
// known yet is ErrNewerEdition.
func ReadEdition(content []byte) (Edition, error) {
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(content, &head); err != nil {
		return Edition{}, fmt.Errorf("read edition: %w", err)
	}
	var e Edition
	var err error
	switch head.Format {
	case 0:
		e, err = readOld(content)
	case formatNumbered, formatGroups:
		err = json.Unmarshal(content, &e)
	default:
		err = fmt.Errorf("format %d, and %d is the newest known: %w", head.Format, formatGroups, ErrNewerEdition)
	}
	if err != nil {
		return Edition{}, fmt.Errorf("read edition: %w", err)
	}
	return e, nil
}

// Board gives an edition back as the board that it was made from, without the
// drivers, reasons, levels and parts, which are not published.
func (e Edition) Board() (*report.Board, error) {
	period, err := civil.ParsePeriod(e.Year, e.Period)
	if err != nil {
		return nil, fmt.Errorf("edition: %w", err)
	}
	b := &report.Board{
		Query: report.Query{Period: period, Detail: true}, Province: e.Province, Synthetic: e.Synthetic,
		SmallCell: e.SmallCell, MinSample: e.MinSample, Withholds: e.Format < formatGroups,
	}
	for _, r := range e.Rows {
		b.Rows = append(b.Rows, e.row(r))
	}
	b.Finding = report.FindingOf(b.Rows)
	return b, nil
}

func (e Edition) row(r EditionRow) report.Row {
	m := e.method(r)
	row := report.Row{
		Indicator: r.Indicator, FieldName: r.FieldName, SurveyKey: r.Survey, SurveyTitle: r.SurveyTitle, Counts: r.Counts,
		Method: m, Figure: e.figure(m, r.EditionFigure), WordingChanged: r.WordingChanged, LeftOut: r.LeftOut,
	}
	if r.Field != nil {
		row.FieldKey = *r.Field
	}
	if row.HasFigure() && r.Low != nil && r.High != nil {
		row.Index.HasInterval, row.Index.Low, row.Index.High = true, *r.Low, *r.High
	}
	for _, t := range r.Targets {
		row.Targets = append(row.Targets, e.standing(t, row.Index))
	}
	for _, f := range r.Factors {
		row.Factors = append(row.Factors, report.Factor{Key: f.Key, Label: f.Label, Figure: e.figure(m, f.EditionFigure)})
	}
	for n := range 12 {
		month := report.Month{Month: e.Year*100 + n + 1, Figure: e.figure(m, EditionFigure{})}
		for _, kept := range r.Months {
			if kept.Key == month.Key() {
				month.Figure, month.Changed, month.Breaks = e.figure(m, kept.EditionFigure), kept.Changed, kept.Breaks
			}
		}
		row.Trend = append(row.Trend, month)
	}
	return row
}

func (e Edition) figure(m score.Method, kept EditionFigure) report.Figure {
	f := report.Figure{Withheld: kept.Hidden, Rounded: e.Format < formatExact, Index: score.Index{Method: m}}
	if kept.N != nil && !kept.Hidden {
		f.N, f.Index.N = *kept.N, *kept.N
		if kept.Percent != nil {
			f.Index.HasData, f.Index.Value = true, score.NumberOf(*kept.Percent)
		}
	}
	return f
}

func (e Edition) standing(t EditionTarget, x score.Index) report.TargetStanding {
	out := report.TargetStanding{
		Target: target.Target{
			Comparator: t.Comparator, Percent: int(math.Round(t.Percent * 100)), Plan: t.Plan, LeadAgency: t.LeadAgency, Note: t.Note,
		},
		Verdict:   score.Verdict{Standing: t.Standing, BeyondChance: e.beyondChance(t, x)},
		Inherited: t.Inherited,
	}
	if t.Gap != nil {
		out.HasGap, out.Gap = true, score.NumberOf(*t.Gap)
	}
	return out
}
