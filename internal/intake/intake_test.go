package intake_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

var noon = time.Date(2025, 6, 30, 17, 30, 0, 0, time.UTC) // 1 July 00:30 at the place

func text(s string) agency.Text { return agency.Text{"vi": s, "en": s} }

func definition() survey.Definition {
	scale := func(key string, required bool) survey.Question {
		return survey.Question{Key: key, Type: survey.TypeScale, Required: required, Text: text(key), NoOpinion: !required}
	}
	return survey.Definition{
		Key: "pulse", Languages: []string{"vi", "en"}, Title: text("Khảo sát"), Method: "sipas-2023", Headline: "overall",
		Sections: []survey.Section{{Key: "all", Title: text("Chung"), Questions: []survey.Question{
			scale("overall", true), scale("staff", false),
			{Key: "comment", Type: survey.TypeText, Text: text("Góp ý"), MaxLength: 10},
		}}},
	}
}

// open prepares a store with one open and one closed service point.
func open(t testing.TB, st *testkit.Place) (openCode, closedCode string) {
	t.Helper()
	ctx := context.Background()
	office, err := st.AddAgency(ctx, agency.Agency{Code: "so-x", Name: text("Sở X"), Kind: agency.KindDepartment})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.AddServiceField(ctx, agency.ServiceField{Key: "dat-dai", Name: text("Đất đai"), Scope: agency.ScopeProcedures}); err != nil {
		t.Fatal(err)
	}
	if _, err := st.PublishVersion(ctx, definition(), noon); err != nil {
		t.Fatal(err)
	}
	point := agency.ServicePoint{
		AgencyID: office.ID, Name: text("Quầy"), SurveyKey: "pulse", Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai"}, Active: true,
	}
	first, err := st.AddServicePoint(ctx, point)
	if err != nil {
		t.Fatal(err)
	}
	point.Active = false
	second, err := st.AddServicePoint(ctx, point)
	if err != nil {
		t.Fatal(err)
	}
	return string(first.Code), string(second.Code)
}

func start(t testing.TB, st *testkit.Place, o intake.Options) *intake.Intake {
	t.Helper()
	o.Now = func() time.Time { return noon }
	o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	o.Zone = time.FixedZone("ICT", 7*3600)
	in := intake.New(st.Registry, st.Store, o)
	t.Cleanup(func() {
		if err := in.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return in
}

func submission(level int) survey.Submission {
	return survey.Submission{
		ID: survey.NewID(noon), Version: "pulse.1", Language: "vi",
		Answers: map[string]survey.Value{"overall": {Kind: survey.ValueLevel, Level: level}},
	}
}

func recount(t *testing.T, st *testkit.Place, responses int64) {
	t.Helper()
	got, err := st.Recount(t.Context(), false, nil)
	if err != nil || got.Responses != responses || got.Drift != 0 {
		t.Errorf("recount: %+v %v, want %d responses", got, err, responses)
	}
}

func TestSameSubmissionFiftyTimesAtOnce(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		code, _ := open(t, st)
		in := start(t, st, intake.Options{MaxBatch: 7})
		s := submission(5)
		receipts := make([]agency.Code, 50)
		var all sync.WaitGroup
		for i := range receipts {
			all.Go(func() {
				r, err := in.SubmitAt(t.Context(), code, s, noon)
				if err != nil {
					t.Error(err)
				}
				receipts[i] = r.Code
			})
		}
		all.Wait()
		for _, r := range receipts {
			if r != receipts[0] || r == "" {
				t.Fatalf("receipts differ: %v", receipts)
			}
		}
		other := s
		other.Answers = map[string]survey.Value{"overall": {Kind: survey.ValueLevel, Level: 1}}
		again := start(t, st, intake.Options{}) // as after a restart
		for when, in := range map[string]*intake.Intake{"at once": in, "after a restart": again} {
			if _, err := in.SubmitAt(t.Context(), code, other, noon); !errors.Is(err, fault.ErrConflict) {
				t.Errorf("other content under the same id %s: %v", when, err)
			}
		}
		if r, err := again.SubmitAt(t.Context(), strings.ToLower(code), s, noon); err != nil || r.Code != receipts[0] || !r.Replayed {
			t.Errorf("after a restart: %+v %v", r, err)
		}
		recount(t, st, 1)
		if stats := in.Stats(); stats.Accepted != 1 || stats.Replayed != 49 || stats.Conflicts != 1 {
			t.Errorf("stats: %+v", stats)
		}
	})
}

func TestCivilDayIsThatOfThePlace(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	code, _ := open(t, st)
	in := start(t, st, intake.Options{})
	for range score.DefaultK { // as many as are shown together
		if _, err := in.SubmitAt(t.Context(), code, submission(4), noon); err != nil {
			t.Fatal(err)
		}
	}
	got, err := st.PeopleTallies(t.Context(), store.TallyQuery{From: 20250701, Before: 20250801})
	if err != nil || len(got) != 1 || got[0].Responses != score.DefaultK {
		t.Errorf("July has %+v %v", got, err)
	}
}

func TestRefusalsAreNamed(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	code, closed := open(t, st)
	in := start(t, st, intake.Options{})
	for name, unknown := range map[string]string{"unknown": "22222222", "long": strings.Repeat("A", 9000), "empty": "", "injection": "' OR 1=1--"} {
		if _, err := in.SubmitAt(t.Context(), unknown, submission(5), noon); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%s code: %v", name, err)
		}
	}
	if _, err := in.SubmitAt(t.Context(), closed, submission(5), noon); !errors.Is(err, fault.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	long := submission(5)
	long.Answers["comment"] = survey.Value{Kind: survey.ValueText, Text: "mười một chữ"}
	var invalid *fault.Invalid
	if _, err := in.SubmitAt(t.Context(), code, long, noon); !errors.As(err, &invalid) || invalid.Problems[0].Key != fault.ProblemTooLong {
		t.Errorf("too long: %v", err)
	}
	recount(t, st, 0)
}

