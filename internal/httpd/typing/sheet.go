package typing

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/entry"
	"sipas/internal/fault"
	"sipas/internal/forms"
	"sipas/internal/httpd"
	"sipas/internal/survey"
)

// sheetPage is the page on which a sheet is typed.
type sheetPage struct {
	forms.View
	named
	Action     string // where it is sent
	Typing     int
	Number     int
	Typed      int    // sheets so far
	Anew       bool   // it was typed before and is opened to be changed
	Void       bool   // as it was typed, it cannot be used
	Correction bool   // it is a sheet of a closed batch
	Submission string // the id of a correction
	Day        string
	DayWrong   string
	Problems   []string // that no answer has
	Before     string   // the address of the sheet before, "" if there is none
	Done       string
	Parts      []forms.Section // what is asked, in the order that the paper has
	Digits     string          // JSON: what is typed for each value, by the name of the field
	Numbers    string          // JSON: what questions are called on paper, by the name of the field
}

// The fields of the form beside those of the survey.
const (
	fieldTyping = "typing"
	fieldNumber = "number"
	fieldAnew   = "anew"
	fieldVoid   = "void"
)

// asked is the sheet that an address or a form names.
type asked struct {
	typing, number int
	anew, void     bool
	day            string // as it was typed
	id, done       string
	answers        url.Values
}

// sheetAsked reads what a form sends.
func sheetAsked(given url.Values) asked {
	a := asked{day: strings.TrimSpace(given.Get(entry.CellDay)), anew: given.Get(fieldAnew) == "1", void: given.Get(fieldVoid) == "1", id: given.Get(forms.KeySubmission)}
	a.typing, _ = strconv.Atoi(given.Get(fieldTyping))
	a.number, _ = strconv.Atoi(given.Get(fieldNumber))
	a.answers = maps.Clone(given)
	for _, field := range []string{fieldTyping, fieldNumber, fieldAnew, fieldVoid, entry.CellDay, forms.KeySubmission} {
		a.answers.Del(field)
	}
	return a
}

// cells are what was typed, by the version that the batch asks.
func (a asked) cells(v *survey.Version, b entry.Batch) (entry.Cells, error) {
	if a.void {
		return entry.Cells{}, nil
	}
	submission, err := forms.FromFields(a.answers, v)
	if err != nil {
		return nil, err
	}
	day, _ := civil.ReadDay(a.day)
	if b.OneDay() {
		day = b.From
	}
	return entry.CellsOf(v, day, submission), nil
}

// showSheet shows the next sheet, or one that was typed before.
func (s *side) showSheet(r *httpd.Request) error {
	b := *r.Batch
	a := asked{typing: 1, day: b.From, done: r.Done()}
	if text, given := r.Asked("lan"); given {
		a.typing, _ = strconv.Atoi(text)
	}
	if a.typing < 1 || a.typing > b.Typings() {
		return fmt.Errorf("typing %d: %w", a.typing, httpd.ErrQuery)
	}
	if may, err := s.k.Entries.MayType(r.Context(), b, a.typing, typist(r)); err != nil || !may || b.Closed() {
		if err == nil {
			r.LeadTo(pathOf(b)) // which says why
		}
		return err
	}
	if number, err := strconv.Atoi(r.Query("phieu")); err == nil {
		sheet, err := s.k.Entries.SheetOf(r.Context(), b, a.typing, number)
		if err == nil {
			return s.writeSheet(r, http.StatusOK, s.reopened(r, a, sheet), nil)
		}
		if !errors.Is(err, fault.ErrNotFound) {
			return err
		}
	}
	return s.writeSheet(r, http.StatusOK, a, nil)
}

// reopened fills the form with a sheet as it was typed.
func (s *side) reopened(r *httpd.Request, a asked, sheet entry.Sheet) asked {
	a.number, a.anew, a.void = sheet.Number, true, sheet.Void
	if day := sheet.Cells[entry.CellDay]; day != "" {
		a.day = day
	}
	if snap, err := r.Snapshot(); err == nil {
		a.answers = sheet.Cells.Fields(snap.Version(r.Batch.VersionID))
	}
	return a
}

