package httpd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// kinds publishes a survey from a file that asks one question of every kind, as
// changed, and gives the code of a counter with two fields that asks it.
func (h *harness) kinds(change func(*survey.Definition)) (code string, v *survey.Version) {
	h.t.Helper()
	d := testkit.EveryKind(h.t)
	if change != nil {
		change(&d)
	}
	file, err := json.Marshal(d) // JSON is YAML
	if err != nil {
		h.t.Fatal(err)
	}
	read, err := surveys.Decode(bytes.NewReader(file))
	if err != nil {
		h.t.Fatal(err)
	}
	ctx := context.Background()
	if v, err = h.st.PublishVersion(ctx, read, h.clock.Now()); err != nil {
		h.t.Fatal(err)
	}
	point, err := h.st.AddServicePoint(ctx, agency.ServicePoint{
		AgencyID: h.construction.ID, Name: agency.Text{"vi": "Quầy đủ loại", "en": "Counter of all kinds"}, SurveyKey: d.Key,
		Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai", "y-te"}, Active: true,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.clock.Advance(time.Minute)
	return string(point.Code), v
}

// TestEveryKindIsAnswered: what the example of each kind says is taken is taken
// by the API, what it says is typed is taken by the form, on both databases; the
// tallies are those that a recount makes.
func TestEveryKindIsAnswered(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		code, v := h.kinds(nil)
		spec := h.api(newContract(t, h.http.Client().Transport))
		document := h.get(spec, "/api/v1/service-points/"+code+"/form")
		document.check(t, "document", http.StatusOK, []string{`"rows":[{"key":"manner"`, `"unit":"lần"`, `"from":"2024-01-01"`, `"other":true`, `"levels":5`}, nil)
		sent := int64(0)
		for _, c := range testkit.KindCases(t) {
			for _, k := range c.Kept {
				body := map[string]any{"version": v.Name(), "answers": map[string]any{}}
				for address, value := range k.Send {
					if p, reserved := v.Reserved(address); reserved && p.Question.Type == c.Question.Type {
						body[address] = value
						continue
					}
					body["answers"].(map[string]any)[address] = value
				}
				text, err := json.Marshal(body)
				if err != nil {
					t.Fatal(err)
				}
				if r := h.send(spec, code, h.newKey(), string(text)); r.status != http.StatusCreated {
					t.Errorf("%s %s: %d %s", c.Name, text, r.status, r.body)
				}
				sent++
			}
			for _, typed := range c.Typed {
				form := h.openForm(h.client(), code)
				for name, fields := range typed.Fields {
					form[name] = fields
				}
				wants := http.StatusSeeOther
				if judge(t, v, typed.Send) != nil {
					wants = http.StatusUnprocessableEntity
				} else {
					sent++
				}
				r := h.post(h.client(), "/q/"+code, form)
				if r.status != wants {
					t.Errorf("%s %v: %d, want %d", c.Name, typed.Fields, r.status, wants)
				}
				for _, fields := range typed.Fields { // what was typed comes back; a level that is not there has no place
					if c.Question.Shape().Levels == 0 && r.status != http.StatusSeeOther && !strings.Contains(r.body, fields[0]) {
						t.Errorf("%s: %q is lost", c.Name, fields)
					}
				}
			}
		}
		again, err := st.Recount(context.Background(), false, nil)
		if err != nil || again.Drift != 0 || again.Responses != sent {
			t.Errorf("recount: %+v, %v; %d were sent", again, err, sent)
		}
	})
}

// judge accepts answers as the counter of kinds does.
func judge(t *testing.T, v *survey.Version, sent testkit.Sent) error {
	t.Helper()
	_, err := survey.Accepting{
		Point: agency.ServicePoint{FieldKeys: []string{"dat-dai", "y-te"}, Channel: agency.ChannelQR}, Version: v, Zone: time.UTC,
	}.Accept(sent.Submission(t, v, "0191e5a0-0000-7000-8000-0000000000ab"))
	return err
}

