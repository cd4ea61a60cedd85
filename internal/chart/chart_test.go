package chart

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/score"
)

var update = flag.Bool("update", false, "write the golden files")

// year makes points: a negative value is a hidden month, 0 an empty one.
func year(values ...float64) []Point {
	points := make([]Point, len(values))
	for i, v := range values {
		points[i] = Point{Label: fmt.Sprintf("T%d", i+1)}
		switch {
		case v > 0:
			points[i].State, points[i].Value = Shown, v
			points[i].Print = strings.Replace(fmt.Sprintf("%.1f%%", v), ".", ",", 1)
		case v < 0:
			points[i].State = Hidden
		}
	}
	return points
}

// broken is a line with a new version in its third month, and one in its seventh that is
// not comparable with what was before.
func broken(t Trend) Trend {
	t.Points = slices.Clone(t.Points)
	t.Points[2].Changed = true
	t.Points[6].Changed, t.Points[6].Breaks = true, true
	return t
}

func charts() map[string]template.HTML {
	land := Trend{
		Title: "Đất đai theo tháng", Desc: "Từ 78% lên 82,2%", HasTarget: true, Target: Tick{85, "chỉ tiêu 85"},
		Points: year(78, 79.5, 77, 80, -1, 81, 83, 0, 82.5, 81.9, 82, 82.2),
	}
	levels := Levels{Title: "Mức độ hài lòng", Shares: [5]Share{{4, "4%"}, {9, "9%"}, {18, "18%"}, {41, "41%"}, {28, "28%"}}}
	return map[string]template.HTML{
		"bullet-missed": Bullet{
			Title: "Đất đai: 82,2%", Desc: "Chỉ tiêu 80 và 85, thiếu 2,8 điểm", HasValue: true, Value: 82.2, HasInterval: true, Low: 81, High: 83.4,
			Targets: []Tick{{85, "85"}, {80, "80"}}, Standing: score.Missed,
		}.SVG(),
		"bullet-met":        Bullet{Title: "Y tế: 97%", HasValue: true, Value: 97, HasInterval: true, Low: 95.1, High: 98.2, Targets: []Tick{{95, "95"}}, Standing: score.Met}.SVG(),
		"bullet-high-pair":  Bullet{Title: "Hai chỉ tiêu cao", HasValue: true, Value: 91, Targets: []Tick{{90, "90"}, {95, "95"}}, Standing: score.NotEnoughData}.SVG(),
		"bullet-no-data":    Bullet{Title: "Xây dựng: chưa có dữ liệu", Targets: []Tick{{85, "85"}}}.SVG(),
		"bullet-no-target":  Bullet{Title: "Thuế: 64%", HasValue: true, Value: 64, HasInterval: true, Low: 50, High: 76}.SVG(),
		"levels":            levels.SVG(),
		"levels-one-sided":  Levels{Title: "Chỉ hài lòng", Shares: [5]Share{3: {60, "60%"}, 4: {40, "40%"}}}.SVG(),
		"levels-nobody":     Levels{Title: "Chưa có dữ liệu"}.SVG(),
		"trend":             withScale(land).SVG(),
		"trend-break":       broken(land).SVG(),
		"sparkline-break":   broken(land).Sparkline(),
		"trend-no-target":   Trend{Title: "Tháng đầu", Points: year(91.5, 93, 94)}.SVG(),
		"trend-empty":       Trend{Title: "Chưa có dữ liệu", Points: year(0, 0, -1, 0), HasTarget: true, Target: Tick{85, "85"}}.SVG(),
		"trend-early-value": Trend{Title: "Đầu năm", Points: year(70, 88, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), HasTarget: true, Target: Tick{85, "85"}}.SVG(),
		"sparkline":         land.Sparkline(),
	}
}

func withScale(t Trend) Trend {
	t.Low, t.High = Range(t)
	t.LowLabel, t.HighLabel = fmt.Sprintf("%g%%", t.Low), fmt.Sprintf("%g%%", t.High)
	return t
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, svg := range charts() {
		path := filepath.Join("testdata", name+".svg")
		// One element a line, so that a difference can be read.
		got := strings.ReplaceAll(string(svg), "><", ">\n<") + "\n"
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// wellFormed parses an image and checks that nothing in it but the known
// elements and attributes occurs: no script, no style, no link.
func wellFormed(svg template.HTML) (texts string, err error) {
	elements := map[string]bool{"svg": true, "title": true, "desc": true, "rect": true, "line": true, "circle": true, "text": true}
	attribute := regexp.MustCompile(`^(xmlns|class|role|width|height|x|y|x1|y1|x2|y2|cx|cy|r|dx|text-anchor)$`)
	geometry := regexp.MustCompile(`^-?\d+(\.\d{1,2})?%?$`)
	decoder := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return texts, nil
		}
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.CharData:
			texts += string(e)
		case xml.StartElement:
			if !elements[e.Name.Local] {
				return "", fmt.Errorf("element %s", e.Name.Local)
			}
			for _, a := range e.Attr {
				switch name := a.Name.Local; {
				case !attribute.MatchString(name):
					return "", fmt.Errorf("attribute %s", name)
				case name != "xmlns" && name != "class" && name != "role" && name != "text-anchor" && !geometry.MatchString(a.Value):
					return "", fmt.Errorf("%s=%q is no length", name, a.Value)
				}
			}
		}
	}
}

func TestWellFormed(t *testing.T) {
	t.Parallel()
	for name, svg := range charts() {
		texts, err := wellFormed(svg)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if texts == "" || !strings.Contains(string(svg), `role="img"`) {
			t.Errorf("%s has no name", name)
		}
	}
}

