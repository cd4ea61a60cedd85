// Package simulation tries a survey with made-up citizens who answer at random: which
// questions they meet, how long it takes them, and which figures their answers make. They
// take the way of real answers, through the conditions, checks and arithmetic of those;
// nothing of them is stored or counted anywhere.
package simulation

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"sipas/internal/agency"
	"sipas/internal/reach"
	"sipas/internal/score"
	"sipas/internal/survey"
)

// Usual and Most bound how many citizens try a survey.
const (
	Usual = 1000
	Most  = 10_000
)

// mostWork bounds what all citizens together are asked, conditions included: a survey of 200
// questions, each with a condition or two, is tried by a thousand within about a second.
const mostWork = 3_500_000

// ErrUnready: the survey has faults, which say why it could not be published either.
var ErrUnready = errors.New("the survey has faults")

// ErrCitizens: fewer than one citizen, or more than Most.
var ErrCitizens = errors.New("no such number of citizens")

// Plan is what is tried: the same plan gives the same result.
type Plan struct {
	Survey   survey.Definition
	Fields   []agency.ServiceField // of the province
	Citizens int                   // 0: Usual
	Seed     uint64
}

// Result is what came of it.
type Result struct {
	Citizens  int // fewer than were planned, where the survey asks very much
	Seed      uint64
	Refused   int // citizens whose answers nobody could take
	Ways      int // different sets of questions that somebody was shown
	Questions []Question
	Asked     Spread // questions shown to a citizen
	Answers   Spread // answers they asked for, of which a grid takes one for each row

	Survey      survey.Definition
	Random      Figures // of all citizens
	Satisfied   Figures // if everybody chose the best level or choice
	Unsatisfied Figures // if everybody chose the worst
}

// Question is how many met one question.
type Question struct {
	Question survey.Question
	Section  int // its place in the survey
	Reached  int
	// Never: nothing anybody can answer leads to it. That nobody of so many met a question
	// can be chance, otherwise.
	Never bool
	// Missed are the channels and service fields in which nobody met it, where others did.
	Missed []Situation
}

// Situation is a channel or a service field, with how many citizens came so.
type Situation struct {
	Channel  agency.Channel
	Field    string
	Citizens int
}

// Spread is the least, the middle and the most of some numbers.
type Spread struct{ Least, Median, Most int }

// Run lets citizens answer.
func Run(ctx context.Context, p Plan) (Result, error) {
	if p.Citizens == 0 {
		p.Citizens = Usual
	}
	if p.Citizens < 1 || p.Citizens > Most {
		return Result{}, ErrCitizens
	}
	if len(p.Survey.Faults()) > 0 {
		return Result{}, ErrUnready
	}
	t := newTrial(p)
	t.result.Citizens = min(p.Citizens, max(1, mostWork/t.work()))
	var err error
	if t.result.Random, err = t.crowd(ctx, anything, t.result.Citizens, t.meet); err != nil {
		return Result{}, err
	}
	few := min(t.result.Citizens, Usual/5)
	if t.result.Satisfied, err = t.crowd(ctx, best, few, nil); err != nil {
		return Result{}, err
	}
	if t.result.Unsatisfied, err = t.crowd(ctx, worst, few, nil); err != nil {
		return Result{}, err
	}
	return t.done(), nil
}

// trial is a plan that is carried out.
type trial struct {
	plan     Plan
	version  *survey.Version
	scopes   map[string]agency.FieldScope
	points   []agency.ServicePoint // one for each channel that makes a difference
	parts    map[string]answering
	ways     map[string]bool
	lengths  [2][]int
	met      map[Situation][]int // questions that citizens in a situation met; Citizens is 0
	citizens map[Situation]int
	result   Result
}

func newTrial(p Plan) *trial {
	t := &trial{
		plan: p, version: survey.NewVersion(0, 1, time.Time{}, p.Survey), scopes: map[string]agency.FieldScope{}, parts: map[string]answering{},
		ways: map[string]bool{}, met: map[Situation][]int{}, citizens: map[Situation]int{}, result: Result{Seed: p.Seed, Survey: p.Survey},
	}
	var keys []string
	for _, f := range p.Fields {
		t.scopes[f.Key], keys = f.Scope, append(keys, f.Key)
	}
	asks := t.asks()
	for _, c := range agency.Channels() {
		if c == agency.ChannelQR || asks.channels {
			t.points = append(t.points, agency.ServicePoint{Channel: c, FieldKeys: keys, Active: true})
		}
	}
	for _, part := range t.version.Parts() {
		t.parts[addressOf(part)] = t.answering(part, asks.bounds[part.Key()])
	}
	never := reach.Unreachable(p.Survey)
	for i, s := range p.Survey.Sections {
		for j, q := range s.Questions {
			place := survey.Place{Section: i + 1, Question: j + 1, Field: "show"}
			t.result.Questions = append(t.result.Questions, Question{Question: q, Section: i, Never: slices.Contains(never, place)})
		}
	}
	return t
}

