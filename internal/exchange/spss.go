package exchange

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sipas/internal/agency"
	"sipas/internal/survey"
)

// SPSS writes the syntax that reads a CSV of responses into SPSS or PSPP and says what its
// columns mean: columns are those of the file in their order, as `sipas export` writes
// them, file is its name, and language that of the labels. Of the responses, those of the
// survey stay; their columns become variables named after the questions.
func SPSS(w io.Writer, v *survey.Version, columns []string, file, language string) error {
	s := syntax{out: bufio.NewWriter(w), language: language, names: map[string]bool{}}
	described := map[string]variable{}
	for _, x := range variables(v) {
		described[x.name] = x
	}
	key := v.Definition.Key + "."
	s.line("* %s: %s.", v.Name(), s.comment(v.Definition.Title))
	s.line("* The file is that of: sipas export --format csv.")
	s.line("GET DATA /TYPE=TXT /FILE=%s /ENCODING='UTF8' /ARRANGEMENT=DELIMITED", quoted(file, mostLabel))
	s.line("  /DELIMITERS=\",\" /QUALIFIER='\"' /FIRSTCASE=2 /VARIABLES=")
	var mine []variable
	var others []string
	for i, column := range columns {
		x, known := described[column]
		switch {
		case known:
			x.name = s.name(strings.TrimPrefix(column, key))
			mine = append(mine, x)
			s.line("  %s %s", x.name, x.format())
		case strings.Contains(column, "."):
			// Of another survey, or of a question that this version does not ask.
			name := s.name("other_" + strconv.Itoa(i+1))
			others = append(others, name)
			s.line("  %s A250", name)
		default:
			s.line("  %s A100", s.name(column))
		}
	}
	s.line("  .")
	s.line("SELECT IF (INDEX(version, %s) = 1).", quoted(key, mostLabel))
	if len(others) > 0 {
		s.list("DELETE VARIABLES", others)
	}
	for i := range mine {
		s.describe(mine[i])
	}
	s.line("EXECUTE.")
	return s.out.Flush()
}

// What SPSS takes of a text, in bytes.
const (
	mostName  = 60 // 64, and room to make it unlike another
	mostLabel = 255
	mostValue = 120
)

// format is how the cells of a column are read.
func (x variable) format() string {
	switch {
	case x.ordered:
		return "F1.0"
	case x.several:
		return "A" + strconv.Itoa(x.widest())
	case len(x.categories) > 0 && !x.numbered():
		return "A" + strconv.Itoa(x.widest())
	case x.numbered():
		return "F2.0"
	case x.day:
		return "SDATE10"
	}
	return "F12.0"
}

// numbered tells whether the categories are numbers by themselves.
func (x variable) numbered() bool {
	return len(x.categories) > 0 && !slices.ContainsFunc(x.categories, func(c category) bool { _, err := strconv.Atoi(c.value); return err != nil })
}

// widest is how many bytes a cell has at most.
func (x variable) widest() int {
	most, all := 8, 0
	for _, c := range x.categories {
		most, all = max(most, len(c.value)), all+len(c.value)+1
	}
	if x.several {
		return max(8, all)
	}
	return most
}

// syntax writes commands; that they cannot be written shows at the flush.
type syntax struct {
	out      *bufio.Writer
	language string
	names    map[string]bool // in use, in small letters
}

func (s *syntax) line(format string, values ...any) {
	_, _ = fmt.Fprintf(s.out, format+"\n", values...)
}

// list writes a command about many variables, a few on each line.
func (s *syntax) list(command string, names []string) {
	s.line("%s", command)
	for some := range slices.Chunk(names, 8) {
		s.line("  %s", strings.Join(some, " "))
	}
	s.line("  .")
}

// describe says what a variable means: its label, those of its values, and which of them
// count in no figure. One with several choices becomes one more variable for each.
func (s *syntax) describe(x variable) {
	s.line("VARIABLE LABELS %s %s.", x.name, s.label(x))
	if x.several {
		for _, c := range x.categories {
			name := s.name(x.name + "." + c.value)
			s.line("COMPUTE %s = INDEX(CONCAT(' ', RTRIM(%s), ' '), %s) > 0.", name, x.name, quoted(" "+c.value+" ", mostLabel))
			s.line("IF (%s = '') %s = $SYSMIS.", x.name, name)
			s.line("FORMATS %s (F1.0).", name)
			s.line("VARIABLE LABELS %s %s.", name, quoted(s.said(c.text), mostLabel))
			s.line("VARIABLE LEVEL %s (NOMINAL).", name)
		}
		return
	}
	level := "SCALE"
	switch {
	case x.ordered:
		level = "ORDINAL"
	case len(x.categories) > 0 && !x.numbered():
		level = "NOMINAL"
	}
	var missing []string
	if len(x.categories) > 0 && !x.numbered() || x.ordered {
		s.line("VALUE LABELS %s", x.name)
		for _, c := range x.categories {
			value := c.value
			if !x.ordered {
				value = quoted(value, mostLabel)
			}
			s.line("  %s %s", value, quoted(s.said(c.text), mostValue))
			if c.missing {
				missing = append(missing, value)
			}
		}
		s.line("  .")
	}
	if len(missing) > 0 {
		s.line("MISSING VALUES %s (%s).", x.name, strings.Join(missing, ", "))
	}
	s.line("VARIABLE LEVEL %s (%s).", x.name, level)
}

// label is what a variable is called: the question, with what begins its sentence.
func (s *syntax) label(x variable) string {
	said := s.said(x.question)
	if stem := s.said(x.stem); stem != "" {
		said = stem + " " + said
	}
	return quoted(said, mostLabel)
}

// said is a text in the language, on one line.
func (s *syntax) said(t agency.Text) string {
	return strings.Join(strings.Fields(t.In(s.language)), " ")
}

// comment is a text that no command ends within.
func (s *syntax) comment(t agency.Text) string { return strings.ReplaceAll(s.said(t), ".", "") }

// reserved are the words that no variable may be called.
func reserved() []string {
	return []string{"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}
}

// name makes a name for a variable of the address of an answer: of letters, digits, points
// and underlines, begun by a letter, and like no other.
func (s *syntax) name(address string) string {
	name := strings.Map(func(r rune) rune {
		if r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.') {
			return r
		}
		return '_'
	}, address)
	if slices.Contains(reserved(), name) || name == "" || !unicode.IsLetter(rune(name[0])) {
		name = "q_" + name
	}
	name = strings.TrimRight(name[:min(len(name), mostName)], "._")
	made := name
	for n := 2; s.names[strings.ToLower(made)]; n++ {
		made = name + "_" + strconv.Itoa(n)
	}
	s.names[strings.ToLower(made)] = true
	return made
}

// quoted is a text as a literal of so many bytes at most, cut where a character ends.
func quoted(text string, most int) string {
	end := 0
	for i, r := range text {
		if i+len(string(r)) > most {
			break
		}
		end = i + len(string(r))
	}
	return "'" + strings.ReplaceAll(text[:end], "'", "''") + "'"
}
