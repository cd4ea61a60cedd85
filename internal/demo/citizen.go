package demo

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"sipas/internal/agency"
	"sipas/internal/survey"
)

// simulator makes up citizens. Everything about one is derived from the seed
// and the citizen's number, so it does not matter in which order they are asked.
type simulator struct {
	days     int
	seed     uint64
	desks    []desk
	versions map[string]*survey.Version
}

func newSimulator(seed uint64, days int, versions map[string]*survey.Version) *simulator {
	return &simulator{days: days, seed: seed, desks: desks(), versions: versions}
}

// The purposes that random numbers are drawn for, each independently.
const (
	forVisit = iota + 1
	forAnswers
	forMonth
	forFiles
)

func (s *simulator) random(number int, purpose uint64) *rand.Rand {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[0:], s.seed)
	binary.LittleEndian.PutUint64(key[8:], uint64(number))
	binary.LittleEndian.PutUint64(key[16:], purpose)
	return rand.New(rand.NewChaCha8(key))
}

// citizen is one person while answering.
type citizen struct {
	rng     *rand.Rand
	desk    desk
	version *survey.Version
	level   float64 // how good the service is, in standard deviations above "just satisfied"
	mood    float64 // what all answers of this person share
	overall int     // the level given to the overall question, 0 before
	factors map[string]float64
	answers map[string]survey.Value
	cause   string // the first reason given, "" if none
}

// submission is what the citizen of a visit sends.
func (s *simulator) submission(v visit) survey.Submission {
	rng := s.random(v.index, forAnswers)
	d := s.desks[v.desk]
	out := survey.Submission{ID: id(rng, v.at), Version: s.versions[d.survey].Name(), Language: "vi"}
	if rng.Float64() < 0.008 {
		out.Language = "en"
	}
	came := d.fields[pick(rng, []float64{5, 3, 2, 2}[:len(d.fields)])]
	if len(d.fields) > 1 && rng.Float64() < 0.82 {
		out.FieldKey = came
	}
	month := s.random(v.desk<<16|v.at.Year()<<4|int(v.at.Month()), forMonth).NormFloat64()
	c := citizen{
		rng: rng, desk: d, version: s.versions[d.survey],
		level:   quality(d.survey, came, v.at) + d.shift + manner(d.channel) + 0.06*month,
		mood:    rng.NormFloat64(),
		factors: strengths(d, came), answers: map[string]survey.Value{},
	}
	c.answer(out.Language)
	out.Answers = c.answers
	return out
}

// id makes a UUID of version 7 from the time and random bits.
func id(rng *rand.Rand, at time.Time) string {
	ms, a, b := uint64(at.UnixMilli()), rng.Uint64(), rng.Uint64()
	return fmt.Sprintf("%08x-%04x-7%03x-%04x-%012x", ms>>16, ms&0xffff, a&0xfff, 0x8000|b>>48&0x3fff, b&0xffffffffffff)
}

// quality is how satisfied people are with a field at a time, as the point of
// the normal distribution below which that share lies. The shares are of the
// middles of the years, and the story is told by them: land is worst and mends
// slowly, health suffers in 2022, investment leads.
func quality(form, field string, at time.Time) float64 {
	shares := map[string][5]float64{
		land:         {0.775, 0.785, 0.800, 0.818, 0.836},
		construction: {0.805, 0.830, 0.848, 0.862, 0.874},
		investment:   {0.840, 0.862, 0.878, 0.890, 0.902},
		health:       {0.850, 0.825, 0.832, 0.840, 0.842},
		education:    {0.862, 0.868, 0.872, 0.878, 0.884},
		other:        {0.850, 0.868, 0.882, 0.893, 0.902},
	}[field]
	if form == sipasForm {
		shares = [5]float64{0.852, 0.860, 0.864, 0.880, 0.888}
	}
	at = at.In(zone)
	middle := float64(at.Year()-firstYear) + float64(at.YearDay())/365 - 0.5
	middle = min(max(middle, 0), 4)
	before := min(int(middle), 3)
	share := shares[before] + (shares[before+1]-shares[before])*(middle-float64(before))
	return math.Sqrt2 * math.Erfinv(2*share-1)
}

