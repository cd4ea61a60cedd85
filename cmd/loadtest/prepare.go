package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/audit"
	"sipas/internal/config"
	"sipas/internal/registry"
	"sipas/internal/score"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/surveys"
)

// province is a prepared database: service points of several agencies and
// fields that all ask the survey `sipas`, or the quick form.
type province struct {
	app.Database
	points   []agency.ServicePoint
	version  *survey.Version            // that the points ask
	versions map[string]*survey.Version // by survey
}

// layout is how large a province is.
type layout struct {
	points, perAgency int
	fields            int // of each point
}

// small is one with so many points, three in each commune, of one field each.
func small(points int) layout { return layout{points, 3, 1} }

// author is who makes it.
var author = audit.Author{Name: "loadtest", Via: audit.Program}

var benchFields = []string{"dat-dai", "xay-dung", "dau-tu", "y-te", "giao-duc"}

// prepare migrates an empty database and fills in the organisation.
func prepare(ctx context.Context, url, surveyKey string, l layout) (*province, error) {
	d, err := app.OpenAnyDatabase(ctx, config.Config{DatabaseURL: url}, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	p := &province{Database: d, versions: map[string]*survey.Version{}}
	if _, err := p.Migrate(ctx); err != nil {
		return nil, fmt.Errorf("prepare %s: %w", p.Dialect(), err)
	}
	err = p.Registry.Change(ctx, author, func(c *registry.Change) error { return p.fill(ctx, c, surveyKey, l) })
	if err != nil {
		return nil, fmt.Errorf("prepare %s: %w", p.Dialect(), err)
	}
	return p, nil
}

func (p *province) fill(ctx context.Context, c *registry.Change, surveyKey string, l layout) error {
	definitions, err := surveys.BuiltIn()
	if err != nil {
		return err
	}
	for _, d := range append(definitions, twelve(definitions)) {
		v, err := c.PublishVersion(ctx, d, time.Now())
		if err != nil {
			return err
		}
		p.versions[d.Key] = v
		if d.Key == surveyKey {
			p.version = v
		}
	}
	for i, key := range benchFields {
		scope := agency.ScopeProcedures
		if i > 2 {
			scope = agency.ScopePublic
		}
		if err := c.AddServiceField(ctx, agency.ServiceField{Key: key, Name: agency.Text{"vi": key}, Scope: scope, Order: i}); err != nil {
			return err
		}
		if err := c.AddIndicator(ctx, target.Indicator{Kind: target.IndicatorField, FieldKey: key, SurveyKey: quickKey, Counts: true, Order: i}); err != nil {
			return err
		}
		if err := c.AddTarget(ctx, target.Target{Plan: "bench", Indicator: target.IndicatorField, FieldKey: key, Year: benchYear, Percent: 8500}); err != nil {
			return err
		}
	}
	for _, i := range []target.Indicator{
		{Kind: target.IndicatorProcedures, SurveyKey: quickKey, Counts: true, Order: 8},
		{Kind: target.IndicatorSIPAS, SurveyKey: twelveKey, Counts: true, Order: 9},
	} {
		if err := c.AddIndicator(ctx, i); err != nil {
			return err
		}
	}
	root, err := c.AddAgency(ctx, agency.Agency{Code: "tinh", Name: agency.Text{"vi": "Tỉnh"}, Kind: agency.KindProvince})
	if err != nil {
		return err
	}
	var office agency.Agency
	for i := range l.points {
		if i%l.perAgency == 0 {
			office, err = c.AddAgency(ctx, agency.Agency{
				Code: fmt.Sprintf("xa-%d", i), ParentID: root.ID, Kind: agency.KindCommune, Name: agency.Text{"vi": fmt.Sprintf("Xã %d", i)}, Order: i,
			})
			if err != nil {
				return err
			}
		}
		var fields []string
		for n := range l.fields {
			fields = append(fields, benchFields[(i+n)%len(benchFields)])
		}
		point, err := c.AddServicePoint(ctx, agency.ServicePoint{
			AgencyID: office.ID, Name: agency.Text{"vi": fmt.Sprintf("Quầy %d", i)}, SurveyKey: surveyKey,
			Channel: agency.ChannelQR, FieldKeys: fields, Active: true,
		})
		if err != nil {
			return err
		}
		p.points = append(p.points, point)
	}
	return nil
}

const (
	quickKey = "quay-nhanh"
	// twelveKey names the survey that the load answers.
	twelveKey = "bench-12"
)

// twelve is the survey `sipas` cut off after its twelfth scale question.
func twelve(definitions []survey.Definition) survey.Definition {
	at := slices.IndexFunc(definitions, func(d survey.Definition) bool { return d.Key == "sipas" })
	d := definitions[at]
	d.Key = twelveKey
	left := scaleAnswers
	sections := d.Sections
	d.Sections = nil
	for _, s := range sections {
		questions := s.Questions
		s.Questions = nil
		for _, q := range questions {
			if q.Shape().Levels > 0 && left > 0 {
				s.Questions = append(s.Questions, q)
				left--
			}
		}
		if len(s.Questions) > 0 {
			d.Sections = append(d.Sections, s)
		}
	}
	return d
}

const (
	benchYear   = 2025
	loadedYears = 5
	loadBatch   = 5000
)

// load adds made-up responses until there are n, through the store's own batches,
// so that the tallies are those of the product. Each load goes through the five
// years from the first day to the last, as people come.
func (p *province) load(ctx context.Context, from, n int, progress func(done int)) error {
	random := rand.New(rand.NewPCG(uint64(from), 56))
	batch := make([]survey.Response, 0, loadBatch)
	for i := from; i < n; i++ {
		batch = append(batch, p.response(random, float64(i-from)/float64(n-from)))
		if len(batch) < loadBatch && i+1 < n {
			continue
		}
		if _, err := p.Store.SaveResponses(ctx, batch); err != nil {
			return err
		}
		batch = batch[:0]
		progress(i + 1)
	}
	return nil
}

// answerNow has a group of people answer a survey in the year of the board, as
// many as are shown together: with fewer no figure would change.
func (p *province) answerNow(ctx context.Context, surveyKey string) error {
	v := p.versions[surveyKey]
	one := p.response(rand.New(rand.NewPCG(rand.Uint64(), 78)), 0)
	one.VersionID, one.Scale = v.ID, strings.Repeat("4", len(v.Scale()))
	one.Day = fmt.Sprintf("%d-12-15", benchYear)
	v.Judge(&one)
	group := make([]survey.Response, score.DefaultK)
	for i := range group {
		group[i] = one
		group[i].ID = survey.NewID(time.Now())
	}
	_, err := p.Store.SaveResponses(ctx, group)
	return err
}

// response is that of somebody who comes when so much of the years is over.
func (p *province) response(random *rand.Rand, over float64) survey.Response {
	point := p.points[random.IntN(len(p.points))]
	at := time.Date(benchYear-loadedYears+1, 1, 1, 1, 0, 0, 0, time.UTC).
		Add(time.Duration(over * float64(loadedYears*365*24*time.Hour)))
	scale := make([]byte, len(p.version.Scale()))
	for i := range scale {
		scale[i] = byte('1' + random.IntN(5))
	}
	channel := agency.ChannelQR
	if random.IntN(5) == 0 {
		channel = agency.ChannelKiosk
	}
	r := survey.Response{
		ID: survey.NewID(at), ServicePointID: point.ID, AgencyID: point.AgencyID, FieldKey: point.FieldKeys[0], VersionID: p.version.ID,
		Channel: channel, Language: "vi", At: at, Day: at.Format(time.DateOnly), Scale: string(scale), Receipt: "22222222", Fingerprint: "00",
	}
	p.version.Judge(&r)
	return r
}
