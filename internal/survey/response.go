package survey

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"sipas/internal/agency"
)

// Response is one accepted submission: never edited, and holding nothing that
// says who gave it.
type Response struct {
	ID             string // the submission id; unique within the service point
	ServicePointID int64
	AgencyID       int64 // whose work is judged
	FieldKey       string
	VersionID      int64
	Channel        agency.Channel
	Language       string
	At             time.Time // UTC, whole microseconds
	Day            string    // the civil day at the place, 2006-01-02
	Scale          string    // a digit for each level that the version asks for; '.' where unanswered
	Choices        []ChosenAnswer
	Values         []KeptValue
	Judged         []int // the levels as an index takes them: see Version.Judged
	Points         []int // of the chosen answers, in the method points-210
	Numbers        []Number
	CampaignID     int64 // 0: none
	OfficialID     int64 // who served, where that is counted; 0: nobody knows
	Mark           int   // 0: it counts; else it is in no figure: Trial
	Texts          []TextAnswer
	Receipt        agency.Code
	Fingerprint    string // hex; equal for equal content under the same id
}

// Levels gives the answers of the scale questions in published order: 0 to 5,
// or -1 where unanswered.
func (r Response) Levels() []int { return LevelsOf(r.Scale) }

// LevelsOf reads a Scale string.
func LevelsOf(scale string) []int {
	levels := make([]int, len(scale))
	for i := range len(scale) {
		levels[i] = levelAt(scale, i)
	}
	return levels
}

func levelAt(scale string, i int) int {
	if i < len(scale) && scale[i] >= '0' && scale[i] <= '5' {
		return int(scale[i] - '0')
	}
	return -1
}

// ChosenAnswer is the choices of one question, in the order of the definition.
type ChosenAnswer struct {
	Question string
	Choices  []string
}

// KeptValue is the answer of one question that is kept and not counted, such as
// a number. It holds digits, small letters and hyphens only.
type KeptValue struct{ Question, Value string }

// Number is a number that is counted: one given in answer, or the points of a
// choice.
type Number struct {
	Question string
	Value    int64
}

// kept finds the value kept for an answer; "" is none.
func (r Response) kept(p Part) string {
	for _, v := range r.Values {
		if v.Question == p.Question.Key {
			return v.Value
		}
	}
	return ""
}

// TextAnswer is one free text.
type TextAnswer struct {
	Question string
	Text     string
}

// fingerprint hashes what the citizen said, salted with the submission id, so
// that it can tell a replay from a conflict and nothing else.
func fingerprint(r Response) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%d\x00%s\x00%s", r.ID, r.VersionID, r.FieldKey, r.Scale)
	for _, c := range r.Choices {
		fmt.Fprintf(h, "\x00c%s\x01%s", c.Question, strings.Join(c.Choices, "\x01"))
	}
	for _, v := range r.Values {
		fmt.Fprintf(h, "\x00v%s\x01%s", v.Question, v.Value)
	}
	for _, t := range r.Texts {
		fmt.Fprintf(h, "\x00t%s\x01%s", t.Question, t.Text)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:16])
}

// Trial is the mark of a response that was given to try a service point.
const Trial = 1
