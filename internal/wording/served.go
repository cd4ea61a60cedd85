package wording

import "sipas/internal/report"

// Served is how people judged an official, by one survey.
type Served struct {
	Title          string // of the survey
	Method         string // in words
	Figure         Figure // empty: of too few people
	WordingChanged bool
	Months         []ServedMonth // with a figure
}

// ServedMonth is the figure of a month.
type ServedMonth struct {
	Name   string
	Figure Figure
}

// Served writes how people judged an official.
func (w Words) Served(s report.Served) Served {
	out := Served{Title: s.SurveyTitle.In(w.Language), Method: w.T("method." + string(s.Index.Method)), Figure: w.figure(s.Figure, nil), WordingChanged: s.WordingChanged}
	for _, m := range s.Trend {
		if m.HasFigure() {
			out.Months = append(out.Months, ServedMonth{w.T("served.month", "month", m.Month%100), w.figure(m.Figure, nil)})
		}
	}
	return out
}
