// Package draft is a survey while it is made of a file of another program: its
// texts by language, keys that are valid, conditions that are translated, and
// what there is to say about it.
package draft

import (
	"slices"
	"strings"
	"unicode"

	"sipas/internal/message"
)

// Problem is one thing to say about a file.
type Problem struct {
	Where  string // a sheet with its row, survey:12, or a table with a code, questions:Q1; "" is the file
	Key    string // which sentence says it: one of the constants, or why a spreadsheet was not read
	Value  string // what stands there, shortened
	Detail string
	Table  bool // it is a reason of package spreadsheet
}

// Text is the sentence.
func (p Problem) Text(printer message.Printer) string {
	if p.Table {
		return printer.T("import."+p.Key, "value", p.Value, "detail", p.Detail)
	}
	return printer.T("exchange."+p.Key, "value", p.Value, "detail", p.Detail)
}

// Mendable tells whether an error is about something that was read, so that a draft of
// the survey can have it until somebody mends it there: a condition whose text is kept,
// choices, languages, the method. Every other error has lost something of the file.
func (p Problem) Mendable() bool {
	if p.Table {
		return false
	}
	if strings.HasPrefix(p.Key, "condition-") {
		return true
	}
	switch p.Key {
	case ProblemFewChoices, ProblemManyChoices, ProblemNoVietnamese, ProblemUnknownMethod, ProblemHeadline, ProblemInvalid:
		return true
	case ProblemTooMany:
		return p.Where == "" // of questions that were all read
	}
	return false
}

// The keys of problems, each `exchange.<key>` of the catalogues.
const (
	ProblemFormat      = "format"
	ProblemFile        = "survey-file"
	ProblemXML         = "xml"
	ProblemXMLEncoding = "xml-encoding"
	ProblemTooLarge    = "too-large"
	ProblemLimePart    = "lime-part"
	ProblemArchive     = "archive"
	ProblemNoSheet     = "no-sheet"
	ProblemSheetName   = "sheet-name"
	ProblemSheet       = "sheet-ignored"
	ProblemSheetTwice  = "sheet-twice"
	ProblemHeaderTwice = "header-twice"
	ProblemNoColumn    = "no-column"
	ProblemColumn      = "column"
	ProblemFormula     = "formula"

	ProblemNoVietnamese  = "no-vietnamese"
	ProblemAssumed       = "language-assumed"
	ProblemLanguageCode  = "language-code"
	ProblemUntranslated  = "untranslated"
	ProblemSetting       = "setting"
	ProblemMethod        = "method-assumed"
	ProblemUnknownMethod = "method-unknown"
	ProblemHeadline      = "headline"
	ProblemKeys          = "keys-changed"
	ProblemNoQuestions   = "no-questions"
	ProblemTooMany       = "too-many-questions"
	ProblemTooLong       = "too-long"
	ProblemInvalid       = "invalid"
	ProblemExists        = "exists"
	ProblemKeyForm       = "key-form"

	ProblemNoName       = "no-name"
	ProblemNoType       = "no-type"
	ProblemName         = "name-form"
	ProblemNameTwice    = "name-twice"
	ProblemNoLabel      = "no-label"
	ProblemUnmatched    = "unmatched"
	ProblemNested       = "group-nested"
	ProblemRepeat       = "repeat"
	ProblemUnknownType  = "type-unknown"
	ProblemUnsupported  = "type-unsupported"
	ProblemComputed     = "computed"
	ProblemMetadata     = "metadata"
	ProblemAcknowledge  = "acknowledge"
	ProblemDecimal      = "decimal"
	ProblemStep         = "step"
	ProblemMissing      = "list-missing"
	ProblemNoList       = "list-unnamed"
	ProblemFewChoices   = "few-choices"
	ProblemNoRows       = "no-rows"
	ProblemManyChoices  = "many-choices"
	ProblemNoChoiceName = "choice-no-name"
	ProblemChoiceTwice  = "choice-twice"
	ProblemChoiceBlank  = "choice-blank"
	ProblemList         = "list-unused"
	ProblemOther        = "other"
	ProblemComment      = "with-comment"
	ProblemNotScored    = "not-scored"
	ProblemScaleWords   = "scale-words"
	ProblemMaybeScale   = "maybe-scale"
	ProblemMaybePoints  = "maybe-points"
	ProblemMaybeFive    = "maybe-five"
	ProblemRows         = "rows-apart"
	ProblemCells        = "cells-apart"
	ProblemRequiredIf   = "required-if"
	ProblemRequiredSome = "required-some"
	ProblemSoft         = "soft-mandatory"
	ProblemConstraint   = "constraint"
	ProblemProperty     = "property"
	ProblemHint         = "hint"
	ProblemMedia        = "media"
	ProblemHTML         = "html"
	ProblemExpression   = "text-expression"
	ProblemHidden       = "hidden"
	ProblemQuota        = "table-ignored"
	ProblemMark         = "mark-unknown"

	ProblemConditionUnread  = "condition-unread"
	ProblemConditionName    = "condition-unknown"
	ProblemConditionLater   = "condition-later"
	ProblemConditionGone    = "condition-gone"
	ProblemConditionKind    = "condition-kind"
	ProblemConditionValue   = "condition-value"
	ProblemConditionNever   = "condition-never"
	ProblemConditionDeep    = "condition-deep"
	ProblemConditionUnasked = "condition-unanswered"
	ProblemConditionRow     = "condition-row"
)

// maxProblems is how many of each sort are told; nobody mends more at once.
const maxProblems = 1000

// Report is what there is to say about a file. With errors, nothing is published.
type Report struct {
	Warnings, Errors []Problem
}

// Drafted tells whether a draft may be made of what was read: nothing of the file was
// lost, and what is wrong is mended there.
func (r Report) Drafted() bool {
	return !slices.ContainsFunc(r.Errors, func(p Problem) bool { return !p.Mendable() })
}

// Warn adds what has changed or was left out.
func (r *Report) Warn(where, key, value, detail string) {
	if len(r.Warnings) < maxProblems {
		r.Warnings = append(r.Warnings, Problem{Where: Shown(where), Key: key, Value: Shown(value), Detail: Shown(detail)})
	}
}

// Refuse adds what keeps the survey from being published.
func (r *Report) Refuse(where, key, value, detail string) {
	if len(r.Errors) < maxProblems {
		r.Errors = append(r.Errors, Problem{Where: Shown(where), Key: key, Value: Shown(value), Detail: Shown(detail)})
	}
}

// Shown is a text of a file as a report shows it: on one line, not too long,
// without what a reader would not see.
func Shown(text string) string {
	const most = 300
	text = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
