package lime_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/exchange/lime"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// lines describe a survey, one row each: what it is, then column=value parted by
// bars. Texts are in vi, and in en with "en:" in front.
type lines string

// file writes them as LimeSurvey does, texts in tables of their own or not.
func (l lines) file(split bool) string {
	tables, order := map[string][]string{}, []string{}
	row := func(table string, columns ...string) {
		if tables[table] == nil {
			order = append(order, table)
		}
		text := "<row>"
		for i := 0; i+1 < len(columns); i += 2 {
			if columns[i+1] != "" {
				text += fmt.Sprintf("<%s><![CDATA[%s]]></%[1]s>", columns[i], columns[i+1])
			}
		}
		tables[table] = append(tables[table], text+"</row>")
	}
	row("surveys", "sid", "123", "language", "vi", "additional_languages", "en ")
	for _, language := range []string{"vi", "en"} {
		row("surveys_languagesettings", "surveyls_language", language, "surveyls_title", map[string]string{"vi": "Khảo sát", "en": "Survey"}[language],
			"surveyls_welcometext", "<p>Xin chào&nbsp;<b>ông/bà</b></p>", "surveyls_endtext", "Cảm ơn")
	}
	texts := map[string]string{"groups": "group_name", "questions": "question", "subquestions": "question", "answers": "answer"}
	l10n := map[string]string{"groups": "group_l10ns", "questions": "question_l10ns", "subquestions": "question_l10ns", "answers": "answer_l10ns"}
	ids := map[string]string{"groups": "gid", "questions": "qid", "subquestions": "qid", "answers": "aid"}
	aid := 0
	for _, line := range strings.Split(strings.TrimSpace(string(l)), "\n") {
		cells := strings.Split(strings.TrimSpace(line), "|")
		table, columns, text := cells[0], []string{}, ""
		for _, cell := range cells[1:] {
			name, value, _ := strings.Cut(cell, "=")
			if name == "text" {
				text = value
				continue
			}
			columns = append(columns, name, value)
		}
		column, has := texts[table]
		if !has {
			row(table, columns...)
			continue
		}
		aid++
		id := columns[1]
		if table == "answers" {
			columns = append(columns, "aid", fmt.Sprint(aid))
			id = fmt.Sprint(aid)
		}
		if split {
			row(table, columns...)
		}
		for _, language := range []string{"vi", "en"} {
			said := text
			if language == "en" {
				said = "en:" + text
			}
			if split {
				row(l10n[table], ids[table], id, "language", language, column, said)
			} else {
				row(table, append(columns, "language", language, column, said)...)
			}
		}
	}
	out := "\ufeff \n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<document>\n <LimeSurveyDocType>Survey</LimeSurveyDocType>\n <DBVersion>177</DBVersion>\n"
	for _, name := range order {
		out += "<" + name + "><fields><fieldname>x</fieldname></fields><rows>" + strings.Join(tables[name], "\n") + "</rows></" + name + ">\n"
	}
	return out + "</document>"
}

func asked(d survey.Definition) []string {
	var out []string
	for _, s := range d.Sections {
		for _, q := range s.Questions {
			line := fmt.Sprintf("%s %s %s", q.Key, q.Type, strings.ReplaceAll(q.Text["vi"], "\n", "¶"))
			for _, r := range q.Rows {
				line += " -" + r.Key
			}
			for _, c := range q.Choices {
				line += " +" + c.Key
				if c.Other {
					line += "!"
				}
			}
			if q.Required {
				line += " *"
			}
			if !q.Scores() {
				line += " unscored"
			}
			if q.Min != nil {
				line += fmt.Sprint(" ≥", *q.Min)
			}
			if q.Max != nil {
				line += fmt.Sprint(" ≤", *q.Max)
			}
			if q.RandomOrder {
				line += " drawn"
			}
			if q.MaxChoices+q.MaxLength > 0 {
				line += fmt.Sprint(" most ", q.MaxChoices+q.MaxLength)
			}
			if q.Unit != nil {
				line += " " + q.Unit["vi"]
			}
			if q.Show != nil {
				text, _ := json.Marshal(q.Show)
				line += " if " + string(text)
			}
			out = append(out, line)
		}
	}
	return out
}

