// Package reform changes which agencies there are, by mergers, splits and
// dissolutions: first a plan that says what becomes of everything that hangs on them,
// then all of it or nothing, and back again while nothing was built on it.
package reform

import (
	"errors"
	"time"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/db"
	"sipas/internal/message"
	"sipas/internal/registry"
)

// Kind says what a reform does.
type Kind string

// The kinds.
const (
	Merge    Kind = "merge"    // several agencies, or one, become part of another
	Split    Kind = "split"    // several others take over one, each a share
	Dissolve Kind = "dissolve" // one ends, and one other takes it over, or none
)

// Kinds lists every kind.
func Kinds() []Kind { return []Kind{Merge, Split, Dissolve} }

// Asked is what somebody wants done.
type Asked struct {
	Kind Kind        `json:"kind"`
	From []string    `json:"from"` // codes of the agencies that end
	Into []Successor `json:"into"` // who takes over; the first where Places does not say another
	Day  string      `json:"day"`  // the first civil day without those that end
	// Places says of what goes to another successor than the first, by Move.Key, to
	// which, by code.
	Places map[string]string `json:"places,omitempty"`
}

// Successor is who takes over.
type Successor struct {
	Code  string      `json:"code"`
	Share int         `json:"share"`          // of a split: how much, in hundredths of a percent
	Name  agency.Text `json:"name,omitempty"` // of an agency that is made; nil: it is there
}

// whole is a share of everything.
const whole = 10_000

// Problem is why something cannot be done.
type Problem struct {
	Where  string `json:"where"` // "kind", "from", "into", "share", "day" or "place"; "" for what was done
	Key    string `json:"key"`   // which sentence says so
	Value  string `json:"value"` // what it is about
	Detail string `json:"detail,omitempty"`
}

// Text is the sentence.
func (p Problem) Text(printer message.Printer) string {
	return printer.T("reform."+p.Key, "value", asPeopleWrite(p.Value), "detail", asPeopleWrite(p.Detail))
}

// asPeopleWrite writes days as people do.
func asPeopleWrite(text string) string {
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return at.Format("2/1/2006")
	}
	return text
}

// The keys of problems, each `reform.<key>` of the catalogues.
const (
	ProblemKind          = "kind-unknown"
	ProblemNoAgency      = "no-agency"
	ProblemOneAgency     = "one-agency"
	ProblemNoSuccessor   = "no-successor"
	ProblemOneSuccessor  = "one-successor"
	ProblemTwoSuccessors = "two-successors"
	ProblemUnknown       = "unknown"
	ProblemTwice         = "twice"
	ProblemTop           = "top"
	ProblemEnded         = "ended"
	ProblemNotYet        = "not-yet"
	ProblemEnds          = "ends-too"
	ProblemBelow         = "below"
	ProblemSucceeded     = "succeeded"
	ProblemCode          = "code"
	ProblemAlike         = "alike"
	ProblemName          = "name"
	ProblemDay           = "day"
	ProblemShare         = "share"
	ProblemSum           = "sum"
	ProblemPlace         = "place"

	ProblemUndone  = "undone"   // it was undone before
	ProblemBuiltOn = "built-on" // a later reform is about the same agencies
	ProblemChanged = "changed"  // what it changed was changed again
	ProblemUsed    = "used"     // something hangs on an agency that it made
)

var (
	// ErrWrong says that a plan has problems, or that an undoing has, so it is not
	// carried out.
	ErrWrong = errors.New("it cannot be done")
	// ErrEarly says that the day of a plan has not come.
	ErrEarly = errors.New("the day has not come")
	// ErrStale says that something was changed since a plan was made; it is made anew.
	ErrStale = errors.New("something was changed meanwhile")
	// ErrAnswered says that citizens have answered about an agency that was made, so it
	// cannot be taken away.
	ErrAnswered = errors.New("an agency that was made has answers")
)

// Options of New.
type Options struct {
	Now  func() time.Time // required
	Zone *time.Location   // where civil days are; required
}

// Reforms makes reforms and keeps what they did.
type Reforms struct {
	db       *db.DB
	registry *registry.Registry
	accounts *auth.Auth
	options  Options
}

// New makes Reforms on an open database.
func New(d *db.DB, r *registry.Registry, accounts *auth.Auth, o Options) *Reforms {
	return &Reforms{d, r, accounts, o}
}

// Tables are those of the package for dump and restore.
func Tables() []db.Table { return []db.Table{{Name: "reforms", Order: "id", Identity: true}} }

func (r *Reforms) today() string { return r.options.Now().In(r.options.Zone).Format(time.DateOnly) }
