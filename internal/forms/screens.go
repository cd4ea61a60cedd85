package forms

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/fault"
	"sipas/internal/intake"
)

// The keys of a form that is asked screen by screen; they are no answers.
const (
	KeyScreen = "screen" // the number of the screen that is sent, from 1
	KeyTurn   = "turn"   // turnOn or turnBack; without it the answers are sent

	turnOn, turnBack = "on", "back"
)

// How much of the questions goes over the wire, about: with all else that a first visit
// costs it is less than 15 kB. A form that is little more than one screen stays whole.
const (
	screenBytes = 4500
	wholeBytes  = 5800
)

// Carried is an answer that was given on another screen. Nothing of it is kept before all
// is sent: it goes with the form from screen to screen.
type Carried struct{ Name, Value, Opens string }

// Further tells whether there is a screen after the one that is shown.
func (v View) Further() bool { return v.Screen < v.Screens }

// weight is about how many bytes a question takes on the wire: texts go at half their
// size, and what surrounds them is much the same each time. What was answered is no part
// of it, so that the screens stay the same ones.
func (q Question) weight() int {
	bytes := 60 + (len(q.Text)+len(q.Stem))/2
	for _, o := range q.Options {
		bytes += 8 + len(o.Note)/2
		if o.Face == 0 {
			bytes += 16 + len(o.Text)/2 // levels have the same words everywhere
		}
	}
	for _, row := range q.Rows {
		bytes += row.weight()
	}
	return bytes
}

// screens parts the sections of a long form: where a section ends if that is possible. A
// short form is one screen, and so is what staff copy from a sheet.
func (v View) screens() [][]Section {
	var screens [][]Section
	held := 0
	put := func(s Section, weight int) {
		if n := len(screens); n > 0 && held+weight <= screenBytes {
			screens[n-1], held = append(screens[n-1], s), held+weight
			return
		}
		screens, held = append(screens, []Section{s}), weight
	}
	total := 0
	for _, s := range v.Sections {
		weight := (len(s.Title) + len(s.Stem)) / 2
		for _, q := range s.Questions {
			weight += q.weight()
		}
		if total += weight; weight <= screenBytes {
			put(s, weight)
			continue
		}
		part, some := Section{Title: s.Title, Stem: s.Stem}, 0
		for _, q := range s.Questions {
			w := q.weight()
			if len(part.Questions) > 0 && some+w > screenBytes {
				put(part, some)
				part.Questions, some = nil, 0
			}
			part.Questions, some = append(part.Questions, q), some+w
		}
		put(part, some)
	}
	if total <= wholeBytes || v.Headline != nil || v.Channel.Staffed() {
		return [][]Section{v.Sections}
	}
	return screens
}

// names are those of the fields of a question.
func (q Question) names() []string {
	names := []string{q.Name}
	for _, row := range q.Rows {
		names = append(names, row.Name)
	}
	for _, o := range q.Options {
		if o.Other != nil {
			names = append(names, o.Other.Name)
		}
	}
	return names
}

func namesOn(screen []Section) map[string]bool {
	names := map[string]bool{}
	for _, s := range screen {
		for _, q := range s.Questions {
			for _, name := range q.names() {
				names[name] = true
			}
		}
	}
	return names
}

// onScreen is a form with one of its screens, from 1, and what was answered on others.
func (v *Viewer) onScreen(view View, at int) View {
	all := view.screens()
	if len(all) < 2 {
		return view
	}
	view.Screen, view.Screens = min(max(at, 1), len(all)), len(all)
	view.Sections = all[view.Screen-1]
	here := namesOn(view.Sections)
	if view.Screen > 1 {
		view.Field, view.Intro = nil, ""
	}
	for _, name := range slices.Sorted(maps.Keys(v.Given)) {
		switch name {
		case KeySubmission, KeyVersion, KeyCampaign, KeyLanguage, KeyScreen, KeyTurn:
			continue
		case KeyField:
			if view.Field != nil {
				continue
			}
		}
		for _, value := range v.Given[name] {
			if value != "" && !here[name] {
				view.Carried = append(view.Carried, Carried{name, value, v.conditions.opened(strings.TrimPrefix(name, AnswerPrefix), value)})
			}
		}
	}
	return view
}

