package studio_test

import (
	"fmt"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/studio"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// BenchmarkOperate is an operation on a draft of 200 questions in 5 languages after
// 5,000 others, with all that a page asks for after it.
func BenchmarkOperate(b *testing.B) {
	text := func(s string) agency.Text {
		t := agency.Text{}
		for _, l := range []string{"vi", "en", "km", "zh", "ko"} {
			t[l] = s + " " + l + ": ông/bà hài lòng đến mức nào về việc này?"
		}
		return t
	}
	d := survey.Definition{Key: "lon", Languages: []string{"vi", "en", "km", "zh", "ko"}, Title: text("Lớn"), Method: "sipas-2023"}
	for i := range 10 {
		s := survey.Section{Key: fmt.Sprint("s", i), Title: text("Phần")}
		for j := range 20 {
			s.Questions = append(s.Questions, survey.Question{Key: fmt.Sprint("q", i, "-", j), Type: "scale5", Text: text("Câu")})
		}
		d.Sections = append(d.Sections, s)
	}
	p := testkit.SQLite(b)
	s := studio.New(p.DB, p.Registry, time.Now)
	info, err := s.Create(b.Context(), testkit.Author(), studio.Origin{Definition: d})
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	operate := func() {
		op := set(studio.Key(fmt.Sprint("e", 2+n%19)), "text", "vi", fmt.Sprint("Câu ", n))
		op.Base = n
		if _, err := s.Operate(b.Context(), info.ID, studio.Author{Name: "a"}, op); err != nil {
			b.Fatal(err)
		}
		n++
	}
	for range 5000 {
		operate()
	}
	b.Run("operation", func(b *testing.B) {
		for b.Loop() {
			operate()
		}
	})
	b.Run("problems", func(b *testing.B) {
		for b.Loop() {
			d, info, err := s.Draft(b.Context(), info.ID, n)
			if err != nil || len(d.Problems(info, nil)) > 0 {
				b.Fatal(err)
			}
		}
	})
	b.Run("undo", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Undo(b.Context(), info.ID, studio.Author{Name: "a"}, 0); err != nil {
				b.Fatal(err)
			}
		}
	})
}
