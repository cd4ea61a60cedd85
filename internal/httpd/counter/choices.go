package counter

import (
	"slices"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/limit"
	"sipas/internal/registry"
)

// choices are what forms of counters let choose from.
type choices struct {
	Scopes   []httpd.Choice
	Judged   []httpd.Choice // nil where who is judged is not the caller's to see or change
	Channels []httpd.Choice
	Surveys  []httpd.Choice
	Fields   []httpd.Choice
}

func choicesOf(view registry.View, snap *registry.Snapshot, p httpd.Page, typed httpd.Typed) choices {
	all := choices{
		Scopes: httpd.AgencyChoices(view, p, typed.Value("agency")), Channels: channelChoices(p, typed.Value("channel")),
		Surveys: surveyChoices(snap, p, typed.Value("survey")), Fields: fieldChoices(snap, p, typed.Value("fields")),
	}
	if who, shown := typed.Values[judged]; shown {
		own := httpd.Choice{Text: p.T("point.judged-own"), Chosen: who == ""}
		all.Judged = append([]httpd.Choice{own}, httpd.AgencyChoices(view, p, who)...)
	}
	return all
}

func channelChoices(p httpd.Page, chosen string) (list []httpd.Choice) {
	for _, c := range agency.Channels() {
		list = append(list, httpd.Choice{Value: string(c), Text: p.Channel(c), Chosen: string(c) == chosen})
	}
	return list
}

func surveyChoices(snap *registry.Snapshot, p httpd.Page, chosen string) (list []httpd.Choice) {
	for _, key := range snap.Surveys {
		if newest := snap.Newest(key); newest != nil {
			list = append(list, httpd.Choice{Value: key, Text: newest.Definition.Title.In(p.Language), Chosen: key == chosen})
		}
	}
	return list
}

// fieldChoices are the service fields to choose from; chosen are those of a cell.
func fieldChoices(snap *registry.Snapshot, p httpd.Page, chosen string) (list []httpd.Choice) {
	served := strings.Split(chosen, ";")
	for _, f := range snap.Fields {
		is := slices.Contains(served, f.Key)
		if !agency.UnsaidField(f.Key) || is {
			list = append(list, httpd.Choice{Value: f.Key, Text: f.Name.In(p.Language), Chosen: is})
		}
	}
	return list
}

// limitForm is a counter's own limit as two fields: so many answers in such a time.
type limitForm struct {
	Count   string // "" for none
	Periods []httpd.Choice
}

// usualPeriods are those to choose from, as limit.Rate writes them.
var usualPeriods = []string{"1m", "10m", "1h", "24h"}

// limitOf is a limit, COUNT/PERIOD or what was typed as one, as the form has it. A
// period that a command has set is one of those to choose from.
func limitOf(p httpd.Page, own string) limitForm {
	count, period, set := strings.Cut(own, "/")
	periods := slices.Clone(usualPeriods)
	if !set {
		period = periods[0]
	} else if !slices.Contains(periods, period) {
		periods = append(periods, period)
	}
	form := limitForm{Count: count}
	for _, one := range periods {
		if span, err := time.ParseDuration(one); err == nil {
			form.Periods = append(form.Periods, httpd.Choice{Value: one, Text: spanWords(p, span), Chosen: one == period})
		}
	}
	return form
}

// typedLimit is the limit that two fields say, "" for none.
func typedLimit(fields httpd.Fields) string {
	count := strings.TrimSpace(fields.Get("limit_count"))
	if count == "" {
		return ""
	}
	return count + "/" + fields.Get("limit_period")
}

// limitWords is a limit in words: at most so many answers in such a time.
func limitWords(p httpd.Page, own string) string {
	rate, err := limit.ParseRate(own)
	if own == "" || err != nil {
		return own
	}
	return p.T("point.at-most", "n", p.Count(int64(rate.Count)), "span", spanWords(p, rate.Per))
}

// spanWords is a stretch of time in words, in the largest unit that it is whole in.
func spanWords(p httpd.Page, span time.Duration) string {
	for _, unit := range []struct {
		name string
		of   time.Duration
	}{{"hours", time.Hour}, {"minutes", time.Minute}, {"seconds", time.Second}} {
		if span >= unit.of && span%unit.of == 0 {
			return p.T("span."+unit.name, "n", p.Count(int64(span/unit.of)))
		}
	}
	return span.String()
}
