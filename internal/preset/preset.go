// Package preset seeds an empty database with a province of today, its departments
// and communes, or with what the reform plan of a former one names: agencies,
// service points and targets. Each has the service fields, the indicators and the
// built-in surveys, published.
package preset

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"sipas/internal/audit"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/target"
	"sipas/surveys"
)

// Setting names the setting that holds the key of the preset a database was
// seeded with, or empty: and the name of a province that is none. It is written last: a seeding that was cut short, as those of
// earlier programs could be, goes on when it is started again.
const Setting = "preset"

// Keys lists the presets: one for each folder of data.
func Keys() []string {
	folders, err := files.ReadDir("data")
	if err != nil {
		panic(err) // it is embedded
	}
	keys := make([]string, 0, len(folders))
	for _, f := range folders {
		keys = append(keys, f.Name())
	}
	return keys
}

// Source is where a province to seed a database with comes from: Named or Empty.
type Source func() (province, error)

// Named is the preset of a key. An unknown one is fault.ErrNotFound.
func Named(key string) Source { return func() (province, error) { return load(key) } }

// Apply seeds a database; surveys are published as of
// now, and counters of agencies that have ended by its civil day, in its own
// zone, are closed. Applied again it changes nothing, even where an administrator has edited
// what it made. A database that holds another province, or agencies of somebody else, is
// fault.ErrConflict.
func Apply(ctx context.Context, reg *registry.Registry, by audit.Author, of Source, now time.Time) error {
	p, err := of()
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	steps := []func(context.Context, *registry.Change) error{
		p.addAgencies, addFields,
		func(ctx context.Context, c *registry.Change) error {
			return p.addPoints(ctx, c, now.Format(time.DateOnly))
		},
		func(ctx context.Context, c *registry.Change) error { return publish(ctx, c, now) },
		addIndicators, p.addTargets, p.sign,
	}
	return reg.Change(ctx, by, func(c *registry.Change) error {
		kept, err := c.Now(ctx)
		if err != nil {
			return fmt.Errorf("seed: %w", err)
		}
		switch done := kept.Settings.Value(Setting); done {
		case "":
		case p.key:
			return nil
		default:
			return fmt.Errorf("seed %s: this database holds %s already: %w", p.name["vi"], kept.Settings.Province["vi"], fault.ErrConflict)
		}
		for _, step := range steps {
			if err := step(ctx, c); err != nil {
				return fmt.Errorf("seed %s: %w", p.name["vi"], err)
			}
		}
		return nil
	})
}

// Each step adds what is not there yet.

func (p province) addAgencies(ctx context.Context, c *registry.Change) error {
	kept, err := c.Now(ctx)
	if err != nil {
		return err
	}
	if p.adopts && len(kept.Tree.All()) > 0 {
		return nil
	}
	ids := map[string]int64{}
	for _, a := range kept.Tree.All() {
		if !p.names(a) {
			return fmt.Errorf("this database holds %q (%s), which the preset does not name: %w", a.Name.In("vi"), a.Code, fault.ErrConflict)
		}
		ids[a.Code] = a.ID
	}
	for i, a := range p.agencies {
		if ids[a.Code] != 0 {
			continue
		}
		a.ParentID, a.Order = ids[a.parent], i
		kept, err := c.AddAgency(ctx, a.Agency)
		if err != nil {
			return err
		}
		ids[a.Code] = kept.ID
	}
	return nil
}

func addFields(ctx context.Context, c *registry.Change) error {
	present := map[string]bool{}
	kept, err := c.Now(ctx)
	if err != nil {
		return err
	}
	for _, f := range kept.Fields {
		present[f.Key] = true
	}
	for _, f := range fields() {
		if present[f.Key] {
			continue
		}
		if err := c.AddServiceField(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func (p province) addPoints(ctx context.Context, c *registry.Change, today string) error {
	known, err := c.Now(ctx)
	if err != nil {
		return err
	}
	ids := map[string]int64{}
	for _, a := range known.Tree.All() {
		ids[a.Code] = a.ID
	}
	type asked struct {
		agency int64
		survey string
	}
	present := map[asked]bool{}
	for _, kept := range known.Points {
		present[asked{kept.AgencyID, kept.SurveyKey}] = true
	}
	for _, added := range p.points {
		added.Active = added.until == "" || today < added.until
		added.AgencyID, added.JudgedID = ids[added.agency], ids[added.judged]
		if present[asked{added.AgencyID, added.SurveyKey}] {
			continue
		}
		if _, err := c.AddServicePoint(ctx, added.ServicePoint); err != nil {
			return err
		}
	}
	return nil
}

func publish(ctx context.Context, c *registry.Change, now time.Time) error {
	definitions, err := surveys.BuiltIn()
	if err != nil {
		return err
	}
	for _, d := range definitions {
		if _, err := c.PublishVersion(ctx, d, now); err != nil {
			return err
		}
	}
	return nil
}

func addIndicators(ctx context.Context, c *registry.Change) error {
	kept, err := c.Now(ctx)
	if err != nil {
		return err
	}
	present := map[target.Indicator]bool{}
	for _, i := range kept.Indicators {
		i.ID = 0
		present[i] = true
	}
	for _, i := range indicators() {
		if present[i] {
			continue
		}
		if err := c.AddIndicator(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

func (p province) addTargets(ctx context.Context, c *registry.Change) error {
	kept, err := c.Now(ctx)
	if err != nil {
		return err
	}
	for _, t := range p.targets {
		if slices.ContainsFunc(kept.Targets, func(k target.Target) bool {
			k.ID = 0
			return reflect.DeepEqual(k, t)
		}) {
			continue
		}
		if err := c.AddTarget(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// sign keeps the province's name and that the seeding is complete.
func (p province) sign(ctx context.Context, c *registry.Change) error {
	name, err := json.Marshal(p.name)
	if err != nil {
		return err
	}
	if err := c.Set(ctx, registry.SettingProvince, string(name)); err != nil {
		return err
	}
	return c.Set(ctx, Setting, p.key)
}

// load reads the whole preset of a key.
func load(key string) (province, error) {
	if !slices.Contains(Keys(), key) {
		return province{}, fmt.Errorf("there is no preset %q, only %s: %w", key, strings.Join(Keys(), ", "), fault.ErrNotFound)
	}
	name, err := nameOf(key)
	if err != nil {
		return province{}, err
	}
	agencies, err := agenciesOf(key)
	if err != nil {
		return province{}, err
	}
	targets, err := targetsOf(key)
	if err != nil {
		return province{}, err
	}
	return province{key: key, name: name, agencies: agencies, points: pointsOf(agencies), targets: targets}, nil
}
