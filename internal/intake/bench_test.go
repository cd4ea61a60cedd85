package intake_test

import (
	"log/slog"
	"testing"
	"time"

	"sipas/internal/intake"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// BenchmarkForm measures finding the form of one of 2,000 service points, and
// the version that a client was shown.
func BenchmarkForm(b *testing.B) {
	st := testkit.SQLite(b)
	testkit.Large(b, st, 200, 2000, []survey.Definition{definition()})
	in := intake.New(st.Registry, st.Store, intake.Options{Now: time.Now, Zone: time.UTC, Log: slog.New(slog.DiscardHandler)})
	b.Cleanup(func() { _ = in.Close(b.Context()) })
	snap, err := st.Snapshot(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	codes := []string{string(snap.Points[0].Code), string(snap.Points[1234].Code)}
	b.ReportAllocs()
	for b.Loop() {
		for _, code := range codes {
			form, err := in.Form(b.Context(), code)
			if err != nil || form.VersionNamed("pulse.1") != form.Version {
				b.Fatal(err)
			}
		}
	}
}
