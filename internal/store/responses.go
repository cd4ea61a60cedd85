package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/arrival"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/freetext"
	"sipas/internal/survey"
)

// Outcome is what became of one response of a batch.
type Outcome struct {
	Receipt  agency.Code // of the response that is kept
	Replayed bool        // the same submission was accepted before; nothing was added
	Conflict bool        // the id was used before with other content; nothing was added
	Removed  bool        // it was kept before, and taken out since; nothing was added
}

// responseKey is the identity of a response.
type responseKey struct {
	point int64
	id    string
}

func keyOf(r *survey.Response) responseKey { return responseKey{r.ServicePointID, r.ID} }

func (k responseKey) compare(o responseKey) int {
	if k.point != o.point {
		return int(min(max(k.point-o.point, -1), 1))
	}
	return strings.Compare(k.id, o.id)
}

// SaveResponses keeps a batch of accepted responses and counts them in the
// tallies, all in one durable transaction. Each response is kept exactly once
// however often it is sent, in one batch or many, by one instance or several.
// The outcomes are in the order of the batch. On an error nothing was kept;
// Transient tells whether the batch may be sent again.
//
// Rows are locked in the order of their keys, responses before tallies, so that
// batches of several instances wait for each other and do not deadlock.
func (s *Store) SaveResponses(ctx context.Context, batch []survey.Response) ([]Outcome, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	first := make(map[responseKey]*survey.Response, len(batch))
	unique := make([]*survey.Response, 0, len(batch))
	for i := range batch {
		r := &batch[i]
		if first[keyOf(r)] == nil {
			first[keyOf(r)] = r
			unique = append(unique, r)
		}
	}
	var kept map[responseKey]keptResponse
	err := s.db.Change(ctx, func(tx *db.Tx) (err error) {
		kept, err = s.add(ctx, tx, unique)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("save responses: %w", err)
	}
	return outcomes(batch, first, kept), nil
}

// Add keeps accepted responses as part of a change, which SaveResponses does by itself.
// Where one of their ids was used before it is fault.ErrConflict.
func (s *Store) Add(ctx context.Context, tx *db.Tx, fresh []survey.Response) error {
	kept, err := s.add(ctx, tx, mapSlice(fresh, func(r survey.Response) *survey.Response { return &r }))
	if err == nil && len(kept) > 0 {
		err = fault.ErrConflict
	}
	return db.Failed("add responses", err)
}

// add keeps responses, none of them twice, and gives those that were kept before.
func (s *Store) add(ctx context.Context, tx *db.Tx, unique []*survey.Response) (map[responseKey]keptResponse, error) {
	slices.SortFunc(unique, func(a, b *survey.Response) int { return keyOf(a).compare(keyOf(b)) })
	inserted, err := s.insertResponses(ctx, tx, unique)
	if err != nil {
		return nil, err
	}
	var fresh, known []*survey.Response
	for _, r := range unique {
		if inserted[keyOf(r)] {
			fresh = append(fresh, r)
		} else {
			known = append(known, r)
		}
	}
	kept, err := s.keptResponses(ctx, tx, known)
	if err != nil {
		return nil, err
	}
	if err := freetext.Save(ctx, tx, fresh); err != nil {
		return nil, err
	}
	if err := arrival.Count(ctx, tx, fresh); err != nil {
		return nil, err
	}
	return kept, s.addToTallies(ctx, tx, fresh)
}

// outcomes tells for each response of the batch what became of it. kept holds
// those of the first occurrences that were in the database before.
func outcomes(batch []survey.Response, first map[responseKey]*survey.Response, kept map[responseKey]keptResponse) []Outcome {
	result := make([]Outcome, len(batch))
	counted := map[responseKey]bool{}
	for i := range batch {
		r := &batch[i]
		k := keyOf(r)
		winner, before := kept[k]
		if winner.removed {
			result[i] = Outcome{Removed: true}
			continue
		}
		if !before {
			winner = keptResponse{receipt: first[k].Receipt, fingerprint: first[k].Fingerprint}
		}
		if winner.fingerprint != r.Fingerprint {
			result[i] = Outcome{Conflict: true}
		} else {
			result[i] = Outcome{Receipt: winner.receipt, Replayed: before || counted[k]}
		}
		counted[k] = true
	}
	return result
}

func (s *Store) insertResponses(ctx context.Context, tx *db.Tx, rs []*survey.Response) (map[responseKey]bool, error) {
	inserted := make(map[responseKey]bool, len(rs))
	rs, where, err := s.unspent(ctx, tx, rs)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(rs, s.db.MaxSetRows(10)) {
		query, args := s.db.InsertSet("responses", responseColumns(part),
			where+"ON CONFLICT (service_point_id, id) DO NOTHING RETURNING service_point_id, id")
		err := db.ScanAll(ctx, tx, query, args, func(rows *sql.Rows) error {
			var k responseKey
			err := rows.Scan(&k.point, &k.id)
			inserted[k] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return inserted, nil
}

// unspent leaves out of a set what was taken out before. Where others write at
// the same time the insert itself does so, by the condition that is returned: it
// must see what they removed until then. Where nobody else does, a condition
// would make the insert slower by a third.
func (s *Store) unspent(ctx context.Context, tx *db.Tx, rs []*survey.Response) (left []*survey.Response, where string, err error) {
	if !s.db.SingleWriter() {
		return rs, "WHERE NOT EXISTS (SELECT 1 FROM spent_submissions s WHERE s.service_point_id = u.service_point_id AND s.id = u.id::uuid) ", nil
	}
	points := slices.Compact(mapSlice(rs, func(r *survey.Response) any { return r.ServicePointID })) // they are sorted
	spent := map[responseKey]bool{}
	for part := range slices.Chunk(points, s.db.MaxSetRows(1)) {
		query := "SELECT service_point_id, id FROM spent_submissions WHERE service_point_id IN " + s.db.Places(1, len(part))
		err := db.ScanAll(ctx, tx, query, part, func(rows *sql.Rows) error {
			var k responseKey
			err := rows.Scan(&k.point, &k.id)
			spent[k] = true
			return err
		})
		if err != nil {
			return nil, "", err
		}
	}
	if len(spent) == 0 {
		return rs, "", nil
	}
	return slices.DeleteFunc(slices.Clone(rs), func(r *survey.Response) bool { return spent[keyOf(r)] }), "", nil
}

func responseColumns(rs []*survey.Response) []db.Column {
	ints := func(of func(*survey.Response) int64) []int64 { return mapSlice(rs, of) }
	texts := func(of func(*survey.Response) string) []string { return mapSlice(rs, of) }
	said := []db.Column{
		{Name: "service_point_id", Type: "bigint", Values: ints(func(r *survey.Response) int64 { return r.ServicePointID })},
		{Name: "id", Type: "uuid", Values: texts(func(r *survey.Response) string { return r.ID })},
		{Name: "agency_id", Type: "bigint", Values: ints(func(r *survey.Response) int64 { return r.AgencyID })},
		{Name: "field_key", Type: "text", Values: texts(func(r *survey.Response) string { return r.FieldKey })},
		{Name: "version_id", Type: "bigint", Values: ints(func(r *survey.Response) int64 { return r.VersionID })},
		{Name: "channel", Type: "text", Values: texts(func(r *survey.Response) string { return string(r.Channel) })},
		{Name: "language", Type: "text", Values: texts(func(r *survey.Response) string { return r.Language })},
		{Name: "received_at", Type: "bigint", Values: ints(func(r *survey.Response) int64 { return db.Micros(r.At) })},
		{Name: "day", Type: "text", Values: texts(func(r *survey.Response) string { return r.Day })},
		{Name: "scale", Type: "text", Values: texts(func(r *survey.Response) string { return r.Scale })},
		{Name: "choices", Type: "text", Values: texts(func(r *survey.Response) string { return survey.WriteAnswers(*r) })},
		{Name: "receipt", Type: "text", Values: texts(func(r *survey.Response) string { return string(r.Receipt) })},
		{Name: "fingerprint", Type: "text", Values: texts(func(r *survey.Response) string { return r.Fingerprint })},
	}
	return append(said, someOf([]db.Column{
		{Name: "campaign_id", Type: "bigint", Values: ints(func(r *survey.Response) int64 { return r.CampaignID })},
		{Name: "official_id", Type: "bigint", Values: ints(func(r *survey.Response) int64 { return r.OfficialID })},
		{Name: "mark", Type: "integer", Values: ints(func(r *survey.Response) int64 { return int64(r.Mark) })},
	})...)
}

// keptResponse is what decides between a replay and a conflict.
type keptResponse struct {
	receipt     agency.Code
	fingerprint string
	removed     bool // and is not there any more
}

// keptResponses finds responses that were kept before. Replays are rare, so
// one indexed read each is simpler than a set.
func (s *Store) keptResponses(ctx context.Context, tx *db.Tx, rs []*survey.Response) (map[responseKey]keptResponse, error) {
	kept := make(map[responseKey]keptResponse, len(rs))
	for _, r := range rs {
		var k keptResponse
		err := tx.QueryRowContext(ctx,
			"SELECT receipt, fingerprint FROM responses WHERE service_point_id = $1 AND id = $2", r.ServicePointID, r.ID).
			Scan(&k.receipt, &k.fingerprint)
		if errors.Is(err, sql.ErrNoRows) {
			err = tx.QueryRowContext(ctx,
				"SELECT true FROM spent_submissions WHERE service_point_id = $1 AND id = $2", r.ServicePointID, r.ID).Scan(&k.removed)
		}
		if err != nil {
			return nil, err
		}
		kept[keyOf(r)] = k
	}
	return kept, nil
}
