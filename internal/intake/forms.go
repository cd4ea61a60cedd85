package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// Form is all that a client needs to ask at one service point.
type Form struct {
	Point   agency.ServicePoint
	Agency  agency.Agency
	Head    agency.Agency         // at the top, above Agency; zero if Agency is at the top
	Hotline string                // to report to; "" if there is none
	Version *survey.Version       // the newest
	Fields  []agency.ServiceField // to choose from; one or none: nothing to choose
	// Elsewhere is where else the agency asks everybody the same: an open
	// service point of its own, nil where it has none.
	Elsewhere *agency.ServicePoint

	versions map[string]*survey.Version
	scopes   map[string]agency.FieldScope
}

// VersionNamed finds the version that a client was shown: somebody who opened the
// form before a new edition was published may still send it. An unknown name
// gives the newest, which the validation then finds to be another one.
func (f Form) VersionNamed(name string) *survey.Version {
	if v, ok := f.versions[name]; ok {
		return v
	}
	return f.Version
}

// Form finds the form behind a code, however it was typed: of all that the text
// may mean, the first that is open. Errors: survey.ErrNotFound,
// survey.ErrClosed with the form that is closed, *Unavailable. It costs the
// same whether the code exists or not.
func (in *Intake) Form(ctx context.Context, code string) (Form, error) {
	all, err := in.forms.current(ctx)
	if err != nil {
		return Form{}, err
	}
	closed, err := Form{}, fault.ErrNotFound
	for _, c := range agency.ReadCodes(code) {
		form, ok := all.byCode[c]
		switch {
		case ok && form.Point.Active:
			return form, nil
		case ok:
			closed, err = form, fault.ErrClosed
		}
	}
	return closed, err
}

// Find gives the code that a text means: that of its Form, else the likeliest.
// ok is false if there is no code in it.
func (in *Intake) Find(ctx context.Context, text string) (code agency.Code, ok bool) {
	if form, err := in.Form(ctx, text); err == nil {
		return form.Point.Code, true
	}
	return agency.ParseCode(text)
}

// forms holds every form in memory, as a province has some hundreds of them,
// and reads them again when they are old. While the database is away the last
// ones are used, so that citizens still see their form.
type forms struct {
	st      *store.Store
	now     func() time.Time
	log     *slog.Logger
	refresh time.Duration

	loading sync.Mutex
	failed  time.Time // when loading failed last; guarded by loading
	latest  atomic.Pointer[formSet]
}

type formSet struct {
	at     time.Time
	byCode map[agency.Code]Form
}

func newForms(st *store.Store, o Options) *forms {
	return &forms{st: st, now: o.Now, log: o.Log, refresh: o.Refresh}
}

const (
	// loadTimeout bounds how long one citizen waits for a fresh list.
	loadTimeout = 2 * time.Second
	// loadRetry is how long nobody tries again: who came while one was waiting
	// in vain must not wait in turn.
	loadRetry = time.Second
)

var errNoForms = errors.New("the forms could not be loaded a moment ago")

func (f *forms) current(ctx context.Context) (*formSet, error) {
	set := f.latest.Load()
	if set != nil && f.now().Sub(set.at) < f.refresh {
		return set, nil
	}
	if set == nil {
		f.loading.Lock()
	} else if !f.loading.TryLock() {
		return set, nil // somebody else is reading; the old list will do
	}
	defer f.loading.Unlock()
	if newer := f.latest.Load(); newer != set {
		return newer, nil
	}
	if now := f.now(); set == nil && now.Sub(f.failed) < loadRetry {
		return nil, &Unavailable{RetryAfter: retryAfter, Cause: errNoForms}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTimeout)
	defer cancel()
	fresh, err := f.load(ctx)
	switch {
	case err == nil:
		f.latest.Store(fresh)
		return fresh, nil
	case set == nil:
		f.failed = f.now()
		return nil, &Unavailable{RetryAfter: retryAfter, Cause: err}
	}
	f.log.Warn("forms could not be read again; the last ones are used", "error", err)
	old := &formSet{at: f.now(), byCode: set.byCode}
	f.latest.Store(old)
	return old, nil
}

func (f *forms) load(ctx context.Context) (*formSet, error) {
	points, err := f.st.ServicePoints(ctx)
	if err != nil {
		return nil, fmt.Errorf("load forms: %w", err)
	}
	agencies, err := f.st.Agencies(ctx)
	if err != nil {
		return nil, fmt.Errorf("load forms: %w", err)
	}
	fields, err := f.st.ServiceFields(ctx)
	if err != nil {
		return nil, fmt.Errorf("load forms: %w", err)
	}
	versions, err := f.st.Versions(ctx)
	if err != nil {
		return nil, fmt.Errorf("load forms: %w", err)
	}
	return assemble(f.now(), points, agencies, fields, versions), nil
}

func assemble(at time.Time, points []agency.ServicePoint, agencies []agency.Agency, fields []agency.ServiceField, versions []*survey.Version) *formSet {
	hierarchy := agency.NewHierarchy(agencies)
	fieldByKey := map[string]agency.ServiceField{}
	scopes := map[string]agency.FieldScope{}
	for _, f := range fields {
		fieldByKey[f.Key] = f
		scopes[f.Key] = f.Scope
	}
	byName := map[string]map[string]*survey.Version{}
	newest := map[string]*survey.Version{}
	for _, v := range versions { // oldest first
		key := v.Definition.Key
		if byName[key] == nil {
			byName[key] = map[string]*survey.Version{}
		}
		byName[key][v.Name()] = v
		newest[key] = v
	}
	type asking struct {
		agency int64
		survey string
	}
	elsewhere := map[asking]*agency.ServicePoint{}
	for _, p := range points {
		// What reaches people anywhere goes first, and a kiosk reaches nobody.
		key := asking{p.AgencyID, p.SurveyKey}
		if p.Active && (p.Channel == agency.ChannelOnline || p.Channel == agency.ChannelQR && elsewhere[key] == nil) {
			elsewhere[key] = &p
		}
	}
	set := &formSet{at: at, byCode: make(map[agency.Code]Form, len(points))}
	for _, p := range points {
		if newest[p.SurveyKey] == nil {
			continue // nothing published to ask
		}
		form := Form{
			Point: p, Agency: hierarchy[p.AgencyID], Head: hierarchy.Head(p.AgencyID), Hotline: hierarchy.Hotline(p.AgencyID),
			Version: newest[p.SurveyKey], Elsewhere: elsewhere[asking{p.AgencyID, p.SurveyKey}], versions: byName[p.SurveyKey], scopes: scopes,
		}
		for _, key := range p.FieldKeys {
			form.Fields = append(form.Fields, fieldByKey[key])
		}
		set.byCode[p.Code] = form
	}
	return set
}
