package httpd

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"sipas/internal/access"
)

// Route is one path, who may ask for it, what it is about, and what answers.
type Route struct {
	Method     string
	Path       string // as in "/q/:code", or Stray
	Permission access.Permission
	// About says what each parameter names that somebody may or may not see.
	// One that is about nothing of the kind says so, with Nothing.
	About []About
	// Asks names what else may be read of the path, the query and the fields of
	// a form. What is not named here or in About cannot be read.
	Asks      []string
	Body      Body
	Patience  time.Duration // how long the database is waited for; 0: Patience
	Embedding Embedding
	Handle    func(*Request) error
}

// Stray is the path of the route that answers where no other does.
const Stray = "*"

// Patience bounds how long a request waits for a database that hangs; then it
// is answered as if the database were away.
const Patience = 20 * time.Second

// Place is where a parameter stands.
type Place string

// The places.
const (
	Path  Place = "path"
	Query Place = "query"
	Field Place = "field" // of the form or the JSON object that is sent
)

// Thing is a kind of thing that a parameter names.
type Thing string

// The things. All but Nothing and Code are found before the handler is asked:
// what does not exist is fault.ErrNotFound, and so is what may not be seen.
const (
	// Nothing says that no parameter names anything of the kind.
	Nothing Thing = "nothing"
	// Agency is named by its code, within what the caller may see.
	Agency Thing = "agency"
	// Judged is the agency whose work is judged, named as Agency is: a route may be
	// about both.
	Judged Thing = "judged agency"
	// Point is a service point, named by its code, within what the caller may see.
	Point Thing = "point"
	// JudgedPoint is a service point whose answers count about an agency within what
	// the caller may see, whoever's it is; that agency is found with it.
	JudgedPoint Thing = "judged point"
	// Points are service points, each named as Point is, with blanks between them or
	// in a field for each.
	Points Thing = "points"
	// Form is what a service point asks, by a code as people type it. Whoever
	// has the code may see it; the sheets of staff only who was let in.
	Form Thing = "form"
	// FormOrReason is Form for pages that say why there is none: Found.Barred.
	FormOrReason Thing = "form or reason"
	// Code is a typed text that may hold the code of a form; it finds nothing
	// but the code.
	Code Thing = "code"
	// Entry is an entry link, by its token, with its service point.
	Entry Thing = "entry"
	// Publication is an edition that is public now, by its id.
	Publication Thing = "publication"
	// Account is an account whose scope lies within the caller's, by its login.
	Account Thing = "account"
	// Target is a target, by its id.
	Target Thing = "target"
	// Indicator is a rule that makes a figure of boards, by its id.
	Indicator Thing = "indicator"
	// Order is an order of posters that the caller asked for, of service points that
	// they may see, by its id.
	Order Thing = "order"
	// Official is who serves at the counters of an agency that the caller may see, by
	// the code of the official.
	Official Thing = "official"
	// Rated is an official whose figures the caller may read, by the code of the official:
	// see registry.View.Rated. It is found as Official is.
	Rated Thing = "rated official"
	// Draft is a draft of a survey, by its id.
	Draft Thing = "draft"
	// PublishedIndex is an index that somebody else published, by its id.
	PublishedIndex Thing = "published index"
	// Batch is sheets of a counter that the caller may see, which are typed together, by
	// its number.
	Batch Thing = "batch"
	// Invitation is the account that a link invites to, by its token.
	Invitation Thing = "invitation"
)

func things() []Thing {
	return []Thing{Agency, Judged, Point, JudgedPoint, Points, Form, FormOrReason, Code, Entry, Publication, Account, Invitation, Target, Indicator, Order, Official, Rated, Draft, PublishedIndex, Batch}
}

// About says that a parameter names something. Of each Thing there is one at
// most; forms with and without a reason are one.
type About struct {
	In       Place
	Name     string
	Is       Thing
	Optional bool // it may be missing or empty
}

// String is how a table of routes shows it.
func (a About) String() string {
	switch {
	case a.Is == Nothing:
		return string(Nothing)
	case a.Optional:
		return fmt.Sprintf("[%s %s: %s]", a.In, a.Name, a.Is)
	}
	return fmt.Sprintf("%s %s: %s", a.In, a.Name, a.Is)
}

// Embedding is whose pages may show this one in a frame.
type Embedding string

// The embeddings.
const (
	Nowhere  Embedding = ""         // no page may
	OwnPages Embedding = "own"      // those of this server
	Framing  Embedding = "framing"  // no page may, and it shows others of this server in a frame
	Anywhere Embedding = "anywhere" // everybody's
)

// Body is what a request may carry.
type Body struct {
	kind  string // "" for nothing
	limit int64  // bytes
	whole bool   // handed over as it is, to what judges it
}

