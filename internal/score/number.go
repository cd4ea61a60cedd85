package score

import (
	"math/big"
	"strconv"
	"strings"
)

// Number is an exact rational number, in percent, in points of percent or on the scale 1 to 5, as its owner says. The zero value
// is 0. A Number is never changed after it is made.
type Number struct{ rat *big.Rat }

// NewNumber is num/den. The second result is false when den is 0: there is no number then.
func NewNumber(num, den int64) (Number, bool) {
	if den == 0 {
		return Number{}, false
	}
	return Number{big.NewRat(num, den)}, true
}

// Ratio is num of den in percent. The second result is false when there is nothing to divide by (den <= 0): no data, which is
// not 0%.
func Ratio(num, den int64) (Number, bool) {
	if den <= 0 {
		return Number{}, false
	}
	r := big.NewRat(num, den)
	return Number{r.Mul(r, hundred())}, true
}

func hundred() *big.Rat { return big.NewRat(100, 1) }

// value is the number for reading only.
func (n Number) value() *big.Rat {
	if n.rat == nil {
		return new(big.Rat)
	}
	return n.rat
}

// Cmp compares exactly: -1, 0 or 1.
func (n Number) Cmp(m Number) int { return n.value().Cmp(m.value()) }

// Sub is n - m, exactly.
func (n Number) Sub(m Number) Number { return Number{new(big.Rat).Sub(n.value(), m.value())} }

// Float is the nearest float64 of the exact number, for charts and JSON, where nothing is rounded for display.
func (n Number) Float() float64 {
	f, _ := n.value().Float64()
	return f
}

// Rounded is the number with exactly so many decimals and a point, rounded half away from zero: "83.94", "40.00", "-2.8". It
// never prints a negative zero.
func (n Number) Rounded(decimals int) string {
	s := n.value().FloatString(max(decimals, 0))
	if strings.HasPrefix(s, "-") && strings.Trim(s, "-0.") == "" {
		return s[1:]
	}
	return s
}

// NumberOf is the number that JSON writes for a float64: the shortest decimal that reads back as f. A figure that was kept as
// JSON rounds by it as the exact figure does. What is no number (NaN, infinite) is 0.
func NumberOf(f float64) Number {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(f, 'g', -1, 64))
	if !ok {
		return Number{}
	}
	return Number{r}
}

// Decimal prints the number in a language ("en", anything else is Vietnamese): "82,2", "−2,8" with a real minus sign.
//
// Decimals that are all zero are dropped: published tables print "40", not "40,0", and the same rule at two decimals gives "85"
// for 85.00. Otherwise all digits stay, as SIPAS reports print them: "86,50".
func (n Number) Decimal(lang string, decimals int) string {
	return inLanguage(lang, withoutZeros(n.Rounded(decimals)))
}

// FormatFloat prints an estimate or a rounded figure as Decimal prints an exact number.
func FormatFloat(lang string, f float64, decimals int) string {
	return inLanguage(lang, withoutZeros(strconv.FormatFloat(f, 'f', decimals, 64)))
}

// withoutZeros drops decimals that are all zero.
func withoutZeros(s string) string {
	if whole, fraction, ok := strings.Cut(s, "."); ok && strings.Trim(fraction, "0") == "" {
		return whole
	}
	return s
}

// inLanguage gives "-82.2" the decimal mark of a language and a real minus sign.
func inLanguage(lang, s string) string {
	if lang != "en" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return strings.Replace(s, "-", "−", 1)
}

// Percent is Decimal with a percent sign: "83,94%" ("83.94%" in English).
func (n Number) Percent(lang string, decimals int) string { return n.Decimal(lang, decimals) + "%" }

// FormatCount prints a whole number with its thousands apart: 4213 is "4.213" in Vietnamese and "4,213" in English ("en").
func FormatCount(lang string, n int64) string {
	separator := "."
	if lang == "en" {
		separator = ","
	}
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	first := len(digits) % 3
	groups := make([]string, 0, len(digits)/3+1)
	if first > 0 {
		groups = append(groups, digits[:first])
	}
	for i := first; i < len(digits); i += 3 {
		groups = append(groups, digits[i:i+3])
	}
	return sign + strings.Join(groups, separator)
}