// asks tells whether any question of a screen is asked, as far as numbered conditions say.
func (v View) asks(screen []Section) bool {
	fulfilled := map[string]bool{}
	for _, s := range v.Sections {
		for _, q := range s.Questions {
			for _, o := range slices.Concat(q.Options, rowOptions(q)) {
				for number := range strings.FieldsSeq(o.Opens) {
					fulfilled[number] = fulfilled[number] || o.Chosen
				}
			}
		}
	}
	return slices.ContainsFunc(screen, func(s Section) bool {
		return slices.ContainsFunc(s.Questions, func(q Question) bool { return q.If == 0 || fulfilled[strconv.Itoa(q.If)] })
	})
}

func rowOptions(q Question) (options []Option) {
	for _, row := range q.Rows {
		options = append(options, row.Options...)
	}
	return options
}

func (v *Viewer) sentScreen() int {
	at, _ := strconv.Atoi(v.Given.Get(KeyScreen))
	return at
}

// Turn shows the screen that somebody turns to. Problems are those of all that was
// answered until now: what is wrong on the screen that is left is said there, at once.
func (v *Viewer) Turn(form intake.Form, message string, problems []fault.Problem) View {
	view := v.View(form)
	all := view.screens()
	at, by := min(max(v.sentScreen(), 1), len(all)), 1
	if v.Given.Get(KeyTurn) == turnBack {
		by = -1
	} else if wrong := v.wrongOn(all[at-1], problems); len(wrong) > 0 {
		refusal := v.Refuse(message, wrong)
		view = v.View(form)
		view.Refusal = refusal
		by = 0
	}
	to := at + by
	for by != 0 && to > 1 && to < len(all) && !view.asks(all[to-1]) {
		to += by
	}
	view = v.onScreen(view, to)
	view.Turned = true
	return view
}

func (v *Viewer) wrongOn(screen []Section, problems []fault.Problem) []fault.Problem {
	here := namesOn(screen)
	return slices.DeleteFunc(slices.Clone(problems), func(p fault.Problem) bool {
		part, asked := v.asked(p.Where)
		return !asked || !here[nameOf(part)]
	})
}

// Refused shows the screen of a form that has the first of what was wrong, else the one
// that was sent. Links lead to questions on it only.
func (v *Viewer) Refused(form intake.Form, refusal *Refusal, problems []fault.Problem) View {
	view := v.View(form)
	view.Refusal = refusal
	all, at := view.screens(), v.sentScreen()
	if i := slices.IndexFunc(all, func(s []Section) bool { return len(v.wrongOn(s, problems)) > 0 }); i >= 0 {
		at = i + 1
	}
	view = v.onScreen(view, at)
	if view.Screens > 1 {
		here := namesOn(view.Sections)
		for i, item := range refusal.Items {
			if !here[AnswerPrefix+item.Anchor] && !here[item.Anchor] {
				refusal.Items[i].Anchor = ""
			}
		}
	}
	return view
}

// First is the first screen of a form.
func (v *Viewer) First(form intake.Form) View { return v.onScreen(v.View(form), 1) }

// With is the screen of a form that has a question, else the first.
func (v *Viewer) With(form intake.Form, question string) View {
	view := v.View(form)
	has := func(s Section) bool {
		return slices.ContainsFunc(s.Questions, func(q Question) bool { return q.Key == question })
	}
	return v.onScreen(view, 1+slices.IndexFunc(view.screens(), func(screen []Section) bool { return slices.ContainsFunc(screen, has) }))
}

// Unasked takes out what was answered on a screen before it turned out that it is not
// asked: nobody could take it back there.
func (v *Viewer) Unasked(problems []fault.Problem) (some bool) {
	if v.Given.Get(KeyScreen) == "" {
		return false
	}
	for _, p := range problems {
		if part, asked := v.asked(p.Where); asked && p.Key == fault.ProblemHidden && v.Given.Has(nameOf(part)) {
			v.Given.Del(nameOf(part))
			some = true
		}
	}
	return some
}
