package civil

import "strconv"

// MonthOf gives the month of a civil day "2006-01-02" as the number 200601.
func MonthOf(day string) int {
	if len(day) < 7 {
		return 0
	}
	year, _ := strconv.Atoi(day[:4])
	month, _ := strconv.Atoi(day[5:7])
	return year*100 + month
}
