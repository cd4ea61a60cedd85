package testkit

import (
	"context"
	"log/slog"
	"time"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/campaign"
	"sipas/internal/campaign/asked"
	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/registry"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/target"
)

// Place is a database with what is kept in it. Its methods make one change
// each, as an administrator would.
type Place struct {
	*db.DB
	*store.Store
	Registry *registry.Registry
}

// Author is who changes things in tests.
func Author() audit.Author { return audit.Author{Name: "test", Via: audit.Program} }

// Snapshot is what administrators keep, as of now, whichever instance changed it.
func (p *Place) Snapshot(ctx context.Context) (*registry.Snapshot, error) {
	return registry.New(p.DB, registry.Options{Now: time.Now, Log: slog.New(slog.DiscardHandler)}).Current(ctx)
}

func (p *Place) change(ctx context.Context, f func(c *registry.Change) error) error {
	return p.Registry.Change(ctx, Author(), f)
}

// AddAgency keeps a new agency and returns it with its id.
func (p *Place) AddAgency(ctx context.Context, a agency.Agency) (added agency.Agency, err error) {
	err = p.change(ctx, func(c *registry.Change) (err error) {
		added, err = c.AddAgency(ctx, a)
		return err
	})
	return added, err
}

// AddServicePoint keeps a new service point and returns it with its id and code.
func (p *Place) AddServicePoint(ctx context.Context, point agency.ServicePoint) (added agency.ServicePoint, err error) {
	err = p.change(ctx, func(c *registry.Change) (err error) {
		added, err = c.AddServicePoint(ctx, point)
		return err
	})
	return added, err
}

// PublishVersion keeps a definition as the survey's next version.
func (p *Place) PublishVersion(ctx context.Context, d survey.Definition, at time.Time) (v *survey.Version, err error) {
	err = p.change(ctx, func(c *registry.Change) (err error) {
		v, err = c.PublishVersion(ctx, d, at)
		return err
	})
	return v, err
}

// AddSuccession keeps a succession.
func (p *Place) AddSuccession(ctx context.Context, s agency.Succession) error {
	return p.change(ctx, func(c *registry.Change) error { return c.AddSuccession(ctx, s) })
}

// AddServiceField keeps a service field.
func (p *Place) AddServiceField(ctx context.Context, f agency.ServiceField) error {
	return p.change(ctx, func(c *registry.Change) error { return c.AddServiceField(ctx, f) })
}

// AddIndicator keeps an indicator.
func (p *Place) AddIndicator(ctx context.Context, i target.Indicator) error {
	return p.change(ctx, func(c *registry.Change) error { return c.AddIndicator(ctx, i) })
}

// AddTarget keeps a target.
func (p *Place) AddTarget(ctx context.Context, t target.Target) error {
	return p.change(ctx, func(c *registry.Change) error { return c.AddTarget(ctx, t) })
}

// KeepCampaign keeps a campaign as if that was done on a civil day.
func (p *Place) KeepCampaign(ctx context.Context, next campaign.Campaign, day string) (kept campaign.Campaign, err error) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return next, err
	}
	err = p.change(ctx, func(c *registry.Change) (err error) {
		kept, err = asked.Put(ctx, c, next, campaign.Moment{At: at, Day: day})
		return err
	})
	return kept, err
}

// SetHotline keeps the hotline of an agency.
func (p *Place) SetHotline(ctx context.Context, id int64, number string) error {
	return p.change(ctx, func(c *registry.Change) error { return c.SetHotline(ctx, id, number) })
}

// SetServicePointActive opens or closes a service point.
func (p *Place) SetServicePointActive(ctx context.Context, id int64, active bool) error {
	return p.change(ctx, func(c *registry.Change) error { return c.SetServicePointActive(ctx, id, active) })
}

// SetServicePointLimit gives a service point a limit of its own.
func (p *Place) SetServicePointLimit(ctx context.Context, id int64, limit string) error {
	return p.change(ctx, func(c *registry.Change) error { return c.SetServicePointLimit(ctx, id, limit) })
}

