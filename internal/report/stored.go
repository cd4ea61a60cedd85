package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/score"
	"sipas/internal/shelf"
	"sipas/internal/varint"
)

// Sheets of half months that are over are stored, so that a server that was just
// started reads some hundred kilobytes for a year and not a million tallies. They are
// those of all channels, campaigns and agencies.

// formatOfSheets is raised whenever what is in a stored sheet changes.
const formatOfSheets = 1

// stored is under which name sheets of a reading are stored; "" where they are not.
func (g reading) stored() string {
	if g.channel != "" || g.campaign != 0 || g.points != 0 || g.versions == "" {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d {versions:%s method:%s headline:%s fields:%t channel: points:0}", formatOfSheets, g.versions, g.method, g.headline, g.fields))
	return hex.EncodeToString(sum[:16])
}

// restore fills the places of half months whose sheets are stored and have not
// changed since.
func (r *reader) restore(ctx context.Context, halves []civil.HalfMonth, into []*sheet) error {
	name := r.reading.stored()
	first := slices.Index(into, nil)
	if name == "" || first < 0 {
		return nil
	}
	stored, err := r.store.Sheets(ctx, name, halves[first], halves[len(halves)-1].Next())
	if err != nil {
		return err
	}
	for i, h := range halves {
		one, found := stored[h]
		if into[i] != nil || !found || one.Changes != r.changes[h].Sum() {
			continue
		}
		read, err := readSheet(one.Body)
		if err != nil { // damaged: the tallies still say it
			continue
		}
		read.since = since{r.changes[h], r.asked}
		into[i] = read
		r.kept.Keep(sheetKey{r.reading, h}, read, r.bytes(read))
	}
	return nil
}

// Store stores the sheets of all half months before now that have changed since
// they were stored, and forgets those of surveys and methods that no indicator is
// measured by. It tells how many it stored.
func (r *Reporter) Store(ctx context.Context, snap *registry.Snapshot, now civil.HalfMonth) (n int, err error) {
	changes, err := r.store.Changes(ctx, 0, now)
	if err != nil {
		return 0, err
	}
	measurements, err := newReference(snap).measurements()
	if err != nil {
		return 0, err
	}
	var names []string
	for _, m := range measurements {
		read := (&builder{Reporter: r, query: Query{Detail: true}, look: look{changes, r.asks.Add(1)}}).reader(m, 0)
		name := read.reading.stored()
		if name == "" {
			continue
		}
		names = append(names, name)
		known, err := r.store.SheetChanges(ctx, name)
		if err != nil {
			return n, err
		}
		for _, h := range slices.Sorted(maps.Keys(changes)) {
			if at, found := known[h]; found && at == changes[h].Sum() {
				continue
			}
			sheet := make([]*sheet, 1)
			if err := read.read(ctx, []civil.HalfMonth{h}, nil, sheet); err != nil {
				return n, err
			}
			if err := r.store.KeepSheet(ctx, name, shelf.Sheet{HalfMonth: h, Changes: changes[h].Sum(), Body: sheet[0].write()}); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, r.store.ForgetSheets(ctx, names)
}

// write is the sheet as numbers, each in as few bytes as it needs.
func (s *sheet) write() []byte {
	w := varint.Numbers{}
	w.AddList(s.leftOut)
	w.Add(int64(len(s.rows)))
	for i := range s.rows {
		t := &s.rows[i]
		w.Add(t.version, t.agency, t.holder)
		w.AddText(t.field)
		w.Add(int64(len(t.questions)))
		for _, c := range t.questions {
			w.Add(c[:]...)
		}
		w.Add(int64(len(t.criteria)))
		for _, c := range t.criteria {
			w.Add(c[:]...)
		}
		p := t.people
		w.Add(p.N, p.AllSatisfied, p.ShareSum, p.ShareSqSum, p.PointsN, p.Points, p.MaxPoints)
		w.AddList(t.chosen)
	}
	return w.Bytes()
}

// readSheet reads what write wrote.
func readSheet(body []byte) (*sheet, error) {
	r := varint.Of(body)
	fields := map[string]string{}
	s := &sheet{leftOut: r.List()}
	for range r.Length() {
		t := tally{version: r.Next(), agency: r.Next(), holder: r.Next()}
		field := r.Text()
		if _, known := fields[field]; !known {
			fields[field] = field
		}
		t.field = fields[field]
		t.questions = make([]score.Counts, r.Length())
		for i := range t.questions {
			r.Into(t.questions[i][:])
		}
		t.criteria = make([]score.PointCounts, r.Length())
		for i := range t.criteria {
			r.Into(t.criteria[i][:])
		}
		t.people = score.People{
			N: r.Next(), AllSatisfied: r.Next(), ShareSum: r.Next(), ShareSqSum: r.Next(), PointsN: r.Next(), Points: r.Next(), MaxPoints: r.Next(),
		}
		t.chosen = r.List()
		s.rows = append(s.rows, t)
	}
	return s, r.End()
}
