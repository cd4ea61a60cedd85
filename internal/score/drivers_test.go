package score

import (
	"testing"

	"pgregory.net/rapid"
)

func TestDrivers(t *testing.T) {
	t.Parallel()
	sections := []Section{
		{"access", []Question{{"a1", Counts{0, 0, 0, 10, 90, 0}}}},                                         // 90
		{"procedures", []Question{{"p1", Counts{0, 0, 0, 40, 60, 0}}, {"p2", Counts{0, 0, 0, 20, 80, 0}}}}, // 70, two questions
		{"feedback", []Question{{"f1", Counts{0, 0, 0, 40, 60, 0}}}},                                       // 60
		{"unasked", []Question{{"u1", Counts{50}}}},
	}
	got := ""
	for _, d := range Drivers(Sipas2023, sections, number(t, "85")) {
		got += d.Key + " " + d.Gain.Rounded(2) + " "
	}
	if want := "procedures 7.50 feedback 6.25 access 0.00 "; got != want {
		t.Errorf("drivers %s, want %s", got, want)
	}
	if d := Drivers(Sipas2023, nil, Number{}); len(d) != 0 {
		t.Errorf("drivers of nothing: %v", d)
	}
}

// TestGainIsWhatItSays: moving a factor to the aim, by replacing its index in the weighted mean, moves the whole by Gain.
func TestGainIsWhatItSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom([]Method{Sipas2023, Pooled, MeanScore}).Draw(t, "method")
		questions := count(drawForm(t)).Questions
		var sections []Section
		for i, c := range questions {
			if i%3 == 0 {
				sections = append(sections, Section{Key: string(rune('a' + i))})
			}
			last := &sections[len(sections)-1]
			last.Questions = append(last.Questions, Question{Counts: c})
		}
		overall := m.Overall(Tally{Questions: questions})
		drivers := Drivers(m, sections, overall.Value)
		for i, d := range drivers {
			if d.Gain.value().Sign() < 0 || i > 0 && drivers[i-1].Gain.Cmp(d.Gain) < 0 {
				t.Fatalf("drivers out of order: %v", drivers)
			}
			var values []Number
			var weights []int64
			for _, s := range sections {
				value := m.Section(s.counts()).Value
				if s.Key == d.Key && value.Cmp(overall.Value) < 0 {
					value = overall.Value
				}
				values = append(values, value)
				weights = append(weights, s.weight(m))
			}
			moved, ok := weightedMean(values, weights)
			if !ok || moved.Sub(overall.Value).Cmp(d.Gain) != 0 {
				t.Fatalf("%s: gain %s, but the whole moves by %s", d.Key, d.Gain.Rounded(4), moved.Sub(overall.Value).Rounded(4))
			}
		}
	})
}
