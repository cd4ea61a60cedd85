// Package published keeps what somebody else has published of the province: indices
// such as PAPI, with value, rank and source, as facts that are typed in.
package published

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sipas/internal/fault"
	"sipas/internal/score"
	"sipas/internal/target"
)

// Index is what somebody published of a year, for the province or one of its agencies.
type Index struct {
	ID       int64
	Name     string // as target.IndexName writes it
	Year     int
	AgencyID int64  // 0: the whole province
	Value    string // as it was published, with a decimal point; "" if only a rank was
	Rank     int    // 0 if only a value was
	Of       int    // how many have a rank, 0 if that was not said
	Source   string
	Day      string // on which it was published; "" if that is not known
}

// Names are those that plans name, to be chosen from.
func Names() []string { return []string{"SIPAS", "PAR INDEX", "PAPI", "PCI", "DTI", "DDCI"} }

// Message keys of problems with an index, beside those of package fault.
const (
	ProblemName  = "published-name"
	ProblemValue = "published-value"
	ProblemEmpty = "published-empty" // neither a value nor a rank
	ProblemRank  = "published-rank"
	ProblemOf    = "published-of"
	ProblemDay   = "published-day"
	ProblemSame  = "published-same" // there is one of the same name, year and agency
)

var decimal = regexp.MustCompile(`^[0-9]{1,6}(\.[0-9]{1,4})?$`)

const (
	maxLine  = 200 // characters of a source
	lastRank = 10_000
)

// Problems says what is wrong with an index by itself, by the names of its fields.
func (i Index) Problems() (found []fault.Problem) {
	add := func(where, key, limit string) {
		found = append(found, fault.Problem{Where: where, Key: key, Limit: limit})
	}
	if !target.ValidIndexName(i.Name) {
		add("index", ProblemName, "")
	}
	if i.Year < target.FirstYear || i.Year > target.LastYear {
		add("year", target.ProblemYear, "")
	}
	switch {
	case i.Value != "" && !decimal.MatchString(i.Value):
		add("value", ProblemValue, "")
	case i.Value == "" && i.Rank == 0:
		add("value", ProblemEmpty, "")
	}
	if i.Rank < 0 || i.Rank > lastRank {
		add("rank", ProblemRank, "")
	}
	if i.Of < 0 || i.Of > lastRank || i.Of > 0 && i.Of < i.Rank || i.Of > 0 && i.Rank == 0 {
		add("of", ProblemOf, "")
	}
	switch {
	case strings.TrimSpace(i.Source) == "":
		add("source", fault.ProblemRequired, "")
	case utf8.RuneCountInString(i.Source) > maxLine:
		add("source", fault.ProblemTooLong, "200")
	case strings.ContainsFunc(i.Source, unicode.IsControl):
		add("source", fault.ProblemControlCharacter, "")
	}
	if _, err := time.Parse(time.DateOnly, i.Day); i.Day != "" && err != nil {
		add("day", ProblemDay, "")
	}
	return found
}

// Answers finds the index that a target for a rank is held against; ok is false where
// none was published yet.
func Answers(all []Index, t target.Target) (found Index, ok bool) {
	at := slices.IndexFunc(all, func(i Index) bool {
		return i.Rank > 0 && i.Name == t.Indicator.Index() && i.Year == t.Year && i.AgencyID == t.AgencyID
	})
	if at < 0 {
		return found, false
	}
	return all[at], true
}

// Judge holds the rank against a target.
func (i Index) Judge(t target.Target) score.Standing {
	if i.Rank < t.Rank() || i.Rank == t.Rank() && t.Comparator == target.AtLeast {
		return score.Met
	}
	return score.Missed
}
