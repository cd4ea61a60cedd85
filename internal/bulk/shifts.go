package bulk

import (
	"context"
	"strconv"

	"sipas/internal/agency"
	"sipas/internal/duty"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
)

// Shifts is the list of who serves at which counter and when.
func Shifts(board *duty.Board) List {
	return List{
		Layout{Name: "shifts", Columns: names((&roster{}).columns()), required: []string{"official", "service_point", "first_day", "from", "to"}},
		func(ctx context.Context, p *Plan, content []byte) error {
			kept, err := board.Shifts(ctx)
			if err == nil {
				readShifts(p, kept, content)
			}
			return err
		},
		func(ctx context.Context, snap *registry.Snapshot, row func(...string) error) error {
			kept, err := board.Shifts(ctx)
			if err != nil {
				return err
			}
			d := &roster{staffing{snap}}
			write := writer(d.columns(), row)
			for _, s := range kept {
				if err := write(d.coded(s)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// shift is one with the codes of its official and service point.
type shift struct {
	duty.Shift
	official, point string
}

// roster knows what shifts refer to.
type roster struct{ staffing }

func (d *roster) columns() []column[shift] {
	minute := func(of func(*shift) *duty.Minute) (func(*shift) string, func(*shift, spreadsheet.Cell) wrong) {
		return func(s *shift) string { return of(s).String() }, func(s *shift, c spreadsheet.Cell) wrong {
			m, ok := duty.ParseMinute(c.Text)
			if *of(s) = m; !ok {
				return wrong{key: ProblemHour}
			}
			return wrong{}
		}
	}
	showFrom, readFrom := minute(func(s *shift) *duty.Minute { return &s.From })
	showTo, readTo := minute(func(s *shift) *duty.Minute { return &s.To })
	return []column[shift]{
		{"official", func(s *shift) string { return s.official }, func(s *shift, c spreadsheet.Cell) wrong {
			o, known := d.snap.Official(c.Text)
			if s.official, s.OfficialID = o.Code, o.ID; !known {
				return wrong{key: ProblemUnknownOfficial}
			}
			return wrong{}
		}},
		{"service_point", func(s *shift) string { return s.point }, func(s *shift, c spreadsheet.Cell) wrong { return d.readPoint(&s.point, &s.PointID, c) }},
		{"first_day", func(s *shift) string { return s.FirstDay }, func(s *shift, c spreadsheet.Cell) wrong {
			if c.Text == "" {
				return wrong{key: ProblemRequired}
			}
			return day(&s.FirstDay, c)
		}},
		{"last_day", func(s *shift) string { return s.LastDay }, func(s *shift, c spreadsheet.Cell) wrong {
			if w := day(&s.LastDay, c); w.key != "" {
				return w
			}
			if s.LastDay != "" && s.LastDay < s.FirstDay {
				return wrong{ProblemDayOrder, s.FirstDay}
			}
			return wrong{}
		}},
		{"weekdays", func(s *shift) string { return s.Weekdays.String() }, func(s *shift, c spreadsheet.Cell) wrong {
			w, ok := duty.ParseWeekdays(c.Text)
			if s.Weekdays = w; !ok {
				return wrong{key: ProblemWeekdays}
			}
			return wrong{}
		}},
		{"from", showFrom, readFrom},
		{"to", showTo, func(s *shift, c spreadsheet.Cell) wrong {
			w := readTo(s, c)
			if w.key == "" && s.To <= s.From {
				w = wrong{ProblemHours, s.From.String()}
			}
			return w
		}},
	}
}

func (d *roster) coded(s duty.Shift) shift {
	o, _ := d.snap.OfficialByID(s.OfficialID)
	p, _ := d.snap.PointByID(s.PointID)
	return shift{s, o.Code, string(p.Code)}
}

// shiftKey says which shift a line means.
type shiftKey struct {
	official, point int64
	firstDay        string
	from            duty.Minute
}

func keyOfShift(s duty.Shift) shiftKey { return shiftKey{s.OfficialID, s.PointID, s.FirstDay, s.From} }

func readShifts(p *Plan, kept []duty.Shift, content []byte) {
	d := &roster{staffing{p.snap}}
	before, lines := map[shiftKey]duty.Shift{}, map[shiftKey]int{}
	for _, s := range kept {
		before[keyOfShift(s)] = s
	}
	var all, changed []duty.Shift
	p.lines(content, func(l line) {
		read := shift{}
		if _, sound := fill(p, d.columns(), l, &read, true); !sound {
			return
		}
		key := keyOfShift(read.Shift)
		if lines[key] != 0 {
			p.problem(l.number, "official", read.official, ProblemShiftMeets, lineOf(lines[key]))
			return
		}
		lines[key] = l.number
		was, known := before[key]
		if known {
			read.ID = was.ID
			if !l.given[3] {
				read.LastDay = was.LastDay
			}
			if !l.given[4] {
				read.Weekdays = was.Weekdays
			}
		}
		all = append(all, read.Shift)
		switch {
		case !known:
			p.Created++
		case read.Shift != was:
			p.Updated++
		default:
			p.Unchanged++
			return
		}
		changed = append(changed, read.Shift)
	})
	judged := len(all)
	for _, s := range kept {
		if lines[keyOfShift(s)] == 0 {
			all = append(all, s)
		}
	}
	if len(all) > duty.MostShifts {
		p.problem(0, "", strconv.Itoa(len(all)), ProblemTooManyShifts, strconv.Itoa(duty.MostShifts))
		return
	}
	for _, c := range duty.Clashes(all, judged) {
		s, with := d.coded(all[c.At]), d.coded(all[c.With])
		column, value, key, detail := "official", s.official, ProblemShiftMeets, lineOf(lines[keyOfShift(with.Shift)])
		if c.Counter {
			column, value = "service_point", s.point
		}
		if c.With >= judged {
			key, detail = ProblemShiftKept, with.official+", "+with.point+", "+with.FirstDay+", "+with.From.String()
		}
		p.problem(lines[keyOfShift(s.Shift)], column, value, key, detail)
	}
	p.make = func(ctx context.Context, c *registry.Change) error {
		return duty.Keep(ctx, c.Tx(), c.Entry, changed, func(s duty.Shift) (string, agency.Code) {
			of := d.coded(s)
			return of.official, agency.Code(of.point)
		})
	}
}
