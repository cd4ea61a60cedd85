package score

import (
	"fmt"
	"slices"
)

// Method is the key of a named, versioned rule. It is stored and shown with every figure the rule made; figures of different
// methods are never compared silently. A rule that changes gets a new key.
type Method string

const (
	// Sipas2023 takes the unweighted mean of the question indices: of a section's questions for the section, of all satisfaction
	// questions for the whole. The legal text is Quyết định 1001/QĐ-BNV of 11/12/2023, whose annex was not available. The
	// aggregation is inferred from published figures: the national and Hà Nội results of 2024 agree, within the rounding of what
	// they are made from, with a mean over all 51 indicators and not with a mean of the block or factor means.
	Sipas2023 Method = "sipas-2023"
	// Pooled divides all satisfied answers by all valid answers: the "tỷ lệ hài lòng chung" of the Ministry of Health.
	Pooled Method = "pooled"
	// MeanScore is the mean level, 1 to 5, of all valid answers: the "điểm trung bình" of the Ministry of Health. That answers,
	// not questions, weigh equally is inferred.
	MeanScore Method = "mean-score"
	// AllSatisfied is the share of people all of whose valid scale answers are 4 or 5: the "hài lòng toàn diện" of the Ministry of
	// Health. It counts people, so it is far lower than the answer-level figures and must always be labelled.
	AllSatisfied Method = "all-satisfied"
	// ExpectationMean is the mean of the 0-100 answers (which may exceed 100) over the people who answered: the Ministry of
	// Health's comparison with what was expected.
	ExpectationMean Method = "expectation"
	// ReturnIntent is the share of people who chose an answer that means coming back, over the people who answered the question.
	// Which answers mean that is data of the survey.
	ReturnIntent Method = "return-intent"
	// Points210 adds up criteria that files are given 2, 1 or 0 points by: each is the mean of its files, rounded to one decimal, and
	// those without files are left out. Thông tư 01/2018/TT-VPCP, articles 13 to 15; its classes are data, see PointScales.
	Points210 Method = "points-210"
	// PointsRatio divides the points given by the points possible on the same form. No circular has it: it is what the first program
	// called points-210.
	PointsRatio Method = "points-ratio"
	// SingleQuestion is the satisfied share of one question, the headline of a short form where most people answer only that.
	SingleQuestion Method = "single-question"
)

// DefaultMethod is the rule used where nothing else is said.
const DefaultMethod = Sipas2023

// Methods lists every rule, the default first.
func Methods() []Method {
	return []Method{Sipas2023, Pooled, MeanScore, AllSatisfied, ExpectationMean, ReturnIntent, Points210, PointsRatio, SingleQuestion}
}

// ParseMethod finds a rule by its key; the empty string is the default.
func ParseMethod(key string) (Method, error) {
	if key == "" {
		return DefaultMethod, nil
	}
	if m := Method(key); slices.Contains(Methods(), m) {
		return m, nil
	}
	return "", fmt.Errorf("unknown method %q, want one of %v", key, Methods())
}

// Tallied tells whether boards find in the tallies of a survey what the rule needs: scale answers, people and points. Numbers and
// choices are tallied, too, but a survey cannot say yet which of its questions is the expectation or the return intent.
func (m Method) Tallied() bool { return m != ExpectationMean && m != ReturnIntent }

// IsPercent is false for the mean score, whose figures are on the scale 1 to 5, and for sums of points.
func (m Method) IsPercent() bool { return m != MeanScore && m != Points210 }

// parts is the rule for sections and questions beside an overall figure of m: the rules that speak of people or of other kinds of
// question have none of their own.
func (m Method) parts() Method {
	if m == Pooled || m == MeanScore {
		return m
	}
	return Sipas2023
}