func check(t *testing.T, name string, got, want []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

// question is a row of one, with what most have.
func question(qid int, code, kind, more string) string {
	return fmt.Sprintf("questions|qid=%d|parent_qid=0|gid=1|title=%s|type=%s|question_order=%d|text=Câu %s%s\n", qid, code, kind, qid, code, more)
}

func sub(qid, parent int, code string, scale int) string {
	return fmt.Sprintf("subquestions|qid=%d|parent_qid=%d|gid=1|title=%s|type=T|scale_id=%d|question_order=%d|text=Dòng %s\n", qid, parent, code, scale, qid, code)
}

func answers(qid, scale int, codes ...string) string {
	all := ""
	for i, code := range codes { // not in order in the file
		all = fmt.Sprintf("answers|qid=%d|code=%s|sortorder=%d|scale_id=%d|text=Trả lời %s\n", qid, code, i, scale, code) + all
	}
	return all
}

func attribute(qid int, name, value string) string {
	return fmt.Sprintf("question_attributes|qid=%d|attribute=%s|value=%s\n", qid, name, value)
}

const group = "groups|gid=2|group_order=2|text=Sau\ngroups|gid=1|group_order=1|text=Nhóm một\n"

// TestKinds: each letter of LimeSurvey, in both layouts of its files.
func TestKinds(t *testing.T) {
	t.Parallel()
	text := group +
		question(1, "five", "5", "|mandatory=Y") +
		question(2, "list", "L", "|other=Y|mandatory=S") + answers(2, 0, "A1", "A2") + attribute(2, "other_replace_text", "Cách khác") + attribute(2, "random_order", "1") +
		question(3, "drop", "!", "") + answers(3, 0, "1", "2", "3", "4", "5") +
		question(4, "listc", "O", "") + answers(4, 0, "a", "b") +
		question(5, "multi", "M", "|other=Y") + sub(51, 5, "SQ001", 0) + sub(52, 5, "SQ002", 0) + attribute(5, "max_answers", "2") + attribute(5, "exclude_all_others", "SQ002") +
		question(6, "multic", "P", "") + sub(61, 6, "a", 0) + sub(62, 6, "b", 0) +
		question(7, "tick", "M", "") + sub(71, 7, "a", 0) +
		question(8, "yes", "Y", "") + question(9, "gender", "G", "") +
		question(10, "arrA", "A", "") + sub(101, 10, "r1", 0) + sub(102, 10, "r2", 0) + attribute(10, "random_order", "1") +
		question(11, "arrB", "B", "") + sub(111, 11, "r1", 0) +
		question(12, "arrC", "C", "") + sub(121, 12, "r1", 0) +
		question(13, "arrE", "E", "") + sub(131, 13, "r1", 0) +
		question(14, "arrF", "F", "") + sub(142, 14, "r2", 0) + sub(141, 14, "r1", 0) + answers(14, 0, "x", "y") +
		question(15, "arrH", "H", "") + sub(151, 15, "r1", 0) + answers(15, 0, "x", "y") +
		question(16, "dual", "1", "") + sub(161, 16, "r1", 0) + answers(16, 0, "x", "y") + answers(16, 1, "u", "v") + attribute(16, "dualscale_headerA", "Đầu") +
		question(17, "cells", ":", "") + sub(171, 17, "r1", 0) + sub(172, 17, "c1", 1) + sub(173, 17, "c2", 1) + attribute(17, "multiflexible_max", "9") +
		question(18, "words", ";", "") + sub(181, 18, "r1", 0) + sub(182, 18, "c1", 1) +
		question(19, "num", "N", "") + attribute(19, "min_num_value_n", "1") + attribute(19, "max_num_value_n", "20") + attribute(19, "num_value_int_only", "1") + attribute(19, "suffix", "lần") +
		question(20, "nums", "K", "") + sub(201, 20, "r1", 0) +
		question(21, "short", "S", "") + attribute(21, "maximum_chars", "40") + question(22, "long", "T", "") + question(23, "huge", "U", "") +
		question(24, "shorts", "Q", "") + sub(241, 24, "r1", 0) +
		question(25, "day", "D", "") + question(26, "info", "X", "") +
		question(27, "calc", "*", "") + question(28, "lang", "I", "") + question(29, "rank", "R", "") + question(30, "file", "|", "") +
		question(31, "hid", "S", "") + attribute(31, "hidden", "1") +
		"quota|id=1\n"
	text = strings.ReplaceAll(text, "|type=||", "|type=&#124;|")
	want := []string{
		"five scale5 Câu five * unscored",
		"list single Câu list +a1 +a2 +other drawn", `list-other text Cách khác if {"question":"list","in":["other"]}`,
		"drop single Câu drop +n1 +n2 +n3 +n4 +n5",
		"listc single Câu listc +a +b", "listc-comment text Ghi chú thêm",
		"multi multi Câu multi +sq001 +sq002 +other! most 2",
		"multic multi Câu multic +a +b", "multic-comment text Ghi chú thêm",
		"tick yes-no Câu tick – Dòng a",
		"yes yes-no Câu yes", "gender single Câu gender +f +m",
		"arra grid Câu arrA -r1 -r2 unscored",
		"arrb-r1 number Câu arrB – Dòng r1 ≥1 ≤10",
		"arrc-r1 single Câu arrC – Dòng r1 +y +u +n", "arre-r1 single Câu arrE – Dòng r1 +i +s +d",
		"arrf-r1 single Câu arrF – Dòng r1 +x +y", "arrf-r2 single Câu arrF – Dòng r2 +x +y", "arrh-r1 single Câu arrH – Dòng r1 +x +y",
		"dual-r1-0 single Câu dual – Dòng r1 – Đầu +x +y", "dual-r1-1 single Câu dual – Dòng r1 +u +v",
		"cells-r1-c1 number Câu cells – Dòng r1 – Dòng c1 ≤9", "cells-r1-c2 number Câu cells – Dòng r1 – Dòng c2 ≤9",
		"words-r1-c1 text Câu words – Dòng r1 – Dòng c1",
		"num number Câu num ≥1 ≤20 lần", "nums-r1 number Câu nums – Dòng r1",
		"short text Câu short most 40", "long text Câu long", "huge text Câu huge", "shorts-r1 text Câu shorts – Dòng r1",
		"day date Câu day", "info information Câu info",
	}
	var before string
	for _, split := range []bool{true, false} {
		file := strings.ReplaceAll(lines(text).file(split), "<![CDATA[&#124;]]>", "<![CDATA[|]]>")
		d, report := lime.Read([]byte(file))
		check(t, "errors", testkit.Said(report.Errors), []string{})
		check(t, "questions", asked(d), want)
		warned := testkit.Said(report.Warnings)
		check(t, "warnings", warned, []string{
			"surveys keys-changed 1 / Khảo sát → khao-sat",
			"surveys setting surveyls_endtext / Cảm ơn",
			"questions:five not-scored five",
			"questions:list soft-mandatory list",
			"questions:list other list / other",
			"questions:drop maybe-five drop",
			"questions:listc with-comment listc",
			"questions:multi property multi / exclude_all_others=SQ002",
			"questions:multic with-comment multic",
			"questions:tick acknowledge tick",
			"questions:arrA property arrA / random_order=1", "questions:arrA not-scored arrA",
			"questions:arrB rows-apart arrB / 1", "questions:arrC rows-apart arrC / 1", "questions:arrE rows-apart arrE / 1",
			"questions:arrF rows-apart arrF / 2", "questions:arrH rows-apart arrH / 1", "questions:dual rows-apart dual / 1",
			"questions:cells cells-apart cells / 2", "questions:words cells-apart words / 1",
			"questions:nums rows-apart nums / 1", "questions:shorts rows-apart shorts / 1",
			"questions:calc computed calc / Câu calc",
			"questions:lang type-unsupported I / lang Câu lang", "questions:rank type-unsupported R / rank Câu rank",
			"questions:file type-unsupported | / file Câu file",
			"questions:hid hidden hid / Câu hid",
			"quota table-ignored quota / 1",
			" html  / surveys",
			warned[len(warned)-1],
		})
		all, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if before != "" && before != string(all) {
			t.Errorf("the layouts differ: %s", cmp.Diff(before, string(all)))
		}
		before = string(all)
		if d.Intro["vi"] != "Xin chào ông/bà" || d.Sections[0].Questions[0].Text["en"] != "en:Câu five" || d.Sections[0].Title["vi"] != "Nhóm một" {
			t.Errorf("%v %v", d.Intro, d.Sections[0].Questions[0].Text)
		}
	}
}

// TestConditions: relevance, that of groups, the table of conditions, and what has no
// counterpart.
func TestConditions(t *testing.T) {
	t.Parallel()
	base := group + question(10, "list", "L", "|other=Y") + answers(10, 0, "A1", "A2") +
		question(11, "multi", "M", "") + sub(111, 11, "SQ1", 0) + sub(112, 11, "SQ2", 0) +
		question(12, "num", "N", "") + question(13, "arr", "A", "|mandatory=Y") + sub(131, 13, "r_1", 0) +
		question(14, "yes", "Y", "|mandatory=Y") + question(15, "txt", "S", "")
	for _, c := range []struct{ relevance, want, problem string }{
		{"", "", ""},
		{"1", "", ""},
		{"\t((list.NAOK == \"A1\"))", `{"question":"list","in":["a1"]}`, ""},
		{`123X1X10.NAOK == "A2"`, `{"question":"list","in":["a2"]}`, ""},
		{`list == "-oth-"`, `{"question":"list","in":["other"]}`, ""},
		{`list eq "A1" || list eq 'A2'`, `{"question":"list","in":["a1","a2"]}`, ""},
		{`multi_SQ1.NAOK == "Y"`, `{"question":"multi","in":["sq1"]}`, ""},
		{`123X1X11SQ2 == "Y" && yes == "Y"`, `{"all":[{"question":"multi","in":["sq2"]},{"question":"yes","in":["yes"]}]}`, ""},
		{`!is_empty(list.NAOK)`, `{"question":"list","in":["a1","a2","other"]}`, ""},
		{`yes ne "N"`, `{"question":"yes","in":["yes"]}`, ""},
		{`list != "A1"`, `{"question":"list","in":["a2","other"]}`, "condition-unanswered"},
		{`num.NAOK > 3`, `{"question":"num","at_least":4}`, ""},
		{`num.NAOK lt 3`, `{"question":"num","at_most":2}`, "condition-unanswered"},
		{`arr_r_1.NAOK >= 4`, `{"question":"arr.r-1","at_least":4}`, ""},
		{`is_empty(list)`, "", "!condition-kind"},
		{`multi_SQ1 != "Y"`, "", "!condition-kind"},
		{`count(that.multi) > 1`, "", "!condition-unread"},
		{`regexMatch("/a/", txt)`, "", "!condition-unread"},
		{`if(list == "A1", 1, 0)`, "", "!condition-unread"},
		{`txt == "a"`, "", "!condition-kind"},
		{`ghost == "a"`, "", "!condition-unknown"},
		{`last == "a"`, "", "!condition-later"},
		{`0`, "", "!condition-never"},
	} {
		text := base + question(16, "last", "S", "|relevance="+strings.ReplaceAll(c.relevance, "|", "¦"))
		text = strings.ReplaceAll(text, "grelevance", "grelevance")
		file := strings.ReplaceAll(lines(text).file(true), "¦", "|")
		d, report := lime.Read([]byte(file))
		q := d.Sections[0].Questions[len(d.Sections[0].Questions)-1]
		got := ""
		if q.Show != nil {
			all, _ := json.Marshal(q.Show)
			got = string(all)
		}
		problem := ""
		for _, p := range report.Warnings {
			if strings.HasPrefix(p.Key, "condition") {
				problem = p.Key
			}
		}
		for _, p := range report.Errors {
			problem = "!" + p.Key
		}
		if q.Key != "last" || got != c.want || problem != c.problem {
			t.Errorf("%s: %s said %q, want %s said %q", c.relevance, got, problem, c.want, c.problem)
		}
	}
	condition := func(cqid int, field, method, value string, scenario int) string {
		return fmt.Sprintf("conditions|qid=16|cqid=%d|cfieldname=%s|method=%s|value=%s|scenario=%d\n", cqid, field, method, value, scenario)
	}
	for name, c := range map[string]struct{ rows, want string }{
		"one": {condition(10, "123X1X10", "==", "A1", 1), `{"question":"list","in":["a1"]}`},
		"the same twice, another, and another scenario": {
			condition(10, "123X1X10", "==", "A1", 1) + condition(10, "123X1X10", "==", "A2", 1) + condition(14, "123X1X14", "==", "Y", 1) + condition(12, "123X1X12", ">", "5", 2),
			`{"any":[{"all":[{"question":"list","in":["a1","a2"]},{"question":"yes","in":["yes"]}]},{"question":"num","at_least":6}]}`,
		},
		"ticked":       {condition(11, "123X1X11", "==", "SQ1", 1), `{"question":"multi","in":["sq1"]}`},
		"ticked, long": {condition(11, "+123X1X11SQ2", "==", "Y", 1), `{"question":"multi","in":["sq2"]}`},
		"token":        {condition(0, "{TOKEN:X}", "==", "Y", 1), "!condition-unread"},
		"other answer": {condition(10, "123X1X10", "==", "@123X1X12@", 1), "!condition-unread"},
		"pattern":      {condition(10, "123X1X10", "RX", "/a/", 1), "!condition-unread"},
	} {
		d, report := lime.Read([]byte(lines(base + question(16, "last", "S", "|relevance=1") + c.rows).file(false)))
		q := d.Sections[0].Questions[len(d.Sections[0].Questions)-1]
		got := ""
		if q.Show != nil {
			all, _ := json.Marshal(q.Show)
			got = string(all)
		}
		for _, p := range report.Errors {
			got = "!" + p.Key
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	d, report := lime.Read([]byte(lines(strings.Replace(base, "groups|gid=2", "groups|gid=2|grelevance=yes == \"Y\"", 1) + strings.Replace(question(16, "last", "S", ""), "gid=1", "gid=2", 1)).file(true)))
	check(t, "group", append(testkit.Said(report.Errors), asked(d)[len(asked(d))-1]), []string{`last text Câu last if {"question":"yes","in":["yes"]}`})
}

// TestRefusals: files that are none, are parts of one, or mean harm.
func TestRefusals(t *testing.T) {
	t.Parallel()
	good := lines(group + question(1, "a", "S", "")).file(true)
	for name, c := range map[string]struct{ file, want string }{
		"a page":        {"<html><body/></html>", "format"},
		"other XML":     {"<document><x/></document>", "format"},
		"group":         {strings.Replace(good, ">Survey<", ">Group<", 1), "lime-part"},
		"cut off":       {good[:len(good)-20], "xml"},
		"entity":        {strings.Replace(good, "<document>", `<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>`, 1), "xml"},
		"undeclared":    {strings.Replace(good, "<![CDATA[123]]>", "&nbsp;", 1), "xml"},
		"encoding":      {strings.Replace(good, "UTF-8", "ISO-8859-1", 1), "xml-encoding"},
		"no UTF-8":      {good + "\xff", "xml-encoding"},
		"deep":          {"<document><LimeSurveyDocType>" + strings.Repeat("<a>", 50), "too-large"},
		"no Vietnamese": {strings.Replace(good, "<language><![CDATA[vi]]>", "<language><![CDATA[fr]]>", 1), "no-vietnamese"},
		"unknown kind":  {strings.Replace(good, "<type><![CDATA[S]]>", "<type><![CDATA[?]]>", 1), "type-unknown"},
		"no choices":    {strings.Replace(good, "<type><![CDATA[S]]>", "<type><![CDATA[L]]>", 1), "few-choices"},
		"empty":         {"<document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>", "lime-part"},
	} {
		_, report := lime.Read([]byte(c.file))
		if len(report.Errors) == 0 || report.Errors[0].Key != c.want {
			t.Errorf("%s: %v, want %s", name, testkit.Said(report.Errors), c.want)
		}
	}
}

// TestTexts: HTML, and places that LimeSurvey fills.
func TestTexts(t *testing.T) {
	t.Parallel()
	file := lines(group + question(1, "a", "S", "")).file(false)
	file = strings.Replace(file, "<![CDATA[Câu a]]>", `<![CDATA[<div style="x">Chào {TOKEN:NAME},</div><ul><li>một</li><li>hai &lt;b&gt;</li></ul><script>alert(1)</script><img src="x.png">]]>`, 1)
	d, report := lime.Read([]byte(file))
	if got := d.Sections[0].Questions[0].Text["vi"]; got != "Chào {TOKEN:NAME},\nmột\nhai <b>" {
		t.Errorf("%q", got)
	}
	keys := fmt.Sprint(testkit.Said(report.Warnings))
	for _, want := range []string{"questions:a media img / vi", "questions:a text-expression", "html  / surveys, questions:a"} {
		if !strings.Contains(keys, want) {
			t.Errorf("%s lacks %s", keys, want)
		}
	}
}
