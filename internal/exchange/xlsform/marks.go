package xlsform

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/exchange/draft"
	"sipas/internal/survey"
)

// marks reads the sheet _sipas: what XLSForm has no place for.
func (r *reader) marks(s sheet) {
	for _, row := range s.rows {
		name, property, language := row.get("item"), row.get("property"), row.get("language")
		value := ""
		for c, text := range row.values {
			if c.name == "name" { // the header is value, which is an alias of name
				value = text
			}
		}
		sound := false
		if it := r.items[name]; name == "" {
			sound = r.markSurvey(row.get("part"), property, language, value)
		} else if it != nil {
			sound = r.mark(it, row.get("part"), property, language, value)
		}
		if !sound {
			r.d.Warn(row.where, draft.ProblemMark, property, name)
		}
	}
}

func (r *reader) markSurvey(part, property, language, value string) bool {
	switch property {
	case "method":
		r.d.Method = value
	case "headline":
		it := r.items[value]
		if it == nil {
			return false
		}
		r.d.Headline = it.q.Key
	case "title":
		return r.put(&r.d.Title, language, value)
	case "source":
		return r.put(&r.d.Source, language, value)
	case "unverified":
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 || n > len(r.d.Untested)+1 {
			return false
		}
		if n > len(r.d.Untested) {
			r.d.Untested = append(r.d.Untested, nil)
		}
		return r.put(&r.d.Untested[n-1], language, value)
	default:
		return false
	}
	return true
}

// put puts a text into one of the languages of the survey.
func (b *book) put(t *agency.Text, language, value string) bool {
	if !slices.Contains(b.d.Languages, language) {
		return false
	}
	if *t == nil {
		*t = agency.Text{}
	}
	(*t)[language] = draft.Clean(value)
	return true
}

func (r *reader) mark(it *item, part, property, language, value string) bool {
	q := it.q
	put := func(t *agency.Text) bool { return r.put(t, language, value) }
	if part != "" {
		for i := range q.Rows {
			if row := &q.Rows[i]; property == "short" && row.Key == it.part[part] {
				return put(&row.Short)
			}
		}
		for i := range q.Choices {
			if c := &q.Choices[i]; property == "note" && c.Key == it.part[part] {
				return put(&c.Note)
			}
		}
		return false
	}
	switch property {
	case "short":
		return put(&q.Short)
	case "no_opinion_text":
		return q.NoOpinion && put(&q.NoOpinionText)
	case "scored":
		scored := value == "true"
		q.Scored = &scored
		return value == "true" || value == "false"
	case "levels":
		return value == "5" && len(q.Rows) > 0 && q.Levels == 0 && set(&q.Levels, 5)
	case "satisfied":
		for _, level := range strings.Fields(value) {
			n, err := strconv.Atoi(level)
			if err != nil {
				return false
			}
			q.Satisfied = append(q.Satisfied, n)
		}
		return true
	case "show":
		// The sheet survey says conditions that XLSForm has words for; this one has none.
		var c survey.Condition
		in := json.NewDecoder(bytes.NewReader([]byte(value)))
		in.DisallowUnknownFields()
		if in.Decode(&c) != nil || len(q.When) > 0 {
			return false
		}
		q.Show = &c
		return true
	}
	return false
}

func set(to *int, n int) bool { *to = n; return true }
