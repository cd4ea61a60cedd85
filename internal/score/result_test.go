package score

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestResultJSON(t *testing.T) {
	t.Parallel()
	sheet := plain()
	sheet.Sections = append(sheet.Sections, Section{"feedback", []Question{{"f1", Counts{12}}}})
	for m, want := range map[Method]string{
		Sipas2023: `{"method":"sipas-2023",
			"overall":{"n":20,"percent":73.33333333333333,"display":"73,33%"},
			"sections":[{"key":"access","percent":60,"display":"60%"},{"key":"procedures","percent":100,"display":"100%"},
				{"key":"feedback","percent":null,"display":null}],
			"questions":[{"key":"a1","n":20,"percent":70,"display":"70%","low":48.102718,"high":85.452276},
				{"key":"a2","n":20,"percent":50,"display":"50%","low":29.9298,"high":70.0702},
				{"key":"p1","n":10,"percent":100,"display":"100%","low":72.24672,"high":100},
				{"key":"f1","n":0,"percent":null,"display":null,"low":null,"high":null}]}`,
		Pooled: `{"method":"pooled",
			"overall":{"n":20,"percent":68,"display":"68%"},
			"sections":[{"key":"access","percent":60,"display":"60%"},{"key":"procedures","percent":100,"display":"100%"},
				{"key":"feedback","percent":null,"display":null}],
			"questions":[{"key":"a1","n":20,"percent":70,"display":"70%","low":48.102718,"high":85.452276},
				{"key":"a2","n":20,"percent":50,"display":"50%","low":29.9298,"high":70.0702},
				{"key":"p1","n":10,"percent":100,"display":"100%","low":72.24672,"high":100},
				{"key":"f1","n":0,"percent":null,"display":null,"low":null,"high":null}]}`,
	} {
		r, err := sheet.Score(m)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		squeezed := strings.NewReplacer("\n", "", "\t", "").Replace(want)
		if diff := cmp.Diff(squeezed, string(got)); diff != "" {
			t.Errorf("%s: %s", m, diff)
		}
	}
}

func TestResultWithoutData(t *testing.T) {
	t.Parallel()
	const want = `{"method":"sipas-2023","overall":{"n":0,"percent":null,"display":null},"sections":[],"questions":[]}`
	sheet, err := ReadSheet(strings.NewReader("section,question,n1,n2,n3,n4,n5\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []Method{Sipas2023, SingleQuestion, MeanScore} {
		r, err := sheet.Score(m)
		got, _ := json.Marshal(r)
		if err != nil || string(got) != strings.Replace(want, "sipas-2023", string(m), 1) {
			t.Errorf("%s: %s, %v", m, got, err)
		}
	}
}

func TestMethodsOfASheet(t *testing.T) {
	t.Parallel()
	for _, m := range []Method{AllSatisfied, ExpectationMean, ReturnIntent, Points210, PointsRatio, SingleQuestion, "mine"} {
		if r, err := plain().Score(m); err == nil || !strings.Contains(err.Error(), string(m)) {
			t.Errorf("%s of a sheet: %+v, %v; want an error", m, r, err)
		}
	}
	single := Sheet{Sections: []Section{{"a", []Question{{"q", Counts{0, 0, 0, 298, 60, 42}}}}}}
	r, err := single.Score(SingleQuestion)
	if err != nil || *r.Overall.Display != "25,50%" || r.Overall.N != 400 {
		t.Errorf("single question: %+v, %v", r.Overall, err)
	}
	r, err = plain().Score(MeanScore)
	if err != nil || *r.Overall.Display != "3,78" || *r.Overall.Percent != 3.78 {
		t.Errorf("mean score: %v, %v", *r.Overall.Display, err)
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	sheet := plain()
	sheet.Sections = append(sheet.Sections, Section{"góp ý", []Question{{"f1", Counts{}}, {"f2", Counts{0, 813, 0, 0, 3400, 0}}}})
	r, err := sheet.Score(Sipas2023)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := Table(&out, r); err != nil {
		t.Fatal(err)
	}
	const want = `Phương pháp: sipas-2023

                 Số người           Chỉ số  Khoảng tin cậy 95%
CHUNG               4.213           75,18%
Nhóm access                            60%
Nhóm procedures                       100%
Nhóm góp ý                          80,70%
Câu a1                 20              70%       48,10 – 85,45
Câu a2                 20              50%       29,93 – 70,07
Câu p1                 10             100%      72,25 – 100,00
Câu f1                  0  chưa có dữ liệu
Câu f2              4.213           80,70%       79,48 – 81,87
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
	if err := Table(fullDisk{}, r); err == nil {
		t.Error("a write error is lost")
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }
