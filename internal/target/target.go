package target

import (
	"fmt"
	"strings"

	"sipas/internal/agency"
)

// Indicator is a rule kept as data: which responses of which survey make a
// figure, and by which method. Two surveys are never pooled, so an indicator
// that several surveys may feed has one row for each; Counts marks the row
// that is held against the target.
type Indicator struct {
	ID        int64
	Kind      IndicatorKind
	FieldKey  string // set for IndicatorField only
	SurveyKey string
	Method    string // empty: the survey's headline
	Counts    bool
	Order     int
}

// IndicatorKind names what an indicator is about.
type IndicatorKind string

// Kinds are those named in the reform plans.
func Kinds() []IndicatorKind {
	return []IndicatorKind{IndicatorProcedures, IndicatorSIPAS, IndicatorField}
}

// The kinds of indicators named in the reform plans.
const (
	// IndicatorField: one service field.
	IndicatorField IndicatorKind = "FIELD"
	// IndicatorProcedures: all administrative procedures.
	IndicatorProcedures IndicatorKind = "TTHC"
	// IndicatorSIPAS: service by state administrative agencies.
	IndicatorSIPAS IndicatorKind = "SIPAS"
	// IndicatorSurvey: all that was answered in a campaign. No plan names it.
	IndicatorSurvey IndicatorKind = "SURVEY"
)

// ranked begins the kinds of targets that ask for a rank of an index which somebody
// else publishes.
const ranked = "RANK:"

// RankOf is what a target is for that asks for a rank of a published index.
func RankOf(index string) IndicatorKind { return IndicatorKind(ranked + IndexName(index)) }

// Index is the published index of which a rank is asked for, "" of what is measured here.
func (k IndicatorKind) Index() string {
	index, isRank := strings.CutPrefix(string(k), ranked)
	if !isRank {
		return ""
	}
	return index
}

// ParseKind reads a kind as people type it.
func ParseKind(text string) IndicatorKind {
	if kind := IndicatorKind(IndexName(text)); kind.Index() == "" {
		return kind
	}
	return RankOf(IndexName(text)[len(ranked):])
}

// IndexName writes the name of a published index as it is kept: "PAR INDEX".
func IndexName(text string) string { return strings.ToUpper(strings.Join(strings.Fields(text), " ")) }

// Target is the value a plan sets for an indicator in a year. One field and
// year may have several (a floor and a stretch); all are kept and shown.
type Target struct {
	ID         int64
	Plan       string // number and date of the source document
	Indicator  IndicatorKind
	FieldKey   string
	AgencyID   int64 // 0: the whole province
	Year       int
	Comparator Comparator
	Percent    int // hundredths of a percent: 8500 is 85 %; of a rank its hundredths, too
	LeadAgency string
	CoAgencies string      // those that help the lead agency, parted by `;`
	Note       agency.Text // nil: none
}

// Claim is what a target says: of two that say the same, one is enough.
type Claim struct {
	Plan       string
	Indicator  IndicatorKind
	FieldKey   string
	AgencyID   int64
	Year       int
	Comparator Comparator
	Percent    int
}

// Claim is what the target says.
func (t Target) Claim() Claim {
	return Claim{t.Plan, t.Indicator, t.FieldKey, t.AgencyID, t.Year, t.Comparator, t.Percent}
}

// Rank is the rank that is asked for, of a target for one.
func (t Target) Rank() int { return t.Percent / 100 }

// Value is the value as programs write it: "85", "87.5".
func (t Target) Value() string {
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%02d", t.Percent/100, t.Percent%100), "0"), ".")
}

// Comparator says how a target is to be reached. Plans write both "tối thiểu
// 85%" and "trên 85%", and mean what they write.
type Comparator string

// Comparators are those there are.
func Comparators() []Comparator { return []Comparator{AtLeast, Above} }

// The comparators.
const (
	AtLeast Comparator = "at-least" // met by Percent itself
	Above   Comparator = "above"    // met only by more than Percent
)

// ParseComparator reads a comparator as people type it; nothing is AtLeast.
func ParseComparator(text string) Comparator {
	if text == "" {
		return AtLeast
	}
	return Comparator(strings.ToLower(text))
}