// TestPageAndServerShowTheSame: under trees of conditions drawn at random, the
// page's script shows a question exactly if the server takes an answer to it.
func TestPageAndServerShowTheSame(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	random := rand.New(rand.NewPCG(1, 2))
	const questions = 12
	code, v := h.kinds(func(d *survey.Definition) {
		qs := &d.Sections[0].Questions
		for i := range questions {
			show := tree(random, 0)
			if i > 0 && random.IntN(3) == 0 {
				show = survey.Condition{All: []survey.Condition{show, {Question: fmt.Sprintf("q%d", random.IntN(i)), In: []string{"yes"}}}}
			}
			*qs = append(*qs, survey.Question{Key: fmt.Sprintf("q%d", i), Type: "yes-no", Text: d.Title, Show: &show})
		}
	})
	b := openTab(t, testkit.Phone, h.url+"/q/"+code)
	shown, hidden := 0, 0
	for range 40 {
		given, fields := testkit.Sent{}, url.Values{}
		choose := func(address string, value any, name, field string) {
			if random.IntN(4) > 0 {
				given[address] = value
				fields.Set(name, field)
			}
		}
		pick := func(values ...string) string { return values[random.IntN(len(values))] }
		level, visits := random.IntN(6), random.IntN(7)-2
		choose("overall", float64(level), "a.overall", fmt.Sprint(level))
		choose("staff.manner", float64(level), "a.staff.manner", fmt.Sprint(level))
		choose("visits", float64(visits), "a.visits", fmt.Sprint(visits))
		came, field := pick("walking", "riding"), pick("dat-dai", "y-te")
		choose("came", came, "a.came", came)
		choose("field", field, "field", field)
		answer := func(key string) { choose(key, "yes", "a."+key, "yes") }
		for i := range questions {
			answer(fmt.Sprintf("q%d", i))
		}
		said, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		page := ask[[]string](b, fmt.Sprintf(fillAndLook, said))
		for i := range questions {
			key := fmt.Sprintf("q%d", i)
			// What the page hides it does not send.
			sent := testkit.Sent{key: "yes"}
			for address, value := range given {
				if address == key || !slices.Contains(page, address) {
					sent[address] = value
				}
			}
			sees := !slices.Contains(page, key)
			if sees {
				shown++
			} else {
				hidden++
			}
			if takes := !refusedAsHidden(judge(t, v, sent), key); takes != sees {
				t.Fatalf("%s %v: the page shows it: %v, the server takes it: %v\n%+v", key, sent, sees, takes, v.Questions()[len(v.Questions())-questions+i].Show)
			}
		}
	}
	if shown < 40 || hidden < 40 {
		t.Errorf("shown %d times, hidden %d times: the test tests little", shown, hidden)
	}
}

// tree draws a condition.
func tree(random *rand.Rand, depth int) survey.Condition {
	number := func(from, to int) *int { n := from + random.IntN(to-from+1); return &n }
	if depth < 3 && random.IntN(2) == 0 {
		below := []survey.Condition{tree(random, depth+1), tree(random, depth+1)}
		if random.IntN(2) == 0 {
			return survey.Condition{All: below}
		}
		return survey.Condition{Any: below}
	}
	return []survey.Condition{
		{Question: "overall", AtLeast: number(1, 5)}, {Question: "overall", In: []string{"0", "3"}}, {Question: "staff.manner", AtMost: number(1, 5)},
		{Question: "visits", AtLeast: number(-2, 2), AtMost: number(2, 5)}, {Question: "came", In: []string{"riding"}},
		{Field: []string{"dat-dai"}}, {Channel: []agency.Channel{agency.ChannelQR}}, {Channel: []agency.Channel{agency.ChannelPaper}},
	}[random.IntN(8)]
}

// fillAndLook fills the form anew and lists the keys of the questions that are
// not shown.
const fillAndLook = `(() => {
	const given = %s, form = document.querySelector("form");
	form.reset();
	for (const e of form.elements) {
		e.disabled = false;
		const v = given[e.name];
		if (e.type === "radio") e.checked = !!v && v[0] === e.value;
		else if (v) e.value = v[0];
	}
	form.dispatchEvent(new Event("input", { bubbles: true }));
	return [...form.querySelectorAll(".question[hidden] input:first-of-type")].map((e) => e.name.slice(2));
})()`

func refusedAsHidden(err error, key string) bool {
	var invalid *fault.Invalid
	return errors.As(err, &invalid) && slices.Contains(invalid.Problems, fault.Problem{Where: "answers." + key, Key: fault.ProblemHidden})
}
