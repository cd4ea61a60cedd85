package report

import (
	"slices"
	"strings"

	"sipas/internal/score"
	"sipas/internal/survey"
)

// APIBoard is a board as the JSON interface gives it.
type APIBoard struct {
	Year   int      `json:"year"`
	Period string   `json:"period"` // as in the question: "Y", "Q1", "H1", "9M", "M05"
	Method string   `json:"method"` // of the rows; several are joined by commas
	Rows   []APIRow `json:"rows"`
}

// APIRow is one row: Percent is the exact value rounded once to two decimals.
// Nobody asked: N is 0, the figures are null. Hidden: N is null too.
type APIRow struct {
	Indicator      survey.IndicatorKind `json:"indicator"`
	Field          *string              `json:"field"`
	N              *int64               `json:"n"`
	Percent        *float64             `json:"percent"`
	Display        *string              `json:"display"` // Vietnamese, "83,94%"
	Low            *float64             `json:"low"`     // 95 % interval
	High           *float64             `json:"high"`
	Survey         string               `json:"survey"`
	Method         string               `json:"method"`
	Counts         bool                 `json:"counts"` // held against the targets
	Hidden         bool                 `json:"hidden,omitempty"`
	WordingChanged bool                 `json:"wording_changed,omitempty"`
	LeftOut        bool                 `json:"left_out,omitempty"` // absent from what was published before it was known
	Targets        []APITarget          `json:"targets"`
}

// APITarget is a target of a row. Gap is in points, null without a figure.
type APITarget struct {
	Percent    float64        `json:"percent"`
	Plan       string         `json:"plan"`
	LeadAgency string         `json:"lead_agency"`
	Note       string         `json:"note"`
	Gap        *float64       `json:"gap"`
	Standing   score.Standing `json:"standing"`
}

// API gives the board for the JSON interface.
func (b *Board) API() APIBoard {
	out := APIBoard{Year: b.Period.Year, Period: b.Period.Part(), Rows: []APIRow{}}
	var methods []string
	for _, r := range b.Rows {
		if m := string(r.Method); !slices.Contains(methods, m) {
			methods = append(methods, m)
		}
		out.Rows = append(out.Rows, r.api())
	}
	if len(methods) == 0 {
		methods = []string{string(score.DefaultMethod)}
	}
	out.Method = strings.Join(methods, ",")
	return out
}

func (r Row) api() APIRow {
	out := APIRow{
		Indicator: r.Indicator, Survey: r.SurveyKey, Method: string(r.Method), Counts: r.Counts,
		WordingChanged: r.WordingChanged, LeftOut: r.LeftOut, Targets: []APITarget{},
	}
	out.N, out.Percent, out.Display, out.Hidden = r.Figure.api()
	if r.HasFigure() {
		out.Low, out.High = r.Index.RoundedInterval()
	}
	if r.Indicator == survey.IndicatorField {
		out.Field = &r.FieldKey
	}
	for _, t := range r.Targets {
		target := APITarget{
			Percent: score.Target(t.Percent).Number().RoundedFloat(), Plan: t.Plan, LeadAgency: t.LeadAgency,
			Note: t.Note, Standing: t.Standing,
		}
		if t.HasGap {
			gap := t.Gap.RoundedFloat()
			target.Gap = &gap
		}
		out.Targets = append(out.Targets, target)
	}
	return out
}

func (f Figure) api() (n *int64, percent *float64, display *string, hidden bool) {
	if f.Hidden {
		return nil, nil, nil, true
	}
	if f.Index.HasData {
		value, text := f.Index.Value.RoundedFloat(), f.Index.Display(2)
		percent, display = &value, &text
	}
	return &f.N, percent, display, false
}
