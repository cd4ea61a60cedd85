package lime

import (
	"fmt"
	"slices"
	"strings"

	"sipas/internal/exchange/draft"
)

// conditions reads the table of conditions of a question: any scenario, of which
// all answers; the same answer several times means one of these. The text is as
// people read it; "" is none.
func (r *reader) conditions(id string) (*draft.Expr, string) {
	type answer struct {
		field string
		any   []draft.Expr
	}
	scenarios := map[string][]*answer{}
	var order, texts []string
	sound := true
	for _, row := range r.f.tables["conditions"] {
		if row["qid"] != id {
			continue
		}
		scenario, field := row["scenario"], row["cfieldname"]
		if _, known := scenarios[scenario]; !known {
			order = append(order, scenario)
		}
		texts = append(texts, fmt.Sprintf("%s %s %q", field, row["method"], row["value"]))
		e, ok := r.term(row)
		sound = sound && ok
		at := slices.IndexFunc(scenarios[scenario], func(a *answer) bool { return a.field == field })
		if at < 0 {
			at = len(scenarios[scenario])
			scenarios[scenario] = append(scenarios[scenario], &answer{field: field})
		}
		scenarios[scenario][at].any = append(scenarios[scenario][at].any, e)
	}
	text := strings.Join(texts, "; ")
	switch {
	case text == "":
		return nil, ""
	case !sound:
		return &draft.Expr{Op: draft.Compare, Left: draft.Operand{Kind: draft.Call}}, text // which nothing translates
	}
	any := draft.Expr{Op: draft.Any}
	for _, scenario := range order {
		all := draft.Expr{Op: draft.All}
		for _, a := range scenarios[scenario] {
			all.Of = append(all.Of, draft.Expr{Op: draft.Any, Of: a.any})
		}
		any.Of = append(any.Of, all)
	}
	return &any, text
}

// term reads one row of the table.
func (r *reader) term(row record) (draft.Expr, bool) {
	field, value, method := row["cfieldname"], row["value"], row["method"]
	methods := map[string]string{"": "=", "==": "=", "=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
	cmp, known := methods[strings.TrimSpace(method)]
	if !known || strings.HasPrefix(value, "@") || strings.HasPrefix(value, "{") || strings.HasPrefix(field, "{") {
		return draft.Expr{}, false
	}
	if whole, ticked := strings.CutPrefix(field, "+"); ticked {
		field = whole
	} else if q := r.byID[row["cqid"]]; q != nil && (q.kind == "M" || q.kind == "P") && value != "" {
		field, value = field+value, "Y"
	}
	return draft.Expr{
		Op: draft.Compare, Cmp: cmp,
		Left:  draft.Operand{Kind: draft.Ref, Text: field},
		Right: draft.Operand{Kind: draft.String, Text: value},
	}, true
}
