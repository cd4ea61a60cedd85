package httpd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/entry"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/poster"
	"sipas/internal/publication"
	"sipas/internal/published"
	"sipas/internal/registry"
	"sipas/internal/studio"
	"sipas/internal/target"
)

// Found is what a route is about, as its parameters name it.
type Found struct {
	Agency      *agency.Agency       // nil if none is named
	Judged      *agency.Agency       // nil if none is named
	Point       *agency.ServicePoint // nil if none is named
	Points      []agency.ServicePoint
	Code        agency.Code  // as it is printed, "" if the typed text holds none
	Form        *intake.Form // of Form and FormOrReason; zero where there is none to show
	Barred      error        // why the form is not the sender's to answer; FormOrReason only
	Entry       *EntryFound
	Publication *publication.Publication
	Account     *auth.User     // whom a login or an invitation names
	Target      *target.Target // nil if none is named
	Indicator   *target.Indicator
	Order       *poster.Order
	Official    *agency.Official // nil if none is named
	Draft       *studio.Info     // nil if none is named
	Index       *published.Index
	Batch       *entry.Batch
}

// EntryFound is an entry link and the service point that it opens.
type EntryFound struct {
	Link  int64
	Point agency.ServicePoint
}

// find finds what the parameters in some places name.
func (r *Request) find(places ...Place) error {
	for _, a := range r.x.route.About {
		if !slices.Contains(places, a.In) {
			continue
		}
		text, err := r.textOf(a)
		if err != nil {
			return err
		}
		if text == "" && a.Optional {
			continue
		}
		if err := r.resolve(a.Is, text); err != nil {
			return err
		}
	}
	return nil
}

// textOf is what was given for a parameter.
func (r *Request) textOf(a About) (string, error) {
	switch a.In {
	case Path:
		return r.x.c.Param(a.Name), nil
	case Query:
		return r.x.c.Query(a.Name), nil
	case Field:
		if a.Is == Points {
			b := r.body()
			return strings.Join(b.fields[a.Name], " "), b.err
		}
		return r.member(a.Name)
	}
	return "", fmt.Errorf("nothing is in the %s", a.In)
}

func (r *Request) resolve(is Thing, text string) error {
	switch is {
	case Nothing:
		return nil
	case Agency, Judged, Point, JudgedPoint, Points, Target, Indicator, Order, Official, Rated, PublishedIndex, Batch:
		return r.findKept(is, text)
	case Draft:
		info, err := r.x.k.Studio.Info(r.Context(), NumberOf(text))
		if err == nil && !r.May(access.DesignSurveys) {
			err = fmt.Errorf("draft %d: %w", info.ID, fault.ErrNotFound)
		}
		r.Draft = &info
		return err
	case Code:
		r.Code = r.typed(text).code
		return nil
	case Form:
		r.findForm(text)
		return r.Barred
	case FormOrReason:
		r.findForm(text)
		return nil
	case Entry:
		return r.findEntry(text)
	case Publication:
		return r.findPublication(text)
	case Account:
		return r.findAccount(text)
	case Invitation:
		user, err := r.x.k.Auth.Invited(r.Context(), text)
		r.Account = &user
		return err
	}
	return fmt.Errorf("nobody can find %q", is)
}

// findKept finds what is kept, as far as the caller may see it.
func (r *Request) findKept(is Thing, text string) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	view := r.View(snap)
	find := map[Thing]func() error{
		Agency: func() (err error) { r.Agency, err = found(view.Agency(text)); return err },
		Judged: func() (err error) { r.Judged, err = found(view.Agency(text)); return err },
		Point:  func() (err error) { r.Point, err = found(view.Point(agency.Code(text))); return err },
		JudgedPoint: func() (err error) {
			if r.Point, err = found(view.JudgedPoint(agency.Code(text))); err == nil {
				judged, _ := snap.Tree.Agency(r.Point.JudgedID)
				r.Judged = &judged
			}
			return err
		},
		Points:    func() (err error) { r.Points, err = view.PointsNamed(text); return err },
		Target:    func() (err error) { r.Target, err = found(view.Target(NumberOf(text))); return err },
		Indicator: func() (err error) { r.Indicator, err = found(view.Indicator(NumberOf(text))); return err },
		Official:  func() (err error) { r.Official, err = found(view.Official(text)); return err },
		Rated:     func() (err error) { r.Official, err = found(r.rated(view, text)); return err },
		Order: func() (err error) {
			r.Order, err = found(r.x.k.Posters.Find(r.Context(), r.Who(), view, NumberOf(text)))
			return err
		},
		Batch: func() (err error) {
			if r.Batch, err = found(r.x.k.Entries.ByID(r.Context(), NumberOf(text))); err == nil {
				_, err = view.PointByID(r.Batch.PointID)
			}
			return err
		},
		PublishedIndex: func() (err error) {
			r.Index, err = found(r.x.k.Published.ByID(r.Context(), NumberOf(text)))
			if err == nil && !view.Sees(r.Index.AgencyID) {
				err = fmt.Errorf("published index %d: %w", r.Index.ID, fault.ErrNotFound)
			}
			return err
		},
	}
	return find[is]()
}

