package httpd_test

import (
	"testing"

	"sipas/internal/difference"
	"sipas/internal/exchange"
	"sipas/internal/score"
	"sipas/internal/studio"
	"sipas/internal/survey"
	"sipas/internal/translation"
)

// computedOfDrafts are the keys that the pages of drafts put together: see computedKeys.
func computedOfDrafts(t *testing.T) map[string][]string {
	var kinds, fields []string
	for _, t := range survey.Types() {
		kinds = append(kinds, string(t))
	}
	elements := []string{"survey", "section", "question", "choice", "row", "remark"}
	for _, kind := range elements {
		for _, f := range studio.FieldsOf(studio.Kind(kind)) {
			fields = append(fields, f.Name)
		}
	}
	values := []string{"scored-none", "scored-false", "satisfied-none", "satisfied-5", "satisfied-3-4-5", "satisfied-2-3", "levels-none", "levels-3",
		"points-none", "points-2", "points-1", "points-0", "headline-none"}
	for _, m := range score.Methods() {
		values = append(values, "method-"+string(m))
	}
	files := append(exchange.Formats(), "spss", "paper")
	doings := []string{"add", "set", "move", "remove", "restore"}
	return map[string][]string{
		"question-kind.": kinds, "question-effect.": kinds,
		"survey-file.sort-": {"lost", "mend"},
		"survey-file.give-": files, "survey-file.hint-": files,
		"studio.view-": {"khung", "sua", "xem"},
		"studio.kind-": elements, "studio.list.": {"choice", "row"}, "studio.list-hint.": {"choice", "row"},
		"studio.clash-": doings, "studio.did-": doings,
		"studio.differs-": {string(difference.Added), string(difference.Removed), string(difference.Moved), string(difference.Wording),
			string(difference.Scoring), string(difference.Condition), string(difference.Setting)},
		"studio.value.": values,
		"studio.field.": append(fields, "section-title"),
		"studio.hint.": {"code", "survey-code", "languages", "method", "headline", "required", "no_opinion", "satisfied", "scored", "levels",
			"points", "random_order", "stem", "section-title", "note", "from", "to", "other", "source"},
		"language.": translation.Suggested(), "translation.problem.": constants(t, "../translation", "Problem"),
		"scale3.": {"1", "2", "3"}, "yes-no.": {"yes", "no"},
	}
}