// TestWhateverIsGiven: any numbers, any texts; the image stays whole and says
// the text and nothing else.
func TestWhateverIsGiven(t *testing.T) {
	t.Parallel()
	hostile := []string{`</title><script>alert(1)</script>`, `" onload="x`, `&amp;`, "Đất & đai", `'`}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom(hostile).Draw(t, "text")
		value := func() float64 {
			return rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 100})).Draw(t, "value")
		}
		point := Point{text, State(rapid.IntRange(0, 2).Draw(t, "state")), value(), text, rapid.Bool().Draw(t, "changed"), rapid.Bool().Draw(t, "breaks")}
		trend := Trend{Title: text, Desc: text, Points: []Point{point, {text, Shown, value(), text, false, false}, point}, HasTarget: true, Target: Tick{value(), text}, Low: value(), High: value(), LowLabel: text}
		for _, svg := range []template.HTML{
			Bullet{text, text, true, value(), true, value(), value(), []Tick{{value(), text}, {value(), text}}, score.Standing(text)}.SVG(),
			Levels{text, text, [5]Share{{value(), text}, {value(), text}, {value(), text}, {value(), text}, {value(), text}}}.SVG(),
			trend.SVG(), trend.Sparkline(),
		} {
			texts, err := wellFormed(svg)
			if err != nil {
				t.Fatalf("%v in %s", err, svg)
			}
			if !strings.HasPrefix(texts, text+text) {
				t.Fatalf("the name is %q, want %q twice", texts, text)
			}
		}
	})
}

// contrast is the ratio of WCAG 2.2, 1 to 21.
func contrast(a, b uint32) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2, 0 to 1.
func luminance(rgb uint32) float64 {
	part := func(shift uint) float64 {
		c := float64(rgb>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}

// TestTextOnLevelsIsLegible: a label inside a level has the ink that is easier
// to read on its colour, with the contrast of WCAG 2.2 AA. The colours are
// diverging, safe for colour-blind people and darker away from the middle.
func TestTextOnLevelsIsLegible(t *testing.T) {
	t.Parallel()
	const darkInk, lightInk = uint32(0x101820), uint32(0xffffff)
	for i, colour := range []uint32{0xa6361c, 0xdd8452, 0xbdbbb2, 0x6ba3c4, 0x1f5f8b} {
		ink, other := darkInk, lightInk
		if onLevel(i) == "dark" {
			ink, other = lightInk, darkInk
		}
		if c := contrast(ink, colour); c < 4.5 || c < contrast(other, colour) {
			t.Errorf("level %d: contrast %.2f, want at least 4.5 and that of the other ink, %.2f", i+1, c, contrast(other, colour))
		}
		if rule := fmt.Sprintf(".chart-level-%d { fill: #%06x; }", i+1, colour); !strings.Contains(Stylesheet(), rule) {
			t.Errorf("the stylesheet lacks %q", rule)
		}
	}
	for _, rule := range []string{fmt.Sprintf(".chart-on-light { fill: #%06x; }", darkInk), ".chart-on-dark { fill: #fff; }"} {
		if !strings.Contains(Stylesheet(), rule) {
			t.Errorf("the stylesheet lacks %q", rule)
		}
	}
	if c := contrast(0, 0xffffff); math.Abs(c-21) > 1e-9 {
		t.Errorf("black on white: %v, want 21", c)
	}
}

// TestEveryClassHasARule keeps drawings and stylesheet together.
func TestEveryClassHasARule(t *testing.T) {
	t.Parallel()
	outer := map[string]bool{"chart-bullet": true, "chart-levels": true, "chart-trend": true, "chart-sparkline": true}
	for name, svg := range charts() {
		for _, attribute := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(string(svg), -1) {
			for class := range strings.FieldsSeq(attribute[1]) {
				if !outer[class] && !regexp.MustCompile(`\.`+class+`[ .,{]`).MatchString(Stylesheet()) {
					t.Errorf("%s: class %s has no rule", name, class)
				}
			}
		}
	}
}

func TestRange(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		trend     Trend
		low, high float64
	}{
		{Trend{}, 0, 100},
		{Trend{Points: year(78, 83), HasTarget: true, Target: Tick{85, ""}}, 70, 90},
		{Trend{Points: year(95, 96)}, 80, 100},
		{Trend{Points: year(3, 4)}, 0, 20},
		{Trend{Points: year(-1, 0)}, 0, 100},
		{Trend{Points: year(42, 91)}, 40, 100},
	} {
		if low, high := Range(test.trend); low != test.low || high != test.high {
			t.Errorf("%v: %v to %v, want %v to %v", test.trend, low, high, test.low, test.high)
		}
	}
}

// What cannot be compared is not joined, in either drawing; a change alone is marked.
func TestBreaksAreNotJoined(t *testing.T) {
	t.Parallel()
	whole := Trend{Points: year(80, 81, 82, 83)}
	changed, breaks := Trend{Points: year(80, 81, 82, 83)}, Trend{Points: year(80, 81, 82, 83)}
	changed.Points[2].Changed = true
	breaks.Points[2].Breaks = true
	for i, want := range [][2]int{{3, 0}, {3, 1}, {2, 1}} {
		trend := []Trend{whole, changed, breaks}[i]
		for _, svg := range []template.HTML{trend.SVG(), trend.Sparkline()} {
			if got := [2]int{strings.Count(string(svg), `"chart-line"`), strings.Count(string(svg), `"chart-change"`)}; got != want {
				t.Errorf("%d: lines and marks %v, want %v", i, got, want)
			}
		}
	}
	alone := Trend{Points: year(80, 81, 82)} // a point that no line reaches is seen
	alone.Points[1].Breaks, alone.Points[2].Breaks = true, true
	if n := strings.Count(string(alone.Sparkline()), `"chart-point"`); n != 3 {
		t.Errorf("%d points", n)
	}
}
