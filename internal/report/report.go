package report

import (
	"sync/atomic"
	"time"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/civil"
	"sipas/internal/joined"
	"sipas/internal/keep"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/target"
)

// Options say when and where figures are made.
type Options struct {
	// Now tells the time, and Zone where its civil days are; both are required.
	Now  func() time.Time
	Zone *time.Location
}

// Reporter makes boards from what is stored. It is safe for concurrent use.
type Reporter struct {
	store   *store.Store
	now     func() time.Time
	zone    *time.Location
	boards  *keep.Shelf[Query, keptBoard]
	making  *keep.Turns[Query]
	kept    *keep.Shelf[sheetKey, *sheet]
	reads   *keep.Turns[reading]
	looks   *keep.Shelf[span, look]
	looking *keep.Turns[span]
	asks    atomic.Int64 // counts who wants to know what has changed, and the looks at it, in their order
}

// New makes a Reporter over a store.
func New(st *store.Store, o Options) *Reporter {
	return &Reporter{
		store: st, now: o.Now, zone: o.Zone,
		boards: keep.NewShelf[Query, keptBoard](mostBoards), making: keep.NewTurns[Query](),
		kept: keep.NewShelf[sheetKey, *sheet](mostSheets), reads: keep.NewTurns[reading](),
		looks: keep.NewShelf[span, look](mostLooks), looking: keep.NewTurns[span](),
	}
}

// Query says which board is wanted. Whether the asker may see it is for the
// caller to check.
type Query struct {
	Period   civil.Period
	AgencyID int64          // the judged agency with all below it; 0 is the whole province
	PointID  int64          // only what was answered about the agency at this service point; 0 is all
	FieldKey string         // only the rows of this field; "" is all rows
	Channel  agency.Channel // only answers of this channel; "" is all
	Campaign int64          // only the answers of this campaign, by its survey; 0 is all answers
	Detail   bool           // also factors, reasons, months and parts of each row
}

// Board is how an agency stands in a period.
type Board struct {
	Query
	Province  agency.Text          // name of the province, nil if it was never set
	Synthetic bool                 // the citizens are made up, and every page must say so
	Agency    *agency.Agency       // nil for the whole province
	Point     *agency.ServicePoint // nil without Query.PointID
	Trail     []agency.Agency      // the agencies above Agency, outermost first
	SmallCell int64                // k: answers are shown in groups of so many people
	MinSample int64                // fewer people give no standing
	Of        *campaign.Campaign   // nil without Query.Campaign
	Withholds bool                 // an edition published under the earlier rule: see Figure.Withheld
	Rows      []Row
	Finding   Finding
}

// Row is one indicator, as one survey measures it. Surveys are never pooled.
type Row struct {
	Indicator   target.IndicatorKind
	FieldKey    string      // set for IndicatorField only
	FieldName   agency.Text // set for IndicatorField only
	SurveyKey   string
	SurveyTitle agency.Text
	// Counts marks the row that is held against the targets of its indicator;
	// the others have no targets.
	Counts bool
	Method score.Method
	Figure
	// WordingChanged: versions that word a counted question differently were
	// answered in the period. The figure adds them up.
	WordingChanged bool
	// LeftOut: versions with another headline or method were answered in the
	// period. Their answers are not in the figure.
	LeftOut bool
	Targets []TargetStanding

	// With Query.Detail only. Without a figure only Trend, whose months are those of
	// the year and not only of the period, and Parts have something.
	Levels  score.Counts // of the headline question
	Factors []Factor
	Drivers []score.Driver // shown factors, the one that costs most first
	Reasons []Reason
	Trend   []Month
	Parts   []Part
}

// Key names a row on its board: "FIELD.quay-nhanh.dat-dai", "SIPAS.sipas".
func (r Row) Key() string {
	key := string(r.Indicator) + "." + r.SurveyKey
	if r.FieldKey != "" {
		key += "." + r.FieldKey
	}
	return key
}

// Aim is what the drivers of a row are held against: the highest target that
// was missed, or else, when missed is false, the row's own figure.
func (r Row) Aim() (aim score.Number, missed bool) {
	aim = r.Index.Value
	for _, t := range r.Targets {
		if target := score.Target(t.Percent).Number(); t.Standing == score.Missed && target.Cmp(aim) > 0 {
			aim, missed = target, true
		}
	}
	return aim, missed
}

// Figure is an index with the number of people behind it, whose answers came
// together in groups of k. Without data, nobody answered or fewer than k people wait.
type Figure struct {
	N     int64
	Index score.Index
	// Withheld: the figure is of an edition published under the earlier rule, which
	// kept back what was about few people. It is zero throughout.
	Withheld bool
	// Rounded: the index has two decimals only, since it comes from an edition
	// that was published before figures were kept exact.
	Rounded bool
}

// TargetStanding is a target and how a figure stands against it.
type TargetStanding struct {
	target.Target
	score.Verdict
	// Inherited: the agency or service point has no target of its own, this one was
	// set for Target.AgencyID (0: the whole province).
	Inherited bool
}

// Factor is what stands beside a headline: a question of a quick form, or a
// section of a survey with many questions.
type Factor struct {
	Key   string
	Label agency.Text
	Figure
}

// Reason is one choice of a multiple choice question.
type Reason struct {
	Question, Choice string
	Label            agency.Text
	N                int64        // people who chose it
	Share            score.Number // of the people of the row, in percent
}

// Month is the figure of one month of the year.
type Month struct {
	Month int // 202511
	Figure
	joined.Mark
}

// Part is one child agency or one service point of the board's agency: exactly
// one of Agency and Point is set.
type Part struct {
	Agency *agency.Agency
	Point  *agency.ServicePoint
	Figure
	Targets []TargetStanding // those of the row, held against the part
}

// Row finds the row that counts for an indicator; nil if there is none.
func (b *Board) Row(kind target.IndicatorKind, fieldKey string) *Row {
	for i := range b.Rows {
		if r := &b.Rows[i]; r.Indicator == kind && r.FieldKey == fieldKey && r.Counts {
			return r
		}
	}
	return nil
}