// manner is how much kinder or harsher people are by channel.
func manner(channel agency.Channel) float64 {
	switch channel {
	case agency.ChannelOnline:
		return -0.14
	case agency.ChannelKiosk:
		return -0.05
	case agency.ChannelQR, agency.ChannelPaper:
		return 0.02
	case agency.ChannelInterviewer:
	}
	return 0 // the yearly survey has shares of its own
}

// strengths says by how much single factors are better or worse than the whole.
func strengths(d desk, field string) map[string]float64 {
	by := map[string]map[string]float64{
		land:         {"access": 0.15, "procedure": -0.22, "staff": 0.12, "result": -0.38, "feedback": -0.18},
		construction: {"access": 0.10, "procedure": -0.15, "staff": 0.10, "result": -0.10, "feedback": -0.10},
		investment:   {"access": 0.10, "procedure": 0.00, "staff": 0.08, "result": 0.05, "feedback": -0.08},
		health:       {"access": -0.28, "procedure": -0.08, "staff": 0.10, "result": 0.14, "feedback": -0.10},
		education:    {"access": -0.12, "procedure": 0.05, "staff": 0.10, "result": 0.05, "feedback": -0.12},
		other:        {"access": 0.02, "procedure": 0.03, "staff": 0.06, "result": 0.00, "feedback": -0.12},
	}[field]
	sum := map[string]float64{}
	for factor, strength := range by {
		sum[factor] = strength + d.faults[factor]
	}
	return sum
}

// answer goes through the form as a person does.
func (c *citizen) answer(language string) {
	// Whoever meets only the one question may stop after it.
	onward := c.rng.Float64() < map[agency.Channel]float64{
		agency.ChannelQR: 0.5, agency.ChannelKiosk: 0.3, agency.ChannelOnline: 0.65, agency.ChannelInterviewer: 1,
	}[c.desk.channel]
	for _, section := range c.version.Definition.Sections {
		for i, q := range section.Questions {
			if !c.shown(q) {
				continue
			}
			switch shape := q.Shape(); {
			case shape.Levels > 0:
				if q.Required || onward && c.rng.Float64() < 0.93 {
					c.scale(section.Key, q, i)
				}
			case shape.Several:
				c.reasons(q)
			case len(shape.Choices) > 0:
				choice := q.Choices[pick(c.rng, []float64{0.2, 0.8})].Key
				c.answers[q.Key] = survey.Value{Kind: survey.ValueText, Text: choice}
			case shape.Text:
				if language == "vi" {
					c.comment(q)
				}
			}
		}
	}
}

func (c *citizen) shown(q survey.Question) bool {
	return q.Show == nil || slices.Contains(q.Show.In, c.answers[q.Show.Question].Text)
}

// scale answers one scale question. How a person feels about a single thing is
// half the person's mood and half the thing itself; the overall answer is more
// of a mood.
func (c *citizen) scale(section string, q survey.Question, place int) {
	if q.NoOpinion && c.rng.Float64() < 0.03 {
		c.answers[q.Key] = survey.Value{Kind: survey.ValueLevel}
		return
	}
	mood, strength := 0.7, 0.0
	if own, single := c.factors[q.Key]; single { // the quick form: a question for each factor
		strength = own
	} else { // the yearly survey: a section
		strength = c.factors[section] + 0.05*float64(place%3-1)
	}
	headline := q.Key == c.version.Definition.Headline
	if headline {
		mood, strength = 0.8, 0
	}
	feeling := c.level + strength + mood*c.mood + math.Sqrt(1-mood*mood)*c.rng.NormFloat64()
	level := levelOf(feeling)
	if headline {
		c.overall = level
	}
	c.answers[q.Key] = survey.Value{Kind: survey.ValueLevel, Level: level}
}

// levelOf puts a feeling on the scale: 0 is the border of satisfaction.
func levelOf(feeling float64) int {
	for i, border := range []float64{-1.15, -0.55, 0, 1.05} {
		if feeling < border {
			return i + 1
		}
	}
	return 5
}

// pick draws an index by weight.
func pick(rng *rand.Rand, weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := rng.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// low tells whether the person was not satisfied with a factor, or with the
// whole where the factor was not answered.
func (c *citizen) low(factor string) bool {
	v, answered := c.answers[factor]
	if !answered || v.Level == 0 {
		return c.overall < 4
	}
	return v.Level < 4
}