// SaveSetting keeps a named value.
func (p *Place) SaveSetting(ctx context.Context, name, value string) error {
	return p.change(ctx, func(c *registry.Change) error { return c.Set(ctx, name, value) })
}

// PublishRaw keeps an edition of a period as some program wrote it.
func (p *Place) PublishRaw(ctx context.Context, year int, period string, board []byte, at time.Time, by string) error {
	_, err := p.Exec(ctx, "INSERT INTO publications (year, period, edition, board, published_at, published_by) "+
		"SELECT $1, $2, COALESCE(MAX(edition), 0) + 1, $3, $4, $5 FROM publications WHERE year = $1 AND period = $2",
		year, period, string(board), at.UnixMicro(), by)
	return err
}

// Agencies lists every agency.
func (p *Place) Agencies(ctx context.Context) ([]agency.Agency, error) {
	return look(ctx, p, func(s *registry.Snapshot) []agency.Agency { return s.Tree.All() })
}

// ServicePoints lists every service point.
func (p *Place) ServicePoints(ctx context.Context) ([]agency.ServicePoint, error) {
	return look(ctx, p, func(s *registry.Snapshot) []agency.ServicePoint { return s.Points })
}

// Versions lists every version, survey by survey, oldest first.
func (p *Place) Versions(ctx context.Context) ([]*survey.Version, error) {
	return look(ctx, p, func(s *registry.Snapshot) []*survey.Version {
		var all []*survey.Version
		for _, key := range s.Surveys {
			all = append(all, s.Versions(key)...)
		}
		return all
	})
}

// Successions lists every succession.
func (p *Place) Successions(ctx context.Context) ([]agency.Succession, error) {
	return look(ctx, p, (*registry.Snapshot).Successions)
}

// ServiceFields lists every service field.
func (p *Place) ServiceFields(ctx context.Context) ([]agency.ServiceField, error) {
	return look(ctx, p, func(s *registry.Snapshot) []agency.ServiceField { return s.Fields })
}

// Indicators lists every indicator.
func (p *Place) Indicators(ctx context.Context) ([]target.Indicator, error) {
	return look(ctx, p, func(s *registry.Snapshot) []target.Indicator { return s.Indicators })
}

// Targets lists every target.
func (p *Place) Targets(ctx context.Context) ([]target.Target, error) {
	return look(ctx, p, func(s *registry.Snapshot) []target.Target { return s.Targets })
}

// Setting is a named value, "" if it was never set.
func (p *Place) Setting(ctx context.Context, name string) (string, error) {
	return look(ctx, p, func(s *registry.Snapshot) string { return s.Settings.Value(name) })
}

func look[T any](ctx context.Context, p *Place, of func(*registry.Snapshot) T) (T, error) {
	snap, err := p.Snapshot(ctx)
	if err != nil {
		var none T
		return none, err
	}
	return of(snap), nil
}

// Recount counts the tallies again from the responses.
func (p *Place) Recount(ctx context.Context, fix bool, progress func(int64)) (store.Recounted, error) {
	snap, err := p.Snapshot(ctx)
	if err != nil {
		return store.Recounted{}, err
	}
	if fix {
		return p.Mend(ctx, Author(), time.Now(), snap.Version, Closing(snap, time.Now()), progress)
	}
	return p.Store.Recount(ctx, snap.Version, progress)
}

// Closing is that of the ministry's cut-off days and of the ends of campaigns, at a moment.
func Closing(snap *registry.Snapshot, now time.Time) store.Closing {
	return store.Closing{Now: civil.HalfMonthOf(now.UTC().Format(time.DateOnly)), Ends: civil.ReportCutOffs().Ends, Over: snap.Campaigns.EndingIn, Tree: snap.Tree}
}

// RemoveResponse takes a response out.
func (p *Place) RemoveResponse(ctx context.Context, pointID int64, receipt agency.Code) error {
	snap, err := p.Snapshot(ctx)
	if err != nil {
		return err
	}
	point, ok := snap.PointByID(pointID)
	if !ok {
		point.ID = pointID
	}
	return p.Store.RemoveResponse(ctx, Author(), time.Now(), point, receipt, snap.Version)
}