// The same word typed on two phones, composed and decomposed, is one word.
func TestTextIsNormalised(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	code, _ := open(t, st)
	in := start(t, st, intake.Options{})
	s := submission(5)
	s.Answers["comment"] = survey.Value{Kind: survey.ValueText, Text: "Hà Nội"}
	first, err := in.SubmitAt(t.Context(), code, s, noon)
	if err != nil {
		t.Fatal(err)
	}
	s.Answers["comment"] = survey.Value{Kind: survey.ValueText, Text: "Ha\u0300 No\u0323\u0302i"}
	if r, err := in.SubmitAt(t.Context(), code, s, noon); err != nil || r.Code != first.Code {
		t.Errorf("decomposed: %+v %v", r, err)
	}
}

func TestOlderVersionIsStillTaken(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	code, _ := open(t, st)
	d := definition()
	d.Sections[0].Questions[0].Text = text("Ông/bà thấy thế nào?")
	if _, err := st.PublishVersion(t.Context(), d, noon); err != nil {
		t.Fatal(err)
	}
	in := start(t, st, intake.Options{})
	form, err := in.Form(t.Context(), code)
	if err != nil || form.Version.Name() != "pulse.2" {
		t.Fatalf("form: %v %v", form.Version, err)
	}
	if _, err := in.SubmitAt(t.Context(), code, submission(5), noon); err != nil {
		t.Errorf("a form opened before publishing: %v", err)
	}
	s := submission(5)
	s.Version = "pulse.3"
	var invalid *fault.Invalid
	if _, err := in.SubmitAt(t.Context(), code, s, noon); !errors.As(err, &invalid) {
		t.Errorf("an unknown version: %v", err)
	}
}

func TestCloseCommitsWhatWaits(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		code, _ := open(t, st)
		in := start(t, st, intake.Options{MaxBatch: 3, Writers: 1})
		const people = 200
		acknowledged := make(chan bool, people)
		for i := range people {
			go func() {
				_, err := in.SubmitAt(context.Background(), code, submission(1+i%5), noon)
				var refused *intake.Unavailable
				if err != nil && !errors.As(err, &refused) {
					t.Error(err)
				}
				acknowledged <- err == nil
			}()
		}
		kept := int64(0)
		if <-acknowledged { // at least one batch is through, others wait
			kept++
		}
		if err := in.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range people - 1 {
			if <-acknowledged {
				kept++
			}
		}
		recount(t, st, kept)
	})
}

// A row that the database refuses must not harm those in its batch.
func TestOneBadRowHarmsNobody(t *testing.T) {
	t.Parallel()
	for refuse, database := range map[string]func(testing.TB) string{
		"CREATE TRIGGER refuse BEFORE INSERT ON responses WHEN NEW.scale = '1.' BEGIN SELECT RAISE(ABORT, 'refused'); END": testkit.SQLiteURL,
		"ALTER TABLE responses ADD CONSTRAINT refuse CHECK (scale <> '1.')":                                                testkit.PostgresURL,
	} {
		url := database(t)
		st := testkit.OpenStore(t, url)
		code, _ := open(t, st)
		testkit.Exec(t, url, refuse)
		in := start(t, st, intake.Options{Writers: 1})
		var all sync.WaitGroup
		for i := range 60 {
			all.Go(func() {
				level := 1 + i%5
				_, err := in.SubmitAt(t.Context(), code, submission(level), noon)
				if (err != nil) != (level == 1) {
					t.Errorf("%s: level %d: %v", st.Dialect(), level, err)
				}
			})
		}
		all.Wait()
		recount(t, st, 48)
	}
}

func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	server := testkit.OwnPostgres(t)
	st := testkit.OpenStore(t, server.URL())
	if _, err := st.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	code, _ := open(t, st)
	in := start(t, st, intake.Options{})
	if _, err := in.SubmitAt(t.Context(), code, submission(5), noon); err != nil {
		t.Fatal(err)
	}
	server.Stop(t)
	s := submission(4)
	_, err := in.SubmitAt(t.Context(), code, s, noon)
	var away *intake.Unavailable
	if !errors.As(err, &away) || away.RetryAfter <= 0 {
		t.Errorf("while away: %v", err)
	}
	server.Start(t)
	if _, err := in.SubmitAt(t.Context(), code, s, noon); err != nil {
		t.Errorf("back again: %v", err)
	}
	recount(t, st, 2)
}

func BenchmarkSubmit(b *testing.B) {
	for _, database := range []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", testkit.SQLiteURL}, {"postgres", testkit.PostgresURL}} {
		b.Run(database.name, func(b *testing.B) {
			st := testkit.OpenStore(b, database.url(b))
			code, _ := open(b, st)
			in := start(b, st, intake.Options{})
			b.SetParallelism(128)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := in.SubmitAt(context.Background(), code, submission(4), noon); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "responses/s")
			b.ReportMetric(float64(b.N)/float64(in.Stats().Batches), "responses/batch")
		})
	}
}

func ExampleUnavailable() {
	fmt.Println((&intake.Unavailable{RetryAfter: 5 * time.Second, Cause: errors.New("connection refused")}).Error())
	// Output: answers cannot be kept now (retry after 5s): connection refused
}