// MayReadServed tells whether the caller may read the figures of an official, by their
// code: see Rated.
func (r *Request) MayReadServed(view registry.View, code string) (bool, error) {
	if !r.May(access.ReadServed) {
		return false, nil
	}
	_, err := r.rated(view, code)
	if errors.Is(err, fault.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// rated finds an official whose figures the caller may read.
func (r *Request) rated(view registry.View, code string) (agency.Official, error) {
	login := ""
	if id := r.Who().UserID; id != 0 {
		user, err := r.x.k.Auth.User(r.Context(), id)
		if err != nil {
			return agency.Official{}, err
		}
		login = user.Login
	}
	return view.Rated(code, login)
}

func found[T any](one T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return &one, nil
}

// NumberOf is the number of a thing as addresses write it, 0 for what is written in
// another way.
func NumberOf(id string) int64 {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil || strconv.FormatInt(number, 10) != id {
		return 0
	}
	return number
}

// typedForm is what a typed text leads to.
type typedForm struct {
	form intake.Form
	code agency.Code // "" if there is none in the text
	err  error
}

// typed finds what a text leads to, once.
func (r *Request) typed(text string) *typedForm {
	snap, err := r.Snapshot()
	if r.x.known.form == nil || r.x.known.typed != text {
		form := readTyped(r.Context(), r.x.k.Intake, snap, err, text)
		r.x.known.typed, r.x.known.form = text, &form
	}
	return r.x.known.form
}

func readTyped(ctx context.Context, in *intake.Intake, snap *registry.Snapshot, unread error, text string) (t typedForm) {
	if unread == nil {
		t.form, t.err = in.FormAt(ctx, snap, text)
	} else {
		t.err = intake.Away(unread)
	}
	if t.code = t.form.Code; t.err != nil {
		t.code, _ = agency.ParseCode(text)
	}
	return t
}

// findForm finds the form that a text names, if the sender may answer it. The
// sheets of staff are for who was let in: everybody else is told what they are
// told of a code that does not exist. Who came by a link that has ended may see
// which it was.
func (r *Request) findForm(text string) {
	t := r.typed(text)
	r.Code, r.Form, r.Barred = t.code, &t.form, t.err
	if !t.form.Point.Channel.Staffed() {
		return
	}
	switch barred := r.admit(t.form.Point); {
	case errors.Is(barred, auth.ErrEntryEnded):
		r.Barred = barred
	case barred != nil:
		r.Form, r.Barred = &intake.Form{}, barred
	}
}

// entryHeader is where programs give the token of an entry link.
const entryHeader = "Entry-Link"

// admit lets in who has an entry link for a service point, or an account that
// looks after it.
func (r *Request) admit(p agency.ServicePoint) error {
	if r.May(access.EnterResponses) {
		snap, err := r.Snapshot()
		if err != nil {
			return err
		}
		if r.View(snap).Sees(p.AgencyID) {
			return nil
		}
	}
	link, err := auth.EntryLink{}, fault.ErrNotFound
	if token := r.x.c.GetHeader(entryHeader); token != "" {
		link, err = r.x.k.Auth.EntryByToken(r.Context(), token)
	} else if id, ok := r.x.k.senders.Entry(r.x.c.Request, p.Code); ok {
		link, err = r.x.k.Auth.EntryByID(r.Context(), id)
	}
	if err == nil && link.ServicePointID != p.ID {
		err = fault.ErrNotFound
	}
	return err
}

func (r *Request) findEntry(token string) error {
	link, err := r.x.k.Auth.EntryByToken(r.Context(), token)
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	point, ok := snap.PointByID(link.ServicePointID)
	if !ok {
		return fmt.Errorf("service point of entry link %d: %w", link.ID, fault.ErrNotFound)
	}
	r.Entry = &EntryFound{link.ID, point}
	return nil
}

func (r *Request) findPublication(id string) error {
	list, err := r.x.k.Publisher.Publications(r.Context())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(p publication.Publication) bool { return strconv.FormatInt(p.ID, 10) == id })
	if at < 0 {
		return fmt.Errorf("publication %.40q: %w", id, fault.ErrNotFound)
	}
	r.Publication = &list[at]
	return nil
}

// findAccount finds an account of somebody whose scope lies within the caller's.
func (r *Request) findAccount(login string) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	user, err := r.x.k.Auth.UserByLogin(r.Context(), login)
	if err == nil && !r.View(snap).Sees(user.AgencyID) {
		err = fmt.Errorf("account %.40q: %w", login, fault.ErrNotFound)
	}
	r.Account = &user
	return err
}

// CodeIn finds the code that a part of a stray path means, "" for none. Only the
// route for strays may ask.
func (r *Request) CodeIn(text string) agency.Code {
	r.x.strayOnly()
	return r.typed(text).code
}