// OrdinaryBody is a limit for bodies in bytes; the largest form is some 12 kB.
const OrdinaryBody = 64 << 10

// FormBody is a form of at most so many bytes, of which named fields are read.
func FormBody(limit int64) Body { return Body{kind: "form", limit: limit} }

// AnswersBody is a form whose fields are those of a survey: Request.Answers.
func AnswersBody(limit int64) Body { return Body{kind: "form", limit: limit, whole: true} }

// FileBody is a form with a file, of at most so many bytes in all: Request.File.
func FileBody(limit int64) Body { return Body{kind: "file", limit: limit} }

// JSONBody is a JSON document of at most so many bytes: Request.JSON.
func JSONBody(limit int64) Body { return Body{kind: "JSON", limit: limit, whole: true} }

// String is how a table of routes shows it.
func (b Body) String() string {
	switch {
	case b.kind == "":
		return "none"
	case b.whole && b.kind == "form":
		return fmt.Sprintf("answers %d", b.limit)
	}
	return fmt.Sprintf("%s %d", b.kind, b.limit)
}

func (r Route) patience() time.Duration {
	if r.Patience == 0 {
		return Patience
	}
	return r.Patience
}

// parameters are the names in the path.
func (r Route) parameters() []string {
	var names []string
	for part := range strings.SplitSeq(r.Path, "/") {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			names = append(names, name)
		}
	}
	return names
}

// reads tells whether a handler may read a parameter.
func (r Route) reads(name string) bool {
	return slices.Contains(r.Asks, name) || slices.ContainsFunc(r.About, func(a About) bool { return a.Name == name && a.Is != Nothing })
}

// check finds what is missing in a table of routes: who did not think of the
// permission or of what a path names does not start.
func check(routes []Route) error {
	var faults []error
	seen := map[string]bool{}
	named, plain := map[string]string{}, map[string]string{} // name of a parameter -> a route
	for _, r := range routes {
		what := r.Method + " " + r.Path
		fault := func(format string, args ...any) {
			faults = append(faults, fmt.Errorf("route %s %s", what, fmt.Sprintf(format, args...)))
		}
		if seen[what] {
			fault("is there twice")
		}
		seen[what] = true
		r.check(fault)
		for _, a := range r.About {
			if a.Is != Nothing {
				named[a.Name] = what
			}
		}
		for _, name := range r.Asks {
			plain[name] = what
		}
	}
	for name, what := range plain {
		if other, ok := named[name]; ok {
			faults = append(faults, fmt.Errorf("route %s asks for %q as if it named nothing; on %s it does", what, name, other))
		}
	}
	return errors.Join(faults...)
}

func (r Route) check(fault func(format string, args ...any)) {
	if r.Path != Stray && !strings.HasPrefix(r.Path, "/") {
		fault("has no path")
	}
	if r.Method == "" != (r.Path == Stray) {
		fault("needs a method, unless it is the one for strays")
	}
	if !slices.Contains(access.Permissions(), r.Permission) {
		fault("has no permission")
	}
	if r.Handle == nil {
		fault("has no handler")
	}
	if r.Body.kind != "" && (r.Method == http.MethodGet || r.Body.limit <= 0) {
		fault("has a body on GET or without a limit")
	}
	if len(r.About) == 0 {
		fault("does not say what it is about")
	}
	inPath, named := r.parameters(), slices.Clone(r.Asks)
	seen := map[Thing]bool{}
	for _, a := range r.About {
		thing := a.Is
		if thing == FormOrReason {
			thing = Form
		}
		if seen[thing] {
			fault("is about two of %q", thing)
		}
		seen[thing] = true
		if a.Is == Nothing {
			if len(r.About) > 1 || a.Name != "" {
				fault("is about nothing and something")
			}
			continue
		}
		if slices.Contains(named, a.Name) || a.Name == "" {
			fault("names %q twice or without a name", a.Name)
		}
		named = append(named, a.Name)
		switch {
		case !slices.Contains(things(), a.Is):
			fault("is about %q, which nobody can find", a.Is)
		case a.In == Path && (!slices.Contains(inPath, a.Name) || a.Optional):
			fault("is about %q, which is not in its path, or optional there", a.Name)
		case a.In != Path && slices.Contains(inPath, a.Name):
			fault("is about %q of the %s, which is in its path", a.Name, a.In)
		case a.In == Field && (r.Body.kind == "" || r.Body == AnswersBody(r.Body.limit)):
			fault("is about the field %q of no body that has fields", a.Name)
		case !slices.Contains([]Place{Path, Query, Field}, a.In):
			fault("is about %q in %q", a.Name, a.In)
		}
	}
	for _, name := range inPath {
		if !slices.Contains(named, name) {
			fault("does not say what :%s is", name)
		}
	}
}
