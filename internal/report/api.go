package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/score"
	"sipas/internal/target"
)

// APIBoard is a board as the JSON interface gives it.
type APIBoard struct {
	APIPeriod
	Campaign *APICampaign     `json:"campaign,omitempty"` // whose answers alone it is of
	Method   string           `json:"method"`             // of the rows; several are joined by commas
	Rows     []APIDetailedRow `json:"rows"`
}

// APICampaign is a campaign as boards name it.
type APICampaign struct {
	ID       int64       `json:"id"`
	Name     agency.Text `json:"name"`
	FirstDay string      `json:"first_day"`
	LastDay  string      `json:"last_day"`
}

// APIDetailedRow is a row with what stands behind it; without Query.Detail it
// is the row alone.
type APIDetailedRow struct {
	APIRow
	*APIDetail
}

// APIDetail is what stands behind a row.
type APIDetail struct {
	Factors []APIFactor `json:"factors"` // in the order of the survey
	Drivers []APIDriver `json:"drivers"` // what to mend first, first
	Reasons []APIReason `json:"reasons"` // the most frequent first
	Levels  *APILevels  `json:"levels"`  // null: the row has no headline question, or no figure
	Months  []APIMonth  `json:"months"`  // those of the year
	Parts   []APIPart   `json:"parts"`   // the worst first, those without a figure last
}

// APIFigure is an index with its 95 % interval, as APIRow has it.
type APIFigure struct {
	N       *int64   `json:"n"`
	Percent *float64 `json:"percent"`
	Display *string  `json:"display"`
	Low     *float64 `json:"low"`
	High    *float64 `json:"high"`
}

// APIFactor is a question or a section beside the headline.
type APIFactor struct {
	Key   string      `json:"key"`
	Label agency.Text `json:"label,omitempty"`
	APIFigure
}

// APIDriver says that the row's index would rise by Gain points if the factor
// rose to Aim and nothing else changed.
type APIDriver struct {
	Key  string  `json:"key"`
	Gain float64 `json:"gain"`
	Aim  float64 `json:"aim"`
}

// APIReason is a choice; Share is of the people of the row, in percent.
type APIReason struct {
	Question string      `json:"question"`
	Choice   string      `json:"choice"`
	Label    agency.Text `json:"label,omitempty"`
	N        int64       `json:"n"`
	Share    float64     `json:"share"`
}

// APILevels is how many people chose each level of the headline question.
type APILevels struct {
	N1 int64 `json:"n1"`
	N2 int64 `json:"n2"`
	N3 int64 `json:"n3"`
	N4 int64 `json:"n4"`
	N5 int64 `json:"n5"`
}

// APIMonth is one month of the year, as "2025-05".
type APIMonth struct {
	Month   string   `json:"month"`
	N       *int64   `json:"n"`
	Percent *float64 `json:"percent"`
	Display *string  `json:"display"`
	Changed bool     `json:"version_changed,omitempty"`
	Breaks  bool     `json:"not_comparable,omitempty"` // with the month before that has a figure
}

// APIPart is a child agency or a service point: one of the two is set.
type APIPart struct {
	Agency *APIPlace `json:"agency,omitempty"`
	Point  *APIPlace `json:"point,omitempty"`
	APIFigure
	Targets []APITarget `json:"targets"`
}

// APIPlace names an agency or a service point.
type APIPlace struct {
	Code string      `json:"code"`
	Name agency.Text `json:"name,omitempty"`
}

// APIRow is one row: Percent and every other number is unrounded, Display is the
// text of it. Nobody answered, or fewer than k people wait: N is 0, the figures are null.
type APIRow struct {
	Indicator      target.IndicatorKind `json:"indicator"`
	Field          *string              `json:"field"`
	N              *int64               `json:"n"`
	Percent        *float64             `json:"percent"`
	Display        *string              `json:"display"` // Vietnamese, "83,94%"
	Low            *float64             `json:"low"`     // 95 % interval
	High           *float64             `json:"high"`
	Survey         string               `json:"survey"`
	Method         string               `json:"method"`
	Counts         bool                 `json:"counts"`           // held against the targets
	Hidden         bool                 `json:"hidden,omitempty"` // of what was published under the earlier rule only
	WordingChanged bool                 `json:"wording_changed,omitempty"`
	LeftOut        bool                 `json:"left_out,omitempty"` // absent from what was published before it was known
	Targets        []APITarget          `json:"targets"`
}

// APITarget is a target of a row. Gap is in points, null without a figure.
type APITarget struct {
	Comparator target.Comparator `json:"comparator"`
	Percent    float64           `json:"percent"`
	Plan       string            `json:"plan"`
	LeadAgency string            `json:"lead_agency"`
	Note       Note              `json:"note"`
	Gap        *float64          `json:"gap"`
	Standing   score.Standing    `json:"standing"`
	// BeyondChance: the target lies outside the exact interval of the figure.
	BeyondChance bool `json:"beyond_chance"`
	// Inherited: set for an agency above, or the whole province.
	Inherited bool `json:"inherited"`
}