// writeSheet writes the form of a sheet with what was typed and what is wrong with it.
func (s *side) writeSheet(r *httpd.Request, status int, a asked, wrong *fault.Invalid) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	b := *r.Batch
	form, err := s.k.Entries.Form(snap, b)
	if err != nil {
		return err
	}
	progress, err := s.k.Entries.ProgressOf(r.Context(), b)
	if err != nil {
		return err
	}
	p := r.NewPage("batch-sheet", nil)
	if b.Closed() {
		p = r.NewPage("batch-correct", nil)
	}
	page := sheetPage{
		named: name(snap, p, b), Action: pathOf(b) + typeEnd, Typing: a.typing, Number: a.number, Anew: a.anew, Void: a.void,
		Typed: progress.Typed[a.typing], Day: s.typedDay(p, a.day), Done: a.done, Correction: b.Closed(), Submission: a.id,
	}
	if page.Correction {
		page.Action = pathOf(b) + correctEnd
	} else {
		if page.Number == 0 {
			page.Number = progress.Last[a.typing] + 1
		}
		if page.Number > 1 {
			page.Before = httpd.AddressOf(pathOf(b)+typeEnd, "lan", a.typing, "phieu", page.Number-1)
		}
	}
	viewer := s.viewer(form.Version, b)
	viewer.Given = a.answers
	var refusal *forms.Refusal
	if wrong != nil {
		ofAnswers, others := parted(wrong.Problems)
		refusal = viewer.Refuse("", ofAnswers)
		refusal.InPlace = false
		for _, o := range others {
			if said := forms.Sentence(r.Printer(), o); o.Where == entry.CellDay {
				page.DayWrong = said
			} else {
				page.Problems = append(page.Problems, said)
			}
		}
	}
	page.View = viewer.View(form)
	page.Refusal = refusal
	page.Parts = asPrinted(form.Version, b.Language, page.View)
	page.Digits, page.Numbers = printed(form.Version)
	p.Title += " " + strconv.Itoa(page.Number)
	p.Data = page
	return r.Show(status, "desk/batch-sheet", p)
}

// typedDay is a day as people write it, or what was typed in its place.
func (s *side) typedDay(p httpd.Page, day string) string {
	if read, ok := civil.ReadDay(day); ok {
		return p.Day(read)
	}
	return day
}

// keptSheet tells the script of the page that a sheet was kept.
type keptSheet struct {
	Number int `json:"number"`
	Typed  int `json:"typed"` // sheets so far
}

// keepSheet keeps a sheet and leads to the next.
func (s *side) keepSheet(r *httpd.Request) error {
	given, err := r.Answers()
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	a, b := sheetAsked(given), *r.Batch
	cells, err := a.cells(snap.Version(b.VersionID), b)
	if err == nil {
		sheet := entry.Sheet{Number: a.number, Typing: a.typing, By: typist(r), Void: a.void, Cells: cells}
		err = s.k.Entries.Put(r.Context(), snap, b, sheet, a.anew)
	}
	if err != nil {
		return s.refuse(r, a, err)
	}
	progress, err := s.k.Entries.ProgressOf(r.Context(), b)
	if err != nil {
		return err
	}
	typed := progress.Typed[a.typing]
	if r.WantsJSON() {
		r.WriteJSON(http.StatusOK, keptSheet{a.number, typed})
		return nil
	}
	if typed >= b.Expected && progress.Last[a.typing] == a.number {
		r.LeadTo(httpd.AddressOf(pathOf(b), "da", "sheets-typed"))
		return nil
	}
	r.LeadTo(httpd.AddressOf(pathOf(b)+typeEnd, "lan", a.typing, "da", "sheet-kept"))
	return nil
}

// refuse answers with the sheet as it was typed, and what is wrong with it.
func (s *side) refuse(r *httpd.Request, a asked, err error) error {
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) || r.WantsJSON() {
		if r.WantsJSON() {
			f := httpd.FailureOf(err)
			r.Announce(err, f)
			r.WriteProblem(f)
			return nil
		}
		return err
	}
	if a.number < 1 {
		a.number = 0
	}
	a.typing = min(max(a.typing, 1), 2)
	return s.writeSheet(r, http.StatusUnprocessableEntity, a, invalid)
}

// showCorrection shows an empty form for a sheet of a closed batch: nobody reads what
// somebody answered.
func (s *side) showCorrection(r *httpd.Request) error {
	numbers, err := s.k.Entries.Correctable(r.Context(), *r.Batch)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(strings.TrimSpace(r.Query("phieu")))
	if err != nil || !slices.Contains(numbers, number) {
		page, p, err := s.batch(r)
		if err != nil {
			return err
		}
		page.Problem = p.T("entry.no-such-sheet")
		p.Data = page
		return r.Show(http.StatusOK, "desk/batch", p)
	}
	return s.writeSheet(r, http.StatusOK, asked{typing: 1, number: number, day: r.Batch.From, id: survey.NewID(s.k.Now())}, nil)
}

// correct keeps a sheet of a closed batch anew.
func (s *side) correct(r *httpd.Request) error {
	given, err := r.Answers()
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	a, b := sheetAsked(given), *r.Batch
	cells, err := a.cells(snap.Version(b.VersionID), b)
	if err == nil {
		err = s.k.Entries.Correct(r.Context(), r.Author(audit.Web), snap, b, entry.Sheet{Number: a.number, Typing: 1, By: typist(r), Void: a.void, Cells: cells}, a.id)
	}
	if err != nil {
		return s.refuse(r, a, err)
	}
	r.LeadTo(httpd.AddressOf(pathOf(b), "da", "sheet-corrected"))
	return nil
}
