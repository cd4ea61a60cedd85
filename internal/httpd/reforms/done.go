package reforms

import (
	"errors"
	"net/http"
	"time"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/httpd"
	"sipas/internal/reform"
)

// donePage is what was done, and whether it can be undone.
type donePage struct {
	account
	At, By    string
	Undone    string // when it was, "" while it holds
	Obstacles []string
	Answered  bool // citizens have answered about what was made
	Path      string
	Done      string
}

func (s side) show(r *httpd.Request) error {
	return s.writeDone(r, http.StatusOK, donePage{Done: r.Done()})
}

// named is the reform that the address names. It is the whole province's, as its reader.
func (s side) named(r *httpd.Request) (reform.Reform, error) {
	return s.reforms.Find(r.Context(), httpd.NumberOf(r.Param("reform")))
}

func (s side) writeDone(r *httpd.Request, status int, data donePage) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	one, err := s.named(r)
	if err != nil {
		return err
	}
	p := r.NewPage("reform-done", nil)
	find := func(id int64) agency.Agency {
		a, known := snap.Tree.Agency(id)
		if m, gone := one.Steps.MadeOne(id); gone && !known {
			a.Code, a.Name = m.Code, m.Name
		}
		return a
	}
	told := teller{Page: p, snap: snap, agency: find}.tell(one.Steps)
	told.Kind, told.Day = p.T("reform."+string(one.Kind)), p.Day(one.Day)
	data.account, data.By, data.At, data.Path = told, one.By, s.moment(one.At), reformPath(one.ID)+undoEnd
	if one.Undone() {
		data.Undone = s.moment(one.UndoneAt)
	} else {
		obstacles, err := s.reforms.Obstacles(r.Context(), snap, one.ID)
		if err != nil {
			return err
		}
		for _, o := range obstacles {
			data.Obstacles = append(data.Obstacles, o.Text(r.Printer()))
		}
	}
	p.Data = data
	return r.Show(status, "desk/reform-done", p)
}

func (s side) moment(at time.Time) string { return at.In(s.k.Zone).Format("15:04 02/01/2006") }

// undo puts everything back, or says why not.
func (s side) undo(r *httpd.Request) error {
	one, err := s.named(r)
	if err == nil {
		err = s.reforms.Undo(r.Context(), r.Author(audit.Web), one.ID)
	}
	switch {
	case errors.Is(err, reform.ErrWrong):
		return s.writeDone(r, http.StatusConflict, donePage{})
	case errors.Is(err, reform.ErrAnswered):
		return s.writeDone(r, http.StatusConflict, donePage{Answered: true})
	case err != nil:
		return err
	}
	r.LeadTo(httpd.AddressOf(reformPath(one.ID), "da", "reform-undone"))
	return nil
}
