package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/audit"
	"sipas/internal/exchange"
	"sipas/internal/exchange/draft"
	"sipas/internal/fault"
	"sipas/internal/forms"
	"sipas/internal/httpd"
	"sipas/internal/studio"
	"sipas/internal/survey"
)

// takePage is where a file is chosen, and what it says.
type takePage struct {
	At, Back string
	Missing  bool   // no file was chosen
	Stale    bool   // it is another file than the one that was looked at
	Told     *told  // nil until a file was looked at
	Refused  string // why no draft was made
}

// told is what a file says.
type told struct {
	File               string // its SHA-256
	Title, Key         string
	Languages          []string
	Sections           []section
	Questions          int
	Lost, Mend, Warned int    // errors of either sort, and warnings
	Problems           []line // the first of them
	More               int64  // how many others there are
	Drafted            bool   // a draft can be made of it
	Continues          string // the newest version of the survey that has its code
}

// section is one of a survey, with what it asks.
type section struct {
	Title     string
	Questions []question
}

type question struct {
	Text, Kind    string
	Counts        bool // in an index
	Shown         bool // to some only
	Required      bool
	Choices, Rows int
}

// line is one thing to say of a file, and where it stands there.
type line struct {
	Where, Text string
	Sort        string // lost, mend or warned
}

// problemsShown is how many problems a page tells; mending them shows the others.
const problemsShown = 200

func (s *side) ask(r *httpd.Request) error {
	return s.write(r, http.StatusOK, takePage{})
}

func (s *side) write(r *httpd.Request, status int, data takePage) error {
	data.At, data.Back = takePath, listPath
	p := r.NewPage("survey-import", nil)
	p.Data = data
	return r.Show(status, "desk/survey-import", p)
}

// take looks at a file, or makes a draft of the one that was looked at.
func (s *side) take(r *httpd.Request) error {
	content, fields, err := r.File()
	if err != nil {
		return err
	}
	if len(content) == 0 {
		return s.write(r, http.StatusUnprocessableEntity, takePage{Missing: true})
	}
	def, report := exchange.Read(content)
	continued, err := s.known(r, def)
	if err != nil {
		return err
	}
	p := r.NewPage("survey-import", nil)
	data := takePage{Told: tell(p, def, report)}
	sum := sha256.Sum256(content)
	data.Told.File = hex.EncodeToString(sum[:])
	if continued != nil {
		data.Told.Continues = continued.Name()
	}
	do := fields.Get(doField)
	same := fields.Get(fileField) == data.Told.File
	if do == "" || !same || !data.Told.Drafted {
		data.Stale = do != "" && !same
		return s.write(r, http.StatusOK, data)
	}
	origin := studio.Origin{Definition: def, Report: report}
	if do == "next" {
		origin.Version = continued
	}
	info, err := s.k.Studio.Create(r.Context(), r.Author(audit.Web), origin)
	var invalid *fault.Invalid
	switch {
	case errors.As(err, &invalid) && len(invalid.Problems) > 0: // it is too much for a draft
		data.Told.Drafted, data.Refused = false, forms.Sentence(p.Printer, invalid.Problems[0])
		return s.write(r, http.StatusUnprocessableEntity, data)
	case err != nil:
		return err
	}
	r.LeadTo(httpd.AddressOf(draftsPath+"/"+strconv.FormatInt(info.ID, 10), "da", "draft-of-file"))
	return nil
}

// known is the newest version of the survey that has the code of what was read, nil for
// none.
func (s *side) known(r *httpd.Request, def survey.Definition) (*survey.Version, error) {
	snap, err := r.Snapshot()
	if err != nil || def.Key == "" {
		return nil, err
	}
	return snap.Newest(def.Key), nil
}

// tell says what a file says, in the words of a page.
func tell(p httpd.Page, def survey.Definition, report draft.Report) *told {
	t := &told{
		Title: exchange.InAny(def.Title, p.Language, def.Languages), Key: def.Key, Drafted: report.Drafted(), Warned: len(report.Warnings),
	}
	for _, language := range def.Languages {
		t.Languages = append(t.Languages, p.LanguageName(language))
	}
	for _, s := range def.Sections {
		one := section{Title: exchange.InAny(s.Title, p.Language, def.Languages)}
		for _, q := range s.Questions {
			one.Questions = append(one.Questions, questionOf(p, def, q))
		}
		t.Sections, t.Questions = append(t.Sections, one), t.Questions+len(one.Questions)
	}
	for _, e := range report.Errors {
		if e.Mendable() {
			t.Mend++
		} else {
			t.Lost++
		}
	}
	t.Problems = append(t.Problems, lines(p, report.Errors, "lost")...)
	t.Problems = append(t.Problems, lines(p, report.Warnings, "warned")...)
	shown := min(len(t.Problems), problemsShown)
	t.More, t.Problems = int64(len(t.Problems)-shown), t.Problems[:shown]
	return t
}

func questionOf(p httpd.Page, def survey.Definition, q survey.Question) question {
	return question{
		Text: exchange.InAny(q.Text, p.Language, def.Languages), Kind: p.T("question-kind." + string(q.Type)),
		Counts: (q.Shape().Levels > 0 && q.Scores()) || q.Pointed(), Shown: q.Show != nil, Required: q.Required, Choices: len(q.Choices), Rows: len(q.Rows),
	}
}

// lines are problems in words: of errors, those that lost something come first.
func lines(p httpd.Page, problems []draft.Problem, sort string) (list []line) {
	for _, one := range problems {
		l := line{Where: place(p, one.Where), Text: one.Text(p.Printer), Sort: sort}
		if sort == "lost" && one.Mendable() {
			l.Sort = "mend"
		}
		list = append(list, l)
	}
	slices.SortStableFunc(list, func(a, b line) int { return strings.Compare(a.Sort, b.Sort) })
	return list
}

// tables are those of LimeSurvey that problems name; other places are sheets.
var tables = []string{"surveys", "groups", "questions", "subquestions", "conditions", "answers"}

// place is where something stands in a file, in words.
func place(p httpd.Page, where string) string {
	name, at, below := strings.Cut(where, ":")
	_, err := strconv.Atoi(at)
	switch {
	case where == "":
		return p.T("lists.whole-file")
	case !below:
		if _, err := strconv.Atoi(where); err == nil {
			return p.T("survey-file.at-line", "line", where)
		}
		return p.T("survey-file.at-part", "part", where)
	case err == nil && !slices.Contains(tables, name):
		return p.T("survey-file.at-row", "sheet", name, "line", at)
	}
	return p.T("survey-file.at-code", "table", name, "code", at)
}
