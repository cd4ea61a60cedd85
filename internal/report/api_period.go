package report

import "sipas/internal/civil"

// APIPeriod is a period as the JSON interface gives it.
type APIPeriod struct {
	Year     int    `json:"year"`
	Period   string `json:"period"`             // as in the question: "Y", "Q1", "H1", "9M", "M05"; "RQ1"; "20260301-20260414"
	Calendar string `json:"calendar,omitempty"` // "report", if it is one of its periods
	From     string `json:"from"`               // the first civil day
	To       string `json:"to"`                 // the last civil day
}

// DescribePeriod gives a period for the JSON interface.
func DescribePeriod(p civil.Period) APIPeriod {
	days := p.Days()
	return APIPeriod{p.Year, p.Part(), string(p.Calendar), days.From, days.To}
}
