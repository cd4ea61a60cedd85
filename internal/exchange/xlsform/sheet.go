package xlsform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sipas/internal/exchange/draft"
	"sipas/internal/spreadsheet"
)

// sheet is a sheet whose header is understood.
type sheet struct {
	name string
	rows []row
}

// column is one header: what it says, and of what language.
type column struct {
	name     string
	language string // as it is written there; "" is none
	raw      string
	at       int
}

// row is one row below the header, by column.
type row struct {
	where  string
	values map[column]string
}

// aliases are other names of columns, of all sheets.
var aliases = map[string]string{
	"command": "type", "tag": "name", "value": "name", "caption": "label", "relevance": "relevant",
	"constraining_message": "constraint_message", "jr:constraintmsg": "constraint_message",
	"requiredmsg": "required_message", "jr:requiredmsg": "required_message",
	"calculate": "calculation", "readonly": "read_only", "count": "repeat_count", "jr:count": "repeat_count",
	"set_form_title": "form_title", "title": "form_title", "set_form_id": "form_id", "id_string": "form_id",
	"listname": "list_name", "list": "list_name",
}

var spaces = regexp.MustCompile(`[\s\x{00a0}_]+`)

// plainly is a header or a name of a sheet as it is compared.
func plainly(text string) string {
	return strings.Trim(spaces.ReplaceAllString(strings.ToLower(text), "_"), "_")
}

// columnOf reads a header. A single colon parts it only where no header of the
// sheet has two, but behind the name of a text.
func columnOf(header string, single bool) column {
	c := column{raw: draft.Shown(header)}
	parts := strings.Split(header, "::")
	if before, _, _ := strings.Cut(header, ":"); len(parts) == 1 && (slices.Contains(texts, plainly(before)) || single && !strings.HasPrefix(plainly(header), "jr:")) {
		parts = strings.Split(header, ":")
	}
	first := plainly(parts[0])
	if slices.Contains([]string{"bind", "control", "body", "media", "instance"}, first) && len(parts) > 1 {
		under := first
		first = plainly(parts[1])
		if under == "instance" {
			first = "instance::" + first
		}
		parts = parts[1:]
	}
	c.name, c.language = first, strings.TrimSpace(strings.Join(parts[1:], "::"))
	if to, known := aliases[c.name]; known {
		c.name = to
	}
	return c
}

// titled reads a sheet by its header, which is the first row with anything in it.
func titled(d *draft.Draft, name string, rows []spreadsheet.Row) sheet {
	s := sheet{name: name}
	var columns []column
	for _, r := range rows {
		if !slices.ContainsFunc(r.Cells, func(c spreadsheet.Cell) bool { return cellText(c.Text) != "" }) {
			continue
		}
		where := fmt.Sprintf("%s:%d", name, r.Line)
		if columns == nil {
			columns = header(d, where, r.Cells)
			continue
		}
		values := map[column]string{}
		for i, cell := range r.Cells {
			text := cellText(cell.Text)
			switch {
			case text == "":
			case cell.Kind == spreadsheet.Fault:
				d.Refuse(where, draft.ProblemFormula, text, "")
			case i >= len(columns) || columns[i].name == "":
				d.Warn(where, draft.ProblemColumn, "", text)
			default:
				values[columns[i]] = text
			}
		}
		if len(values) > 0 {
			s.rows = append(s.rows, row{where, values})
		}
	}
	return s
}

// header reads the names of columns; none may stand there twice.
func header(d *draft.Draft, where string, cells []spreadsheet.Cell) []column {
	double := slices.ContainsFunc(cells, func(c spreadsheet.Cell) bool { return strings.Contains(c.Text, "::") })
	columns := make([]column, len(cells))
	type named struct{ name, language string }
	seen := map[named]bool{}
	for i, cell := range cells {
		text := cellText(cell.Text)
		if text == "" {
			continue
		}
		columns[i] = columnOf(text, !double)
		columns[i].at = i
		key := named{columns[i].name, strings.ToLower(columns[i].language)}
		if seen[key] {
			d.Refuse(where, draft.ProblemHeaderTwice, text, "")
		}
		seen[key] = true
	}
	return columns
}

// cellText is a cell without what stands around it.
func cellText(text string) string {
	return strings.Trim(strings.ReplaceAll(text, "\u00a0", " "), " \t\r\n\u200b\ufeff")
}

// get is the cell of a column, whatever its language, on one line and with straight
// quotation marks: names and expressions.
func (r row) get(name string) string {
	text := ""
	for _, c := range ordered(r) {
		if c.name == name && (text == "" || c.language == "") {
			text = r.values[c]
		}
	}
	return strings.Join(strings.Fields(straight.Replace(text)), " ")
}

var straight = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`)

// yes tells whether a cell says yes; other is what it says otherwise.
func (r row) yes(name string) (is bool, other string) {
	switch text := r.get(name); strings.ToLower(text) {
	case "yes", "true", "1", "true()", "có":
		return true, ""
	case "", "no", "false", "0", "false()", "không":
		return false, ""
	default:
		return false, text
	}
}

// words are the words of a cell: an appearance.
func (r row) words(name string) []string { return strings.Fields(strings.ToLower(r.get(name))) }

// parameters reads k=v parted by blanks, commas or semicolons.
func (r row) parameters() map[string]string {
	all := map[string]string{}
	text := strings.ToLower(regexp.MustCompile(`\s*=\s*`).ReplaceAllString(r.get("parameters"), "="))
	for _, pair := range strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == ',' || c == ';' }) {
		if key, value, ok := strings.Cut(pair, "="); ok {
			all[key] = value
		}
	}
	return all
}
