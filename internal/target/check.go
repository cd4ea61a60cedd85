package target

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sipas/internal/fault"
)

// Message keys of problems with a target, beside those of package fault.
const (
	ProblemYear       = "target-year"
	ProblemIndicator  = "target-indicator"
	ProblemComparator = "target-comparator"
	ProblemPercent    = "target-percent"
	ProblemRank       = "target-rank"
	ProblemSame       = "target-same"
)

// The years that plans may be about.
const (
	FirstYear = 2000
	LastYear  = 2100
)

const (
	// maxLine is the longest line of a target, in characters.
	maxLine = 200
	// maxName is the longest name of a published index, in characters.
	maxName = 40
	// LastRank is the last rank that a plan may ask for.
	LastRank = 100
)

// ValidIndexName tells whether a published index may be called so.
func ValidIndexName(name string) bool {
	return name != "" && name == IndexName(name) && utf8.RuneCountInString(name) <= maxName &&
		!strings.ContainsFunc(name, unicode.IsControl) && !strings.ContainsAny(name, "/:;")
}

// Problems says what is wrong with a target by itself, by the names of the columns
// of targets.csv. Whether its field and its agency exist is not known here.
func (t Target) Problems() (found []fault.Problem) {
	add := func(where, key, limit string) {
		found = append(found, fault.Problem{Where: where, Key: key, Limit: limit})
	}
	if t.Year < FirstYear || t.Year > LastYear {
		add("year", ProblemYear, "")
	}
	index := t.Indicator.Index()
	if !slices.Contains(Kinds(), t.Indicator) && !ValidIndexName(index) || (t.Indicator == IndicatorField) != (t.FieldKey != "") {
		add("indicator", ProblemIndicator, "")
	}
	if !slices.Contains(Comparators(), t.Comparator) {
		add("comparator", ProblemComparator, "")
	}
	// Nothing is more than all, nor before the first.
	switch {
	case index != "" && (t.Percent%100 != 0 || t.Rank() < 1 || t.Rank() > LastRank || t.Rank() == 1 && t.Comparator == Above):
		add("target_percent", ProblemRank, "")
	case index == "" && (t.Percent <= 0 || t.Percent > 10000 || t.Percent == 10000 && t.Comparator == Above):
		add("target_percent", ProblemPercent, "")
	}
	lines := []struct{ where, text string }{
		{"plan", t.Plan}, {"lead_agency", t.LeadAgency}, {"co_agencies", t.CoAgencies}, {"note_vi", t.Note["vi"]}, {"note_en", t.Note["en"]},
	}
	for _, line := range lines {
		switch {
		case line.where == "plan" && strings.TrimSpace(line.text) == "":
			add(line.where, fault.ProblemRequired, "")
		case utf8.RuneCountInString(line.text) > maxLine:
			add(line.where, fault.ProblemTooLong, "200")
		case strings.ContainsFunc(line.text, unicode.IsControl):
			add(line.where, fault.ProblemControlCharacter, "")
		}
	}
	return found
}
