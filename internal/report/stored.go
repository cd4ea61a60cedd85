package report

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"

	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/score"
	"sipas/internal/store"
)

// Sheets of half months that are over are stored, so that a server that was just
// started reads some hundred kilobytes for a year and not a million tallies. They are
// those of all channels and agencies.

// formatOfSheets is raised whenever what is in a stored sheet changes.
const formatOfSheets = 1

// stored is under which name sheets of a reading are stored; "" where they are not.
func (g reading) stored() string {
	if g.channel != "" || g.points != 0 || g.versions == "" {
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
			if err := r.store.KeepSheet(ctx, name, store.Sheet{HalfMonth: h, Changes: changes[h].Sum(), Body: sheet[0].write()}); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, r.store.ForgetSheets(ctx, names)
}

// write is the sheet as numbers, each in as few bytes as it needs.
func (s *sheet) write() []byte {
	w := numbers{}
	w.list(s.leftOut)
	w.add(int64(len(s.rows)))
	for i := range s.rows {
		t := &s.rows[i]
		w.add(t.version, t.agency, t.holder)
		w.text(t.field)
		w.add(int64(len(t.questions)))
		for _, c := range t.questions {
			w.add(c[:]...)
		}
		w.add(int64(len(t.criteria)))
		for _, c := range t.criteria {
			w.add(c[:]...)
		}
		p := t.people
		w.add(p.N, p.AllSatisfied, p.ShareSum, p.ShareSqSum, p.PointsN, p.Points, p.MaxPoints)
		w.list(t.chosen)
	}
	return w.bytes
}

// readSheet reads what write wrote.
func readSheet(body []byte) (*sheet, error) {
	r := numbers{bytes: body}
	fields := map[string]string{}
	s := &sheet{leftOut: r.nextList()}
	for range r.length() {
		t := tally{version: r.next(), agency: r.next(), holder: r.next()}
		field := r.nextText()
		if _, known := fields[field]; !known {
			fields[field] = field
		}
		t.field = fields[field]
		t.questions = make([]score.Counts, r.length())
		for i := range t.questions {
			r.into(t.questions[i][:])
		}
		t.criteria = make([]score.PointCounts, r.length())
		for i := range t.criteria {
			r.into(t.criteria[i][:])
		}
		t.people = score.People{
			N: r.next(), AllSatisfied: r.next(), ShareSum: r.next(), ShareSqSum: r.next(), PointsN: r.next(), Points: r.next(), MaxPoints: r.next(),
		}
		t.chosen = r.nextList()
		s.rows = append(s.rows, t)
	}
	return s, r.end()
}

// numbers are whole numbers one after another.
type numbers struct {
	bytes  []byte
	broken bool
}

func (n *numbers) add(values ...int64) {
	for _, v := range values {
		n.bytes = binary.AppendVarint(n.bytes, v)
	}
}

func (n *numbers) list(values []int64) {
	n.add(int64(len(values)))
	n.add(values...)
}

func (n *numbers) text(s string) {
	n.add(int64(len(s)))
	n.bytes = append(n.bytes, s...)
}

func (n *numbers) next() int64 {
	v, size := binary.Varint(n.bytes)
	if size <= 0 {
		n.broken, n.bytes = true, nil
		return 0
	}
	n.bytes = n.bytes[size:]
	return v
}

// length is how many of something follow, which takes at least a byte for each.
func (n *numbers) length() int {
	v := n.next()
	if v < 0 || v > int64(len(n.bytes)) {
		n.broken, n.bytes = true, nil
		return 0
	}
	return int(v)
}

func (n *numbers) into(values []int64) {
	for i := range values {
		values[i] = n.next()
	}
}

func (n *numbers) nextList() []int64 {
	values := make([]int64, n.length())
	n.into(values)
	return values
}

func (n *numbers) nextText() string {
	size := n.length()
	text := string(n.bytes[:size])
	n.bytes = n.bytes[size:]
	return text
}

func (n *numbers) end() error {
	if n.broken || len(n.bytes) > 0 {
		return errors.New("it is damaged")
	}
	return nil
}
