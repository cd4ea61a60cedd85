package spreadsheet

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// style is what the format of a cell makes of its number.
type style struct {
	day     bool
	percent bool // it shows 0.85 as 85%
	digits  int  // as many at least, with zeros in front; 0: as many as there are
}

var (
	// dayFormats are the numbers of the built-in formats that show a day or a time,
	// of all languages (ECMA-376 part 1, 18.8.30).
	dayFormats = [][2]int{{14, 22}, {27, 36}, {45, 47}, {50, 58}}
	// unsaid is what a format shows as it stands: texts, colours, conditions.
	unsaid = regexp.MustCompile(`"[^"]*"|\\.|\[[^\]]*\]|_.`)
	zeros  = regexp.MustCompile(`^0{2,20}$`)
)

// readStyles reads what the formats of cells are.
func (b *book) readStyles(name string) error {
	own := map[string]string{}
	within := ""
	return b.elements(name, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "cellXfs", "cellStyleXfs", "dxfs":
			within = e.Name.Local
		case "numFmt":
			if within == "" {
				own[attribute(e, "numFmtId")] = attribute(e, "formatCode")
			}
		case "xf":
			if within == "cellXfs" && len(b.styles) < 1<<16 {
				id := attribute(e, "numFmtId")
				b.styles = append(b.styles, styleOf(id, own[id]))
			}
		}
		return nil
	})
}

// styleOf judges a format by its number and, if it is of the file's own, its text.
func styleOf(id, format string) style {
	if format == "" {
		number, err := strconv.Atoi(id)
		for _, span := range dayFormats {
			if err == nil && span[0] <= number && number <= span[1] {
				return style{day: true}
			}
		}
		return style{percent: number == 9 || number == 10}
	}
	if zeros.MatchString(format) {
		return style{digits: len(format)}
	}
	format, _, _ = strings.Cut(unsaid.ReplaceAllString(format, ""), ";") // of positive numbers
	return style{
		day:     strings.ContainsAny(strings.ToLower(format), "ymdhs") && !strings.ContainsAny(format, "#?E"),
		percent: strings.Contains(format, "%"),
	}
}

// shown is a number as its format shows it: a day, a percentage, or digits.
func (s style) shown(number string, from04 bool) Cell {
	value, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return Cell{number, Fault}
	}
	if s.day && value >= 0 && value < 3_000_000 {
		return Cell{dayOf(value, from04), Day}
	}
	mark := ""
	if s.percent {
		value, mark = value*100, "%"
	}
	// Programs keep 15 digits; what comes behind them is none of what was typed.
	if short, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 15, 64), 64); err == nil {
		value = short
	}
	text := strconv.FormatFloat(value, 'f', -1, 64)
	if len(text) < s.digits {
		text = strings.Repeat("0", s.digits-len(text)) + text
	}
	return Cell{text + mark, Number}
}

// dayOf is the day that a number of days means, with the time if it has one. Numbers
// from 1900 count a 29 February 1900, which was none.
func dayOf(value float64, from04 bool) string {
	zero := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if from04 {
		zero = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if value < 60 {
		zero = zero.AddDate(0, 0, 1)
	}
	whole := int(value)
	at := zero.AddDate(0, 0, whole).Add(time.Duration((value - float64(whole)) * float64(24*time.Hour))).Round(time.Second)
	if at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
		return at.Format(time.DateOnly)
	}
	return at.Format(time.DateTime)
}
