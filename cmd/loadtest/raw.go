package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/survey"
)

// raw writes what an accepted answer writes, by plain pgx, with nothing around
// it: the limit that the server is held against.
type raw struct {
	pool    *pgxpool.Pool
	points  []agency.ServicePoint
	version *survey.Version
}

const (
	insertRaw = `INSERT INTO responses (service_point_id, id, agency_id, field_key, version_id, channel, language, received_at, day, scale, choices, receipt, fingerprint)
		VALUES ($1, $2, $3, $4, $5, $6, 'vi', $7, $8, $9, '', $10, $11)`
	// The tallies are added to as they are shown; the groups are the product's.
	countPeopleRaw = `INSERT INTO tally_people (half_month, version_id, field_key, agency_id, channel, service_point_id, campaign_id, mark,
			responses, people, all_satisfied, share_sum, share_sq_sum, points_people, points, max_points,
			w_responses, w_people, w_all_satisfied, w_share_sum, w_share_sq_sum, w_points_people, w_points, w_max_points)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 1, 1, 0, $7, $8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
		ON CONFLICT (half_month, version_id, field_key, agency_id, channel, service_point_id, campaign_id, official_id, mark) DO UPDATE SET responses = tally_people.responses + 1, people = tally_people.people + 1,
		share_sum = tally_people.share_sum + excluded.share_sum, share_sq_sum = tally_people.share_sq_sum + excluded.share_sq_sum`
	countScaleRaw = `INSERT INTO tally_scale (half_month, version_id, item, field_key, agency_id, channel, service_point_id, campaign_id, mark,
			n0, n1, n2, n3, n4, n5, w_n0, w_n1, w_n2, w_n3, w_n4, w_n5)
		SELECT $1, $2, u.item, $3, $4, $5, $6, 0, 0, 0, u.n1, u.n2, u.n3, u.n4, u.n5, 0, 0, 0, 0, 0, 0 FROM unnest($7::int[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[]) AS u (item, n1, n2, n3, n4, n5)
		ON CONFLICT (half_month, version_id, item, field_key, agency_id, channel, service_point_id, campaign_id, official_id, mark) DO UPDATE SET n1 = tally_scale.n1 + excluded.n1, n2 = tally_scale.n2 + excluded.n2,
		n3 = tally_scale.n3 + excluded.n3, n4 = tally_scale.n4 + excluded.n4, n5 = tally_scale.n5 + excluded.n5`
)

// statement is one SQL statement with its arguments.
type statement struct {
	query string
	args  []any
}

// answer makes the three statements of one response with twelve scale answers.
func (r raw) answer(random *rand.Rand) []statement {
	p := r.points[random.IntN(len(r.points))]
	now := time.Now()
	day := now.Format(time.DateOnly)
	half := civil.HalfMonthOf(day)
	scale := make([]byte, len(r.version.Scale()))
	var items []int32
	levels := make([][]int64, 6)
	for i := range scale {
		if scale[i] = '.'; i >= scaleAnswers {
			continue
		}
		level := 1 + random.IntN(5)
		scale[i] = byte('0' + level)
		items = append(items, int32(i))
		for l := 1; l <= 5; l++ {
			n := int64(0)
			if l == level {
				n = 1
			}
			levels[l] = append(levels[l], n)
		}
	}
	v := r.version.ID
	return []statement{
		{insertRaw, []any{p.ID, survey.NewID(now), p.AgencyID, p.FieldKeys[0], v, string(p.Channel), now.UnixMicro(), day, string(scale), string(agency.NewCode()), "00"}},
		{countPeopleRaw, []any{half, v, p.FieldKeys[0], p.AgencyID, string(p.Channel), p.ID, 27720, 27720 * 27720}},
		{countScaleRaw, []any{half, v, p.FieldKeys[0], p.AgencyID, string(p.Channel), p.ID, items, levels[1], levels[2], levels[3], levels[4], levels[5]}},
	}
}

// transaction runs one response as a transaction of its own: begin, three
// statements, commit.
func (r raw) transaction(ctx context.Context, random *rand.Rand) error {
	return pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		for _, s := range r.answer(random) {
			if _, err := tx.Exec(ctx, s.query, s.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// pipelined is the same in one round trip: the fastest that one transaction
// for each response can be.
func (r raw) pipelined(ctx context.Context, random *rand.Rand) error {
	batch := &pgx.Batch{}
	for _, s := range r.answer(random) {
		batch.Queue(s.query, s.args...)
	}
	return r.pool.SendBatch(ctx, batch).Close() // an implicit transaction
}

// copyRows is how many rows one COPY writes.
const copyRows = 100

// copied writes responses without tallies, many in one COPY: the limit of
// the disk and the table.
func (r raw) copied(ctx context.Context, random *rand.Rand) error {
	columns := []string{"service_point_id", "id", "agency_id", "field_key", "version_id", "channel", "received_at", "day", "scale", "receipt", "fingerprint", "language", "choices"}
	_, err := r.pool.CopyFrom(ctx, pgx.Identifier{"responses"}, columns, pgx.CopyFromSlice(copyRows, func(int) ([]any, error) {
		return append(slices.Clone(r.answer(random)[0].args), "vi", ""), nil
	}))
	return err
}

// rate runs a way of writing from a number of clients and gives calls a second.
func rate(ctx context.Context, clients int, duration time.Duration, write func(context.Context, *rand.Rand) error) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	var done atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	start := time.Now()
	for i := range clients {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 34))
			for ctx.Err() == nil {
				if err := write(ctx, random); err != nil {
					if ctx.Err() == nil {
						failed.Store(&err)
					}
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return 0, fmt.Errorf("raw write: %w", *err)
	}
	return float64(done.Load()) / time.Since(start).Seconds(), nil
}