// crowd lets so many citizens of one mind answer, and gives the figures of their answers.
func (t *trial) crowd(ctx context.Context, mind mind, n int, met func(situations []Situation, w walked, err error)) (Figures, error) {
	tally := newTally(t.version)
	for i := range n {
		if err := ctx.Err(); err != nil {
			return Figures{}, err
		}
		c := citizen{rng: rand.New(rand.NewPCG(t.plan.Seed, uint64(i))), mind: mind, trial: t}
		situations, w, err := c.come()
		if met != nil {
			met(situations, w, err)
		}
		if err == nil {
			tally.add(w.response)
		}
	}
	return tally.figures(), nil
}

// meet keeps which way a citizen came.
func (t *trial) meet(situations []Situation, w walked, err error) {
	if err != nil {
		t.result.Refused++
		return
	}
	way, shown := make([]byte, len(w.shown)), 0
	for i, is := range w.shown {
		if is {
			way[i] = 1
			shown++
			t.result.Questions[i].Reached++
		}
	}
	t.ways[string(way)] = true
	t.lengths[0], t.lengths[1] = append(t.lengths[0], shown), append(t.lengths[1], w.answers)
	for _, in := range situations {
		if t.met[in] == nil {
			t.met[in] = make([]int, len(w.shown))
		}
		t.citizens[in]++
		for i := range way {
			t.met[in][i] += int(way[i])
		}
	}
}

func (t *trial) done() Result {
	r := t.result
	r.Ways, r.Asked, r.Answers = len(t.ways), spread(t.lengths[0]), spread(t.lengths[1])
	for i := range r.Questions {
		q := &r.Questions[i]
		for _, in := range t.situations() {
			if n := t.citizens[in]; q.Reached > 0 && n > 0 && t.met[in][i] == 0 {
				q.Missed = append(q.Missed, Situation{in.Channel, in.Field, n})
			}
		}
	}
	return r
}

// situations are all in which citizens came, channels first, in the order of the province.
func (t *trial) situations() (all []Situation) {
	for _, p := range t.points {
		all = append(all, Situation{Channel: p.Channel})
	}
	for _, f := range t.plan.Fields {
		all = append(all, Situation{Field: f.Key})
	}
	return all
}

func spread(numbers []int) Spread {
	if len(numbers) == 0 {
		return Spread{}
	}
	slices.Sort(numbers)
	return Spread{numbers[0], numbers[len(numbers)/2], numbers[len(numbers)-1]}
}

// secondsAnAnswer is about how long people take for one: a rule of thumb, which nobody
// measured here.
const secondsAnAnswer = 8

// Minutes are about how long the answers take.
func (r Result) Minutes() Spread {
	return Spread{Minutes(r.Answers.Least), Minutes(r.Answers.Median), Minutes(r.Answers.Most)}
}

// Minutes is about how long so many answers take, at least one.
func Minutes(answers int) int { return max(1, (answers*secondsAnAnswer+30)/60) }

// asked is what conditions make a difference by.
type asked struct {
	channels bool
	bounds   map[string][]int // numbers at which conditions begin or cease, by the address of the answer
	nodes    int
}

func (t *trial) asks() asked {
	a := asked{bounds: map[string][]int{}}
	var visit func(c survey.Condition)
	visit = func(c survey.Condition) {
		a.nodes += 1 + len(c.In)/8
		a.channels = a.channels || len(c.Channel) > 0
		for _, bound := range []*int{c.AtLeast, c.AtMost} {
			if bound != nil {
				a.bounds[c.Question] = append(a.bounds[c.Question], *bound-1, *bound, *bound+1)
			}
		}
		for _, below := range slices.Concat(c.All, c.Any) {
			visit(below)
		}
	}
	for _, q := range t.version.Questions() {
		if q.Show != nil {
			visit(*q.Show)
		}
	}
	return a
}

// work is about how much one citizen is asked.
func (t *trial) work() int { return 1 + 2*len(t.version.Parts()) + 4*t.asks().nodes }

// Figures are what some answers make.
type Figures struct {
	Overall  score.Index
	Sections []score.Index // of each, without data where nothing in it counts
}
