package civil

import (
	"fmt"
	"strconv"
	"strings"
)

// CutOffs are the days of a year with which the quarters of reports end, as days
// and months: each ends a half month. Reports are due before the 20th of the
// quarter's last month (Quyết định 1204/QĐ-UBND of Vĩnh Phúc, 29/6/2022), and their
// figures end on the 14th (văn bản 581/BNV-CCHC).
type CutOffs []CutOff

// CutOff is the 14th or the last day of a month, 1 to 12.
type CutOff struct {
	Month int
	Last  bool // the last day; else the 14th
}

// ReportCutOffs are those of the Ministry of Home Affairs.
func ReportCutOffs() CutOffs { return CutOffs{{Month: 3}, {Month: 6}, {Month: 9}, {Month: 12}} }

// ParseCutOffs reads days such as "14/3,14/6,31/12". The last day of February is
// 28/2 or 29/2. None is an error: what waits would never be put together.
func ParseCutOffs(text string) (CutOffs, error) {
	var all CutOffs
	for part := range strings.SplitSeq(text, ",") {
		first, second, _ := strings.Cut(strings.TrimSpace(part), "/")
		day, err := strconv.Atoi(first)
		month, monthErr := strconv.Atoi(second)
		if err != nil || monthErr != nil || month < 1 || month > 12 {
			return nil, fmt.Errorf("%.40q is no day and month such as 14/3", part)
		}
		last := day == lastDay(month) || month == 2 && day == 29
		if !last && day != secondHalf-1 {
			return nil, fmt.Errorf("%s does not end a half month: take the 14th or the last day of a month", strings.TrimSpace(part))
		}
		all = append(all, CutOff{month, last})
	}
	return all, nil
}

func lastDay(month int) int {
	return [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
}

// Ends tells whether a half month ends with a cut-off day.
func (c CutOffs) Ends(h HalfMonth) bool {
	for _, cut := range c {
		if h.Month()%100 == cut.Month && h.Second() == cut.Last {
			return true
		}
	}
	return false
}

// String writes what ParseCutOffs reads.
func (c CutOffs) String() string {
	parts := make([]string, len(c))
	for i, cut := range c {
		day := secondHalf - 1
		if cut.Last {
			day = lastDay(cut.Month)
		}
		parts[i] = fmt.Sprintf("%d/%d", day, cut.Month)
	}
	return strings.Join(parts, ",")
}
