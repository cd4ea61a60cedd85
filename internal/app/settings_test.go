package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"sipas/internal/app"
	"sipas/internal/preset"
	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// A k that is kept acts at once on a server that runs: five answers are not shown any
// more, seven are. What the operator gives goes before it.
func TestSettingsActAtOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	url := "sqlite:" + filepath.Join(t.TempDir(), "sipas.db")
	cfg := settings(t, url)
	cfg.SmallCell, cfg.MinSample, cfg.CutOffDays = 0, 0, ""
	d, err := app.OpenAnyDatabase(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := preset.Apply(ctx, d.Registry, testkit.Author(), preset.Named("binh-thuan"), time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(ctx, cfg, slog.New(slog.DiscardHandler), app.Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	snap, err := a.Registry.Current(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if k := snap.Settings.SmallCell; k != 5 {
		t.Errorf("without a setting k is %d", k)
	}
	if err := a.Registry.Change(ctx, testkit.Author(), func(c *registry.Change) error { return c.Set(ctx, registry.SettingSmallCell, "7") }); err != nil {
		t.Fatal(err)
	}
	point := snap.Points[0]
	version, sent := snap.Newest(point.SurveyKey), 0
	shownAfter := func(n int) bool {
		for ; sent < n; sent++ {
			s := survey.Submission{
				ID: fmt.Sprintf("019a9ec6-7e80-75ee-9e9b-%012x", sent), Version: version.Name(), Language: "vi", FieldKey: point.FieldKeys[0],
				Answers: map[string]survey.Value{version.Scale()[0].Key(): {Kind: survey.ValueLevel, Level: 5}},
			}
			if _, err := a.Intake.SubmitAt(ctx, string(point.Code), s, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		shown, err := a.Store.Answered(ctx, time.Now().Year(), 1)
		if err != nil {
			t.Fatal(err)
		}
		return shown
	}
	if shownAfter(6) || !shownAfter(7) {
		t.Error("answers are not shown in groups of the seven that are kept")
	}

	given := settings(t, url)
	given.SmallCell, given.MinSample, given.CutOffDays = 6, 0, "31/3"
	d, err = app.OpenAnyDatabase(ctx, given, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if snap, err = d.Registry.Current(ctx); err != nil {
		t.Fatal(err)
	}
	if s := snap.Settings; s.SmallCell != 6 || s.MinSample != 30 || s.CutOffs.String() != "31/3" || !s.Given(registry.SettingSmallCell) || s.Given(registry.SettingMinSample) {
		t.Errorf("given: %+v", s)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}
