package report

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"unicode"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/target"
)

// PublicBoard is what the public sees of a period: figures of the whole
// province as they were when they were published, small cells hidden. It holds
// every text it needs, so that nothing in it changes afterwards.
type PublicBoard struct {
	Year      int         `json:"year"`
	Period    string      `json:"period"`
	Province  agency.Text `json:"province,omitempty"`
	Synthetic bool        `json:"synthetic,omitempty"`
	// Exact: numbers are unrounded. Editions of before then have two decimals, and
	// of a target they do not say beyond_chance.
	Exact     bool        `json:"exact,omitempty"`
	SmallCell int64       `json:"small_cell"`
	MinSample int64       `json:"min_sample"`
	Rows      []PublicRow `json:"rows"`
}

// PublicRow is a row with its names, factors and months.
type PublicRow struct {
	APIRow
	FieldName   agency.Text    `json:"field_name,omitempty"`
	SurveyTitle agency.Text    `json:"survey_title,omitempty"`
	Factors     []PublicFigure `json:"factors,omitempty"`
	Months      []PublicFigure `json:"months,omitempty"`
}

// PublicFigure is a factor or a month.
type PublicFigure struct {
	Key     string      `json:"key"` // of the factor; of the month "2025-05"
	Label   agency.Text `json:"label,omitempty"`
	N       *int64      `json:"n"`
	Percent *float64    `json:"percent"`
	Display *string     `json:"display"`
	Hidden  bool        `json:"hidden,omitempty"`
}

// Published is a publication: its id, edition, author and time, with its board.
type Published struct {
	store.Publication
	Board PublicBoard
}

// Publish makes the figures of a period public as they are now, for the whole
// province. A period that was published before gets a new edition.
func (r *Reporter) Publish(ctx context.Context, period civil.Period, by string) (Published, error) {
	board, err := r.Board(ctx, Query{Period: period, Detail: true})
	if err != nil {
		return Published{}, fmt.Errorf("publish: %w", err)
	}
	public := board.public()
	content, err := json.Marshal(public)
	if err != nil {
		return Published{}, fmt.Errorf("publish: %w", err)
	}
	kept, err := r.store.Publish(ctx, store.Publication{
		Year: period.Year, Period: period.Part(), Board: content, At: r.now(), By: by,
	})
	return Published{kept, public}, err
}

// Published lists the newest edition of every period that is public, newest
// year first.
func (r *Reporter) Published(ctx context.Context) ([]Published, error) {
	kept, err := r.store.Published(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Published, len(kept))
	for i, p := range kept {
		list[i].Publication = p
		if err := json.Unmarshal(p.Board, &list[i].Board); err != nil {
			return nil, fmt.Errorf("read publication %d: %w", p.ID, err)
		}
	}
	return list, nil
}

// Withdraw takes a period back from the public, with every edition of it. They
// stay on record. A period that is not public is survey.ErrNotFound.
func (r *Reporter) Withdraw(ctx context.Context, period civil.Period) error {
	return r.store.Withdraw(ctx, period.Year, period.Part(), r.now())
}

func (b *Board) public() PublicBoard {
	out := PublicBoard{
		Year: b.Period.Year, Period: b.Period.Part(), Province: b.Province, Synthetic: b.Synthetic, Exact: true,
		SmallCell: b.SmallCell, MinSample: b.MinSample, Rows: []PublicRow{},
	}
	for _, r := range b.Rows {
		row := PublicRow{APIRow: r.api(), FieldName: r.FieldName, SurveyTitle: r.SurveyTitle}
		for _, f := range r.Factors {
			row.Factors = append(row.Factors, publicFigure(f.Key, f.Label, f.Figure))
		}
		for _, m := range r.Trend {
			if m.HasFigure() || m.Hidden {
				row.Months = append(row.Months, publicFigure(m.key(), nil, m.Figure))
			}
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func publicFigure(key string, label agency.Text, f Figure) PublicFigure {
	out := PublicFigure{Key: key, Label: label}
	out.N, out.Percent, out.Display, out.Hidden = f.api()
	return out
}

// Figure gives a published row back as a board has it, so that both print and
// judge alike.
func (r PublicRow) Figure(exact bool) (Figure, []TargetStanding) {
	f := figureOf(r.rule(exact), r.N, r.Percent, r.Hidden, exact)
	if f.HasFigure() && r.Low != nil && r.High != nil {
		f.Index.HasInterval, f.Index.Low, f.Index.High = true, *r.Low, *r.High
	}
	targets := make([]TargetStanding, len(r.Targets))
	for i, t := range r.Targets {
		targets[i] = t.standing()
		if !exact { // which did not say it
			x := f.Index
			targets[i].BeyondChance = t.Standing != score.NotEnoughData && (!x.HasInterval || t.Percent < x.Low || t.Percent > x.High)
		}
	}
	return f, targets
}

// rule is the method of a row. What editions of before called points-210 was a
// ratio, and is read as what it was.
func (r PublicRow) rule(exact bool) score.Method {
	if m := score.Method(r.Method); exact || m != score.Points210 {
		return m
	}
	return score.PointsRatio
}

// Figure gives a factor or a month of a row back.
func (p PublicFigure) Figure(r PublicRow, exact bool) Figure {
	return figureOf(r.rule(exact), p.N, p.Percent, p.Hidden, exact)
}

func figureOf(m score.Method, n *int64, percent *float64, hidden, exact bool) Figure {
	f := Figure{Hidden: hidden, Rounded: !exact, Index: score.Index{Method: m}}
	if n != nil && !hidden {
		f.N, f.Index.N = *n, *n
		if percent != nil {
			f.Index.HasData, f.Index.Value = true, score.NumberOf(*percent)
		}
	}
	return f
}

// note is the note of a target by language, {} without one.
type note agency.Text

// MarshalJSON writes no note as {}.
func (n note) MarshalJSON() ([]byte, error) {
	if n == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(agency.Text(n))
}

// UnmarshalJSON also reads the one text that editions had before notes had
// languages: those were English where they have no letter that English lacks.
func (n *note) UnmarshalJSON(text []byte) error {
	var one string
	var err error
	switch *n = nil; {
	case json.Unmarshal(text, &one) != nil:
		err = json.Unmarshal(text, (*agency.Text)(n))
	case strings.ContainsFunc(one, func(r rune) bool { return r > unicode.MaxASCII }):
		*n = note{agency.FallbackLanguage: one}
	case one != "":
		*n = note{"en": one}
	}
	if len(*n) == 0 {
		*n = nil
	}
	return err
}

// UnmarshalJSON reads a target that was published before targets had
// comparators as one to be reached.
func (t *APITarget) UnmarshalJSON(text []byte) error {
	type plain APITarget
	if err := json.Unmarshal(text, (*plain)(t)); err != nil {
		return err
	}
	t.Comparator = cmp.Or(t.Comparator, target.AtLeast)
	return nil
}

func (t APITarget) standing() TargetStanding {
	out := TargetStanding{
		Target: target.Target{
			Comparator: t.Comparator, Percent: int(math.Round(t.Percent * 100)), Plan: t.Plan,
			LeadAgency: t.LeadAgency, Note: agency.Text(t.Note),
		},
		Verdict:   score.Verdict{Standing: t.Standing, BeyondChance: t.BeyondChance},
		Inherited: t.Inherited,
	}
	if t.Gap != nil {
		out.HasGap, out.Gap = true, score.NumberOf(*t.Gap)
	}
	return out
}
