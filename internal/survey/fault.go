package survey

// Fault is one thing that keeps a definition from being published.
type Fault struct {
	Place
	Code  string // which of the constants below
	Value string // what is at fault as its author wrote it, or the bound that was passed; "" where the code says all
	Text  string // place and fault in English, for the author of a file
}

// Place is where a fault is: counted from 1, and 0 where it is in none.
type Place struct {
	Section, Question, Choice, Row, Remark int
	Field                                  string // as the definition's JSON calls it; "" for the whole
	Language                               string
}

// The codes of faults. That of a text that cannot be kept is the key of fault.Problem.
const (
	FaultKeyForm        = "key-form"
	FaultKeyTwice       = "key-twice"
	FaultKeyKept        = "key-kept"      // for another kind of question
	FaultKeyNamed       = "key-named"     // the kind has a key of its own
	FaultNoVietnamese   = "no-vietnamese" // among the languages
	FaultNoText         = "no-text"
	FaultForeignText    = "foreign-text"
	FaultNoMethod       = "no-method"
	FaultNoSections     = "no-sections"
	FaultNoQuestions    = "no-questions"
	FaultManyQuestions  = "many-questions"
	FaultManyAnswers    = "many-answers"
	FaultHeadline       = "headline"
	FaultHeadlineJudged = "headline-judged"
	FaultType           = "type"
	FaultProperty       = "property"
	FaultNoOpinionText  = "no-opinion-text"
	FaultChoices        = "choices"
	FaultBraces         = "braces"
	FaultPoints         = "points"
	FaultPointsMixed    = "points-mixed"
	FaultPointsMissing  = "points-missing"
	FaultOther          = "other"
	FaultOthers         = "others"
	FaultRandomPoints   = "random-points"
	FaultMaxChoices     = "max-choices"
	FaultMaxLength      = "max-length"
	FaultDay            = "day"
	FaultDays           = "days"
	FaultNumbers        = "numbers"
	FaultLevels         = "levels"
	FaultRows           = "rows"
	FaultSatisfied      = "satisfied"
	FaultSatisfiedAll   = "satisfied-all"
	FaultRequired       = "required"

	FaultConditionForm     = "condition-form"
	FaultConditionDeep     = "condition-deep"
	FaultConditionChannel  = "condition-channel"
	FaultConditionField    = "condition-field"
	FaultConditionEmpty    = "condition-empty"
	FaultConditionQuestion = "condition-question"
	FaultConditionKind     = "condition-kind"
	FaultConditionBoth     = "condition-both"
	FaultConditionNothing  = "condition-nothing"
	FaultConditionBounds   = "condition-bounds"
	FaultConditionLevels   = "condition-levels"
	FaultConditionOrder    = "condition-order"
	FaultConditionValue    = "condition-value"
)

// NamedKey is the only key that a question of a type may have, "" where it may have any.
func NamedKey(t QuestionType) string {
	if k, known := kindOf(t); known {
		return k.named()
	}
	return ""
}

// Uses lists the properties that a question of a type may have, as the definition's
// JSON calls them; not those that every kind has.
func Uses(t QuestionType) []string {
	if k, known := kindOf(t); known {
		return k.uses()
	}
	return nil
}
