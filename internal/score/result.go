package score

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Result is a scored sheet in the stable form that `sipas score --json` prints. Percent is the unrounded figure (for MeanScore the
// score from 1 to 5, for Points210 the points, without percent sign in Display) and Display the same rounded once: whoever rounds Percent further rounds no
// rounded number. Low and High are the 95% interval. Where nothing was answered they are all null, never 0.
type Result struct {
	Method    Method           `json:"method"`
	Overall   OverallResult    `json:"overall"`
	Sections  []SectionResult  `json:"sections"`
	Questions []QuestionResult `json:"questions"`
	// Classes and the Source of their thresholds, of Points210 only.
	Classes []ClassResult `json:"classes,omitempty"`
	Source  string        `json:"source,omitempty"`
}

// ClassResult is the class that the criteria of a scale make together, and which of them were left out.
type ClassResult struct {
	Of      string   `json:"of"` // "agency", "official"
	Class   string   `json:"class"`
	Points  float64  `json:"points"`
	Display string   `json:"display"`
	LeftOut []string `json:"left_out"`
}

// OverallResult is the whole sheet. A sheet counts answers and does not know how many different people gave them; N is therefore
// the largest number at any one question: at least so many people answered, and adding questions up would count people repeatedly.
type OverallResult struct {
	N       int64    `json:"n"`
	Percent *float64 `json:"percent"`
	Display *string  `json:"display"`
}

// SectionResult is one factor.
type SectionResult struct {
	Key     string   `json:"key"`
	Percent *float64 `json:"percent"`
	Display *string  `json:"display"`
}

// QuestionResult is one question; N is the number of valid answers.
type QuestionResult struct {
	Key     string   `json:"key"`
	N       int64    `json:"n"`
	Percent *float64 `json:"percent"`
	Display *string  `json:"display"`
	Low     *float64 `json:"low"`
	High    *float64 `json:"high"`

	interval string // Low and High for Table, with the decimals of Display
}

// Score computes all figures of the sheet by a method. It is an error to ask for a rule about people or about another kind of
// question, which counts per level cannot answer, or for SingleQuestion of a sheet with several questions.
func (s Sheet) Score(m Method) (Result, error) {
	var all []Counts
	for _, section := range s.Sections {
		all = append(all, section.counts()...)
	}
	tally := Tally{Questions: all}
	switch m {
	case Sipas2023, Pooled, MeanScore:
	case SingleQuestion:
		if len(all) > 1 {
			return Result{}, fmt.Errorf("method %s takes one question, the sheet has %d", m, len(all))
		}
		if len(all) == 1 {
			tally.Headline = all[0]
		}
	case Points210:
		return s.points()
	case AllSatisfied, ExpectationMean, ReturnIntent, PointsRatio:
		return Result{}, fmt.Errorf("method %s needs every person's answers or another kind of question; a sheet of counts per level has neither", m)
	default:
		return Result{}, fmt.Errorf("unknown method %.40q", m)
	}
	overall := m.Overall(tally)
	r := Result{Method: m, Sections: []SectionResult{}, Questions: []QuestionResult{}}
	r.Overall.N = overall.N
	r.Overall.Percent, r.Overall.Display = s.printed(overall)
	for _, section := range s.Sections {
		line := SectionResult{Key: section.Key}
		line.Percent, line.Display = s.printed(m.Section(section.counts()))
		r.Sections = append(r.Sections, line)
		for _, q := range section.Questions {
			r.Questions = append(r.Questions, s.question(m, q))
		}
	}
	return r, nil
}

func (s Sheet) question(m Method, q Question) QuestionResult {
	x := m.Question(q.Counts)
	line := QuestionResult{Key: q.Key, N: x.N}
	line.Percent, line.Display = s.printed(x)
	line.Low, line.High = x.Interval()
	if x.HasInterval {
		decimals := cmp.Or(s.Decimals, usualDecimals)
		scale := math.Pow10(decimals)
		bound := func(f float64) string {
			return inLanguage("vi", strconv.FormatFloat(math.Round(f*scale)/scale, 'f', decimals, 64))
		}
		line.interval = bound(x.Low) + " – " + bound(x.High)
	}
	return line
}

// points scores the sheet by Points210: n0, n1 and n2 are the files that were given 0, 1 and 2 points by a criterion.
func (s Sheet) points() (Result, error) {
	scales, source, err := PointScales()
	if err != nil {
		return Result{}, err
	}
	r := Result{Method: Points210, Sections: []SectionResult{}, Questions: []QuestionResult{}, Source: source}
	judged := map[string]PointCounts{}
	var all []PointCounts
	for _, section := range s.Sections {
		var criteria []PointCounts
		for _, q := range section.Questions {
			if q.Counts[3]+q.Counts[4]+q.Counts[5] != 0 {
				return Result{}, fmt.Errorf("method %s takes files worth 0, 1 and 2 points in n0, n1 and n2; %.40q has some in n3 to n5", Points210, q.Key)
			}
			c := PointCounts{q.Counts[0], q.Counts[1], q.Counts[2]}
			judged[q.Key], criteria = c, append(criteria, c)
			line := QuestionResult{Key: q.Key, N: c.Files()}
			line.Percent, line.Display = s.printed(Criterion(c))
			r.Questions = append(r.Questions, line)
		}
		line := SectionResult{Key: section.Key}
		line.Percent, line.Display = s.printed(points(criteria))
		r.Sections, all = append(r.Sections, line), append(all, criteria...)
	}
	overall := points(all)
	r.Overall.N = overall.N
	r.Overall.Percent, r.Overall.Display = s.printed(overall)
	for _, scale := range scales {
		if class, x, leftOut, ok := scale.Class(judged); ok {
			r.Classes = append(r.Classes, ClassResult{scale.Of, class, x.Value.Float(), x.Display(1), append([]string{}, leftOut...)})
		}
	}
	return r, nil
}

func (s Sheet) printed(x Index) (*float64, *string) {
	if !x.HasData {
		return nil, nil
	}
	percent, display := x.Value.Float(), x.Display(cmp.Or(s.Decimals, usualDecimals))
	return &percent, &display
}

// usualDecimals is how many decimals SIPAS figures are published with.
const usualDecimals = 2

// Table prints the result for a person to read, in Vietnamese, with aligned columns.
func Table(w io.Writer, r Result) error {
	lines := [][]string{{"", "Số người", "Chỉ số", "Khoảng tin cậy 95%"}}
	if r.Method == Points210 {
		lines[0] = []string{"", "Số hồ sơ", "Điểm", ""}
	}
	none := "chưa có dữ liệu"
	show := func(display *string) string {
		if display == nil {
			return none
		}
		return *display
	}
	lines = append(lines, []string{"CHUNG", FormatCount("vi", r.Overall.N), show(r.Overall.Display), ""})
	for _, s := range r.Sections {
		lines = append(lines, []string{"Nhóm " + s.Key, "", show(s.Display), ""})
	}
	for _, q := range r.Questions {
		lines = append(lines, []string{"Câu " + q.Key, FormatCount("vi", q.N), show(q.Display), q.interval})
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "Phương pháp: %s\n\n", r.Method)
	widths := make([]int, 4)
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, line := range lines {
		text := line[0] + pad(line[0], widths[0])
		for i, cell := range line[1:] {
			text += "  " + pad(cell, widths[i+1]) + cell
		}
		fmt.Fprintln(out, strings.TrimRight(text, " "))
	}
	for _, c := range r.Classes {
		of := map[string]string{"agency": "Cơ quan", "official": "Công chức, viên chức"}[c.Of]
		fmt.Fprintf(out, "\n%s: %s điểm, %s", of, c.Display, c.Class)
		if len(c.LeftOut) > 0 {
			fmt.Fprintf(out, " (chưa có tiêu chí %s)", strings.Join(c.LeftOut, ", "))
		}
	}
	if len(r.Classes) > 0 {
		fmt.Fprintf(out, "\nTheo %s\n", r.Source)
	}
	return out.Flush()
}

func pad(cell string, width int) string {
	return strings.Repeat(" ", max(0, width-utf8.RuneCountInString(cell)))
}