// API gives the board for the JSON interface.
func (b *Board) API() APIBoard {
	out := APIBoard{APIPeriod: DescribePeriod(b.Period), Rows: []APIDetailedRow{}}
	if c := b.Of; c != nil {
		out.Campaign = &APICampaign{c.ID, c.Name, c.FirstDay, c.LastDay}
	}
	var methods []string
	for _, r := range b.Rows {
		if m := string(r.Method); !slices.Contains(methods, m) {
			methods = append(methods, m)
		}
		row := APIDetailedRow{APIRow: r.api()}
		if b.Detail {
			row.APIDetail = r.apiDetail()
		}
		out.Rows = append(out.Rows, row)
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
		WordingChanged: r.WordingChanged, LeftOut: r.LeftOut, Targets: apiTargets(r.Targets),
	}
	out.N, out.Percent, out.Display = r.Figure.Numbers()
	out.Low, out.High = r.Interval()
	if r.Indicator == target.IndicatorField {
		out.Field = &r.FieldKey
	}
	return out
}

func (r Row) apiDetail() *APIDetail {
	out := &APIDetail{Factors: []APIFactor{}, Drivers: []APIDriver{}, Reasons: []APIReason{}, Months: []APIMonth{}, Parts: []APIPart{}}
	for _, f := range r.Factors {
		out.Factors = append(out.Factors, APIFactor{f.Key, f.Label, f.Figure.withInterval()})
	}
	aim, _ := r.Aim()
	for _, d := range r.Drivers {
		if d.Gain.Cmp(score.Number{}) > 0 {
			out.Drivers = append(out.Drivers, APIDriver{d.Key, d.Gain.Float(), aim.Float()})
		}
	}
	for _, reason := range r.Reasons {
		out.Reasons = append(out.Reasons, APIReason{reason.Question, reason.Choice, reason.Label, reason.N, reason.Share.Float()})
	}
	if l := r.Levels; l.Valid() > 0 {
		out.Levels = &APILevels{l[1], l[2], l[3], l[4], l[5]}
	}
	for _, m := range r.Trend {
		month := APIMonth{Month: m.Key(), Changed: m.Changed, Breaks: m.Breaks}
		month.N, month.Percent, month.Display = m.Figure.Numbers()
		out.Months = append(out.Months, month)
	}
	for _, p := range r.Parts {
		part := APIPart{APIFigure: p.Figure.withInterval(), Targets: apiTargets(p.Targets)}
		if p.Agency != nil {
			part.Agency = &APIPlace{p.Agency.Code, p.Agency.Name}
		} else {
			part.Point = &APIPlace{string(p.Point.Code), p.Point.Name}
		}
		out.Parts = append(out.Parts, part)
	}
	return out
}

func apiTargets(targets []TargetStanding) []APITarget {
	out := []APITarget{}
	for _, t := range targets {
		target := APITarget{
			Comparator: cmp.Or(t.Comparator, target.AtLeast), Percent: score.Target(t.Percent).Number().Float(), Plan: t.Plan,
			LeadAgency: t.LeadAgency, Note: Note(t.Note), Standing: t.Standing, BeyondChance: t.BeyondChance, Inherited: t.Inherited,
		}
		if t.HasGap {
			gap := t.Gap.Float()
			target.Gap = &gap
		}
		out = append(out, target)
	}
	return out
}

// Numbers is the figure as interfaces tell it: nulls where there is none, and of a
// withheld one n is null, too. display is Vietnamese, "83,94%".
func (f Figure) Numbers() (n *int64, percent *float64, display *string) {
	if f.Withheld {
		return nil, nil, nil
	}
	if f.Index.HasData {
		value, text := f.Index.Value.Float(), f.Index.Display(2)
		percent, display = &value, &text
	}
	return &f.N, percent, display
}

func (f Figure) withInterval() APIFigure {
	var out APIFigure
	out.N, out.Percent, out.Display = f.Numbers()
	out.Low, out.High = f.Interval()
	return out
}

// Interval is the 95 % interval in percent, nulls without a figure or one.
func (f Figure) Interval() (low, high *float64) {
	if !f.HasFigure() {
		return nil, nil
	}
	return f.Index.Interval()
}

// Key names the month as "2025-05".
func (m Month) Key() string { return fmt.Sprintf("%04d-%02d", m.Month/100, m.Month%100) }

// Note is the note of a target by language, {} without one.
type Note agency.Text

// MarshalJSON writes no note as {}.
func (n Note) MarshalJSON() ([]byte, error) {
	if n == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(agency.Text(n))
}
