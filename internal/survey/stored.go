package survey

import "strings"

// WriteAnswers renders the answers that are neither levels nor texts for
// storage: `question=choice,choice` for what is counted, `question:value` for
// what is not, with semicolons between. Keys and values hold small letters,
// digits and hyphens only, so the separators are safe.
func WriteAnswers(r Response) string {
	if len(r.Choices) == 0 && len(r.Values) == 0 {
		return ""
	}
	var b strings.Builder
	separate := func() {
		if b.Len() > 0 {
			b.WriteByte(';')
		}
	}
	for _, c := range r.Choices {
		separate()
		b.WriteString(c.Question)
		b.WriteByte('=')
		b.WriteString(strings.Join(c.Choices, ","))
	}
	for _, v := range r.Values {
		separate()
		b.WriteString(v.Question)
		b.WriteByte(':')
		b.WriteString(v.Value)
	}
	return b.String()
}

// ReadAnswers reads what WriteAnswers wrote.
func ReadAnswers(stored string) (chosen []ChosenAnswer, values []KeptValue) {
	if stored == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(stored, ";") {
		if question, choices, counted := strings.Cut(part, "="); counted {
			chosen = append(chosen, ChosenAnswer{Question: question, Choices: strings.Split(choices, ",")})
		} else {
			question, value, _ := strings.Cut(part, ":")
			values = append(values, KeptValue{Question: question, Value: value})
		}
	}
	return chosen, values
}
